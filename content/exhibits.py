"""Exhibits of a heritage site in the order of the route, and the ways between them: plain values.

An exhibit is one block of its site's body. Its page, the route, its label and what is signed all
come from this one reading (decision 0050).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from content.elements import Element, Figure, Role, Sound, paragraphs_of

KIND = "exhibit"  # of block
UNCLEAR = "unclear"
RIGHTS = {
    "own": "本单位所有，可以公开",
    "agreed": "权利人同意公开",
    "free": "不受著作权保护，可以公开",
    UNCLEAR: "还没有弄清，不能公开",
}
UNCHECKED = "unchecked"
WAYS = {
    "flat": "平路",
    "ramp": "有坡道",
    "steps": "有台阶",
    "lift": "有电梯",
    UNCHECKED: "好不好走还没有核实",
}
SHORTEST, LONGEST = 60, 100  # characters of a narration that is good to listen to


@dataclass(frozen=True)
class Leg:
    """The way from the exhibit before, of the first one from the gate. ``kind`` is one of
    ``WAYS``; ``metres`` is None where nobody has measured."""

    kind: str = UNCHECKED
    metres: int | None = None
    note: str = ""
    rest: str = ""

    @property
    def words(self) -> str:
        return "，".join(filter(None, (self.far, self.way, self.note)))

    @property
    def far(self) -> str:
        return f"约 {self.metres} 米" if self.metres else ""

    @property
    def way(self) -> str:
        return WAYS.get(self.kind, WAYS[UNCHECKED])


@dataclass(frozen=True)
class Exhibit:
    """``code`` is printed on its label; ``image_id`` and ``media_id`` are numbers of files, 0
    where there is none; ``minutes`` is how long one stays."""

    block: str
    code: str
    name: str
    period: str
    narration: str
    rights: str
    source: str = ""
    holder: str = ""
    image_id: int = 0
    alt: str = ""
    media_id: int = 0
    transcript: str = ""
    machine_voice: bool = False
    question: str = ""
    answer: str = ""
    accessibility: str = ""
    minutes: int = 0
    leg: Leg = Leg()

    @property
    def presentation(self) -> tuple[Element, ...]:
        """What one looks at, reads, hears and looks for."""
        found: tuple[Element, ...] = ()
        if self.image_id:
            found += (Figure(self.image_id, self.alt, "", self.source, self.rights_words),)
        found += paragraphs_of(self.narration)
        if self.media_id:
            found += (Sound(self.media_id, "讲解录音", self.transcript, self.machine_voice),)
        found += paragraphs_of(self.question, label="找一找", role=Role.PROMPT)
        return found + paragraphs_of(self.answer, label="答案", role=Role.ANSWER)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What there is to know beside it, each under its word."""
        stay = f"大约 {self.minutes} 分钟" if self.minutes else ""
        named = [
            ("无障碍", self.accessibility),
            ("怎么走到这里", self.leg.words),
            ("歇脚", self.leg.rest),
            ("看多久", stay),
            ("来源", self.source),
            ("权利", "，".join(filter(None, (self.holder, self.rights_words)))),
            ("编号", self.code),
        ]
        return [(name, words) for name, words in named if words]

    @property
    def elements(self) -> tuple[Element, ...]:
        """All of it, for whoever signs or compares it."""
        facts = [paragraphs_of(words, label=name, role=Role.NOTE) for name, words in self.facts]
        return self.presentation + tuple(one for paragraphs in facts for one in paragraphs)

    @property
    def rights_words(self) -> str:
        return RIGHTS.get(self.rights, RIGHTS[UNCLEAR])


def exhibits_of(body: Iterable[Any]) -> list[Exhibit]:
    """In the order of the route."""
    return [
        child.block.exhibit(child.value, str(child.id))
        for child in body
        if child.block_type == KIND
    ]
