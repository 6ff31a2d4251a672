"""A signature given: what was on the reviewer's screen, on one level, once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.admin.utils import get_user_display_name

from content.models.page_state import lock_page
from content.models.reviews import (
    SignOff,
    UnitAuthor,
    authors_of,
    due_at,
    levels,
    levels_asked,
    signed_of,
)
from content.models.revision_names import name_draft
from content.review_rules import why_not
from content.units import Unit, hashes_of, units_of
from studyhub.core.errors import Conflict
from studyhub.core.review_levels import LEVELS

CHANGED = "送审后又改过，您看到的不是现在的内容。请刷新“审核”页，重新看过再签。"


@transaction.atomic
def sign(
    page: Any,
    level: int,
    person: Any,
    *,
    opinion: str = "",
    seen: Mapping[str, str] | None = None,
    since: datetime | None = None,
) -> list[Unit]:
    """Put this person's name under all that is open on their level; returns it.

    ``seen`` are the hashes that were on the screen, by unit; where they are not sent, nothing may
    have been written after ``since``. Raises Conflict ``changed_since`` and ``may_not_sign``.
    """
    lock_page(page.pk)
    draft = page.get_latest_revision_as_object()
    units = units_of(draft)
    if seen is not None and dict(seen) != hashes_of(units):
        raise Conflict("changed_since", CHANGED)
    if seen is None and since is not None and _written_after(draft, units, since):
        raise Conflict("changed_since", CHANGED)
    signed = signed_of(draft, units)
    if reason := why_not(signed, level, person.pk, authors_of(draft, units)):
        raise Conflict("may_not_sign", reason)
    if words := due_at(draft, level):
        raise Conflict("questions_due", words)
    signable = signed.signable_at(level)
    _write(draft, signable, level, SignOff.Kind.REVIEW, person, opinion)
    name_draft(page, f"{LEVELS[level - 1]}签过的稿", person)
    return signable


def _written_after(draft: Any, units: Iterable[Unit], since: datetime) -> bool:
    now = {(unit.id, unit.hash) for unit in units}
    later = UnitAuthor.objects.filter(lesson_key=draft.translation_key, written_at__gt=since)
    return bool(now & set(later.values_list("unit", "unit_hash")))


def sign_for_all(page: Any, kind: SignOff.Kind, person: Any = None, opinion: str = "") -> None:
    """One signature that stands for every level: what was published before there were reviews, and
    what is reviewed afterwards."""
    if levels():
        _write(page, signed_of(page).unsigned(levels_asked(page)), 0, kind, person, opinion)


def _write(
    page: Any, units: Iterable[Unit], level: int, kind: SignOff.Kind, person: Any, opinion: str
) -> None:
    shared = {
        "lesson_key": page.translation_key,
        "level": level,
        "kind": kind,
        "person": person,
        "name": get_user_display_name(person)[:80] if person else "",
        "office": LEVELS[level - 1] if level else kind.label,
        "opinion": opinion,
        "signed_at": timezone.now(),
    }
    rows = [SignOff(unit=unit.id, unit_hash=unit.hash, told=told(unit), **shared) for unit in units]
    SignOff.objects.bulk_create(rows, ignore_conflicts=True)


def told(unit: Unit) -> dict[str, Any]:
    """What a unit said, as kept with its signatures."""
    return {"title": unit.title, "text": unit.text, "images": list(unit.images)}
