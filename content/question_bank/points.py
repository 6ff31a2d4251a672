"""Numbered points within a question (下列说法：1.… 2.… 正确的是): told from questions of their own
by what stands around them. Plain values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

# Of points: one alone is no list, and more are a part whose heading is not read.
FEWEST, MOST = 2, 9
_NAMES_A_LIST = re.compile(r"[:：]\W*$|下列|以下|如下|下面")
STEM, OPTION, TOLD, END, OTHER = "stem", "option", "told", "end", "other"


@dataclass(frozen=True)
class Said:
    """What one line is. Of a stem ``number`` is 0 where the file counts it, ``style`` how the
    number is written, ``is_whole`` that its options or its answer stand in it."""

    kind: str
    text: str = ""
    number: int = 0
    style: str = ""
    is_whole: bool = False


@dataclass
class Points:
    """``lines`` are the points by the place of their line, each with its number; ``unsure`` the
    questions that might as well be several."""

    lines: dict[int, str] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)


def find_points(said: Sequence[Said]) -> Points:
    """Numbers that begin anew within a question that has neither options nor an answer yet."""
    found, place, asked = Points(), 0, None
    while place < len(said):
        one = said[place]
        run = _run(said, place, asked) if asked else []
        if asked and run:
            found.lines |= dict(zip(run, _written(said, run), strict=True))
            if not _is_sure(said, run, asked):
                found.unsure.append(asked.text)
            place, asked = run[-1] + 1, None
            continue
        if one.kind != OTHER:
            asked = one if one.kind == STEM and not one.is_whole else None
        place += 1
    return found


def _run(said: Sequence[Said], place: int, asked: Said) -> list[int]:
    """The places of the points that begin here; empty where none do."""
    first = said[place]
    if first.kind != STEM or not _begins_anew(first, asked):
        return []
    run = [place]
    for later in range(place + 1, len(said)):
        if not _goes_on(first, said[later], len(run)):
            break
        run.append(later)
    if _follows(said, run[-1]).kind in (STEM, END):  # no sign of where they end
        run = run[: asked.number] if asked.number >= FEWEST else run
    fits = FEWEST <= len(run) <= MOST and not any(said[one].is_whole for one in run)
    return run if fits else []


def _begins_anew(first: Said, asked: Said) -> bool:
    if first.style == asked.style:
        return first.number == 1
    return first.number in (0, 1)


def _goes_on(first: Said, one: Said, count: int) -> bool:
    fits = one.kind == STEM and one.style == first.style and not one.is_whole
    return fits and one.number == (count + 1 if first.number else 0)


def _follows(said: Sequence[Said], place: int) -> Said:
    """The next line that says what it is."""
    later = (one for one in said[place + 1 :] if one.kind != OTHER)
    return next(later, Said(END))


def _is_sure(said: Sequence[Said], run: Sequence[int], asked: Said) -> bool:
    names = bool(_NAMES_A_LIST.search(asked.text))
    if _follows(said, run[-1]).kind not in (OPTION, TOLD):
        return names
    number = next(_stems_after(said, run[-1]), asked.number + 1)
    return number == asked.number + 1 or (names and number == 0)


def _stems_after(said: Sequence[Said], place: int) -> Iterator[int]:
    """The numbers of the questions behind, as far as this part goes."""
    for one in said[place + 1 :]:
        if one.kind == END:
            return
        if one.kind == STEM:
            yield one.number


def _written(said: Sequence[Said], run: Sequence[int]) -> Iterator[str]:
    """With a number, also where the file counts them."""
    for count, place in enumerate(run, start=1):
        one = said[place]
        yield one.text if one.number else f"{count}. {one.text}"
