"""What a spreadsheet would run gets an apostrophe when written, which is taken off when read."""

from studyhub.core.spreadsheets import FORMULA_STARTS


def is_marked(text: str) -> bool:
    """Whether it looks like something that was marked; then one apostrophe is the mark."""
    return text[:1] == "'" and text.lstrip("'").lstrip(" ").startswith(FORMULA_STARTS)


def as_written(text: str) -> str:
    """What looks marked by itself gets one more; ``spreadsheets.add_rows`` marks the rest."""
    return f"'{text}" if is_marked(text) else text
