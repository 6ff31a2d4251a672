"""The contract between the product and a platform. Plain Python: no Django, no Wagtail.

A platform with an API is a ``Publisher``, a chat into which a robot speaks a ``Messenger``, and one
where a person posts by hand a ``Handover``. All say about themselves what ``Adapter`` lists;
nothing else in the product knows a platform by name. Every method raises one of
``studyhub.channels.errors``, never an HTTP library's own error.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:  # an HTTP library of 3 MB, in every process that knows what a channel is
    import httpx


class Mode(StrEnum):
    """Who posts: a worker by API, or a person."""

    API = "api"
    MANUAL = "manual"


class Capability(StrEnum):
    """What an account is allowed to do by API."""

    DRAFT = "draft"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    STATS = "stats"
    SEND = "send"


class Reference(StrEnum):
    """What the platform calls our things; the core knows these three and no others."""

    DRAFT = "draft_id"
    SUBMISSION = "submission_id"
    ARTICLE = "article_id"


class StepName(StrEnum):
    """What the worker does at a platform; each adapter lists those it may be asked for."""

    COVER = "cover"
    UPLOAD = "upload"
    PICTURE = "picture"
    DRAFT = "draft"
    SUBMIT = "submit"
    RECONCILE = "reconcile"
    POLL = "poll"
    WITHDRAW = "withdraw"
    DISCARD = "discard"
    PACKAGE = "package"


@dataclass(frozen=True)
class Step:
    """One call that an adapter may be asked to make, as editors read it.

    ``repeatable`` says that it may be made again without asking first: twice is the same as once.
    After a lost answer to any other step the worker looks before it repeats anything.
    """

    name: StepName
    label: str
    repeatable: bool


@dataclass(frozen=True)
class Base:
    """Where the platform is: the name of an environment variable and its default in ``live``.

    ``sandbox`` is the path below our own sandbox. Without a default the variable must be set.
    """

    variable: str
    live: str = ""
    sandbox: str = ""


@dataclass(frozen=True)
class Post:
    """A lesson made ready for one channel; a value that can be stored and sent again unchanged.

    Pictures stand in ``html`` as ``<img src="picture:ID">``, where ID is one of ``pictures``; the
    same in a text is text. ``picture:drawn-N`` is a drawing of ours: what is on it stands in
    ``drawings``, so that it can be drawn again. ``video`` is the key of its film; empty where none
    goes along.
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
    drawings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    video: str = ""


@dataclass(frozen=True)
class Look:
    """How an account dresses its articles; what was sent keeps the look of its day.

    ``header`` stands above the article, ``closing`` below it, both empty where nothing is to stand
    there. ``colour`` names one of the form's; ``card``: whether a picture leads to the lesson.
    """

    header: str = ""
    closing: str = ""
    colour: str = ""
    card: bool = True


@dataclass(frozen=True)
class Form:
    """How a platform shows a lesson, and what of it is not shown as it is.

    ``folder`` holds ``article.html``, ``article.css`` and ``elements/``; empty where only text is
    taken. ``losses`` names kinds of elements, and ``links``, with what becomes of them in words for
    the editor; ``{n}`` is their number. Links to ``own_hosts`` stay links, others are words only.
    ``author`` is how many characters of a name it takes. ``preview`` is what editors call a draft
    shown like this; empty where none is offered. ``good_length``: signs that are read there.
    ``drawn`` names kinds of elements that are shown as a picture of ours above their words.
    ``colours`` (name, Chinese, value) are those that an account's ``Look`` may choose from; where
    there are none, its articles have no look of their own.
    """

    folder: str = ""
    author: int = 40
    own_hosts: tuple[str, ...] = ()
    losses: Mapping[str, str] = field(default_factory=dict)
    preview: str = ""
    good_length: int = 0
    drawn: tuple[str, ...] = ()
    colours: tuple[tuple[str, str, str], ...] = ()

    def colour_of(self, look: Look) -> str:
        """Its value; the first where the look names none of ours."""
        values = {name: value for name, _, value in self.colours}
        return values.get(look.colour) or next(iter(values.values()), "")


