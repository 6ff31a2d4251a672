"""A converted text in reading order, before it is cut into blocks."""

from collections import Counter
from dataclasses import dataclass, field

from content.elements import Run, Runs, text_of

NOTE = "note:"  # begins the address of a run that is the mark of a note


@dataclass
class Notes:
    """Texts by the key of their mark, keys in the order of their numbers, how often each is
    marked."""

    texts: dict[str, str] = field(default_factory=dict)
    marks: list[str] = field(default_factory=list)
    counts: Counter[int] = field(default_factory=Counter)

    def number(self, key: str) -> int:
        if key not in self.marks:
            self.marks.append(key)
        return self.marks.index(key) + 1

    def put(self, key: str, text: str) -> None:
        before = [self.texts[key]] if key in self.texts else []
        self.texts[key] = "\n".join([*before, text])

    @property
    def numbered(self) -> dict[int, str]:
        """Those that no mark names come last."""
        keys = [*self.marks, *(key for key in self.texts if key not in self.marks)]
        return {number: self.texts.get(key, "") for number, key in enumerate(keys, start=1)}


def note_of(run: Run) -> int:
    """The number of the note that this run marks; 0 for words."""
    return int(run.href.removeprefix(NOTE)) if run.href.startswith(NOTE) else 0


@dataclass(frozen=True)
class Line:
    """A paragraph, or an entry of a list. ``level`` is that of a heading the file names as one."""

    runs: Runs
    level: int = 0
    role: str = ""  # title, quote, caption, prominent
    depth: int = 0  # of the list it stands in
    ordered: bool = False

    @property
    def text(self) -> str:
        return text_of(self.runs)

    @property
    def stands_out(self) -> bool:
        bold = all(run.bold for run in self.runs if run.text.strip())
        return self.role in ("prominent", "title") or (bold and bool(self.text.strip()))


@dataclass(frozen=True)
class Grid:
    """A table whose rows are of equal length."""

    rows: tuple[tuple[str, ...], ...]
    has_header: bool
    spans: int = 0
    caption: str = ""

    @property
    def is_form(self) -> bool:
        """Most cells are empty or merged: something to fill in, not to read."""
        cells = [cell for row in self.rows for cell in row]
        empty = sum(1 for cell in cells if not cell.strip())
        return len(cells) >= 6 and (empty + self.spans) * 2 > len(cells)

    @property
    def text(self) -> str:
        return "\n".join(" ".join(filter(None, row)) for row in self.rows)


@dataclass(frozen=True)
class Picture:
    """By its place among the pictures of the file."""

    number: int
    caption: str = ""


@dataclass(frozen=True)
class Missing:
    """What cannot be shown; ``words`` say what it was."""

    kind: str
    words: str = ""
    text: str = ""  # words of the file that are kept in it


Item = Line | Grid | Picture | Missing
