"""What a page says, in a few neutral elements that every surface understands. Plain values only.

A block says itself in elements (``LessonBlock.document``); the page, the pack, the single file, the
sheet, channels, feeds, search, corrections and the voice render elements and know no block. So a
block of known elements appears everywhere, and an element that a surface cannot show is dropped by
name (decision 0007).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Self, TypeVar
from uuid import UUID

from content.outline import Outline, Question, Quiz, Section


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
    """A question and the heading of the section that answers it."""

    question: Question
    heading: str


@dataclass(frozen=True)
class SelfCheck(Element):
    """``pass_mark`` in percent of right answers. It travels as ``Outline.quiz``."""

    title: str
    required: bool
    pass_mark: int
    questions: tuple[CitedQuestion, ...]


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

E = TypeVar("E", bound=Element)


@dataclass(frozen=True)
class SectionContent:
    """One section: ``text`` is what its own block says, ``rest`` what follows until the next."""

    heading: Heading
    text: tuple[Element, ...]
    rest: tuple[Element, ...]

    @property
    def id(self) -> UUID:
        return UUID(self.heading.block)

    @property
    def title(self) -> str:
        return self.heading.text

    @property
    def required(self) -> bool:
        return self.heading.required

    @property
    def elements(self) -> tuple[Element, ...]:
        return self.text + self.rest

    def of_type(self, wanted: type[E]) -> list[E]:
        return [element for element in self.elements if isinstance(element, wanted)]


@dataclass(frozen=True)
class Document:
    """A body in reading order."""

    elements: tuple[Element, ...]

    @cached_property
    def early(self) -> tuple[Element, ...]:
        """What stands before the first section; self-check and sources have places of their own."""
        first = next((n for n, e in enumerate(self.elements) if isinstance(e, Heading)), None)
        return _shown(self.elements[:first])

    @cached_property
    def sections(self) -> tuple[SectionContent, ...]:
        starts = [n for n, e in enumerate(self.elements) if isinstance(e, Heading)]
        ends = [*starts[1:], len(self.elements)]
        return tuple(_section(self.elements[a:b]) for a, b in zip(starts, ends, strict=True))

    @cached_property
    def whole_sections(self) -> tuple[SectionContent, ...]:
        """As ``sections``, with what stands early in the first one."""
        if not (self.early and self.sections):
            return self.sections
        first = self.sections[0]
        return replace(first, rest=self.early + first.rest), *self.sections[1:]

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        return tuple(item for element in self.of_type(Sources) for item in element.items)

    @cached_property
    def self_check(self) -> SelfCheck | None:
        return next(iter(self.of_type(SelfCheck)), None)

    def of_type(self, wanted: type[E]) -> list[E]:
        return [element for element in self.elements if isinstance(element, wanted)]

    def outline(self, lesson_key: UUID, revision: int, title: str) -> Outline:
        """What the lesson asks of its learner."""
        sections = tuple(Section(s.id, s.title, s.required) for s in self.sections)
        return Outline(lesson_key, revision, title, sections, self._quiz())

    def _quiz(self) -> Quiz | None:
        check = self.self_check
        if check is None:
            return None
        ids = {section.title: section.id for section in self.sections}
        questions = tuple(
            replace(cited.question, section_id=ids.get(cited.heading)) for cited in check.questions
        )
        return Quiz(check.block, check.title, check.required, check.pass_mark, questions)


def _section(elements: tuple[Element, ...]) -> SectionContent:
    heading, *others = elements
    assert isinstance(heading, Heading)  # noqa: S101  sections begin where headings stand
    text = tuple(e for e in others if e.block == heading.block)
    return SectionContent(heading, text, _shown(e for e in others if e.block != heading.block))


def _shown(elements: Iterable[Element]) -> tuple[Element, ...]:
    return tuple(e for e in elements if not isinstance(e, SelfCheck | Sources))


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


def document_of(body: Iterable[Any]) -> Document:
    """The one walk over a StreamField's value: every block says itself in elements."""
    return Document(tuple(element for child in body for element in _elements_of(child)))


def _elements_of(child: Any) -> Iterator[Element]:
    for element in child.block.document(child.value):
        yield element.of_block(str(child.id))
