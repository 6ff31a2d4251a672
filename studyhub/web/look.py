"""How one reader likes to read: text size, ground, elder view, data saver. Kept in one cookie.

Pages are the same bytes for everybody, so the choice is applied in the browser: by the small script
at the top of each page (``components/look_script.html``), or, where scripts do not run, by
``/look.css``, which says the same with the very rules of ``style.css``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Self

COOKIE = "look"
KEPT_FOR = 365 * 24 * 3600
# The first value of each is what nobody has to choose.
CHOICES: dict[str, tuple[str, ...]] = {
    "size": ("", "22", "26", "30"),
    "theme": ("", "light", "dark"),
    "elder": ("", "1"),
    "saver": ("", "1"),
}
SHEET = Path(__file__).parent / "static" / "web" / "style.css"


@dataclass(frozen=True)
class Look:
    """Every value is one of ``CHOICES``; anything else a cookie or a form says is dropped."""

    size: str = ""
    theme: str = ""
    elder: str = ""
    saver: str = ""

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


_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMA = re.compile(r",\s*(?![^(]*\))")
_CONDITION = re.compile(r"^html((?:\[data-\w+(?:=\"\w*\")?\])+)(.*)$", re.DOTALL)
_ATTRIBUTE = re.compile(r"\[data-(\w+)(?:=\"(\w*)\")?\]")


@lru_cache(maxsize=1)
def _rules(sheet: Path) -> list[tuple[list[str], str]]:
    text = _COMMENT.sub("", sheet.read_text("utf-8"))
    rules = ((selector.strip(), body) for selector, body in _RULE.findall(text))
    return [(_COMMA.split(selector), body) for selector, body in rules if "html[data-" in selector]


def _freed(selector: str, chosen: Mapping[str, str]) -> str:
    """The selector as it reads once its choices are made; empty where they are not.

    ``[data-saver]`` is any choice but the first, ``[data-saver=""]`` the first, which scripts leave
    unsaid: such a rule is for ``/look.css`` alone. ``:root`` weighs as much as the attribute it
    stands for, so that the same rules win.
    """
    match = _CONDITION.match(selector.strip())
    if not match:
        return ""
    attributes = list(_conditions(match[1]))
    if not all(_holds(chosen.get(name, ""), value) for name, value in attributes):
        return ""
    return "html" + ":root" * len(attributes) + match[2]


def _holds(chosen: str, value: str | None) -> bool:
    return bool(chosen) if value is None else chosen == value


def _conditions(text: str) -> Iterator[tuple[str, str | None]]:
    for match in _ATTRIBUTE.finditer(text):
        yield match[1], match[2]
