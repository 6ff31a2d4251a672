"""Which phones read us: counts and nothing else."""

from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from studyhub.packs.models import PhoneCount

pytestmark = pytest.mark.django_db

ANDROID = "Mozilla/5.0 (Linux; Android 10; JSN-AL00) AppleWebKit/537.36 Chrome/116.0 Mobile"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"
WECHAT = " MicroMessenger/8.0.49"
PATH = "/api/v1/offline/tier"


def tell(tier, browser=ANDROID, **more):
    body = {"tier": tier, **more}
    return Client(headers={"user-agent": browser}).post(PATH, body, "application/json")


def counts():
    rows = PhoneCount.objects.values_list("month", "browser", "tier", "phones")
    return {(f"{month:%Y-%m}", browser, tier): phones for month, browser, tier, phones in rows}


def test_phones_are_counted_by_the_month_in_beijing():
    with time_machine.travel("2026-11-30T15:59:00Z"):
        assert tell(1).status_code == 204
        tell(1)
        tell(2, IPHONE + WECHAT)
    with time_machine.travel("2026-11-30T16:01:00Z"):
        tell(1)
    assert counts() == {
        ("2026-11", "android", 1): 2,
        ("2026-11", "wechat_ios", 2): 1,
        ("2026-12", "android", 1): 1,
    }


@pytest.mark.parametrize("body", [{"tier": 3}, {"tier": "1"}, {}, {"tier": 1, "phone": "x"}])
def test_nothing_but_a_tier_is_taken(body):
    answer = Client().post(PATH, body, "application/json")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert counts() == {}


def test_nothing_of_a_person_is_kept_or_given():
    answer = tell(1)
    assert not answer.cookies
    fields = {field.name for field in PhoneCount._meta.get_fields()}
    assert fields == {"id", "month", "tier", "browser", "phones"}


def test_the_table_is_printed_in_words():
    assert "还没有手机报过" in printed()
    with time_machine.travel("2026-11-20T00:00:00Z"):
        tell(1)
        tell(0)
        tell(2, IPHONE + WECHAT)
    lines = printed().splitlines()
    assert lines[0].split("\t")[2:] == ["没有信号也能打开", "页面开着时能接着学", "什么也存不住"]
    assert "2026-11\t手机浏览器（安卓、鸿蒙）\t1\t0\t1" in lines
    assert "2026-11\t微信（苹果）\t0\t1\t0" in lines


def printed():
    out = StringIO()
    call_command("phone_tiers", stdout=out)
    return out.getvalue()
