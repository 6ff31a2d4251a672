"""Robots of group chats: their calls, their limits, and what their numbers mean."""

import json
from dataclasses import replace

import httpx
import pytest

from studyhub.channels.adapters.robots.dingtalk import DingTalkRobot
from studyhub.channels.adapters.robots.feishu import FeishuRobot
from studyhub.channels.adapters.robots.robot import wrong_key
from studyhub.channels.adapters.robots.texts import sign
from studyhub.channels.adapters.robots.wecom import WeComRobot
from studyhub.channels.errors import (
    AccountStopped,
    ChannelRefused,
    ChannelUncertain,
    QuotaReset,
    QuotaUsedUp,
)
from tests.channels.contract import POST, SECRET, MessengerContract, a_kit, explained


class TestWeCom(MessengerContract):
    adapter = WeComRobot
    settings = {"webhook_key": SECRET}
    accepted = {"errcode": 0, "errmsg": "ok"}


class TestFeishu(MessengerContract):
    adapter = FeishuRobot
    settings = {"hook_token": SECRET, "secret": "s"}
    accepted = {"code": 0, "msg": "success", "data": {}}
    number = "code"


class TestDingTalk(MessengerContract):
    adapter = DingTalkRobot
    settings = {"access_token": SECRET, "secret": "SECs"}
    accepted = {"errcode": 0, "errmsg": "ok"}


ROBOTS = {"wecom": TestWeCom, "feishu": TestFeishu, "dingtalk": TestDingTalk}


def said_by(name, post=POST):
    """The request that carries the post."""
    sent = []

    def answer(request):
        sent.append(request)
        return httpx.Response(200, json=ROBOTS[name].accepted)

    ROBOTS[name].adapter(a_kit(answer=answer, settings=ROBOTS[name].settings)).send(post)
    return sent[0]


def told(name, number):
    body = {ROBOTS[name].number: number, "errmsg": f"invalid {SECRET}", "msg": f"bad {SECRET}"}
    kit = a_kit(answer=lambda _: httpx.Response(200, json=body), settings=ROBOTS[name].settings)
    with pytest.raises(Exception) as caught:  # noqa: PT011  which one is what the test asks
        ROBOTS[name].adapter(kit).send(POST)
    explained(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("name", "number"), [("wecom", 93000), ("feishu", 19021), ("dingtalk", 310000)]
)
def test_a_robot_that_may_not_speak_stops_its_account(name, number):
    error = told(name, number)
    assert isinstance(error, AccountStopped)
    assert error.action


@pytest.mark.parametrize(
    ("name", "number", "reset"),
    [
        ("wecom", 45009, QuotaReset.NEXT_MINUTE),
        ("feishu", 11232, QuotaReset.NEXT_MINUTE),
        ("dingtalk", 130101, QuotaReset.IN_A_WHILE),
    ],
)
def test_too_fast_waits(name, number, reset):
    error = told(name, number)
    assert isinstance(error, QuotaUsedUp)
    assert error.reset == reset


@pytest.mark.parametrize(
    ("name", "number"), [("wecom", 40058), ("feishu", 9499), ("dingtalk", 40035)]
)
def test_no_to_the_words_goes_back_to_the_lesson(name, number):
    assert isinstance(told(name, number), ChannelRefused)


@pytest.mark.parametrize("number", [-1, 77777])
@pytest.mark.parametrize("name", ROBOTS)
def test_busy_and_unknown_numbers_are_never_taken_for_not_said(name, number):
    assert isinstance(told(name, number), ChannelUncertain)


def test_a_card_of_wecom_stays_within_its_bytes():
    long = replace(POST, title="党" * 200, digest="史" * 600)
    card = json.loads(said_by("wecom", long).content)["news"]["articles"][0]
    assert len(card["title"].encode()) <= 128
    assert len(card["description"].encode()) <= 512
    assert card["title"].startswith("【学习】党")
    assert card["title"].endswith("…")


def test_the_key_stands_in_the_address():
    assert said_by("wecom").url.params["key"] == SECRET
    assert said_by("feishu").url.path.endswith(f"/hook/{SECRET}")
    assert said_by("dingtalk").url.params["access_token"] == SECRET


def test_feishu_signs_with_the_second_as_part_of_the_key():
    body = json.loads(said_by("feishu").content)
    assert body["sign"] == sign(f"{body['timestamp']}\ns", "")


def test_dingtalk_signs_the_millisecond_with_the_secret():
    query = said_by("dingtalk").url.params
    assert query["sign"] == sign("SECs", f"{query['timestamp']}\nSECs")
    assert len(query["timestamp"]) == 13


def test_without_a_secret_nothing_is_signed():
    sent = []

    def answer(request):
        sent.append(request)
        return httpx.Response(200, json=TestFeishu.accepted)

    FeishuRobot(a_kit(answer=answer, settings={"hook_token": "t"})).send(POST)
    assert "sign" not in json.loads(sent[0].content)


@pytest.mark.parametrize(
    "pasted",
    [
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6",
        "key=693axxx6",
        " 693axxx6",
        "693 axxx6",
        "693\r\nX: y",
        "",
        7,
        "钥匙",
    ],
)
def test_a_pasted_address_is_not_a_key(pasted):
    assert wrong_key(pasted)
    assert not wrong_key("693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa")
