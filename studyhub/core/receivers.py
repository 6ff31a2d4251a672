"""What is true of every row of ours, whichever door it came in by."""

from functools import cache
from typing import Any

from django.db import models
from django.db.models.signals import pre_save
from django.dispatch import receiver

from studyhub.core.characters import clean

OURS = ("content.", "studyhub.")
SANDBOX = "studyhub.sandbox."  # keeps what it is sent


@receiver(pre_save, dispatch_uid="core.clean_texts")
def clean_texts(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Titles, names and notes, before they are stored."""
    if not sender.__module__.startswith(OURS) or sender.__module__.startswith(SANDBOX):
        return
    for name in _texts_of(sender):
        value = instance.__dict__.get(name)
        if isinstance(value, str) and not value.isprintable():
            setattr(instance, name, clean(value))


@cache
def _texts_of(model: type[models.Model]) -> tuple[str, ...]:
    """Its columns of text."""
    fields = (field for field in model._meta.concrete_fields if _is_text(field))
    return tuple(field.attname for field in fields)


def _is_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField) and not field.choices