@dataclass(frozen=True)
class Picture:
    """A picture as a file: JPEG or PNG."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """By it a picture is uploaded once."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def content_type(self) -> str:
        """Told from the first bytes, not from the name."""
        return "image/png" if self.data.startswith(b"\x89PNG") else "image/jpeg"


@dataclass(frozen=True)
class Article:
    """A post as a platform takes it: its pictures are the platform's own addresses by now.

    ``marker`` stands in ``source_url`` as ``?p=…``; by it the article is found again.
    """

    title: str
    digest: str
    author: str
    html: str
    source_url: str
    cover_id: str
    marker: str


@dataclass(frozen=True)
class Draft:
    """A draft as the platform keeps it."""

    draft_id: str
    title: str
    html: str


@dataclass(frozen=True)
class Submission:
    """The platform has taken the draft into its queue. Nothing is published yet.

    ``extra`` holds further numbers of the platform's, kept under the platform's own names.
    """

    submission_id: str
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Published:
    """An article that is out. ``url`` is empty where the platform gives no address.

    ``deleted``: it was out, and was taken away at the platform since. ``running``: the platform has
    taken it and nobody else sees it yet; its number is then that of the submission, too.
    """

    article_id: str
    url: str
    deleted: bool = False
    running: bool = False


class Verdict(StrEnum):
    """What a platform says about a submission."""

    RUNNING = "running"
    PUBLISHED = "published"
    REFUSED = "refused"
    FAILED = "failed"
    REMOVED = "removed"


@dataclass(frozen=True)
class SubmissionStatus:
    """What the platform says about a submission; ``reason`` and ``action`` are Chinese.

    ``submission`` is one that we did not know of: its answer was lost, and it runs.
    """

    verdict: Verdict
    published: Published | None = None
    reason: str = ""
    action: str = ""
    submission: Submission | None = None


@dataclass(frozen=True)
class Grant:
    """That a person has let us post for an account; ``refresh`` renews the token, once.

    ``open_id`` is the platform's own name of the account; ``name`` what people call it there.
    """

    refresh: str
    seconds_left: int
    open_id: str
    name: str = ""
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Token:
    """An access token and how long it lives.

    ``grant`` is what a person has given us at the platform, where it came with the token: it is
    stored with it, before the token is used, because the one before is dead by then.
    """

    value: str
    seconds_left: int
    grant: "Grant | None" = None


class TokenStore(Protocol):
    """Where every worker shares an account's token."""

    def read(self, fetch: Callable[[], Token], *, stale: str = "") -> str:
        """A token other than ``stale`` with enough life left; one caller fetches, others wait."""

    def grant(self) -> Grant | None:
        """What was given last; None when nobody has given anything yet."""


@dataclass(frozen=True)
class Field:
    """One setting of an account. ``check`` returns what is wrong, in Chinese, or nothing.

    ``names_account`` marks the one by which the platform itself knows the account; ``secret`` those
    that nobody is shown again; ``choices`` are all there are. A new value moves the one before to
    the setting named in ``former``.
    """

    name: str
    label: str
    required: bool = True
    check: Callable[[Any], str] = field(default=lambda value: "")
    names_account: bool = False
    secret: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    former: str = ""


@dataclass(frozen=True)
class Kit:
    """What an adapter is built from.

    ``sandbox`` says whether a marked answer is welcome; ``site`` is our own address.
    """

    settings: Mapping[str, Any]
    base: str
    tokens: TokenStore
    sandbox: bool = False
    site: str = ""
    transport: "httpx.BaseTransport | None" = None


class Adapter(Protocol):
    """What every adapter says about itself, as attributes of its class."""

    LABEL: ClassVar[str]  # the platform's name in Chinese
    MODE: ClassVar[Mode]
    BASE: ClassVar[Base | None]  # None: nothing is called
    FIELDS: ClassVar[tuple[Field, ...]]
    STEPS: ClassVar[tuple[Step, ...]]
    CAPABILITIES: ClassVar[tuple[Capability, ...]]  # of an account whose settings say nothing
    FORMER_CAPABILITIES: ClassVar[Mapping[str, tuple[Capability, ...]]]  # words no longer used
    REFERENCE_NAMES: ClassVar[Mapping[str, str]]  # ours -> the platform's, as the API shows them
    FORM: ClassVar[Form]  # how a lesson looks there, and what never arrives as it is
    PROBE: ClassVar[str]  # the button that tries the settings; empty where nothing is called

    def __init__(self, kit: Kit) -> None: ...


