"""Kuaishou by API: a film is uploaded in parts, one call makes the post, a review follows."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from studyhub.channels.adapters.kuaishou import answers, client
from studyhub.channels.errors import (
    ChannelError,
    ChannelRefused,
    ChannelUnavailable,
    ChannelUncertain,
)
from studyhub.channels.film_ports import Film, Upload
from studyhub.channels.ports import (
    Article,
    Capability,
    Draft,
    Field,
    Form,
    Kit,
    Mode,
    Picture,
    Post,
    Published,
    Reference,
    Step,
    StepName,
    Submission,
    SubmissionStatus,
    Token,
    Verdict,
)

TITLE, CAPTION = 60, 1000
FILM_BYTES, COVER_BYTES, PART = 4 * 1000**3, 10 * 1000**2, 4 * 1024 * 1024
MARK_LENGTH = len("\n（编号 123456789012）")
PAGE, PAGES = 100, 50
CLOCKS_DIFFER = timedelta(days=1)


def _wrong_word(value: Any) -> str:
    good = isinstance(value, str) and re.fullmatch(r"[!-~]{1,128}", value)
    return "" if good else "要是一段没有空格的字母和数字，不超过 128 个"


class KuaishouFilmChannel:
    """Passes the contract of ``film_ports.FilmChannel``. Limits and codes: README.md beside."""

    LABEL = "快手开放平台"
    MODE = Mode.API
    BASE = client.BASE
    FIELDS = (
        Field("app_id", "应用的 App ID", check=_wrong_word),
        Field("app_secret", "应用的 App Secret（密钥）", check=_wrong_word, secret=True),
    )
    STEPS = (
        Step(StepName.UPLOAD, "开始上传视频", repeatable=True),
        Step(StepName.DRAFT, "传视频文件", repeatable=True),
        Step(StepName.SUBMIT, "提交发布", repeatable=False),
        Step(StepName.RECONCILE, "核对是否已发布", repeatable=True),
        Step(StepName.POLL, "询问结果", repeatable=True),
        Step(StepName.WITHDRAW, "撤回", repeatable=True),
        Step(StepName.DISCARD, "清理没用上的上传", repeatable=True),
    )
    CAPABILITIES = (Capability.PUBLISH, Capability.WITHDRAW)
    FORMER_CAPABILITIES: Mapping[str, tuple[Capability, ...]] = {}
    REFERENCE_NAMES = {
        Reference.DRAFT.value: "upload_token",
        Reference.SUBMISSION.value: "photo_id",
        Reference.ARTICLE.value: "photo_id",
    }
    FORM = Form(
        losses={
            "figure": "{n} 张图片没有带上，只发竖屏视频",
            "sound": "{n} 段音频没有带上，只发竖屏视频",
            "film": "{n} 段课文里的视频没有带上，只发竖屏视频",
            "table": "{n} 张表格没有带上，只发竖屏视频",
            "route": "{n} 幅路线图没有带上，只发竖屏视频",
            "selfcheck": "自测没有带上，作答要回到课程页",
            "links": "{n} 个外部链接没有带上",
        }
    )
    PROBE = "问一下快手通不通"

    def __init__(self, kit: Kit) -> None:
        self._client = client.KuaishouClient(kit)

    def authorise_url(self, state: str, back: str) -> str:
        return self._client.authorise_url(state, back)

    def exchange(self, code: str, back: str) -> Token:
        return self._client.exchange(code)

    def probe(self) -> None:
        self._client.ask("list", "video_list", count="1")

    def check(self, post: Post) -> None:
        words = len(f"{post.title}\n{post.digest}") + MARK_LENGTH
        for size, limit, what in ((len(post.title), TITLE, "标题"), (words, CAPTION, "作品描述")):
            if size > limit:
                raise ChannelRefused(
                    f"{what}有 {size} 字，超过了快手的上限 {limit} 字。",
                    code="too_long",
                    action=f"请把{'摘要' if size == words else what}缩短后重新发布这一课。",
                )

    def check_film(self, film: Film) -> None:
        sizes = ((film.size, FILM_BYTES, "视频"), (len(film.cover.data), COVER_BYTES, "封面"))
        for size, limit, what in sizes:
            if not 0 < size < limit:
                raise ChannelRefused(
                    f"{what}文件有 {size} 字节，快手要求在 1 到 {limit} 字节之间。",
                    code="film_size",
                    action="请重新生成竖屏视频，再发布这一课。",
                )

    def begin_upload(self, film: Film) -> Upload:
        answer = self._client.repeat("start_upload", "upload_token")
        return Upload(str(answer["upload_token"]), str(answer.get("endpoint", "")))

    def send_film(
        self, upload: Upload, film: Film, *, done: int, sent: Callable[[int], None]
    ) -> str:
        """What is there is asked, not remembered: the platform counts its own parts."""
        count = -(-film.size // PART)
        first = self._parts_there(upload)
        with film.opener() as file:
            file.seek(first * PART)
            for number in range(first, count):
                self._send_part(upload, number, file.read(PART))
                sent(number + 1)
        self._gateway("POST", upload, "/complete", fragment_count=str(count))
        return upload.upload_id

    def _parts_there(self, upload: Upload) -> int:
        answer = self._gateway("GET", upload, "/resume")
        return int(answer.get("fragment_index", -1)) + 1

    def _send_part(self, upload: Upload, number: int, data: bytes) -> None:
        params = {"upload_token": upload.upload_id, "fragment_id": str(number)}
        said = {"Content-Type": "video/mp4"}
        self._client.gateway(
            "POST", upload.host, "/fragment", params=params, content=data, headers=said
        )

    def _gateway(self, method: str, upload: Upload, path: str, **params: str) -> dict[str, Any]:
        params = {"upload_token": upload.upload_id, **params}
        return self._client.gateway(method, upload.host, path, params=params)

    def create(self, upload_id: str, article: Article, cover: Picture) -> Submission:
        answer = self._client.tell(
            "publish",
            "video_info",
            {"upload_token": upload_id},
            data={"caption": _caption(article)},
            files={"cover": (cover.name, cover.data, cover.content_type)},
            read=client.UPLOAD,
        )
        if photo_id := _id_of(answer["video_info"]):
            return Submission(photo_id)
        raise ChannelUncertain("快手的答复里没有作品编号。", code="incomplete")

    def poll(self, submission_id: str) -> SubmissionStatus:
        info = self._info(submission_id)
        if info is None:
            return SubmissionStatus(Verdict.RUNNING, reason="快手还没有列出这个视频")
        if info.get("pending", True):
            return SubmissionStatus(Verdict.RUNNING, reason="快手还在处理和审核")
        return SubmissionStatus(Verdict.PUBLISHED, _published(info), reason="快手确认已发布")

    def article_status(self, article_id: str) -> SubmissionStatus:
        info = self._info(article_id)
        if info is None:
            return SubmissionStatus(Verdict.RUNNING, reason="快手现在查不到这个视频，可能被删除了")
        return SubmissionStatus(Verdict.PUBLISHED, _published(info), reason="视频还在")

    def _info(self, photo_id: str) -> dict[str, Any] | None:
        """None when the platform says that there is no such film, or not yet."""
        try:
            answer = self._client.ask("info", "video_info", photo_id=photo_id)
        except ChannelUnavailable as error:
            if error.code not in {str(code) for code in answers.GONE_CODES}:
                raise
            return None
        return _as_info(answer["video_info"])

    def find_published(self, marker: str, since: datetime | None = None) -> Published | None:
        for info in self._list(since):
            if f"编号 {marker}" in str(info.get("caption", "")):
                return _published(info)
        return None

    def _list(self, since: datetime | None) -> Iterator[dict[str, Any]]:
        """The newest first, back to ``since``: what is not in it is not there."""
        page: dict[str, str] = {"count": str(PAGE)}
        for _ in range(PAGES):
            videos = self._client.ask("list", "video_list", **page)["video_list"]
            infos = [_as_info(video) for video in videos]
            yield from infos
            if not infos or _is_older(infos[-1], since):
                return
            page["cursor"] = _id_of(infos[-1])
        raise ChannelUnavailable("快手上的列表太长，没有看完。", code="list_too_long")

    def withdraw(self, article_id: str) -> None:
        try:
            self._client.repeat("delete", "", photo_id=article_id)
        except ChannelError as error:
            if error.code not in {str(code) for code in answers.GONE_CODES}:
                raise  # what the platform no longer knows is gone already

    # There is no box of drafts, so nothing of ours can lie in one.

    def find_draft(self, marker: str, since: datetime | None = None) -> str | None:
        return None

    def read_draft(self, draft_id: str) -> Draft:
        return Draft(draft_id, "", "")

    def delete_draft(self, draft_id: str) -> None:
        """An upload that is not used is forgotten by the platform."""


def _caption(article: Article) -> str:
    """The mark at its end is what the post is found by: the platform gives no other."""
    return f"{article.title}\n{article.digest}\n（编号 {article.marker}）"


def _as_info(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not value.get("photo_id"):
        raise ChannelUnavailable("读不懂快手的答复。", code="unreadable")
    return value


def _id_of(info: Any) -> str:
    return str(info.get("photo_id", "")) if isinstance(info, dict) else ""


def _published(info: dict[str, Any]) -> Published:
    photo_id = _id_of(info)
    url = f"https://www.kuaishou.com/short-video/{quote(photo_id, safe='')}"
    return Published(photo_id, url, running=bool(info.get("pending", True)))


def _is_older(info: dict[str, Any], since: datetime | None) -> bool:
    """Older by more than two clocks can differ; without a date it may be new."""
    made = int(info.get("create_time") or 0) / 1000
    return since is not None and 0 < made < (since - CLOCKS_DIFFER).timestamp()
