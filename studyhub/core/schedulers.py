"""How a scheduler is known from another. Without models: a scheduler may have none."""

from typing import Any
from uuid import uuid4

BEAT = "studyhub.core.tasks.beat_worker"


def name_scheduler(service: Any) -> str:
    """Give this scheduler a name of its own, which its beats carry from now on."""
    name = uuid4().hex[:12]
    for entry in service.scheduler.schedule.values():
        if entry.task == BEAT:
            entry.kwargs = {"scheduler": name}
    return name
