"""What workers do for study: counts by branch are folded, and verified every night."""

import logging

from celery import shared_task

from studyhub.learning.counter_upkeep import fold_changes, repair_counts

logger = logging.getLogger(__name__)


@shared_task
def fold_counts() -> None:
    """A sweep; counts are right without it, and read faster with it."""
    fold_changes()


@shared_task
def repair_drift() -> None:
    """While an upgrade runs the version before still writes, and it keeps no counts."""
    if wrong := repair_counts():
        logger.warning("%d counts by branch were wrong and are right again", wrong)
