"""A lesson as scenes: each with its words, its seconds, and what is drawn. Pure: no database."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any

from content.document import Document, SectionContent
from content.elements import (
    Element,
    Figure,
    Film,
    Quotation,
    Route,
    Sound,
    Steps,
    Stop,
)
from content.plain_text import plain_text

SIGNS_A_SHOT = 42  # three lines of fourteen
SIGNS_A_SECOND = 4  # as a newsreader speaks
SHORTEST, LONGEST = 2, 20  # seconds of a scene
SECONDS_A_LEG = 1
GOOD_LENGTH = 90  # seconds: what is beyond it is offered and not taken
STEPS_A_SCENE = 3
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]*[”’」』）]*")
_CLAUSE_END = re.compile(r"[，。；：！？、…—\s“”‘’「」『』（）《》,.;:!?()]+")


class Kind(StrEnum):
    """What is drawn."""

    TITLE = "title"
    HEADING = "heading"
    WORDS = "words"
    FIGURE = "figure"
    STEPS = "steps"
    ROUTE = "route"
    QUOTATION = "quotation"


LABELS = {
    Kind.TITLE: "课名",
    Kind.HEADING: "小节名",
    Kind.WORDS: "文字",
    Kind.FIGURE: "图片",
    Kind.STEPS: "时间线",
    Kind.ROUTE: "路线",
    Kind.QUOTATION: "引文",
}


@dataclass(frozen=True)
class Scene:
    """``id`` is of the block and the place in it; ``start`` where the voice goes on (seconds)."""

    id: str
    kind: Kind
    words: str
    seconds: int
    image_id: int | None = None
    credit: str = ""
    stops: tuple[Stop, ...] = ()
    line: bool = False
    media_id: int | None = None
    start: int = 0
    machine_voice: bool = False

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "kind": self.kind.value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Scene":
        stops = tuple(Stop(**stop) for stop in data["stops"])
        return cls(**{**data, "kind": Kind(data["kind"]), "stops": stops})

    @property
    def least_seconds(self) -> int:
        """In which its words can be read aloud."""
        return seconds_for(self.words)


def seconds_for(words: str) -> int:
    signs = len(re.sub(r"\s", "", words))
    return max(SHORTEST + 1, -(-signs // SIGNS_A_SECOND))


def scenes_of(
    title: str, document: Document, cover: int | None, lengths: Mapping[int, int]
) -> list[Scene]:
    """All that could be shown, in reading order. ``lengths`` are the seconds of recordings."""
    found = [_scene("title", Kind.TITLE, title, image_id=cover)]
    for section in document.whole_sections:
        found += _of_section(section, lengths)
    return _with_own_ids(found)


def chosen(scenes: list[Scene]) -> set[str]:
    """What a film of a good length takes, by id: names, what is drawn, voices, then words. A
    machine's voice is only ever chosen by a person."""
    taken, seconds = set(), 0
    for wanted in (_is_name, _is_drawn, _is_voice, _is_first_words(scenes), lambda _: True):
        for scene in scenes:
            if scene.id in taken or scene.machine_voice or not wanted(scene):
                continue
            if seconds + scene.seconds <= GOOD_LENGTH:
                taken.add(scene.id)
                seconds += scene.seconds
    return taken


def is_cut_from(words: str, source: str) -> bool:
    """Whether nothing was done but leaving out whole clauses: a cut word may turn the meaning."""
    left = [part for part in _CLAUSE_END.split(source) if part]
    for clause in filter(None, _CLAUSE_END.split(words)):
        if clause not in left:
            return False
        left = left[left.index(clause) + 1 :]
    return True


def _is_name(scene: Scene) -> bool:
    return scene.kind in (Kind.TITLE, Kind.HEADING)


def _is_drawn(scene: Scene) -> bool:
    return scene.kind in (Kind.FIGURE, Kind.ROUTE, Kind.STEPS, Kind.QUOTATION)


def _is_voice(scene: Scene) -> bool:
    return scene.media_id is not None


def _is_first_words(scenes: list[Scene]) -> Any:
    """The first words of each section."""
    behind = pairwise(scenes)
    first = {b.id for a, b in behind if a.kind is Kind.HEADING}
    return lambda scene: scene.id in first


