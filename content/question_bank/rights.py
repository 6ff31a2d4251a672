"""Who may do what with questions: one place, asked by every screen."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.permissions import policy_registry

from content.models import LessonPage
from content.reviews.pieces import levels_of


def may_read(user: Any) -> bool:
    return any(user.has_perm(f"content.{act}_question") for act in ("view", "add", "change"))


def may_write(user: Any) -> bool:
    return bool(user.has_perm("content.add_question") and user.has_perm("content.change_question"))


def images_for(user: Any, there: int | None = None) -> Any:
    """Pictures of the collections from which this person may choose, and the one that is there."""
    model = get_image_model()
    policy = policy_registry.get_by_type(model)
    mine = policy.instances_user_has_any_permission_for(user, ["choose"])
    return model.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk=there))


def refuse_unless(allowed: bool) -> None:
    """Raises PermissionDenied, which the desk answers in words."""
    if not allowed:
        raise PermissionDenied


def lesson_to_edit(user: Any, page_id: int) -> LessonPage:
    """Raises PermissionDenied where this person may not write in its draft now."""
    page = get_object_or_404(LessonPage, pk=page_id)
    tester = page.permissions_for_user(user)
    refuse_unless(bool(tester.can_edit()) and not tester.page_locked())
    return page


def among_ones_own(user: Any, rows: Any) -> Any:
    """Rows of lessons for which ``may_look_again`` holds, in one query."""
    if levels_of(user):
        return rows
    policy = policy_registry.get_by_type(Page)
    mine = policy.instances_user_has_any_permission_for(user, {"add", "change"})
    return rows.filter(page__in=mine.values("pk"))


def may_look_again(user: Any, page: LessonPage) -> bool:
    """题目仍然对 is said by who may write in the lesson, or review it on any level."""
    return bool(page.permissions_for_user(user).can_edit()) or bool(levels_of(user))
