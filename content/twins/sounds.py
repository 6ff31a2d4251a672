"""The recording beside a twin: taken in, signed by its hash, played while it is still the same."""

from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from wagtailmedia.models import get_media_model

from content.media import Recording, recordings_of
from content.models import BlockTwin, OralHistory, RecordingSound
from content.recordings import sound_hash
from studyhub.core.errors import Conflict, Invalid

MOST_BYTES = 20 * 1024 * 1024
MOST_TITLE = 120


def keep_sound(file: Any, title: str, person: Any) -> Any:
    """The uploaded file as a recording of the library.

    Raises Invalid ``not_a_recording`` and ``recording_too_large``, Conflict ``told_story``.
    """
    if file.size > MOST_BYTES:
        detail = f"录音超过 {MOST_BYTES // 2**20} MB。请分段录，或者存成小一点的 .mp3、.m4a 再传。"
        raise Invalid("recording_too_large", detail)
    data = file.read()
    ending = _ending(data)
    _refuse_stories(data)
    content = ContentFile(data, name=f"mn{ending}")
    return get_media_model().objects.create(
        title=f"{title[:MOST_TITLE]}（蒙文）", type="audio", file=content, uploaded_by_user=person
    )


def _ending(data: bytes) -> str:
    """By its first bytes, whatever it is called: what every phone plays."""
    if data[4:8] == b"ftyp":
        return ".m4a"
    if data[:3] == b"ID3" or (data[:1] == b"\xff" and data[1:2] >= b"\xe0"):
        return ".mp3"
    raise Invalid("not_a_recording", "这个文件不是 .mp3 或 .m4a 录音，手机放不出来。请换一个再传。")


def _refuse_stories(data: bytes) -> None:
    """What somebody agreed to is asked for lessons; a twin is read aloud by a colleague."""
    digest = sound_hash(ContentFile(data))
    known = RecordingSound.objects.filter(sha256=digest).values_list("media_id", flat=True)
    if story := OralHistory.objects.filter(media_id__in=list(known)).first():
        detail = f"这段录音是{story}，要放在课里，不能当译文的录音。请换一段。"
        raise Conflict("told_story", detail)


def playable(twins: Iterable[BlockTwin]) -> dict[str, Recording]:
    """By block what readers may hear: the sound that was signed, while it is that."""
    of = {twin.sound_id: twin for twin in twins if twin.sound_id}
    if not of:
        return {}
    rows = RecordingSound.objects.filter(media_id__in=of)
    same = [row.media_id for row in rows if row.sha256 == of[row.media_id].sound_hash]
    return {of[number].block_id: one for number, one in recordings_of(same).items()}


def lessons_playing(media: Any) -> list[Any]:
    """The keys of lessons in which it is heard beside a signed twin."""
    twins = BlockTwin.objects.filter(state=BlockTwin.State.SIGNED, sound=media.pk)
    return [one.lesson_key for one in twins.prefetch_related("signatures") if one.is_signed()]
