"""JSON from outside: read in one way wherever it comes from, bounded before it is stored."""

import json
import math
from typing import Any, NoReturn

MAX_DIGITS = 40  # of a whole number; a longer one is read as infinite, which nobody stores
MAX_DEPTH = 8
LEAST, MOST = 1e-9, 2**53  # outside of these PostgreSQL writes hundreds of digits for one number


def read_json(text: str) -> Any:
    """The value; raises ValueError for what is not JSON, and for what is nested without end.

    A number may come out infinite (``1e999``): its reader refuses it, so that it stands alone.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, parse_int=_read_whole)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _read_whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= MAX_DIGITS else math.inf


def is_storable(value: Any, depth: int = MAX_DEPTH) -> bool:
    """Whether SQLite and PostgreSQL both keep it as it is."""
    if isinstance(value, str):
        return is_clean(value)
    if isinstance(value, int | float):
        return value == 0 or LEAST <= abs(value) <= MOST
    if isinstance(value, dict):
        return all(map(is_storable, value)) and is_storable(list(value.values()), depth)
    if isinstance(value, list):
        return depth > 0 and all(is_storable(item, depth - 1) for item in value)
    return value is None


def is_clean(text: str) -> bool:
    """Without NUL, which PostgreSQL cannot store, and half characters, which UTF-8 cannot."""
    return text == clean_text(text)


def clean_text(text: str) -> str:
    """The same without what no database of ours can hold."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
