"""A directory that somebody else fetches from: a county's media centre, say. No network."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from uuid import uuid4

from studyhub.channels.adapters.folder.files import flush_names, locked, move, write_whole
from studyhub.channels.adapters.folder.listing import POST, write_listing
from studyhub.channels.errors import (
    AccountStopped,
    ChannelRefused,
    ChannelUnavailable,
    ChannelUncertain,
    DraftMissing,
    MaterialMissing,
)
from studyhub.channels.ports import (
    Article,
    Base,
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
    Verdict,
)

CONTENT_BYTES, PICTURE_BYTES = 5 * 1024 * 1024, 10 * 1024 * 1024
DRAFTS, PICTURES, WITHDRAWN, LOCK = ".drafts", ".pictures", ".withdrawn", ".lock"
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
OUR_PICTURE = re.compile(r'src="([0-9a-f]{64}\.(?:jpg|png))"')
CHECK_BASE = "请检查环境变量 FOLDER_BASE 指向的目录：要存在，而且后台任务可以写。"


def _wrong_folder(value: Any) -> str:
    good = isinstance(value, str) and SAFE_NAME.fullmatch(value)
    return "" if good else "只能用字母、数字、- 和 _，不超过 64 个字符"


class FolderChannel:
    """Passes the contract of ``ports.Publisher``. What lies where: README.md beside this.

    A post is a directory named by its marker. It is made in ``.drafts`` and appears by one rename,
    so that a reader never sees half of it, and every step may be repeated.
    """

    LABEL = "文件目录"
    MODE = Mode.API
    BASE = Base("FOLDER_BASE")
    FIELDS = (Field("folder", "子目录名", check=_wrong_folder, names_account=True),)
    STEPS = (
        Step(StepName.COVER, "存下封面", repeatable=True),
        Step(StepName.PICTURE, "存下图片", repeatable=True),
        Step(StepName.DRAFT, "写好文件", repeatable=True),
        Step(StepName.SUBMIT, "放进目录", repeatable=True),
        Step(StepName.RECONCILE, "核对是否已在目录里", repeatable=True),
        Step(StepName.POLL, "确认已在目录里", repeatable=True),
        Step(StepName.WITHDRAW, "从目录撤回", repeatable=True),
        Step(StepName.DISCARD, "删除写好的文件", repeatable=True),
    )
    CAPABILITIES = (Capability.DRAFT, Capability.PUBLISH, Capability.WITHDRAW)
    FORMER_CAPABILITIES: Mapping[str, tuple[Capability, ...]] = {}
    REFERENCE_NAMES = {Reference.ARTICLE.value: "item_id"}
    FORM = Form(
        folder="folder",
        losses={
            "sound": "{n} 段音频改成了文字稿",
            "film": "{n} 段视频改成了文字稿",
            "route": "{n} 幅路线图改成了地点列表",
            "selfcheck": "自测只有题目，作答要回到课程页",
            "links": "{n} 个外部链接只留下文字",
        },
    )

    PROBE = "看一下目录能不能写"

    def __init__(self, kit: Kit) -> None:
        self._base = Path(kit.base) if kit.base else None
        self._name = str(kit.settings["folder"])

    def probe(self) -> None:
        with self._writing():
            pass

    def check(self, post: Post) -> None:
        size = len(post.html.encode())
        if not post.html:
            raise _refused("empty", "这一课没有正文。")
        if size > CONTENT_BYTES:
            raise _refused("too_long", f"正文有 {size} 字节，超过了上限 {CONTENT_BYTES} 字节。")

    def upload_picture(self, picture: Picture) -> str:
        if len(picture.data) > PICTURE_BYTES:
            raise _refused("picture_too_large", f"图片 {picture.name} 太大。")
        ending = "png" if picture.content_type == "image/png" else "jpg"
        name = f"{picture.sha256}.{ending}"
        with self._writing() as root:
            write_whole(root / PICTURES / name, picture.data)
        return name

    def upload_cover(self, picture: Picture) -> str:
        return self.upload_picture(picture)

    def add_draft(self, article: Article) -> str:
        name = _safe(article.marker)
        with self._writing() as root:
            for left in (root / DRAFTS).glob(f".{name}.*"):  # of a worker that died
                shutil.rmtree(left, ignore_errors=True)
            new = root / DRAFTS / f".{name}.{uuid4().hex}"
            new.mkdir()
            self._fill(new, root / PICTURES, article)
            shutil.rmtree(root / DRAFTS / name, ignore_errors=True)
            move(new, root / DRAFTS / name)
        return name

    def _fill(self, directory: Path, pictures: Path, article: Article) -> None:
        html = article.html
        for name in dict.fromkeys([article.cover_id, *OUR_PICTURE.findall(html)]):
            if not (pictures / name).exists():
                raise MaterialMissing(
                    f"目录里找不到图片 {name[:12]}。",
                    code="picture_gone",
                    action="请修改这一课后重新发布。",
                )
            write_whole(directory / name, (pictures / name).read_bytes())
        write_whole(directory / "index.html", _page(article).encode())
        facts = {
            "marker": article.marker,
            "title": article.title,
            "digest": article.digest,
            "author": article.author,
            "source_url": article.source_url,
            "cover": article.cover_id,
            "html": html,
            "handed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        write_whole(directory / POST, text.encode())

    def find_draft(self, marker: str, since: datetime | None = None) -> str | None:
        with self._writing() as root:
            return marker if (root / DRAFTS / _safe(marker) / POST).exists() else None

    def read_draft(self, draft_id: str) -> Draft:
        with self._writing() as root:
            path = root / DRAFTS / _safe(draft_id) / POST
            if not path.exists():
                raise DraftMissing("写好的文件不在了。", code="draft_missing")
            facts = json.loads(path.read_text("utf-8"))
        return Draft(draft_id, facts["title"], facts["html"])

    def delete_draft(self, draft_id: str) -> None:
        with self._writing() as root:
            shutil.rmtree(root / DRAFTS / _safe(draft_id), ignore_errors=True)

    def submit(self, draft_id: str) -> Submission:
        name = _safe(draft_id)
        with self._writing() as root, locked(root / LOCK):
            if not (root / name).exists():
                if not (root / DRAFTS / name / POST).exists():
                    raise DraftMissing("写好的文件不在了。", code="draft_missing")
                self._appear(root, name)
            write_listing(root, self._name)
        return Submission(name)

    def _appear(self, root: Path, name: str) -> None:
        """From here on readers may have seen it, whatever goes wrong afterwards."""
        (root / DRAFTS / name).rename(root / name)
        try:
            flush_names(root)
            flush_names(root / DRAFTS)
        except OSError as error:
            raise ChannelUncertain("文件放进了目录，但磁盘没有确认。", code=_code(error)) from None

    def poll(self, submission_id: str) -> SubmissionStatus:
        if found := self.find_published(submission_id):
            return SubmissionStatus(Verdict.PUBLISHED, found, reason="已在目录里")
        return SubmissionStatus(
            Verdict.REMOVED,
            reason="目录里已经没有这一课。",
            action="请取文件的单位复制而不要移走；需要的话重新发布这一课。",
        )

    def find_published(self, marker: str, since: datetime | None = None) -> Published | None:
        name = _safe(marker)
        with self._writing() as root, locked(root / LOCK):
            if not (root / name / POST).exists():
                return None
            write_listing(root, self._name)  # whoever put it here may have died before this
        return Published(name, "")

    def article_status(self, article_id: str) -> SubmissionStatus:
        return self.poll(article_id)

    def withdraw(self, article_id: str) -> None:
        name = _safe(article_id)
        with self._writing() as root, locked(root / LOCK):
            if (root / name).exists():
                shutil.rmtree(root / WITHDRAWN / name, ignore_errors=True)
                move(root / name, root / WITHDRAWN / name)
            write_listing(root, self._name)

    @contextmanager
    def _writing(self) -> Iterator[Path]:
        """The account's directory; what the disk says against it becomes an error of ours."""
        if self._base is None or not self._base.is_dir():
            raise AccountStopped("渠道目录不存在。", code="no_folder", action=CHECK_BASE)
        root = self._base / self._name
        try:
            for part in (DRAFTS, PICTURES, WITHDRAWN):
                (root / part).mkdir(parents=True, exist_ok=True)
            yield root
        except PermissionError as error:
            raise AccountStopped("渠道目录不能写。", code=_code(error), action=CHECK_BASE) from None
        except OSError as error:
            raise ChannelUnavailable("写渠道目录时出错。", code=_code(error)) from None
        except (ValueError, KeyError):
            raise ChannelUnavailable("读不懂渠道目录里的文件。", code="unreadable") from None


def _safe(name: str) -> str:
    """An id becomes a name of a directory, never a way out of it."""
    if not SAFE_NAME.fullmatch(name):
        raise ChannelRefused("编号不能用作目录名。", code="bad_id")
    return name


def _refused(code: str, detail: str) -> ChannelRefused:
    return ChannelRefused(detail, code=code, action="请修改这一课后重新发布。")


def _code(error: OSError) -> str:
    return f"OSError {error.errno}"


def _page(article: Article) -> str:
    title, source = escape(article.title), escape(article.source_url)
    return (
        f'<!doctype html>\n<html lang="zh-hans"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="author" content="{escape(article.author)}"></head>\n'
        f"<body><h1>{title}</h1>\n{article.html}\n"
        f'<p>原文：<a href="{source}">{source}</a></p></body></html>\n'
    )
