"""Characters that mean nothing to people and break files: taken out once, at every door.

Control signs (U+0001 hides a formula from who looks at the first character, U+000B breaks a
printed sheet), places that Unicode has promised never to use (U+FFFF makes a workbook unreadable)
and halves of characters. What Mongolian and other scripts need (joiners, variation selectors,
narrow spaces) stays.
"""

import re
from typing import Any

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


def clean(text: str) -> str:
    """The text with tabs and line ends, without what no file can hold."""
    return _NOTHING.sub("", _TO_SPACE.sub(" ", _BETWEEN_HAN.sub("", text)))


def clean_all(value: Any) -> Any:
    """Every text in lists and dictionaries cleaned; anything else as it is."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: clean_all(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(clean_all, value))
    return value
