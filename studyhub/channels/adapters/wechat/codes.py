"""WeChat's numbers: what each does to a delivery, where that is written, in whose words.

A number that is not here is waited out and shown; it refuses nothing. Add one with its source.
"""

from enum import Enum, auto
from typing import NamedTuple

# Where a number is explained. The first are pages of developers.weixin.qq.com/doc/service/.
SIGN_IN = "api/base/api_getstableaccesstoken"
MATERIAL = "api/material/permanent/api_addmaterial"
DRAFT = "api/draftbox/draftmanage/api_draft_add"
PUBLISH = "api/public/api_freepublish_submit"
MASS = "api/notify/message/api_sendall"
CODES_PAGE = "the table of global return codes; from memory, not seen on a stored page"
SDK = "constants of SDKs that were copied from official pages (WxJava, silenceper/wechat)"
FORUM = "threads of the developers' forum"


class Effect(Enum):
    """What a number does."""

    BUSY = auto()  # the platform is overloaded
    WAIT_A_MINUTE = auto()
    WAIT_A_WHILE = auto()
    WAIT_A_DAY = auto()
    ACCOUNT = auto()  # nothing works for the account until a person has acted
    PERSON = auto()  # a person goes on in the console
    CONTENT = auto()  # in answer to a change: no to this content
    UNCLEAR = auto()  # it says nothing about the article


class Code(NamedTuple):
    """``detail`` and ``action`` are Chinese and shown to editors."""

    effect: Effect
    source: str
    detail: str
    action: str = ""


