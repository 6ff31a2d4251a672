"""The one clock that all workers share: the database's."""

from datetime import datetime

from django.db.models.functions import Now
from django.utils import timezone

from studyhub.channels.models import ChannelAccount


def database_now() -> datetime:
    """The database's time, which says when a lease or a lock ends; aware, UTC."""
    row = ChannelAccount.objects.annotate(clock=Now()).values_list("clock", flat=True).first()
    return row or timezone.now()
