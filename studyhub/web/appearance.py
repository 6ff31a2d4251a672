"""How one reader likes to read: text size, ground, elder view, data saver, Mongolian beside the
Chinese. Kept in one cookie.

Pages are the same bytes for everybody, so the choice is applied in the browser: by the small script
at the top of each page (``components/appearance_script.html``), or, where scripts do not run, by
``/look.css``, which says the same with the very rules of ``style.css``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Self

from tinycss2 import parse_stylesheet, serialize
from tinycss2.ast import Node

COOKIE = "look"
KEPT_FOR = 365 * 24 * 3600
# The first value of each is what nobody has to choose.
CHOICES: dict[str, tuple[str, ...]] = {
    "size": ("", "22", "26", "30"),
    "theme": ("", "light", "dark"),
    "elder": ("", "1"),
    "saver": ("", "1"),
    "mongolian": ("", "1"),
}
SHEET = Path(__file__).parent / "static" / "web" / "style.css"


@dataclass(frozen=True)
class Appearance:
    """Every value is one of ``CHOICES``; anything else a cookie or a form says is dropped."""

    size: str = ""
    theme: str = ""
    elder: str = ""
    saver: str = ""
    mongolian: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        asked = {name: values.get(name, "") for name in CHOICES}
        return cls(**{name: v for name, v in asked.items() if v in CHOICES[name]})

    @classmethod
    def read(cls, cookie: str) -> Self:
        """From ``size.22_theme.dark_elder.1_saver.1``, in any order, each part optional."""
        parts = (part.partition(".") for part in cookie.split("_"))
        return cls.of({name: v for name, _, v in parts if v in CHOICES.get(name, ())})

    @property
    def shown_size(self) -> str:
        """Elder view is never below 22 px, whatever else was chosen before."""
        return self.size or ("22" if self.elder else "")

    def cookie(self) -> str:
        return "_".join(f"{name}.{value}" for name, value in asdict(self).items() if value)

    def css(self) -> str:
        """The rules of the style sheet that hang on these choices, without the condition."""
        chosen = {f.name: getattr(self, f.name) for f in fields(self)}
        return "\n".join(
            f"{', '.join(kept)} {{{body}}}"
            for selectors, body in _rules(SHEET)
            if (kept := [s for selector in selectors if (s := _freed(selector, chosen))])
        )


Tokens = Sequence[Node]
_CONDITION = re.compile(r"data-(\w+)(?:=\"(\w*)\")?")


@lru_cache(maxsize=1)
def _rules(sheet: Path) -> list[tuple[Sequence[Tokens], str]]:
    """The rules that hang on a choice; those inside ``@media`` never do (test_style_sheet)."""
    parsed = parse_stylesheet(sheet.read_text("utf-8"), skip_comments=True, skip_whitespace=True)
    qualified = (rule for rule in parsed if rule.type == "qualified-rule")
    rules = [(_selectors(rule.prelude), serialize(rule.content)) for rule in qualified]
    return [(selectors, body) for selectors, body in rules if any(map(_conditions, selectors))]


def _selectors(prelude: Tokens) -> Sequence[Tokens]:
    """A list of selectors in its parts; a comma within brackets is no end of one."""
    parts: list[list[Node]] = [[]]
    for node in prelude:
        if node == ",":
            parts.append([])
        elif parts[-1] or node.type != "whitespace":
            parts[-1].append(node)
    return parts


def _conditions(selector: Tokens) -> list[tuple[str, str | None]]:
    """What ``html[data-…]…`` at its beginning asks for, as names and values."""
    if not selector or getattr(selector[0], "value", "") != "html":
        return []
    found = []
    for token in takewhile(lambda one: one.type == "[] block", selector[1:]):
        match = _CONDITION.fullmatch(serialize(token.content))
        if match:
            found.append((match[1], match[2]))
    return found


def _freed(selector: Tokens, chosen: Mapping[str, str]) -> str:
    """The selector as it reads once its choices are made; empty where they are not.

    ``[data-saver]`` is any choice but the first, ``[data-saver=""]`` the first, which scripts leave
    unsaid: such a rule is for ``/look.css`` alone. ``:root`` weighs as much as the attribute it
    stands for, so that the same rules win.
    """
    conditions = _conditions(selector)
    if not conditions or not all(_holds(chosen.get(name, ""), value) for name, value in conditions):
        return ""
    return "html" + ":root" * len(conditions) + serialize(selector[1 + len(conditions) :]).rstrip()


def _holds(chosen: str, value: str | None) -> bool:
    return bool(chosen) if value is None else chosen == value
