"""What a look at the system found: in words for whoever runs it, in a shape for programs."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any


class Level(IntEnum):
    """How bad it is; also what the command exits with."""

    WELL = 0
    WARNING = 1
    ERROR = 2


@dataclass(frozen=True)
class Finding:
    """``what`` is the case, ``why`` it matters, what ``to_do`` about it."""

    level: Level
    what: str
    why: str
    to_do: str
    check: str = ""

    def shape(self) -> dict[str, Any]:
        return {**asdict(self), "level": self.level.name.lower()}


Check = Callable[[], Iterable[Finding]]


def warning(what: str, why: str, to_do: str) -> Finding:
    return Finding(Level.WARNING, what, why, to_do)


def error(what: str, why: str, to_do: str) -> Finding:
    return Finding(Level.ERROR, what, why, to_do)
