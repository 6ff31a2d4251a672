"""What WeChat's numbers mean: which error, in whose words, and what a person should do."""

from enum import Enum, auto
from typing import Any

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
BUSY_CODES = {-1, 61450, 268487001, 268487002}
DAY_QUOTA, MINUTE_QUOTA = 45009, 45011

ACCOUNT_CODES: dict[int, tuple[str, str]] = {
    40001: ("AppSecret 不对。", "请到公众号后台核对 AppSecret，再用 channel put 重新设置。"),
    40002: ("换取令牌的方式不对。", "请把这一条告诉技术人员。"),
    40013: ("AppID 不对。", "请到公众号后台核对 AppID，再用 channel put 重新设置。"),
    40125: (
        "AppSecret 无效，可能被重置过。",
        "请到公众号后台重置 AppSecret，再用 channel put 重新设置。",
    ),
    40164: ("服务器的 IP 不在公众号的白名单里。", "请到公众号后台把这个 IP 加进 IP 白名单。"),
    61004: ("服务器的 IP 不在公众号的白名单里。", "请到公众号后台把这个 IP 加进 IP 白名单。"),
    40243: ("AppSecret 已被冻结。", "请到公众号后台解冻 AppSecret，约 10 分钟生效。"),
    41002: ("缺少 AppID。", "请用 channel put 重新设置。"),
    41004: ("缺少 AppSecret。", "请用 channel put 重新设置。"),
    48001: (
        "这个公众号没有这项接口权限。",
        "请确认公众号已认证并开通发布接口；没有的话把能力改成只有 draft。",
    ),
    48004: ("这个接口被平台封禁了。", "请登录公众号后台查看封禁通知。"),
    50001: ("平台没有授权这个接口。", "请登录公众号后台查看接口权限。"),
    50002: ("平台限制了这个公众号。", "请登录公众号后台查看账号状态。"),
    89503: ("这台服务器调用接口需要管理员确认。", "请公众号管理员在微信里确认。"),
    89506: ("管理员拒绝了这台服务器，24 小时后才能再申请。", "请和公众号管理员联系。"),
    89507: ("管理员拒绝了这台服务器，1 小时后才能再申请。", "请和公众号管理员联系。"),
}
PERSON_CODES: dict[int, tuple[str, str]] = {
    48021: ("草稿最后一次是自动保存的。", "请到公众号后台打开草稿，手动保存一次，再点“重试”。"),
    53503: ("这篇草稿没有通过发布检查。", "请到公众号后台打开草稿查看原因。"),
    53504: ("这篇草稿只能在公众号后台发布。", "请到后台发布，再点“已在后台确认发布”并贴上链接。"),
    53505: ("这篇草稿需要先人工保存。", "请到公众号后台打开草稿，手动保存一次，再点“重试”。"),
    89504: ("正在等管理员确认。", "请公众号管理员在微信里确认，再点“重试”。"),
    89505: ("平台向管理员发出了确认请求。", "请公众号管理员在微信里确认，再点“重试”。"),
}
CONTENT_CODES: dict[int, str] = {
    40005: "图片格式不被接受（只能是 jpg 或 png）。",
    40007: "素材或草稿不存在。",
    40009: "图片太大。",
    44003: "图文内容是空的。",
    45001: "文件太大。",
    45002: "正文太长（要少于 2 万字符）。",
    45003: "标题太长（最多 32 字）。",
    45004: "摘要太长（最多 128 字）。",
    45005: "链接太长。",
    45110: "作者太长（最多 16 字）。",
    45166: "正文里有平台不允许的内容（多半是外部链接）。",
    47001: "平台读不懂提交的数据。",
    53402: "封面裁剪失败。",
    53600: "文章编号不存在。",
}
FIX_LESSON = "请修改这一课后重新发布。"
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

    Only a number of the tables refuses, and only a change: any other is waited out and shown.
    """
    code = str(errcode)
    ref = request_ref(errmsg)
    unclear = ChannelUncertain if kind is Ask.CHANGE else ChannelUnavailable
    if errcode in BUSY_CODES:
        return unclear("微信系统繁忙。", code=code, request_ref=ref)
    if errcode in (DAY_QUOTA, MINUTE_QUOTA):
        return _quota_error(errcode, ref)
    if errcode in ACCOUNT_CODES:
        detail, action = ACCOUNT_CODES[errcode]
        if errcode in (40164, 61004):
            detail += f"平台说：{errmsg.split(' rid:')[0]}"
        return AccountStopped(detail, code=code, action=action, request_ref=ref)
    if kind is Ask.QUESTION:
        detail = f"没有问到结果，微信说：{errmsg.split(' rid:')[0]}"
        return unclear(detail, code=code, request_ref=ref)
    if errcode in PERSON_CODES:
        detail, action = PERSON_CODES[errcode]
        return PersonNeeded(detail, code=code, action=action, request_ref=ref)
    if errcode in CONTENT_CODES:
        refused = DraftMissing if errcode == 40007 else ChannelRefused
        return refused(CONTENT_CODES[errcode], code=code, action=FIX_LESSON, request_ref=ref)
    detail = f"微信给出了没见过的答复：{errmsg.split(' rid:')[0]}"
    return unclear(detail, code=code, action=TELL_US, request_ref=ref)


def _quota_error(errcode: int, ref: str) -> QuotaUsedUp:
    if errcode == DAY_QUOTA:
        return QuotaUsedUp(
            "今天的接口调用次数用完了，明天 0 点 5 分后自动继续。",
            reset=QuotaReset.NEXT_DAY,
            code=str(errcode),
            request_ref=ref,
        )
    return QuotaUsedUp(
        "一分钟内调用太多，稍后自动继续。",
        reset=QuotaReset.NEXT_MINUTE,
        code=str(errcode),
        request_ref=ref,
    )


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


def https(url: str) -> str:
    """WeChat still hands out http addresses of its own pages."""
    if url.startswith("http://mp.weixin.qq.com/"):
        return "https://" + url.removeprefix("http://")
    return url
