"""Since when a twin is behind its Chinese block: noted whenever what is translated is another.

Whether it is behind is never taken from the note: pages and the desk's screens compare hashes. The
note is for lists over all lessons, and says since when, which no hash tells.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone

from content.models import BlockTwin
from content.models.twins import GONE
from content.twins.sources import translatable


def note_freshness(source: Any) -> None:
    """Of the page that is translated (``source_page``); safe to repeat: it keeps the time since
    when."""
    twins = list(BlockTwin.objects.of(source.translation_key).at_work())
    if not twins:
        return
    now = {unit.id: unit.hash for unit in translatable(source)}
    for twin in twins:
        _note(twin, _since(twin, now.get(twin.block_id)))


def _since(twin: BlockTwin, current: str | None) -> datetime | None:
    """A block that is gone makes nothing stale: nobody has to write it anew, nobody can sign it."""
    if current is None:
        return GONE
    if twin.source_hash == current:
        return None
    known = twin.stale_since
    return known if known and known != GONE else timezone.now()


def _note(twin: BlockTwin, since: datetime | None) -> None:
    if twin.stale_since != since:
        twin.stale_since = since
        twin.save(update_fields=["stale_since"])
