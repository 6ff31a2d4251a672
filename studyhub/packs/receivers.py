"""What packs do when Wagtail publishes or takes down."""

from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from content import catalogue
from studyhub.packs import tasks
from studyhub.packs.building import withdraw


@receiver(page_published, dispatch_uid="packs.build_published")
def build_published(instance: Any, **kwargs: Any) -> None:
    _hint(instance)


@receiver(page_unpublished, dispatch_uid="packs.withdraw_unpublished")
def withdraw_unpublished(instance: Any, **kwargs: Any) -> None:
    """At once and in the same transaction: what was taken down for a reason must leave phones."""
    withdraw(instance.translation_key)
    _hint(instance)


@receiver([page_slug_changed, post_page_move], dispatch_uid="packs.follow_moves")
def follow_moves(instance: Any, **kwargs: Any) -> None:
    """A course that moves takes its lessons along; the sweeper finds out which."""
    transaction.on_commit(tasks.sweep_packs.delay)


def _hint(page: Any) -> None:
    """The whole course: every lesson names the ones that follow it. What did not change costs a
    look. Pages that are no lessons have no revision and are passed over."""
    key = page.translation_key
    if key in catalogue.current_revisions([key]):
        transaction.on_commit(partial(tasks.build_course.delay, str(key), page.get_parent().slug))
