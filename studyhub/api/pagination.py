"""Lists: ``{items, next}`` with ``?limit=`` and an opaque ``?cursor=``."""

import base64
import binascii
from collections.abc import Iterable
from typing import Protocol, TypeVar

from ninja import Field, Schema

from studyhub.core.errors import Invalid

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Sliced(Protocol[T_co]):
    """A list, a query, or what else gives a part of itself for ``[first:last]``."""

    def __getitem__(self, part: slice, /) -> Iterable[T_co]: ...


class PageQuery(Schema):
    limit: int = Field(50, ge=1, le=100, description="一页几条，最多 100")
    cursor: str = Field("", max_length=64, description="上一页给的 next，原样传回")


def page_of(items: Sliced[T], query: PageQuery) -> tuple[list[T], str | None]:
    """One page and the cursor of the next one, or None at the end."""
    start = _read_cursor(query.cursor)
    window = list(items[start : start + query.limit + 1])
    if len(window) <= query.limit:
        return window, None
    return window[: query.limit], _make_cursor(start + query.limit)


def _make_cursor(start: int) -> str:
    return base64.urlsafe_b64encode(f"o{start}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        if text.startswith("o") and text[1:].isdecimal() and len(text) < 12:
            return int(text[1:])
    except (binascii.Error, ValueError):
        pass
    raise Invalid("bad_cursor", "翻页标记无效，请从第一页重新开始。")
