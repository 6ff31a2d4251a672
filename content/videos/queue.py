"""Films at work: what a worker does with a hint, and what the sweep finds."""

from collections.abc import Callable

from celery import current_app

from content.models import VerticalVideo
from content.videos.rendering import forget_old, step
from studyhub.core.hints import give_hint, hint_after_commit

__all__ = ["forget_old", "hint", "render_next", "render_whole", "waiting"]
TASK = "content.tasks.render_video"


def hint(film: VerticalVideo) -> None:
    hint_after_commit(_task(), film.pk)


def render_next(video_id: int) -> None:
    """One scene, and the hint for the next."""
    film = VerticalVideo.objects.filter(pk=video_id).first()
    if film and step(film):
        give_hint(_task(), film.pk)


def render_whole(film: VerticalVideo) -> VerticalVideo:
    """In this process, to its end."""
    while step(film):
        pass
    film.refresh_from_db()
    return film


def waiting() -> list[int]:
    """One at a time: none while another is in somebody's hands."""
    return list(VerticalVideo.objects.waiting().order_by("asked_at").values_list("pk", flat=True))


def _task() -> Callable[..., object]:
    """By its name: the module of tasks stands above this one."""
    task: Callable[..., object] = current_app.tasks[TASK].delay
    return task
