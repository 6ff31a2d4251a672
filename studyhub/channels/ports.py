"""The contract between the product and a platform. Plain Python: no Django, no Wagtail.

A platform with an API is a ``Publisher``; one where a person posts by hand is a ``Handover``.
Every method raises one of ``studyhub.channels.errors``, never an HTTP library's own error.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

import httpx


@dataclass(frozen=True)
class Post:
    """A lesson made ready for one channel; a value that can be stored and sent again unchanged.

    Pictures stand in ``html`` as ``src="picture:ID"``, where ID is one of ``pictures``.
    """

    title: str
    digest: str
    author: str
    html: str
    text: str
    source_url: str
    pictures: tuple[int, ...] = ()
    cover: int | None = None
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """How a platform shows a lesson, and what of it is not shown as it is.

    ``folder`` holds ``article.html``, ``article.css`` and ``elements/``; empty where only text is
    taken. ``losses`` names kinds of elements, and ``links``, with what becomes of them in words for
    the editor; ``{n}`` is their number.
    """

    folder: str = ""
    losses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """A picture as a file: JPEG or PNG."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def content_type(self) -> str:
        return "image/png" if self.data.startswith(b"\x89PNG") else "image/jpeg"


@dataclass(frozen=True)
class Article:
    """A post as a platform takes it: its pictures are the platform's own addresses by now."""

    title: str
    digest: str
    author: str
    html: str
    source_url: str
    cover_id: str


@dataclass(frozen=True)
class Draft:
    """A draft as the platform keeps it."""

    media_id: str
    title: str
    html: str


@dataclass(frozen=True)
class Submission:
    """The platform has taken the draft into its queue. Nothing is published yet."""

    publish_id: str
    msg_data_id: str = ""


@dataclass(frozen=True)
class Published:
    article_id: str
    url: str


class Verdict(StrEnum):
    RUNNING = "running"
    PUBLISHED = "published"
    REFUSED = "refused"
    FAILED = "failed"
    REMOVED = "removed"


@dataclass(frozen=True)
class Progress:
    """What the platform says about a submission; ``reason`` and ``action`` are Chinese."""

    verdict: Verdict
    published: Published | None = None
    reason: str = ""
    action: str = ""


@dataclass(frozen=True)
class Token:
    value: str
    seconds_left: int


class TokenStore(Protocol):
    """Where every worker shares an account's token."""

    def read(self, fetch: Callable[[], Token], *, stale: str = "") -> str:
        """A token other than ``stale`` with enough life left; one caller fetches, others wait."""


@dataclass(frozen=True)
class Field:
    """One setting of an account. ``check`` returns what is wrong, in Chinese, or nothing."""

    name: str
    label: str
    required: bool = True
    check: Callable[[Any], str] = field(default=lambda value: "")


@dataclass(frozen=True)
class Kit:
    """What an adapter is built from. ``sandbox`` says whether a marked answer is welcome."""

    settings: Mapping[str, Any]
    base: str
    tokens: TokenStore
    sandbox: bool = False
    transport: httpx.BaseTransport | None = None


class Publisher(Protocol):
    """A platform that takes drafts and publishes them by API."""

    def check(self, post: Post) -> None:
        """Raise ChannelRefused when the post breaks a limit of the platform."""

    def upload_picture(self, picture: Picture) -> str:
        """The address by which the article may show it. Harmless to repeat."""

    def upload_cover(self, picture: Picture) -> str:
        """The permanent id of a cover. Harmless to repeat."""

    def add_draft(self, article: Article) -> str:
        """The draft's id. Not safe to repeat: after ChannelUncertain ask ``find_draft`` first."""

    def find_draft(self, marker: str) -> str | None:
        """The id of the draft whose source address carries the marker."""

    def read_draft(self, media_id: str) -> Draft:
        """Raise DraftMissing when it is not in the box."""

    def delete_draft(self, media_id: str) -> None:
        """Safe to repeat."""

    def submit(self, media_id: str) -> Submission:
        """Not safe to repeat: after ChannelUncertain only reconciliation may decide."""

    def follow(self, publish_id: str) -> Progress:
        """What has become of a submission."""

    def find_published(self, marker: str) -> Published | None:
        """The published article whose source address carries the marker."""

    def withdraw(self, article_id: str) -> None:
        """Safe to repeat."""


@dataclass(frozen=True)
class Package:
    """What a person copies into the platform's own page."""

    title: str
    text: str
    steps: tuple[str, ...]


class Handover(Protocol):
    """A platform where a person posts; we prepare what they paste."""

    def pack(self, post: Post) -> Package:
        """Everything the person needs."""
