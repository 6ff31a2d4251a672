"""Since when a twin is behind its Chinese block: noted whenever a lesson goes live.

Whether it is behind is never taken from the note: pages and the desk's screens compare hashes. The
note is for lists over all lessons, and says since when, which no hash tells.
"""

from typing import Any

from django.utils import timezone

from content.models import BlockTwin
from content.twins.sources import translatable


def note_freshness(page: Any) -> None:
    """Of the lesson as it is live now; safe to repeat: it keeps the time since when."""
    twins = list(BlockTwin.objects.of(page.translation_key).at_work())
    if not twins:
        return
    now = {unit.id: unit.hash for unit in translatable(page)}
    for twin in twins:
        _note(twin, now.get(twin.block_id, twin.source_hash))


def _note(twin: BlockTwin, current: str) -> None:
    """A block that is gone leaves its twin as it was: nobody has to write it anew."""
    stale = twin.source_hash != current
    if stale != (twin.stale_since is not None):
        twin.stale_since = timezone.now() if stale else None
        twin.save(update_fields=["stale_since"])
