"""What channels do when Wagtail publishes."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published

from content import catalogue
from studyhub.channels.requests import deliver_picked


@receiver(page_published, dispatch_uid="channels.deliver_picked")
def deliver_published_lesson(instance: Any, **kwargs: Any) -> None:
    """Content's own receiver has given the lesson its revision already (order of the apps).

    Runs in the publisher's transaction: either the lesson is published with its deliveries, or
    neither is. Pages that are no lessons have no revision and are passed over.
    """
    key = instance.translation_key
    revision = catalogue.current_revisions([key]).get(key)
    if revision and catalogue.is_open(key):
        deliver_picked(key, revision)
