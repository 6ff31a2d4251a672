"""撤回我写的: a draft as it stood before somebody wrote in it, so that they may sign."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtailmedia.models import get_media_model

from content.models import BlockTwin

State = BlockTwin.State
MOST_BACK = 5  # turns of writers that are kept


def before_of(draft: BlockTwin) -> dict[str, Any]:
    """As it stands, for the day its next writer takes their words back."""
    return {
        "fields": draft.fields,
        "source_hash": draft.source_hash,
        "source": draft.source,
        "sound": draft.sound_id,
        "sound_hash": draft.sound_hash,
        "translator": draft.translator_id,
        "name": draft.name,
        "saved_at": draft.saved_at.isoformat(),
        "writers": sorted(draft.writers.values_list("pk", flat=True)),
        "before": _cut(draft.before, MOST_BACK - 1),
    }


def _cut(before: dict[str, Any] | None, left: int) -> dict[str, Any] | None:
    if before is None or left == 0:
        return None
    return {**before, "before": _cut(before["before"], left - 1)}


def put_back(draft: BlockTwin, chinese_hash: str) -> None:
    """What the last writer wrote is gone: the words of who wrote before, or no draft at all."""
    before = draft.before
    draft.version += 1
    if before is None:
        draft.state = State.DROPPED
        draft.save()
        return
    draft.fields, draft.source = before["fields"], before["source"]
    draft.source_hash, draft.name = before["source_hash"], before["name"]
    draft.sound = get_media_model().objects.filter(pk=before["sound"]).first()
    draft.sound_hash = before["sound_hash"] if draft.sound else ""
    known = get_user_model().objects.in_bulk([*before["writers"], before["translator"]])
    draft.translator, draft.before = known.get(before["translator"]), before["before"]
    draft.saved_at = datetime.fromisoformat(before["saved_at"])
    is_fresh = draft.source_hash == chinese_hash
    draft.stale_since = None if is_fresh else draft.stale_since or timezone.now()
    draft.save()
    draft.writers.set([one for number, one in known.items() if number in before["writers"]])
