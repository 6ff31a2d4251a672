"""A body read once: its elements in reading order, and the sections they stand in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from content.elements import (
    Element,
    Figure,
    Heading,
    List,
    Paragraph,
    Role,
    SelfCheck,
    Source,
    Sources,
)
from content.outline import Outline, Quiz, Section

E = TypeVar("E", bound=Element)


def is_running_text(element: Element) -> bool:
    """Whether it is read in one go with what stands before it; small print is not."""
    plain = isinstance(element, Paragraph) and element.role is Role.TEXT and not element.label
    return plain or isinstance(element, List)


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

    @property
    def rest_in_groups(self) -> list[tuple[bool, tuple[Element, ...]]]:
        """``rest`` as text that goes on (True) and what stands between."""
        groups = groupby(self.rest, key=is_running_text)
        return [(is_text, tuple(elements)) for is_text, elements in groups]

    @property
    def running_text(self) -> tuple[Element, ...]:
        return tuple(filter(is_running_text, self.elements))

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

    @property
    def early_group(self) -> list[tuple[bool, tuple[Element, ...]]]:
        """``early`` as one group, as ``rest_in_groups`` has them."""
        return [(False, self.early)]

    @cached_property
    def sections(self) -> tuple[SectionContent, ...]:
        starts = [n for n, e in enumerate(self.elements) if isinstance(e, Heading)]
        ends = [*starts, len(self.elements)][1:]
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

    @cached_property
    def question_pictures(self) -> dict[str, Figure]:
        """By the id of the question."""
        asked = self.self_check.questions if self.self_check else ()
        return {one.question.id: one.picture for one in asked if one.picture}

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
        questions = tuple(
            replace(cited.question, section_id=UUID(cited.section) if cited.section else None)
            for cited in check.questions
        )
        marks = (check.block, check.title, check.required, check.pass_mark)
        return Quiz(*marks, questions, check.draw, check.shuffle)


def _section(elements: tuple[Element, ...]) -> SectionContent:
    heading, *others = elements
    assert isinstance(heading, Heading)  # noqa: S101  sections begin where headings stand
    text = tuple(e for e in others if e.block == heading.block)
    return SectionContent(heading, text, _shown(e for e in others if e.block != heading.block))


def _shown(elements: Iterable[Element]) -> tuple[Element, ...]:
    return tuple(e for e in elements if not isinstance(e, SelfCheck | Sources))


def document_of(body: Iterable[Any]) -> Document:
    """The one walk over a StreamField's value: every block says itself in elements."""
    elements = [element for child in body for element in _elements_of(child)]
    headings = {e.block: e.text for e in elements if isinstance(e, Heading)}
    return Document(tuple(_with_citations(element, headings) for element in elements))


def _with_citations(element: Element, headings: dict[str, str]) -> Element:
    if not isinstance(element, SelfCheck):
        return element
    questions = tuple(cited.among(headings) for cited in element.questions)
    return replace(element, questions=questions)


def _elements_of(child: Any) -> Iterator[Element]:
    for element in child.block.document(child.value):
        yield element.of_block(str(child.id))
