"""The job: one scene a step, so that it goes on after a kill, and waits for nobody long."""

import hashlib
import logging
import time
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from wagtailmedia.models import get_media_model

from content.models import VerticalVideo
from content.signals import lesson_filmed
from content.videos import segments
from content.videos.painting import paint
from content.videos.pictures import file_hash, load_picture
from content.videos.plan import Plan
from content.videos.scenes import Scene
from content.videos.tools import ToolFailed, require_ffmpeg
from content.videos.voices import film_sound
from studyhub.core.errors import Conflict, FilesAway, Invalid, StudyhubError

logger = logging.getLogger(__name__)
MOST_SECONDS = 15 * 60  # what every platform takes at most
MOST_FAILURES = 3  # steps that ended without a word, beyond one for each scene
KEPT = timedelta(days=30)  # segments that nothing used, films that a newer one took the place of
COVER_QUALITY = 88


def vertical_video_of(page_id: int, revision_id: int) -> VerticalVideo | None:
    """The newest film that is done, of this revision (its number) of a lesson."""
    done = VerticalVideo.objects.done().filter(page_id=page_id, revision=revision_id)
    return done.order_by("asked_at", "pk").last()


def ask_for_film(plan: Plan, by: Any) -> VerticalVideo:
    """Safe to repeat: the same words and pictures are the same film. Raises StudyhubError."""
    require_ffmpeg()
    revision = _refuse(plan)
    scenes = [card.scene for card in plan.taken]
    key = _key_of(scenes)
    values = {
        "plan": [scene.to_json() for scene in scenes],
        "seconds": plan.seconds,
        "machine_voice": any(scene.machine_voice for scene in scenes),
        "asked_by": by,
        "asked_at": timezone.now(),
    }
    with transaction.atomic():
        same = {"page": plan.page, "revision": revision, "key": key}
        film, created = VerticalVideo.objects.get_or_create(**same, defaults=values)
        if not created:
            _ask_again(film, values)
    return film


def _ask_again(film: VerticalVideo, values: dict[str, Any]) -> None:
    """One that failed or whose file is gone is made anew; one that is waiting waits on."""
    is_there = film.state == film.State.DONE and default_storage.exists(film.file_name)
    if film.state == film.State.WAITING:
        return
    again = {"asked_by": values["asked_by"], "asked_at": values["asked_at"]}
    if not is_there:
        again |= {**values, "state": film.State.WAITING, "error": "", "tries": 0}
        again |= {"scenes_done": 0, "claimed_until": None}
    VerticalVideo.objects.filter(pk=film.pk).update(**again)
    film.refresh_from_db()


def _refuse(plan: Plan) -> int:
    if plan.revision is None:
        detail = "这一课还没有发布。视频只用三审通过、已经发布的课文，请先送审、发布。"
        raise Conflict("not_published", detail)
    if not plan.taken:
        raise Invalid("no_scenes", "没有一个镜头。请先从下面“没有用上的”里加几个。")
    if plan.seconds > MOST_SECONDS:
        raise Invalid("too_long", "视频最长 15 分钟，请去掉几个镜头。")
    if plan.waits_for_confirmation:
        detail = "有的镜头的话不是课文里删出来的，要有发布权限的另一位同事先确认。"
        raise Conflict("not_confirmed", detail)
    for number, card in enumerate(plan.taken, start=1):
        if card.problem:
            raise Invalid("bad_scene", _of_scene(number, card.scene, card.problem))
    return plan.revision


def _of_scene(number: int, scene: Scene, problem: str) -> str:
    return f"第 {number} 个镜头“{scene.words.splitlines()[0][:12]}”：{problem}"


def _key_of(scenes: Iterable[Scene]) -> str:
    parts = [f"{segments.key_of(s, file_hash(s.image_id))} {s.media_id} {s.start}" for s in scenes]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def step(film: VerticalVideo) -> bool:
    """The next scene, or the whole of them joined; whether there is more to do."""
    if not film.claim():
        return False
    try:
        if film.tries > len(film.plan) + MOST_FAILURES:
            detail = "做到一半停了几次，可能是机器的内存不够。请管理员看日志，再按“生成视频”。"
            raise Invalid("too_many_tries", detail)
        is_over = _one_step(film)
    except FilesAway:
        logger.warning("Film %s waits for the storage", film.pk, exc_info=True)
        return False  # the claim runs out, and the sweep comes back
    except StudyhubError as error:
        _fail(film, error.detail)
        return False
    except Exception:
        logger.exception("Film %s cannot be made", film.pk)
        _fail(film, "没有做成，原因在服务器的日志里。请管理员看过以后再按“生成视频”。")
        return False
    VerticalVideo.objects.filter(pk=film.pk).update(claimed_until=None)
    return not is_over


