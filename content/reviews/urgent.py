"""An urgent correction: live at once on the word of one person of the last level, reviewed within a
day. Never a new lesson, never more than a few places."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.admin.utils import get_user_display_name
from wagtail.models import WorkflowState

from content.models import TOLD, LessonPage, SignOff, UrgentCorrection
from content.models.page_state import lock_page
from content.models.reviews import levels, signed_of
from content.models.signing import sign_for_all
from content.reviews.pieces import levels_of
from content.units import CHANGE, Unit
from studyhub.core.characters import shows_nothing
from studyhub.core.errors import Conflict, Invalid
from studyhub.core.review_levels import LEVELS

MOST_UNITS = 3
HOURS = 24


@transaction.atomic
def publish_urgently(page: LessonPage, person: Any, reason: str) -> UrgentCorrection:
    """Publish the newest draft of a live lesson. Raises Conflict and Invalid with what to do."""
    lock_page(page.pk)
    draft = page.get_latest_revision_as_object()
    units = changed_units(draft)
    _refuse(page, draft, units, person, reason)
    due = timezone.now() + timedelta(hours=HOURS)
    correction = UrgentCorrection.objects.create(
        lesson_key=page.translation_key,
        page=page,
        person=person,
        name=get_user_display_name(person)[:80],
        reason=reason.strip(),
        units={unit.id: unit.hash for unit in units if unit.id != CHANGE},  # over once it is out
        due_at=due,
    )
    sign_for_all(draft, SignOff.Kind.URGENT, person, reason.strip())
    # The signature of the last level is a right to publish in this one case.
    page.get_latest_revision().publish(user=None, log_action="wagtail.publish")
    _send_to_review(page, person)
    return correction


def changed_units(draft: Any) -> list[Unit]:
    return signed_of(draft).unsigned(levels())


def _refuse(page: Any, draft: Any, units: list[Unit], person: Any, reason: str) -> None:
    if levels() not in levels_of(person):
        last = LEVELS[levels() - 1]
        raise Conflict("not_last_level", f"紧急更正由{last}来发。请找做{last}的同事。")
    if not page.live:
        raise Conflict("not_live", "紧急更正只用于已经公开的课。新课请走三审。")
    count = sum(unit.id != CHANGE for unit in units)
    if not count:
        raise Conflict(
            "nothing_changed", "没有改动，不用紧急更正。请先打开页面改好、保存，再回来。"
        )
    if count > MOST_UNITS:
        raise Conflict("too_much", f"这次改了 {count} 处，紧急更正最多 {MOST_UNITS} 处。请走三审。")
    if draft.change_kind not in TOLD:
        raise Conflict(
            "no_tag", "请先在编辑页“这次改了什么”里选“事实”或“重要”，写一句说明，保存后再来。"
        )
    if shows_nothing(reason):
        raise Invalid("no_reason", "请写明为什么等不到三审。")


def _send_to_review(page: LessonPage, person: Any) -> None:
    active = WorkflowState.objects.active().for_instance(page).first()
    flow = page.get_workflow()
    if active is None and flow is not None:
        flow.start(LessonPage.objects.get(pk=page.pk), person)


def owed() -> list[UrgentCorrection]:
    """Urgent corrections that are not reviewed on every level yet, the oldest first."""
    rows = UrgentCorrection.objects.select_related("page").order_by("published_at")
    keys = [row.lesson_key for row in rows]
    held = _levels_by_unit(keys)
    return [row for row in rows if not _is_reviewed(row, held)]


def _levels_by_unit(keys: list[Any]) -> dict[tuple[Any, str, str], set[int]]:
    found: dict[tuple[Any, str, str], set[int]] = {}
    rows = SignOff.objects.filter(lesson_key__in=keys)
    for key, unit, digest, level in rows.values_list("lesson_key", "unit", "unit_hash", "level"):
        found.setdefault((key, unit, digest), set()).add(level)
    return found


def _is_reviewed(row: UrgentCorrection, held: dict[tuple[Any, str, str], set[int]]) -> bool:
    wanted = set(range(1, levels() + 1))
    pairs = row.units.items()
    return all(wanted <= held.get((row.lesson_key, *pair), set()) for pair in pairs)
