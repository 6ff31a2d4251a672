"""Whole numbers as others send them."""

from typing import Any, TypeGuard


def is_whole(value: Any, least: int, most: int) -> TypeGuard[int]:
    """Whether it is a whole number of JSON between the two, both counted; ``true`` is not 1."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def whole_number(text: Any) -> int | None:
    """The number that a field of a form holds, as short as any key or count; None for the rest."""
    typed = str(text if text is not None else "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None
