"""What content does when Wagtail publishes."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published

from content.models import LessonPage
from content.revising import forget_change, record_revision


@receiver(page_published, sender=LessonPage, dispatch_uid="content.record_revision")
def give_revision(instance: LessonPage, revision: Any = None, **kwargs: Any) -> None:
    record_revision(instance)
    forget_change(instance, revision)
