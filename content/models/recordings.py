"""What is heard in a recording, known by its bytes: the same sound uploaded again is the same."""

from collections.abc import Collection

from django.db import models


class RecordingSound(models.Model):
    """The sound of one file of the library, by its hash (``content.recordings.sound_hash``).

    No personal data.
    """

    wagtail_reference_index_ignore = True

    media = models.OneToOneField(
        "wagtailmedia.Media", on_delete=models.CASCADE, related_name="sound", primary_key=True
    )
    sha256 = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["sha256"], name="content_recordingsound_sha256")]

    def __str__(self) -> str:
        return f"{self.media_id} {self.sha256[:12]}"


def with_same_sound(media_ids: Collection[int]) -> set[int]:
    """These recordings, and all others in which the same is heard."""
    if not media_ids:
        return set()
    heard = RecordingSound.objects.filter(media_id__in=media_ids).values("sha256")
    same = RecordingSound.objects.filter(sha256__in=heard)
    return {*media_ids, *same.values_list("media_id", flat=True)}
