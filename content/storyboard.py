"""A lesson as the shots of a vertical video: what is seen, what is said, for how long.

Pure: no database. The measures are those that short-video platforms share: words in the middle of
1080x1920, at most three lines of fourteen signs, fifteen seconds to three minutes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from content.document import Document, SectionContent
from content.elements import Figure
from content.plain_text import plain_text

SIGNS_A_LINE, LINES = 14, 3
SIGNS_A_SHOT = SIGNS_A_LINE * LINES
CLOSING = tuple("，。；：！？、…”’」』）》")
SIGNS_A_SECOND = 4  # as a newsreader speaks
SHORTEST = 3  # seconds that a shot stands
GOOD_LENGTH = (15, 180)  # seconds
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]*[”’」』）]*")


@dataclass(frozen=True)
class Shot:
    """``lines`` stand on the picture; ``image_id`` is behind them, None for the plain ground."""

    lines: tuple[str, ...]
    seconds: int
    image_id: int | None = None
    is_title: bool = False


def storyboard(title: str, document: Document, cover: int | None = None) -> list[Shot]:
    """Title, then section by section; a picture stays until the next one or the next section."""
    shots = [_shot(title, cover, is_title=True)]
    for section in document.whole_sections:
        shots += _shots_of(section)
    return shots


def seconds_of(shots: Iterable[Shot]) -> int:
    return sum(shot.seconds for shot in shots)


def _shots_of(section: SectionContent) -> Iterator[Shot]:
    yield _shot(section.title, None, is_title=True)
    image: int | None = None
    for element in section.elements:
        if isinstance(element, Figure):
            image = element.image_id
        else:
            yield from (_shot(words, image) for words in _in_shots(plain_text([element])))


def _in_shots(text: str) -> Iterator[str]:
    """Whole sentences together as long as they fit; a longer one goes on in the next shot."""
    held = ""
    for sentence in (found.strip() for found in _SENTENCE.findall(text)):
        if held and len(held) + len(sentence) > SIGNS_A_SHOT:
            yield held
            held = ""
        held += sentence
        while len(held) > SIGNS_A_SHOT:
            yield held[:SIGNS_A_SHOT]
            held = held[SIGNS_A_SHOT:]
    if held:
        yield held


def _shot(words: str, image: int | None, *, is_title: bool = False) -> Shot:
    seconds = max(SHORTEST, -(-len(words) // SIGNS_A_SECOND))
    return Shot(tuple(_in_lines(words)), seconds, image, is_title)


def _in_lines(words: str) -> Iterator[str]:
    """No line begins with a sign that belongs to what stands before it."""
    while words:
        end = SIGNS_A_LINE
        while words[end : end + 1] in CLOSING and end < len(words):
            end += 1
        yield words[:end]
        words = words[end:]