def _fail(film: VerticalVideo, detail: str) -> None:
    rows = VerticalVideo.objects.filter(pk=film.pk)
    rows.update(state=VerticalVideo.State.FAILED, error=detail[:500], claimed_until=None)


def _one_step(film: VerticalVideo) -> bool:
    scenes = [Scene.from_json(one) for one in film.plan]
    for number, scene in enumerate(scenes, start=1):
        key = segments.key_of(scene, file_hash(scene.image_id))
        if not segments.segment(key).exists():
            _make(number, scene, key)
            _note_progress(film, number)
            return False
    _finish(film, scenes)
    return True


def _make(number: int, scene: Scene, key: str) -> None:
    try:
        segments.make_segment(scene, key, load_picture(scene.image_id))
    except Invalid as error:
        raise Invalid(error.code, _of_scene(number, scene, error.detail)) from error
    except ToolFailed as error:
        logger.warning("ffmpeg refused scene %s: %s", number, error)
        detail = "这个镜头做不出来，请换一张图片，或者去掉这个镜头。原话在服务器的日志里。"
        raise Invalid("scene_failed", _of_scene(number, scene, detail)) from error


def _note_progress(film: VerticalVideo, number: int) -> None:
    VerticalVideo.objects.filter(pk=film.pk).update(scenes_done=number)


def _finish(film: VerticalVideo, scenes: list[Scene]) -> None:
    keys = [segments.key_of(scene, file_hash(scene.image_id)) for scene in scenes]
    with TemporaryDirectory(dir=segments.folder()) as name:
        place = Path(name)
        made = segments.join(keys, film_sound(scenes, place, _fetch), place)
        with made.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            _store(film.file_name, File(file))
        size = made.stat().st_size
    _store(film.cover_name, ContentFile(cover_of(scenes[0])))
    values = {"sha256": digest, "bytes": size, "scenes_done": len(scenes), "error": ""}
    rows = VerticalVideo.objects.filter(pk=film.pk)
    with transaction.atomic():
        rows.update(state=VerticalVideo.State.DONE, claimed_until=None, **values)
        key, revision = film.page.lesson_key, film.revision
        lesson_filmed.send(VerticalVideo, lesson_key=key, revision=revision)


def cover_of(scene: Scene) -> bytes:
    """The first scene as it stands."""
    out = BytesIO()
    whole = paint(scene, load_picture(scene.image_id)).whole
    whole.save(out, "JPEG", quality=COVER_QUALITY)
    return out.getvalue()


def _fetch(media_id: int, path: Path) -> None:
    media = get_media_model().objects.filter(pk=media_id).first()
    if media is None:
        raise FileNotFoundError(media_id)
    with media.file.open("rb") as file, path.open("wb") as out:
        copyfileobj(file, out)


def _store(name: str, data: Any) -> None:
    """A name is of what is in it; a file from before it was finished is written anew."""
    if default_storage.exists(name):
        default_storage.delete(name)
    default_storage.save(name, data)


def forget_old() -> None:
    """Segments that nothing used for a month, and films of revisions that are no more. Safe to
    repeat."""
    limit = time.time() - KEPT.total_seconds()
    for path in segments.folder().glob("*.mp4"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
    for film in VerticalVideo.objects.filter(asked_at__lt=timezone.now() - KEPT):
        newer = VerticalVideo.objects.done().filter(page=film.page_id, asked_at__gt=film.asked_at)
        if film.state != film.State.WAITING and newer.exists():
            _forget(film)


def forget_films(lesson_keys: Iterable[UUID]) -> None:
    """Of lessons in which somebody told who agrees no more: rows at once, files once that holds."""
    for film in VerticalVideo.objects.filter(page__translation_key__in=list(lesson_keys)):
        _forget(film)


def _forget(film: VerticalVideo) -> None:
    film.delete()
    if not VerticalVideo.objects.filter(key=film.key).exists():
        for name in (film.file_name, film.cover_name):
            transaction.on_commit(partial(default_storage.delete, name))
