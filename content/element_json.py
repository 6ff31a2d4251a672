"""Elements as JSON, to be compared and hashed: equal exactly when they say the same."""

from dataclasses import fields, is_dataclass
from typing import Any
from uuid import UUID


def said(value: Any) -> Any:
    """Elements as JSON. A field at its default is left out, so that an element may get a new one
    and every lesson stays the same; so is one that is not compared."""
    if is_dataclass(value):
        own = ((f.name, getattr(value, f.name), f.default) for f in fields(value) if f.compare)
        named = {name: said(one) for name, one, default in own if one != default}
        return [type(value).__name__, named]
    if isinstance(value, list | tuple):
        return [said(one) for one in value]
    if isinstance(value, UUID):
        return str(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
