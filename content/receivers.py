"""What content does when Wagtail publishes."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published

from content.models import LessonPage
from content.revising import record_revision


@receiver(page_published, sender=LessonPage, dispatch_uid="content.record_revision")
def give_revision(instance: LessonPage, **kwargs: Any) -> None:
    record_revision(instance)
