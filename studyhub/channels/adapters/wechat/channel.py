"""WeChat Official Account: drafts and publishing without notification (freepublish)."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from studyhub.channels.adapters.wechat import answers, client, figures
from studyhub.channels.errors import (
    AccountStopped,
    ChannelRefused,
    ChannelUnavailable,
    DraftMissing,
    MaterialMissing,
    PersonNeeded,
)
from studyhub.channels.ports import (
    Article,
    Capability,
    Count,
    Draft,
    Field,
    Form,
    Kit,
    Mode,
    Picture,
    Post,
    Published,
    Quota,
    Reference,
    Step,
    StepName,
    Submission,
    SubmissionStatus,
)

TITLE, AUTHOR, DIGEST = 32, 16, 128
CONTENT_CHARS, CONTENT_BYTES, SOURCE_URL_BYTES = 20_000, 1024 * 1024, 1024
PICTURE_BYTES, COVER_BYTES = 1024 * 1024, 10 * 1024 * 1024
ADDRESS_LENGTH = 160  # of an uploaded picture, when reckoning the length of the text
PAGE, PAGES = 20, 500
CLOCKS_DIFFER = timedelta(days=1)
NO_DRAFT, BAD_ARTICLE_ID, NOT_ALLOWED = "40007", "53600", "48001"
NO_DELETE = "这个公众号没有用接口删除文章的权限，文章还在。"
DELETE_THERE = "请到公众号后台删除这篇文章，再点“已在平台删除”。"
# Each reads well on white and on the light ground of hints: 4.5 to 1 and more.
COLOURS = (
    ("red", "深红", "#9f2a1f"),
    ("blue", "藏蓝", "#1f4e79"),
    ("green", "松绿", "#2f5d3a"),
    ("brown", "赭石", "#6b4a1f"),
)
CALLBACK_MODES = (("plain", "明文模式"), ("compat", "兼容模式"), ("safe", "安全模式"))


def _wrong_app_id(value: Any) -> str:
    good = isinstance(value, str) and re.fullmatch(r"[!-~]{1,128}", value)
    return "" if good else "要是一段没有空格的字母和数字，不超过 128 个"


def _wrong_aes_key(value: Any) -> str:
    good = isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9]{43}", value)
    return "" if good else "要是 43 个字母或数字（后台的 EncodingAESKey）"


def _wrong_mode(value: Any) -> str:
    modes = [mode for mode, _ in CALLBACK_MODES]
    return "" if value in modes else f"只能是 {'、'.join(modes)} 之一"


class WeChatChannel:
    """Passes the contract of ``ports.Publisher``. Limits, error codes: README.md beside."""

    LABEL = "微信公众号"
    MODE = Mode.API
    BASE = client.BASE
    FIELDS = (
        Field("app_id", "AppID", check=_wrong_app_id, names_account=True),
        Field("app_secret", "AppSecret", check=_wrong_app_id, secret=True),
        Field("token", "回调令牌", required=False, check=_wrong_app_id, secret=True),
        Field(
            "aes_key",
            "消息加解密密钥",
            required=False,
            check=_wrong_aes_key,
            secret=True,
            former="previous_aes_key",
        ),
        Field(
            "previous_aes_key",
            "上一个消息加解密密钥",
            required=False,
            check=_wrong_aes_key,
            secret=True,
        ),
        Field(
            "callback_mode",
            "消息加密方式",
            required=False,
            check=_wrong_mode,
            choices=CALLBACK_MODES,
        ),
    )
    STEPS = (
        Step(StepName.COVER, "上传封面", repeatable=True),
        Step(StepName.PICTURE, "上传图片", repeatable=True),
        Step(StepName.DRAFT, "放进草稿箱", repeatable=False),
        Step(StepName.SUBMIT, "提交发布", repeatable=False),
        Step(StepName.RECONCILE, "核对是否已发布", repeatable=True),
        Step(StepName.POLL, "询问结果", repeatable=True),
        Step(StepName.WITHDRAW, "撤回", repeatable=True),
        Step(StepName.DISCARD, "删除草稿", repeatable=True),
    )
    CAPABILITIES = (
        Capability.DRAFT,
        Capability.PUBLISH,
        Capability.WITHDRAW,
        Capability.STATS,
    )
    MESSAGE = figures.MESSAGE
    RATIONS = figures.RATIONS
    # One permission of WeChat's covers publishing and deleting.
    FORMER_CAPABILITIES = {"freepublish": (Capability.PUBLISH, Capability.WITHDRAW)}
    REFERENCE_NAMES = {
        Reference.DRAFT.value: "media_id",
        Reference.SUBMISSION.value: "publish_id",
        Reference.ARTICLE.value: "article_id",
    }
    FORM = Form(
        folder="wechat",
        author=AUTHOR,
        own_hosts=("mp.weixin.qq.com",),
        preview="公众号文章",
        drawn=("route", "steps"),
        colours=COLOURS,
        losses={
            "sound": "{n} 段音频改成了收听提示",
            "film": "{n} 段视频改成了观看提示",
            "route": "{n} 幅路线图改成了图片和地点列表",
            "steps": "{n} 条时间线改成了图片和列表",
            "selfcheck": "自测只有题目，作答要回到课程页",
            "links": "{n} 个外部链接只留下文字",
        },
    )

    PROBE = "问一下公众号通不通"

    def __init__(self, kit: Kit) -> None:
        self._client = client.WeChatClient(kit)

    def probe(self) -> None:
        page = {"offset": 0, "count": 1, "no_content": 1}
        self._client.ask("/cgi-bin/draft/batchget", page, "total_count")

    def check(self, post: Post) -> None:
        length = len(post.html) + ADDRESS_LENGTH * (len(post.pictures) + len(post.drawings))
        limits = (
            (len(post.title), TITLE, "标题", "字"),
            (len(post.author), AUTHOR, "作者", "字"),
            (len(post.digest), DIGEST, "摘要", "字"),
            (length, CONTENT_CHARS - 1, "正文连同排版", "字符"),
            (len(post.html.encode()), CONTENT_BYTES - 1, "正文连同排版", "字节"),
            (len(post.source_url.encode()), SOURCE_URL_BYTES, "原文链接", "字节"),
        )
        for size, limit, what, unit in limits:
            if size > limit:
                raise ChannelRefused(
                    f"{what}有 {size} {unit}，超过了公众号的上限 {limit} {unit}。",
                    code="too_long",
                    action=f"请把{what}缩短后重新发布这一课。",
                )

    def upload_picture(self, picture: Picture) -> str:
        _check_picture(picture, PICTURE_BYTES)
        return str(self._client.upload("/cgi-bin/media/uploadimg", picture, "url")["url"])

    def upload_cover(self, picture: Picture) -> str:
        _check_picture(picture, COVER_BYTES)
        path = "/cgi-bin/material/add_material"
        answer = self._client.upload(path, picture, "media_id", type="image")
        return str(answer["media_id"])

    def add_draft(self, article: Article) -> str:
        fields = {
            "article_type": "news",
            "title": article.title,
            "author": article.author,
            "digest": article.digest,
            "content": article.html,
            "content_source_url": article.source_url,
            "thumb_media_id": article.cover_id,
        }
        try:
            answer = self._client.tell("/cgi-bin/draft/add", {"articles": [fields]}, "media_id")
        except DraftMissing as error:  # the same number, and there is no draft yet
            detail = "公众号的素材库里没有这张封面。"
            raise MaterialMissing(
                detail, code=error.code, action=error.action, request_ref=error.request_ref
            ) from None
        return str(answer["media_id"])

    def find_draft(self, marker: str, since: datetime | None = None) -> str | None:
        for item in self._list("/cgi-bin/draft/batchget", since):
            if _carries(item, marker):
                return str(item["media_id"])
        return None

    def read_draft(self, draft_id: str) -> Draft:
        try:
            body = {"media_id": draft_id}
            answer = self._client.ask("/cgi-bin/draft/get", body, "news_item")
        except ChannelUnavailable as error:
            if error.code != NO_DRAFT:
                raise
            raise DraftMissing("草稿箱里没有这篇草稿。", code=NO_DRAFT) from None
        first = (answer["news_item"] or [{}])[0]
        return Draft(draft_id, str(first.get("title", "")), str(first.get("content", "")))

    def delete_draft(self, draft_id: str) -> None:
        try:
            self._client.repeat("/cgi-bin/draft/delete", {"media_id": draft_id})
        except DraftMissing:
            return  # gone already: that is what was wanted

    def submit(self, draft_id: str) -> Submission:
        body = {"media_id": draft_id}
        answer = self._client.tell("/cgi-bin/freepublish/submit", body, "publish_id")
        message = str(answer.get("msg_data_id", ""))
        return Submission(str(answer["publish_id"]), {"msg_data_id": message} if message else {})

    def poll(self, submission_id: str) -> SubmissionStatus:
        body = {"publish_id": submission_id}
        answer = self._client.ask("/cgi-bin/freepublish/get", body, "publish_status")
        return answers.status_from(answer)

    def find_published(self, marker: str, since: datetime | None = None) -> Published | None:
        gone = None
        for item in self._list("/cgi-bin/freepublish/batchget", since):
            if _carries(item, marker):
                found = _published(item)
                if not found.deleted:
                    return found
                gone = gone or found
        return gone

    def article_status(self, article_id: str) -> SubmissionStatus:
        body = {"article_id": article_id}
        answer = self._client.ask("/cgi-bin/freepublish/getarticle", body, "news_item")
        return answers.status_of_article(answer)

    def withdraw(self, article_id: str) -> None:
        try:
            self._client.repeat("/cgi-bin/freepublish/delete", {"article_id": article_id})
        except ChannelRefused as error:
            if error.code != BAD_ARTICLE_ID:
                raise  # an id the platform no longer knows is an article already gone
        except AccountStopped as error:
            if error.code != NOT_ALLOWED:
                raise
            raise PersonNeeded(NO_DELETE, code=NOT_ALLOWED, action=DELETE_THERE) from None

    def counts_of(self, published_on: date) -> list[Count]:
        return figures.counts_of(self._client, published_on)

    def quotas(self) -> list[Quota]:
        return figures.quotas(self._client)

    def _list(self, path: str, since: datetime | None) -> Iterator[dict[str, Any]]:
        """The newest first, back to ``since``: what is not in it is not there."""
        for page in range(PAGES):
            body = {"offset": page * PAGE, "count": PAGE, "no_content": 1}
            answer = self._client.ask(path, body, "total_count")
            items = answer.get("item") or []
            yield from items
            listed = page * PAGE + len(items)
            if not items or listed >= int(answer["total_count"]) or _is_older(items[-1], since):
                return
        raise ChannelUnavailable("平台上的列表太长，没有看完。", code="list_too_long")


def _is_older(item: dict[str, Any], since: datetime | None) -> bool:
    """Older by more than two clocks can differ; without a date it may be new."""
    changed = int(item.get("update_time") or 0)
    return since is not None and 0 < changed < (since - CLOCKS_DIFFER).timestamp()


def _news(item: dict[str, Any]) -> list[dict[str, Any]]:
    return item.get("content", {}).get("news_item") or [{}]


def _published(item: dict[str, Any]) -> Published:
    news = _news(item)
    url = answers.https(news[0].get("url", ""))
    return Published(str(item["article_id"]), url, answers.is_deleted(news))


def _carries(item: dict[str, Any], marker: str) -> bool:
    return any(f"p={marker}" in str(n.get("content_source_url", "")) for n in _news(item))


def _check_picture(picture: Picture, limit: int) -> None:
    if len(picture.data) >= limit:
        raise ChannelRefused(
            f"图片 {picture.name} 有 {len(picture.data) // 1024} KB，"
            f"超过了公众号的上限 {limit // 1024} KB。",
            code="picture_too_large",
            action="请换一张小一些的图片，重新发布这一课。",
        )