CODES: dict[int, Code] = {
    -1: Code(Effect.BUSY, SDK, "微信系统繁忙。"),
    61450: Code(Effect.BUSY, SDK, "微信系统繁忙。"),
    268487001: Code(Effect.BUSY, SDK, "微信系统繁忙。"),
    268487002: Code(Effect.BUSY, SDK, "微信系统繁忙。"),
    45009: Code(Effect.WAIT_A_DAY, SIGN_IN, "今天的接口调用次数用完了，明天 0 点 5 分后自动继续。"),
    45011: Code(Effect.WAIT_A_MINUTE, SIGN_IN, "一分钟内调用太多，稍后自动继续。"),
    45028: Code(
        Effect.WAIT_A_DAY, SDK, "这个公众号今天的群发次数用完了，明天 0 点 5 分后自动继续。"
    ),
    53501: Code(Effect.WAIT_A_WHILE, CODES_PAGE, "发布得太频繁，过一会儿自动继续。"),
    40001: Code(
        Effect.ACCOUNT,
        SIGN_IN,
        "AppSecret 不对。",
        "请到公众号后台核对 AppSecret，再到后台“渠道账号”里填新的。",
    ),
    40002: Code(Effect.ACCOUNT, SIGN_IN, "换取令牌的方式不对。", "请把这一条告诉技术人员。"),
    40013: Code(
        Effect.ACCOUNT,
        SIGN_IN,
        "AppID 不对。",
        "请到公众号后台核对 AppID，再到后台“渠道账号”里填新的。",
    ),
    40125: Code(
        Effect.ACCOUNT,
        SDK,
        "AppSecret 无效，可能被重置过。",
        "请到公众号后台重置 AppSecret，再到后台“渠道账号”里填新的。",
    ),
    40164: Code(
        Effect.ACCOUNT,
        SIGN_IN,
        "服务器的 IP 不在公众号的白名单里。",
        "请到公众号后台把这个 IP 加进 IP 白名单。",
    ),
    40243: Code(
        Effect.ACCOUNT,
        SIGN_IN,
        "AppSecret 已被冻结。",
        "请到公众号后台解冻 AppSecret，约 10 分钟生效。",
    ),
    41002: Code(Effect.ACCOUNT, SIGN_IN, "缺少 AppID。", "请到后台“渠道账号”里填好。"),
    41004: Code(Effect.ACCOUNT, SIGN_IN, "缺少 AppSecret。", "请到后台“渠道账号”里填好。"),
    48001: Code(
        Effect.ACCOUNT,
        PUBLISH,
        "这个公众号没有这项接口权限。",
        "请确认公众号已认证并开通发布接口；没有的话把能力改成只有 draft。",
    ),
    48004: Code(Effect.ACCOUNT, SDK, "这个接口被平台封禁了。", "请登录公众号后台查看封禁通知。"),
    50001: Code(Effect.ACCOUNT, SDK, "平台没有授权这个接口。", "请登录公众号后台查看接口权限。"),
    50002: Code(Effect.ACCOUNT, SDK, "平台限制了这个公众号。", "请登录公众号后台查看账号状态。"),
    53500: Code(
        Effect.ACCOUNT,
        CODES_PAGE,
        "公众号的发布功能被平台封禁了。",
        "请登录公众号后台查看封禁通知，必要时申诉；恢复后点“重试”。",
    ),
    61004: Code(
        Effect.ACCOUNT,
        SIGN_IN,
        "服务器的 IP 不在公众号的白名单里。",
        "请到公众号后台把这个 IP 加进 IP 白名单。",
    ),
    89503: Code(
        Effect.ACCOUNT, SDK, "这台服务器调用接口需要管理员确认。", "请公众号管理员在微信里确认。"
    ),
    89506: Code(
        Effect.ACCOUNT,
        SDK,
        "管理员拒绝了这台服务器，24 小时后才能再申请。",
        "请和公众号管理员联系。",
    ),
    89507: Code(
        Effect.ACCOUNT,
        SDK,
        "管理员拒绝了这台服务器，1 小时后才能再申请。",
        "请和公众号管理员联系。",
    ),
    48021: Code(
        Effect.PERSON,
        MASS,
        "草稿最后一次是自动保存的。",
        "请到公众号后台打开草稿，手动保存一次，再点“重试”。",
    ),
    53503: Code(
        Effect.PERSON, PUBLISH, "这篇草稿没有通过发布检查。", "请到公众号后台打开草稿查看原因。"
    ),
    53504: Code(
        Effect.PERSON,
        PUBLISH,
        "这篇草稿只能在公众号后台发布。",
        "请到后台发布，再点“已在后台确认发布”并贴上链接。",
    ),
    53505: Code(
        Effect.PERSON,
        PUBLISH,
        "这篇草稿需要先人工保存。",
        "请到公众号后台打开草稿，手动保存一次，再点“重试”。",
    ),
    89504: Code(
        Effect.PERSON, SDK, "正在等管理员确认。", "请公众号管理员在微信里确认，再点“重试”。"
    ),
    89505: Code(
        Effect.PERSON,
        SDK,
        "平台向管理员发出了确认请求。",
        "请公众号管理员在微信里确认，再点“重试”。",
    ),
    40005: Code(Effect.CONTENT, MATERIAL, "图片格式不被接受（只能是 jpg 或 png）。"),
    40007: Code(Effect.CONTENT, PUBLISH, "素材或草稿不存在。"),
    40009: Code(Effect.CONTENT, MATERIAL, "图片太大。"),
    44003: Code(Effect.CONTENT, DRAFT, "图文内容是空的。"),
    45001: Code(Effect.CONTENT, MATERIAL, "文件太大。"),
    45002: Code(Effect.CONTENT, DRAFT, "正文太长（要少于 2 万字符）。"),
    45003: Code(Effect.CONTENT, DRAFT, "标题太长（最多 32 字）。"),
    45004: Code(Effect.CONTENT, DRAFT, "摘要太长（最多 128 字）。"),
    45005: Code(Effect.CONTENT, DRAFT, "链接太长。"),
    45110: Code(Effect.CONTENT, DRAFT, "作者太长（最多 16 字）。"),
    45166: Code(Effect.CONTENT, SDK, "正文里有平台不允许的内容（多半是外部链接）。"),
    47001: Code(Effect.CONTENT, DRAFT, "平台读不懂提交的数据。"),
    53402: Code(Effect.CONTENT, FORUM, "封面裁剪失败。"),
    53600: Code(Effect.CONTENT, PUBLISH, "文章编号不存在。"),
    61500: Code(Effect.UNCLEAR, SDK, "平台说日期的写法不对。"),
    61501: Code(Effect.UNCLEAR, SDK, "平台说日期的范围不对。"),
    61503: Code(Effect.UNCLEAR, SDK, "平台还没有算好这一天的数字，过一会儿自动再问。"),
    76021: Code(Effect.UNCLEAR, SDK, "平台不认得这个接口。"),
    76022: Code(Effect.UNCLEAR, SDK, "平台不告诉这个接口的额度。"),
    53502: Code(Effect.UNCLEAR, CODES_PAGE, "平台不认得这个发布编号。"),
}
