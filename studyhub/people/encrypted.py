"""All columns that are stored encrypted, whichever app has them."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from studyhub.core.crypto import EncryptedJSONField, EncryptedTextField
from studyhub.people.models import Member


def encrypted_fields() -> Iterator[tuple[type[Model], "Field[Any, Any]"]]:
    """Every column that is stored encrypted."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def pks(model: type[Model]) -> list[Any]:
    """The rows as they are at the beginning; a later one is written with the newest key anyway."""
    return list(model._base_manager.order_by("pk").values_list("pk", flat=True))


def clear_unreadable() -> int:
    """Empty what no key of today opens, so that it can be filled in again; how many there were."""
    cleared = 0
    for model, field in encrypted_fields():
        lost = [pk for pk in pks(model) if not _is_readable(model, field.name, pk)]
        cleared += model._base_manager.filter(pk__in=lost).update(**{field.name: _empty(field)})
    blank = Member.objects.filter(phone="")
    blank.exclude(phone_index="").update(phone_index="", phone_tail_index="")
    return cleared


def _empty(field: "Field[Any, Any]") -> Any:
    if field.null:
        return None
    return {} if isinstance(field, EncryptedJSONField) else ""


def _is_readable(model: type[Model], name: str, pk: Any) -> bool:
    try:
        model._base_manager.values_list(name).get(pk=pk)
    except ValueError:
        return False
    return True
