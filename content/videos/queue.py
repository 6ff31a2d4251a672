"""Films at work: what a worker does with a hint, and what the sweep finds."""

from celery import shared_task

from content.models import VerticalVideo
from content.videos.rendering import step
from studyhub.core.hints import give_hint, hint_after_commit


def hint(film: VerticalVideo) -> None:
    hint_after_commit(render_video.delay, film.pk)


@shared_task
def render_video(video_id: int) -> None:
    """One scene; the next one is another task, behind whatever waits."""
    film = VerticalVideo.objects.filter(pk=video_id).first()
    if film and step(film):
        give_hint(render_video.delay, video_id)


def sweep() -> None:
    """Films whose hint was lost, or whose worker was killed."""
    for pk in VerticalVideo.objects.waiting().order_by("asked_at").values_list("pk", flat=True):
        render_video.delay(pk)


def render_whole(film: VerticalVideo) -> VerticalVideo:
    """In this process, to its end."""
    while step(film):
        pass
    film.refresh_from_db()
    return film