class Listing(Adapter, Protocol):
    """A platform on which what is ours can be looked up, by API."""

    def probe(self) -> None:
        """Raise what a call would meet with these settings; changes nothing there."""

    def check(self, post: Post) -> None:
        """Raise ChannelRefused when the post breaks a limit of the platform."""

    def find_draft(self, marker: str, since: datetime | None = None) -> str | None:
        """The id of the draft that carries the marker, which was made ``since`` then.

        None only if it is surely not there: however many have come after it.
        """

    def read_draft(self, draft_id: str) -> Draft:
        """Raise DraftMissing when it is not in the box."""

    def delete_draft(self, draft_id: str) -> None:
        """Safe to repeat."""

    def poll(self, submission_id: str) -> SubmissionStatus:
        """What has become of a submission."""

    def find_published(self, marker: str, since: datetime | None = None) -> Published | None:
        """The published article that carries the marker; None as with ``find_draft``."""

    def article_status(self, article_id: str) -> SubmissionStatus:
        """Whether an article that was out still is: PUBLISHED or REMOVED."""

    def withdraw(self, article_id: str) -> None:
        """Safe to repeat."""


class Publisher(Listing, Protocol):
    """A platform that takes drafts and publishes them by API."""

    def upload_picture(self, picture: Picture) -> str:
        """The address by which the article may show it. Harmless to repeat."""

    def upload_cover(self, picture: Picture) -> str:
        """The permanent id of a cover. Harmless to repeat."""

    def add_draft(self, article: Article) -> str:
        """The draft's id."""

    def submit(self, draft_id: str) -> Submission:
        """Ask the platform to publish the draft.

        Where ``STEPS`` call it not repeatable, only reconciliation decides after a lost answer.
        """


@dataclass(frozen=True)
class Count:
    """What an article has come to by the end of ``day``, since it is out. Never of a person.

    ``message`` is the platform's number of it, as a submission's ``extra`` holds it.
    """

    message: str
    day: date
    reads: int
    shares: int


@dataclass(frozen=True)
class Quota:
    """What is left today of one kind of call; ``label`` is Chinese."""

    label: str
    path: str
    limit: int
    used: int
    left: int


class Counting(Adapter, Protocol):
    """A platform that tells how often its articles were read (``Capability.STATS``)."""

    MESSAGE: ClassVar[str]  # under which name ``extra`` holds the number of ``Count.message``

    def counts_of(self, published_on: date) -> list[Count]:
        """Every day known of the articles that came out then. Raises while it is not reckoned."""


class Rationing(Adapter, Protocol):
    """A platform that tells how many calls are left (``RATIONS``: label and path)."""

    RATIONS: ClassVar[tuple[tuple[str, str], ...]]

    def quotas(self) -> list[Quota]:
        """As it stands now; itself costs a call for each."""


class Messenger(Adapter, Protocol):
    """A chat into which we may speak and in which nothing can be looked up."""

    def probe(self) -> None:
        """Say that this is a test; there is no quieter way to try a robot."""

    def check(self, post: Post) -> None:
        """Raise ChannelRefused when the post breaks a limit of the platform."""

    def send(self, post: Post) -> None:
        """Say it, once. When the answer is lost, only a person in the group can look."""


@dataclass(frozen=True)
class Words:
    """Something to copy, with what it is called on the platform's own page."""

    label: str
    text: str


@dataclass(frozen=True)
class Package:
    """What a person copies into the platform's own page.

    ``words`` are copied one by one; ``checks`` are looked at before the last button there.
    """

    title: str
    text: str
    steps: tuple[str, ...]
    words: tuple[Words, ...] = ()
    checks: tuple[str, ...] = ()


class Handover(Adapter, Protocol):
    """A platform where a person posts; we prepare what they paste."""

    def pack(self, post: Post) -> Package:
        """Everything the person needs."""
