"""Places in words to codes of administrative divisions, down to the county, never the street.

``places.csv`` is the list of the National Bureau of Statistics as of 2023-06-30, with Hong Kong,
Macau and Taiwan as one place each.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

_HAN = re.compile(r"[^\u3400-\u9fff]")
# Longest first. What people leave out: 广东 for 广东省, 呼和浩特 for 呼和浩特市.
_ENDINGS = re.compile(
    r"(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|地区|林区|新区|省|市|盟|州|县|区|旗)$"
)
_LEVELS = (2, 4, 6)  # digits that name a province, a prefecture, a county


@dataclass(frozen=True)
class Place:
    """``code`` has six digits, ``name`` all that stands above it: 广东省深圳市宝安区."""

    code: str
    name: str


def places_named(words: str) -> list[Place]:
    """The places that these words may mean, the nearest the words come; several: not clear.

    Leading levels may be left out (深圳宝安), so may endings; what follows the county is dropped.
    """
    return list(_places_named(_HAN.sub("", words)))


@lru_cache(maxsize=4096)  # a roster says the same few places on a thousand lines
def _places_named(text: str) -> tuple[Place, ...]:
    found = set(_walk("", text))
    deepest = max((used for _, used in found), default=0)
    codes = sorted({code for code, used in found if used == deepest and code})
    return tuple(Place(code, _full_name(code)) for code in codes)


def place_name(code: str) -> str:
    """What the place of this code is called by itself, without what stands above it; or nothing."""
    return _list().get(code, "")


def place_named_by(code: str) -> str:
    """The whole name of the place of this code, as words that name no other; or nothing."""
    return _full_name(code) if code in _list() else ""


def _walk(above: str, text: str, used: int = 0) -> Iterator[tuple[str, int]]:
    """Every reading: the code it ends at, and how many characters it has used up."""
    yield above, used
    for code, length in _beginning(text):
        if _below(code, above):
            yield from _walk(code, text[length:], used + length)


def _beginning(text: str) -> Iterable[tuple[str, int]]:
    for key in _names_by_start().get(text[:2], ()):
        if text.startswith(key):
            for code in _codes_by_name()[key]:
                yield code, len(key)


def _below(code: str, above: str) -> bool:
    stem = above.rstrip("0")
    stem = stem + "0" * (len(stem) % 2)
    return code != above and (not above or code.startswith(stem))


@cache
def _list() -> dict[str, str]:
    text = files("studyhub.people").joinpath("places.csv").read_text("utf-8")
    return dict(csv.reader(text.splitlines()))


@cache
def _codes_by_name() -> dict[str, list[str]]:
    """Codes by whole name and by the name without its ending, if two characters are left."""
    found = defaultdict(list)
    for code, name in _list().items():
        short = _ENDINGS.sub("", name)
        for key in {name, short if len(short) > 1 else name}:
            found[key].append(code)
    return found


@cache
def _names_by_start() -> dict[str, list[str]]:
    found = defaultdict(list)
    for name in _codes_by_name():
        found[name[:2]].append(name)
    return found


def _full_name(code: str) -> str:
    above = (code[:digits].ljust(6, "0") for digits in _LEVELS)
    return "".join(_list()[one] for one in dict.fromkeys(above) if one in _list())
