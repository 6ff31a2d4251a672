"""What Kuaishou's numbers mean: which error, in whose words, and what a person should do."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from studyhub.channels.errors import (
    AccountStopped,
    ChannelError,
    ChannelRefused,
    ChannelUnavailable,
    ChannelUncertain,
    MaterialMissing,
    QuotaReset,
    QuotaUsedUp,
)

OK = 1
TOKEN_CODES = {100200102, 100200108}
GONE_CODES = {120001, 100120001}
AUTHORISE = "请到后台“渠道账号”里打开这个账号，按“去平台授权”。"
TELL_US = "请把这个编号告诉技术人员；系统会自己再核对。"
FIX_LESSON = "请修改这一课后重新发布。"


class Effect(Enum):
    """What a number does."""

    BUSY = auto()
    QUOTA = auto()
    ACCOUNT = auto()
    UPLOAD = auto()  # the upload is not whole, or is used up: begin a new one
    CONTENT = auto()
    UNCLEAR = auto()


class Ask(Enum):
    """What a call does, which says what a bad answer to it may mean."""

    QUESTION = auto()  # never refused
    REPEATABLE = auto()
    CHANGE = auto()  # without a clear answer it may have happened


@dataclass(frozen=True)
class Code:
    """One number: ``detail`` and ``action`` are Chinese, for editors."""

    effect: Effect
    detail: str
    action: str = ""


_BAD = Code(Effect.CONTENT, "快手说提交的内容不合要求。", FIX_LESSON)
_APP = Code(Effect.ACCOUNT, "快手不认这个应用。", "请核对应用的 App ID 和密钥，再填新的。")
_TOKEN = Code(Effect.ACCOUNT, "快手不认访问令牌。", AUTHORISE)
_GRANT = Code(Effect.ACCOUNT, "快手账号的授权失效了。", AUTHORISE)
_SCOPE = Code(
    Effect.ACCOUNT, "快手账号没有给“发布视频”的权限。", "请重新授权，在快手的页面上勾选全部权限。"
)
_GONE = Code(Effect.UNCLEAR, "快手说没有这个视频，可能还没有处理好。")
_UPLOAD = Code(Effect.UPLOAD, "快手没有收全视频文件，要重新上传。")
_BROKEN = Code(Effect.CONTENT, "快手处理不了这个视频文件。", "请重新生成竖屏视频，再发布这一课。")
CODES: dict[int, Code] = {
    100200100: _BAD,
    100100400: _BAD,
    100400: _BAD,
    100200101: _APP,
    100200102: _TOKEN,
    100200108: _TOKEN,
    100200103: _GRANT,
    100200104: _GRANT,
    100200105: _GRANT,
    100200106: _SCOPE,
    100200109: _GRANT,
    100200110: _GRANT,
    100200111: _GRANT,
    100200113: _GRANT,
    100200500: Code(Effect.BUSY, "快手系统繁忙。"),
    100100402: Code(
        Effect.QUOTA,
        "快手今天不再收这个账号的调用，明天 0 点 5 分后自动继续。",
        "如果明天还是这样，请登录快手看账号有没有被限制。",
    ),
    120001: _GONE,
    100120001: _GONE,
    120002: _UPLOAD,
    100120002: _UPLOAD,
    120003: _BROKEN,
    100120003: _BROKEN,
}


def number_of(answer: dict[str, Any]) -> int:
    """The number in ``result``; one that cannot be read is nobody's."""
    try:
        return int(answer.get("result") or 0)
    except (TypeError, ValueError):
        return 0


def error_for(number: int, said: str, kind: Ask) -> ChannelError:
    """The error that decides what happens next; only a number of the table refuses."""
    unknown = Code(Effect.UNCLEAR, f"快手给出了没见过的答复：{said[:200]}", TELL_US)
    code = CODES.get(number, unknown)
    words = {"code": str(number), "action": code.action}
    if code.effect is Effect.QUOTA:
        return QuotaUsedUp(code.detail, reset=QuotaReset.NEXT_DAY, **words)
    if code.effect is Effect.ACCOUNT:
        return AccountStopped(code.detail, **words)
    if kind is Ask.QUESTION or code.effect in (Effect.BUSY, Effect.UNCLEAR):
        unclear = ChannelUncertain if kind is Ask.CHANGE else ChannelUnavailable
        return unclear(code.detail, **words)
    refused = MaterialMissing if code.effect is Effect.UPLOAD else ChannelRefused
    return refused(code.detail, **words)
