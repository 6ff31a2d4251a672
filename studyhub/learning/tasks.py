"""What workers do for study: counts by branch are folded, and what is kept is verified at night."""

import logging

from celery import shared_task

from studyhub.learning.counter_upkeep import fold_changes, repair_counts
from studyhub.records.models import DeviceCursor

logger = logging.getLogger(__name__)


@shared_task
def fold_counts() -> None:
    """A sweep; counts are right without it, and read faster with it."""
    fold_changes()


@shared_task
def repair_drift() -> None:
    """While an upgrade runs the version before still writes, and it keeps none of these."""
    if wrong := repair_counts():
        logger.warning("%d counts by branch were wrong and are right again", wrong)
    if unnoted := DeviceCursor.objects.note_gaps():
        logger.warning("%d phones with gaps were not known as such and are now", unnoted)
