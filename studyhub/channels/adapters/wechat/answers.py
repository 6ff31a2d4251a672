"""What WeChat's numbers mean: which error, in whose words, and what a person should do."""

from enum import Enum, auto
from typing import Any

from studyhub.channels.adapters.wechat.codes import CODES, Code, Effect
from studyhub.channels.errors import (
    AccountStopped,
    ChannelError,
    ChannelRefused,
    ChannelUnavailable,
    ChannelUncertain,
    DraftMissing,
    PersonNeeded,
    QuotaReset,
    QuotaUsedUp,
)
from studyhub.channels.ports import Published, SubmissionStatus, Verdict

TOKEN_CODES = {40001, 40014, 41001, 42001}
FIX_LESSON = "请修改这一课后重新发布。"
ADDRESS_REFUSED = (40164, 61004)  # the message tells which address
DRAFT_MISSING = 40007
RESETS = {
    Effect.WAIT_A_MINUTE: QuotaReset.NEXT_MINUTE,
    Effect.WAIT_A_WHILE: QuotaReset.IN_A_WHILE,
    Effect.WAIT_A_DAY: QuotaReset.NEXT_DAY,
}
TELL_US = "请把这个编号告诉技术人员；系统会自己再核对。"

VERDICTS: dict[int, tuple[Verdict, str, str]] = {
    1: (Verdict.RUNNING, "平台还在处理", ""),
    2: (
        Verdict.REFUSED,
        "原创校验没有通过。",
        "请到公众号后台查看与哪篇文章重复，修改后重新发布。",
    ),
    3: (Verdict.FAILED, "平台报告发布失败。", "请看一眼草稿，确认没有问题后点“重试”。"),
    4: (Verdict.REFUSED, "平台审核没有通过。", "请对照平台规范修改内容后重新发布，不要原样重试。"),
    5: (Verdict.REMOVED, "发布成功后，文章在后台被删除了。", ""),
    6: (
        Verdict.REMOVED,
        "发布成功后，文章被平台封禁了。",
        "请登录公众号后台查看封禁原因，必要时申诉。",
    ),
}


class Ask(Enum):
    """What a call does, which says what a bad answer to it may mean."""

    QUESTION = auto()  # never refused: a code says nothing about what was asked after
    REPEATABLE = auto()  # a change of which twice is the same as once
    CHANGE = auto()  # without a clear answer it may have happened


def error_for(errcode: int, errmsg: str, kind: Ask) -> ChannelError:
    """The error that decides what happens next. ``errmsg`` may be shown: it holds no secret.

    Only a number of the table refuses, and only a change: any other is waited out and shown.
    """
    said, ref = errmsg.split(" rid:")[0], request_ref(errmsg)
    code = CODES.get(errcode) or _unknown(said)
    words = {"code": str(errcode), "action": code.action, "request_ref": ref}
    if code.effect in RESETS:
        return QuotaUsedUp(code.detail, reset=RESETS[code.effect], **words)
    if code.effect is Effect.ACCOUNT:
        said = f"平台说：{said}" if errcode in ADDRESS_REFUSED else ""
        return AccountStopped(code.detail + said, **words)
    if kind is Ask.QUESTION or code.effect in (Effect.BUSY, Effect.UNCLEAR):
        unclear = ChannelUncertain if kind is Ask.CHANGE else ChannelUnavailable
        return unclear(code.detail, **words)
    return _refusal(errcode, code, words)


def _unknown(said: str) -> Code:
    return Code(Effect.UNCLEAR, "", f"微信给出了没见过的答复：{said}", TELL_US)


def _refusal(errcode: int, code: Code, words: dict[str, str]) -> ChannelError:
    if code.effect is Effect.PERSON:
        return PersonNeeded(code.detail, **words)
    refused = DraftMissing if errcode == DRAFT_MISSING else ChannelRefused
    return refused(code.detail, **{**words, "action": code.action or FIX_LESSON})


def request_ref(errmsg: str) -> str:
    """WeChat's own number of the request, by which it can be looked up for a week."""
    return errmsg.partition("rid:")[2].strip()


def status_from(answer: dict[str, Any]) -> SubmissionStatus:
    """What ``freepublish/get`` says; a status that nobody has seen yet counts as running."""
    status = int(answer.get("publish_status", 1))
    if status == 0:
        items = answer.get("article_detail", {}).get("item") or [{}]
        items = [items] if isinstance(items, dict) else items
        return SubmissionStatus(
            Verdict.PUBLISHED,
            Published(str(answer.get("article_id", "")), https(items[0].get("article_url", ""))),
            reason="平台确认已发布",
        )
    unknown = (Verdict.RUNNING, f"平台给出了没见过的状态 {status}", "")
    verdict, reason, action = VERDICTS.get(status, unknown)
    return SubmissionStatus(verdict, reason=reason, action=action)


def status_of_article(answer: dict[str, Any]) -> SubmissionStatus:
    """What ``freepublish/getarticle`` says; only a deletion that it names is one."""
    if is_deleted(answer.get("news_item") or []):
        verdict, reason, action = VERDICTS[5]
        return SubmissionStatus(verdict, reason=reason, action=action)
    return SubmissionStatus(Verdict.PUBLISHED, reason="文章还在")


def is_deleted(news: list[dict[str, Any]]) -> bool:
    """Whether every part of an article is marked as deleted."""
    return bool(news) and all(item.get("is_deleted") for item in news)


def https(url: str) -> str:
    """WeChat still hands out http addresses of its own pages."""
    if url.startswith("http://mp.weixin.qq.com/"):
        return "https://" + url.removeprefix("http://")
    return url
