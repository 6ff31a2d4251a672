"""What may stand in an address: numbers that a database can hold, text that it can look for.

``row`` in place of Django's ``int``, ``text`` of its ``str``, wherever a table is asked for it.
"""

from django.urls import register_converter
from django.urls.converters import IntConverter, StringConverter

MOST = 2**63 - 1  # SQLite and PostgreSQL alike


class RowConverter(IntConverter):
    """The number of a row; a larger one than any is no address."""

    def to_python(self, value: str) -> int:
        number = int(value) if len(value) <= len(str(MOST)) else MOST + 1
        if number > MOST:
            raise ValueError(value)
        return number


class TextConverter(StringConverter):
    """Without NUL, which PostgreSQL does not even compare."""

    regex = r"[^/\x00]+"


register_converter(RowConverter, "row")
register_converter(TextConverter, "text")