def _of_section(section: SectionContent, lengths: Mapping[int, int]) -> Iterator[Scene]:
    yield _scene(section.heading.block, Kind.HEADING, section.title)
    image: Figure | None = None
    for element in section.elements:
        if isinstance(element, Figure):
            image = element
            yield _figure(element)
        else:
            for scene in _of_element(element, lengths):
                yield _before(scene, image)


def _before(scene: Scene, image: Figure | None) -> Scene:
    """Words stand below the picture that was shown last."""
    if image is None or scene.kind is not Kind.WORDS:
        return scene
    return replace(scene, kind=Kind.FIGURE, image_id=image.image_id, credit=image.credit)


def _figure(element: Figure) -> Scene:
    words = element.caption or element.alt
    return _scene(
        element.block,
        Kind.FIGURE,
        words[:SIGNS_A_SHOT],
        image_id=element.image_id,
        credit=element.credit,
    )


def _of_element(element: Element, lengths: Mapping[int, int]) -> Iterator[Scene]:
    if isinstance(element, Sound | Film):
        yield from _voice(element, lengths.get(element.media_id, 0))
    elif isinstance(element, Steps):
        yield from _steps(element)
    elif isinstance(element, Route):
        yield _route(element)
    elif isinstance(element, Quotation):
        yield from _quotation(element)
    else:
        for words in in_shots(plain_text([element])):
            yield _scene(element.block, Kind.WORDS, words)


def _voice(element: Sound | Film, seconds: int) -> Iterator[Scene]:
    """The words of the recording, each shot as long as its share of it."""
    shots = list(in_shots(element.transcript))
    signs = sum(map(len, shots))
    if seconds < len(shots) or not shots:
        return
    is_machine = isinstance(element, Sound) and element.machine_voice
    place = said = 0
    for words in shots:
        said += len(words)
        end = max(place + 1, round(seconds * said / signs))
        scene = Scene(element.block, Kind.WORDS, words, end - place)
        yield replace(scene, media_id=element.media_id, start=place, machine_voice=is_machine)
        place = end


def _steps(element: Steps) -> Iterator[Scene]:
    rows = [f"{step.date}：{step.text}".replace("\n", " ") for step in element.items]
    for start in range(0, len(rows), STEPS_A_SCENE):
        words = "\n".join(rows[start : start + STEPS_A_SCENE])
        yield _scene(element.block, Kind.STEPS, words)


def _route(element: Route) -> Scene:
    words = next(in_shots(element.note or element.title), element.title)
    scene = _scene(element.block, Kind.ROUTE, words, stops=element.stops, line=element.line)
    legs = len(element.stops) * SECONDS_A_LEG + SHORTEST
    return replace(scene, seconds=min(LONGEST, max(scene.seconds, legs)))


def _quotation(element: Quotation) -> Iterator[Scene]:
    for words in in_shots(element.text):
        credit = f"\n——{element.credit}" if element.credit else ""
        yield _scene(element.block, Kind.QUOTATION, words + credit)


def _scene(id: str, kind: Kind, words: str, **more: Any) -> Scene:
    return Scene(id, kind, words, min(LONGEST, seconds_for(words)), **more)


def _with_own_ids(scenes: list[Scene]) -> list[Scene]:
    """``BLOCK-0``, ``BLOCK-1`` …"""
    counts: dict[str, int] = {}
    found = []
    for scene in scenes:
        number = counts.get(scene.id, 0)
        counts[scene.id] = number + 1
        found.append(replace(scene, id=f"{scene.id}-{number}"))
    return found


def in_shots(text: str) -> Iterator[str]:
    """Whole sentences together as long as they fit; a longer one is parted behind a clause."""
    held = ""
    for sentence in (found.strip() for found in _SENTENCE.findall(text)):
        if held and len(held) + len(sentence) > SIGNS_A_SHOT:
            yield held
            held = ""
        held += sentence
        while len(held) > SIGNS_A_SHOT:
            end = _clause(held)
            yield held[:end]
            held = held[end:]
    if held:
        yield held


def _clause(text: str) -> int:
    ends = [found.end() for found in _CLAUSE_END.finditer(text[: SIGNS_A_SHOT + 1])]
    good = [end for end in ends if SIGNS_A_SHOT // 3 <= end <= SIGNS_A_SHOT]
    return good[-1] if good else SIGNS_A_SHOT
