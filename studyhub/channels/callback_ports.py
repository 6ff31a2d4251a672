"""The contract for what a platform sends to us by itself. Plain Python, as ``ports`` is.

Whatever arrives is a hint: what became of a submission only the platform's own answer says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

FRESH_FOR = 600  # seconds that two clocks may differ, and that a repeat may come late


@dataclass(frozen=True)
class Incoming:
    """A request as it came in; ``at`` is our own time. Header names are lower case."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    at: float


@dataclass(frozen=True)
class Reply:
    """What the platform gets to read."""

    body: bytes
    content_type: str


class Topic(StrEnum):
    """What a callback is about, in the words of every platform."""

    CHECK = "check"  # the platform tries the address; nothing has happened
    JOB_ENDED = "job_ended"  # something that was submitted has come to an end
    WORDS = "words"  # somebody wrote, pressed a button of the menu or began to follow
    OTHER = "other"


@dataclass(frozen=True)
class Message:
    """One callback, opened and proven genuine.

    ``identity`` is the same whenever the platform repeats it, and may name a person: it is never
    kept as it is. ``facts`` are kept, and hold nothing of anybody. ``numbers`` are the platform's
    for what came to an end; ``submission_id`` is the one of ours among them, where it is told.
    ``reply`` makes the answer: with words for who wrote, or without.
    """

    topic: Topic
    reply: Callable[[str], Reply] = field(repr=False)
    identity: str = field(default="", repr=False)
    name: str = ""
    words: str = field(default="", repr=False)
    submission_id: str = ""
    numbers: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


class CallbackRefused(Exception):
    """Not genuine or not readable. ``detail`` is for our own people; outside nothing is said."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Receiver(Protocol):
    """One platform's way of sending; built from an account's settings, or from none at all."""

    def __init__(self, settings: Mapping[str, Any]) -> None: ...

    @property
    def protection(self) -> str:
        """How callbacks are protected, in Chinese; what is missing where they cannot be taken."""

    def read(self, incoming: Incoming) -> Message:
        """Raise CallbackRefused for what is not proven to come from the platform.

        Without settings everything is refused, after the same work.
        """


def refuse_stale(told: object, at: float) -> None:
    """A request that was caught is worth nothing ten minutes later."""
    text = str(told)
    moment = int(text) if text.isdecimal() and len(text) <= 12 else 0
    if abs(at - moment) > FRESH_FOR:
        raise CallbackRefused("时间相差超过 10 分钟，请核对服务器的时间。")
