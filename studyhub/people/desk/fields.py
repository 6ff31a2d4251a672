"""Fields of the ledger's forms, which understand what a roster's cells are understood by."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from studyhub.core.characters import one_line
from studyhub.core.clock import today
from studyhub.people.roster import values


class Cell(forms.CharField):
    """A text read by one of ``roster.values``; what it cannot read it says in words."""

    def __init__(self, read: Callable[[str], Any], **kwargs: Any) -> None:
        self.read = read
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value: Any) -> Any:
        """The value as it is stored; None where nothing is written."""
        text = super().clean(one_line(str(value or "")).strip())
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as error:
            raise ValidationError(f"{error}。") from None


class Day(Cell):
    """A day, as browsers send it or as offices write it."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(
            values.day_of,
            label=label,
            widget=widget,
            error_messages={"required": "请写日期，例如 2026-09-01。"},
            **kwargs,
        )


class PastDay(Day):
    """A day that has come."""

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and day > today():
            raise ValidationError("这一天还没有到，请检查日期。")
        return day


class Form(forms.Form):
    """With marks for what was wrong that people and readers of screens find."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)

    def refuse(self, words: str, field: str) -> None:
        """Said at the field it is about, or above all of them."""
        self.add_error(field if field in self.fields else None, words)
