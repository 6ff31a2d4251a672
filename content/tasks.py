from typing import Any

from celery import shared_task, signals

from content import draft_files, featured, files_in_use, missing_sources, recording_sounds, schedule
from content.models import QuestionUpload, WordUpload
from content.reviews.workflow import ensure_workflow
from content.videos import queue, rendering


@signals.worker_ready.connect(dispatch_uid="content.follow_review_levels", weak=False)
def follow_review_levels(**_: Any) -> None:
    """With the restart that reads another number of levels: what was live before there were any is
    signed as such, and each level has its step. Safe to repeat."""
    ensure_workflow()


@shared_task
def publish_scheduled() -> None:
    """Pages whose hour has come, and those whose time is over."""
    schedule.publish_and_expire()


@shared_task
def turn_the_day() -> None:
    """What the front page puts forward today."""
    featured.turn_the_day()


@shared_task
def look_at_all_files() -> None:
    """Pictures and recordings that readers do not get, and missing sources: their editors are
    told. Which recordings are the same sound, and which files stand in drafts alone."""
    recording_sounds.note_all_sounds()
    draft_files.note_all_draft_files()
    files_in_use.look_at_all_files()
    missing_sources.look_at_all_sources()


@shared_task
def forget_word_files() -> None:
    """What was uploaded or pasted and never made a draft of."""
    WordUpload.forget_old()
    QuestionUpload.forget_old()


@shared_task
def sweep_videos() -> None:
    """Films that nobody works on."""
    queue.sweep()


@shared_task
def forget_old_videos() -> None:
    """Segments and films that nothing uses."""
    rendering.forget_old()
