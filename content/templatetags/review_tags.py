"""What the review screens need of templates."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def entry(table: Mapping[Any, Any], key: Any) -> Any:
    """The table's entry; None where there is none."""
    return table.get(key)
