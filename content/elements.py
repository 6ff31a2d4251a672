"""The neutral elements that a body is told in: plain frozen values, no Django.

A block says itself in elements (``LessonBlock.document``); the page, the pack, the single file, the
printed lesson, channels, feeds, search, corrections and the voice render elements and know no
block. So a block of known elements appears everywhere, and an element that a surface cannot show is
dropped by name (decision 0007).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

from content.outline import Question


@dataclass(frozen=True)
class Run:
    """Words that look alike. ``\\n`` breaks the line; ``href`` is empty where nothing is linked."""

    text: str
    bold: bool = False
    href: str = ""


Runs = tuple[Run, ...]


def text_of(runs: Runs) -> str:
    return "".join(run.text for run in runs)


def paragraphs_of(text: str, **marks: Any) -> tuple["Paragraph", ...]:
    """Plain text as paragraphs: a blank line ends one, a single line break stays inside it."""
    parts = (part.strip() for part in text.replace("\r\n", "\n").split("\n\n"))
    return tuple(Paragraph((Run(part),), **marks) for part in parts if part)


@dataclass(frozen=True)
class Element:
    """``block`` is the id of the block it came from; the reader of the body writes it down."""

    block: str = field(default="", kw_only=True)

    @property
    def kind(self) -> str:
        """Names its template and its entry in tables."""
        return type(self).__name__.lower()

    def of_block(self, block: str) -> Self:
        return replace(self, block=block)


@dataclass(frozen=True)
class Heading(Element):
    """Opens a section (小节); its block id is the section's id everywhere."""

    text: str
    required: bool = True


class Role(StrEnum):
    """What a paragraph is to its reader."""

    TEXT = "text"
    NOTE = "note"  # small print: who keeps it, where it is from
    PROMPT = "prompt"  # something to do or to look for
    ANSWER = "answer"  # to a prompt: shown when it is asked for, where that is possible


@dataclass(frozen=True)
class Paragraph(Element):
    """``label`` stands before the words, without its colon."""

    runs: Runs
    label: str = ""
    role: Role = Role.TEXT

    @property
    def text(self) -> str:
        return text_of(self.runs)


@dataclass(frozen=True)
class Item:
    """One entry of a list, with the list that may stand below it."""

    runs: Runs
    inner: "List | None" = None

    @property
    def text(self) -> str:
        return text_of(self.runs)


@dataclass(frozen=True)
class List(Element):
    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Figure(Element):
    """A picture by the number of its original; ``content.media`` knows its files."""

    image_id: int
    alt: str
    caption: str = ""
    source: str = ""
    licence: str = ""

    @property
    def credit(self) -> str:
        return "，".join(filter(None, (self.source, self.licence)))


@dataclass(frozen=True)
class Sound(Element):
    """A recording by its number; ``content.media`` knows its file."""

    media_id: int
    title: str
    transcript: str
    machine_voice: bool = False


@dataclass(frozen=True)
class Film(Element):
    """A film by its number; ``content.media`` knows its file."""

    media_id: int
    title: str
    transcript: str


@dataclass(frozen=True)
class Table(Element):
    """Rows of equal length; ``header`` is empty where no row is one."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Step:
    date: str
    text: str


@dataclass(frozen=True)
class Steps(Element):
    """What happened when, in order (时间线)."""

    title: str
    items: tuple[Step, ...]


@dataclass(frozen=True)
class Quotation(Element):
    text: str
    speaker: str
    source: str

    @property
    def credit(self) -> str:
        return "，".join(filter(None, (self.speaker, self.source)))


@dataclass(frozen=True)
class Stop:
    """A place: WGS-84 degrees, and the words beside its dot."""

    name: str
    lon: float
    lat: float
    when: str = ""
    text: str = ""


@dataclass(frozen=True)
class Route(Element):
    """Places to be drawn; ``line`` says whether they are joined in this order."""

    title: str
    note: str
    line: bool
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Aside(Element):
    """What stands beside the text under a title of its own (文物 and the like)."""

    title: str
    subtitle: str
    elements: tuple[Element, ...]

    def of_block(self, block: str) -> Self:
        inner = tuple(element.of_block(block) for element in self.elements)
        return replace(self, block=block, elements=inner)


@dataclass(frozen=True)
class CitedQuestion:
    """A question and the heading of the section that answers it; a block knows its own choice
    alone, the reader of the body which section that is: then ``section`` is its id, or empty.

    ``picture`` is of the block that the question is: its id.
    """

    question: Question
    heading: str
    section: str = field(default="", compare=False)
    picture: Figure | None = None

    def among(self, headings: Mapping[str, str]) -> Self:
        """As it stands among these sections (id -> heading).

        Until an upgrade is over, the version before goes on writing headings: they are read, too.
        """
        if self.section in headings:
            return replace(self, heading=headings[self.section])
        named = {heading: key for key, heading in headings.items()}
        return replace(self, section=named.get(self.heading, ""))


@dataclass(frozen=True)
class SelfCheck(Element):
    """``pass_mark`` in percent of right answers; ``draw`` of the questions are shown at once, all
    where it is 0. It travels as ``Outline.quiz``."""

    title: str
    required: bool
    pass_mark: int
    questions: tuple[CitedQuestion, ...]
    draw: int = 0
    shuffle: bool = False


@dataclass(frozen=True)
class Source:
    title: str
    publisher: str = ""
    reference: str = ""

    def __str__(self) -> str:
        return "，".join(filter(None, (self.title, self.publisher, self.reference)))


@dataclass(frozen=True)
class Sources(Element):
    items: tuple[Source, ...]


# In any order: whoever renders elements must know each of these, or drop it by name.
ELEMENTS: tuple[type[Element], ...] = (
    Heading, Paragraph, List, Figure, Sound, Film, Table, Steps, Quotation, Route, Aside,
    SelfCheck, Sources,
)  # fmt: skip


def with_inner(elements: Iterable[Element]) -> Iterator[Element]:
    """Each, and behind it what stands inside it, in reading order; pictures of questions, too."""
    for element in elements:
        yield element
        if isinstance(element, Aside):
            yield from with_inner(element.elements)
        elif isinstance(element, SelfCheck):
            yield from (one.picture for one in element.questions if one.picture)


def with_runs(element: Element, change: Callable[[Run], Run]) -> Element:
    """The element with every run of its running text changed."""
    if isinstance(element, Paragraph):
        return replace(element, runs=tuple(map(change, element.runs)))
    if isinstance(element, List):
        return _list_with_runs(element, change)
    if isinstance(element, Aside):
        return replace(element, elements=tuple(with_runs(e, change) for e in element.elements))
    return element


def _list_with_runs(element: List, change: Callable[[Run], Run]) -> List:
    items = tuple(
        Item(tuple(map(change, item.runs)), item.inner and _list_with_runs(item.inner, change))
        for item in element.items
    )
    return replace(element, items=items)
