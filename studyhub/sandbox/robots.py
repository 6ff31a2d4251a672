"""Group chats of WeCom, Feishu and DingTalk: what their robots are let say, with their limits."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from studyhub.sandbox import faults
from studyhub.sandbox.models import Clock, Robot, Said
from studyhub.sandbox.platform import Refusal

MARK = "X-Studyhub-Sandbox"
Kind = Robot.Kind
Body = dict[str, Any]
Words = tuple[str, str, str]  # title, text, address
MINUTE, MUTE, STALE = timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1)
PER_MINUTE = {Kind.WECOM: (20, 45009), Kind.FEISHU: (100, 11232), Kind.DINGTALK: (20, 130101)}
GONE = {Kind.WECOM: 93000, Kind.FEISHU: 19001, Kind.DINGTALK: 300001}
UNREADABLE = {Kind.WECOM: 40058, Kind.FEISHU: 9499, Kind.DINGTALK: 40035}


@csrf_exempt
@require_POST
def wecom(request: HttpRequest) -> HttpResponseBase:
    """/cgi-bin/webhook/send?key="""
    return _heard(request, Kind.WECOM, request.GET.get("key", ""))


@csrf_exempt
@require_POST
def feishu(request: HttpRequest, key: str) -> HttpResponseBase:
    """/open-apis/bot/v2/hook/KEY"""
    return _heard(request, Kind.FEISHU, key)


@csrf_exempt
@require_POST
def dingtalk(request: HttpRequest) -> HttpResponseBase:
    """/robot/send?access_token="""
    return _heard(request, Kind.DINGTALK, request.GET.get("access_token", ""))


def _heard(request: HttpRequest, kind: Kind, key: str) -> HttpResponseBase:
    path = f"{kind}/send"
    fault = faults.take(path, key)
    if fault and faults.comes_before(fault):
        number = faults.number_of(fault)
        faults.note_call(key, path, number, fault.kind)
        response = faults.fail_before(fault, _answer(kind, number, "scripted fault"))
    else:
        number, said = _take(request, kind, key)
        faults.note_call(key, path, number, fault.kind if fault else "")
        answer = _answer(kind, number, said)
        response = faults.fail_after(fault, answer) if fault else answer
    response[MARK] = "1"
    return response


def _answer(kind: Kind, number: int, said: str) -> HttpResponse:
    names = ("code", "msg") if kind == Kind.FEISHU else ("errcode", "errmsg")
    return HttpResponse(
        json.dumps(dict(zip(names, (number, said), strict=True))), content_type="application/json"
    )


def _take(request: HttpRequest, kind: Kind, key: str) -> tuple[int, str]:
    try:
        with transaction.atomic():
            _say(request, kind, key)
    except Refusal as refusal:
        _mute(kind, key, refusal.errcode)
        return refusal.errcode, refusal.errmsg
    return 0, "success" if kind == Kind.FEISHU else "ok"


def _say(request: HttpRequest, kind: Kind, key: str) -> None:
    robot = _robot(kind, key)
    body = _body(request, kind)
    CHECKS[kind](robot, request, body)
    title, text, url = READERS[kind](body)
    _keep_pace(robot)
    Said.objects.create(robot=robot, title=title, text=text, url=url, said_at=Clock.now())


def _robot(kind: Kind, key: str) -> Robot:
    robot = Robot.objects.get_or_create(kind=kind, key=key)[0] if key else None
    if robot is None or robot.removed:
        raise Refusal(GONE[kind], f"invalid webhook url {key}")
    return robot


def _body(request: HttpRequest, kind: Kind) -> Body:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refusal(UNREADABLE[kind], "bad request body")
    return body


def _keep_pace(robot: Robot) -> None:
    """DingTalk mutes for ten minutes; the others count the last minute."""
    now = Clock.now()
    most, number = PER_MINUTE[Kind(robot.kind)]
    if robot.muted_until and robot.muted_until > now:
        raise Refusal(number, "send too fast")
    if robot.words.filter(said_at__gt=now - MINUTE).count() >= most:
        raise Refusal(number, "api freq out of limit")


def _mute(kind: Kind, key: str, number: int) -> None:
    """DingTalk hears nothing for ten minutes from the moment it was too much."""
    if kind == Kind.DINGTALK and number == PER_MINUTE[kind][1]:
        loud = Robot.objects.filter(kind=kind, key=key).exclude(muted_until__gt=Clock.now())
        loud.update(muted_until=Clock.now() + MUTE)


def _hmac(key: str, text: str) -> str:
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _unsigned(robot: Robot, request: HttpRequest, body: Body) -> None:
    """The key is the whole secret."""


def _signed_by_the_second(robot: Robot, request: HttpRequest, body: Body) -> None:
    stamp = str(body.get("timestamp", ""))
    wanted = _hmac(f"{stamp}\n{robot.secret}", "")
    if robot.secret and (not _is_fresh(stamp, 1) or body.get("sign") != wanted):
        raise Refusal(
            19021, "sign match fail or timestamp is not within one hour from current time"
        )
    if len(request.body) > 20 * 1024:
        raise Refusal(9499, "Bad Request")


def _signed_by_the_millisecond(robot: Robot, request: HttpRequest, body: Body) -> None:
    stamp = request.GET.get("timestamp", "")
    wanted = _hmac(robot.secret, f"{stamp}\n{robot.secret}")
    if robot.secret and (not _is_fresh(stamp, 1000) or request.GET.get("sign") != wanted):
        raise Refusal(310000, "sign not match")


def _is_fresh(stamp: str, per_second: int) -> bool:
    try:
        seconds = int(stamp) / per_second
    except ValueError:
        return False
    return abs(Clock.now().timestamp() - seconds) < STALE.total_seconds()


def _within(body: Body, name: str) -> Body:
    inner = body.get(name)
    return inner if isinstance(inner, dict) else {}


def _wecom_words(body: Body) -> Words:
    articles = _within(body, "news").get("articles")
    if body.get("msgtype") != "news" or not isinstance(articles, list):
        raise Refusal(40008, "invalid message type")
    if not 1 <= len(articles) <= 8 or not isinstance(first := articles[0], dict):
        raise Refusal(40058, "invalid Request Parameter")
    title, text, url = (str(first.get(name, "")) for name in ("title", "description", "url"))
    too_long = len(title.encode()) > 128 or len(text.encode()) > 512
    if not title or not url or too_long:
        raise Refusal(40058, "invalid Request Parameter")
    return title, text, url


def _feishu_words(body: Body) -> Words:
    shown = _within(_within(_within(body, "content"), "post"), "zh_cn")
    lines = shown.get("content")
    if body.get("msg_type") != "post" or not isinstance(lines, list):
        raise Refusal(9499, "Bad Request")
    runs = [run for line in lines for run in line]
    text = "\n".join(run["text"] for run in runs if run["tag"] == "text")
    url = next((run["href"] for run in runs if run["tag"] == "a"), "")
    return str(shown.get("title", "")), text, url


def _dingtalk_words(body: Body) -> Words:
    link = _within(body, "link")
    if body.get("msgtype") != "link" or not link.get("messageUrl") or not link.get("title"):
        raise Refusal(40035, "invalid parameter")
    return str(link["title"]), str(link.get("text", "")), str(link["messageUrl"])


CHECKS: dict[Kind, Callable[[Robot, HttpRequest, Body], None]] = {
    Kind.WECOM: _unsigned,
    Kind.FEISHU: _signed_by_the_second,
    Kind.DINGTALK: _signed_by_the_millisecond,
}
READERS: dict[Kind, Callable[[Body], Words]] = {
    Kind.WECOM: _wecom_words,
    Kind.FEISHU: _feishu_words,
    Kind.DINGTALK: _dingtalk_words,
}
