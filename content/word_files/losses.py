"""What does not become part of a block, and what was changed on the way. Plain values, no Django.

The ledger counts characters without white space: those of the file, and those added, are those in
blocks and those dropped.
"""

from collections import Counter
from dataclasses import dataclass, field


def size(text: str) -> int:
    """Characters without white space."""
    return len("".join(text.split()))


@dataclass(frozen=True)
class Dropped:
    """Words that are in no block; ``near`` is how their paragraph begins."""

    reason: str
    text: str
    near: str = ""


@dataclass
class Losses:
    """Kept by whoever converts. ``added`` are characters that the file does not have."""

    dropped: list[Dropped] = field(default_factory=list)
    changed: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)
    added: int = 0

    def drop(self, reason: str, text: str, near: str = "") -> None:
        if text.strip():
            self.dropped.append(Dropped(reason, text.strip(), near[:20]))

    def add(self, text: str) -> str:
        """Notes these characters as added, and gives them back."""
        self.added += size(text)
        return text

    def change(self, what: str, times: int = 1) -> None:
        if times:
            self.changed[what] += times

    def warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)
