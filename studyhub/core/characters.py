"""Characters that mean nothing to people and break files: taken out once, at every door.

Control signs (U+0001 hides a formula from who looks at the first character, U+000B breaks a
printed sheet), places that Unicode has promised never to use (U+FFFF makes a workbook unreadable)
and halves of characters. What Mongolian and other scripts need (joiners, variation selectors,
narrow spaces) stays.
"""

import re
from typing import Any
from unicodedata import category

_BREAKS = "[\x0b\x0c\x85\u2028\u2029]+"  # of lines, forced; Chinese needs no space in their place
_BETWEEN_HAN = re.compile(f"(?<=[\u2e80-\u9fff]){_BREAKS}(?=[\u2e80-\u9fff])")
_TO_SPACE = re.compile(_BREAKS)
_LAST_TWO = (0xFFFE, 0xFFFF)  # of each of the seventeen planes
_NEVER_USED = "".join(
    chr(plane + low) for plane in range(0, 0x110000, 0x10000) for low in _LAST_TWO
)
_NOTHING = re.compile(
    f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef{_NEVER_USED}]"
)

_ENDS = re.compile(r"[\r\n]+")
_ENDS_BETWEEN_HAN = re.compile("(?<=[\u2e80-\u9fff])[\r\n]+(?=[\u2e80-\u9fff])")
# Drawn as nothing although Unicode calls them letters or signs: Hangul fillers, empty braille.
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Joiners say how a letter is drawn in scripts that join or stack: Arabic, Indic ones, Mongolian.
_JOINERS = "\u180e\u200c\u200d"
_JOINING = "[\u0600-\u109f\u1800-\u18af\u200c\u200d]"
_STRAY_JOINERS = re.compile(f"(?<!{_JOINING})[{_JOINERS}]+")


def clean(text: str) -> str:
    """The text with tabs and line ends, without what no file can hold."""
    return _NOTHING.sub("", _TO_SPACE.sub(" ", _BETWEEN_HAN.sub("", text)))


def one_line(text: str) -> str:
    """Cleaned for a field of one line: what a workbook's cell or a paste broke is joined."""
    return _ENDS.sub(" ", _ENDS_BETWEEN_HAN.sub("", clean(text)))


def shows_nothing(text: str) -> bool:
    """Whether there is nothing to see: spaces, signs of direction, joiners with nothing to join."""
    return all(category(sign)[0] in "ZCM" or sign in _FILLERS for sign in text)


def without_unseen(text: str) -> str:
    """Without signs of direction, width and format, which make one name two that look alike.

    A joiner stays behind a letter that it can join.
    """
    seen = "".join(sign for sign in text if category(sign) != "Cf" or sign in _JOINERS)
    return _STRAY_JOINERS.sub("", seen)


def clean_all(value: Any) -> Any:
    """Every text in lists and dictionaries cleaned; anything else as it is."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: clean_all(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(clean_all, value))
    return value
