"""What was sent beside what would be sent today, line by line, with the differences marked."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from content import catalogue
from content.text_marks import Piece, marked
from studyhub.channels import rendering
from studyhub.channels.models import Delivery
from studyhub.channels.ports import Post
from studyhub.core.errors import NotFound


@dataclass(frozen=True)
class ComparedLine:
    """A line of each text in pieces; empty where the other text has one more."""

    sent: list[Piece]
    today: list[Piece]

    @property
    def differs(self) -> bool:
        return any(piece.changed for piece in (*self.sent, *self.today))


@dataclass(frozen=True)
class Comparison:
    """``today`` is missing once the lesson is taken down; then only what was sent is told."""

    lines: list[ComparedLine]
    is_open: bool

    @property
    def differs(self) -> bool:
        return not self.is_open or any(line.differs for line in self.lines)


def compared(delivery: Delivery) -> Comparison:
    """The words of the frozen post against today's, as this kind of channel would show them."""
    try:
        lesson = catalogue.content(delivery.lesson_key)
    except NotFound:
        sent = _words(delivery.frozen_post)
        return Comparison([ComparedLine([Piece(one, False)], []) for one in sent], is_open=False)
    today = rendering.build_post(
        lesson,
        kind=delivery.account.kind,
        marker=delivery.marker,
        look=delivery.account.dress,
    )
    return Comparison(list(_lines(_words(delivery.frozen_post), _words(today))), is_open=True)


def _words(post: Post) -> list[str]:
    return [line for line in (post.title, *post.text.splitlines()) if line.strip()]


def _lines(sent: list[str], today: list[str]) -> Iterator[ComparedLine]:
    codes = SequenceMatcher(None, sent, today, autojunk=False).get_opcodes()
    for kind, a, b, c, d in codes:
        for before, after in zip_longest(sent[a:b], today[c:d], fillvalue=""):
            if kind == "equal":
                yield ComparedLine([Piece(before, False)], [Piece(after, False)])
            else:
                yield ComparedLine(*marked(before, after))
