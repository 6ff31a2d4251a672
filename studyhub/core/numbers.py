"""Whole numbers as others send them."""

from typing import Any, TypeGuard


def is_whole(value: Any, least: int, most: int) -> TypeGuard[int]:
    """Whether it is a whole number of JSON between the two, both counted; ``true`` is not 1."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
