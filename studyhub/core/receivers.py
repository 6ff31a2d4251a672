"""What is true of every row of ours, whichever door it came in by; the end of a migration."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.apps import AppConfig, apps
from django.db import models
from django.db.models.signals import post_migrate, pre_save
from django.dispatch import receiver

from studyhub.core.characters import clean, one_line
from studyhub.core.parts import pending_migrations
from studyhub.core.signals import database_current

OURS = ("content.", "studyhub.")
SANDBOX = "studyhub.sandbox."  # keeps what it is sent


@receiver(pre_save, dispatch_uid="core.clean_texts")
def clean_texts(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Titles, names and notes, before they are stored."""
    if sender.__module__.startswith(OURS) and not sender.__module__.startswith(SANDBOX):
        tidy_texts(instance)


def tidy_texts(row: models.Model) -> None:
    """As they will be stored; a field of one line holds one line."""
    for name, tidied in _texts_of(type(row)).items():
        value = row.__dict__.get(name)
        if isinstance(value, str) and not value.isprintable():
            setattr(row, name, tidied(value))


@cache
def _texts_of(model: type[models.Model]) -> Mapping[str, Callable[[str], str]]:
    """Its columns of text, each with what is done to it."""
    fields = [field for field in model._meta.concrete_fields if not field.choices]
    many = {field.attname: clean for field in fields if isinstance(field, models.TextField)}
    return many | {f.attname: one_line for f in fields if isinstance(f, models.CharField)}


@receiver(post_migrate, dispatch_uid="core.database_current")
def hear_migrated(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Django says so once for each app, in their order; a flush says so too, without a ``plan``."""
    last = [config for config in apps.get_app_configs() if config.models_module][-1]
    if sender is last and "plan" in kwargs and not pending_migrations(using):
        database_current.send(sender)
