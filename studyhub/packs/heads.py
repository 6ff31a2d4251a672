"""What changed since a phone last asked."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from studyhub.packs.models import PackHead


@dataclass(frozen=True)
class Heads:
    """``cursor`` is what to ask with next time; ``removed`` must leave the phone."""

    cursor: str
    current: list[PackHead]
    removed: list[UUID]


def heads_since(cursor: str, only: Collection[UUID] = ()) -> Heads:
    """Heads newer than ``cursor`` (empty, unknown or from before a restore: all of them).

    With ``only``, these lessons whatever the cursor: how a phone begins to keep one.
    """
    newest = PackHead.objects.order_by("-serial").first()
    if only:
        heads = PackHead.objects.filter(lesson_key__in=only)
    else:
        heads = PackHead.objects.since(_serial_of(cursor))
    withdrawn = PackHead.Change.WITHDRAWN
    rows = list(heads.order_by("serial"))
    return Heads(
        cursor=_cursor_of(newest) if newest else "",
        current=[head for head in rows if head.change != withdrawn],
        removed=[head.lesson_key for head in rows if head.change == withdrawn],
    )


def _cursor_of(head: PackHead) -> str:
    """The version beside the serial: a restored database may hand out the same serial again."""
    return f"{head.serial}-{(head.version or 'x')[:8]}"


def _serial_of(cursor: str) -> int:
    number, _, _ = cursor.partition("-")
    if not number.isdecimal() or len(number) > 18:
        return 0
    head = PackHead.objects.filter(serial=int(number)).first()
    if head is not None:
        return head.serial if _cursor_of(head) == cursor else 0
    newer = PackHead.objects.filter(serial__gt=int(number)).exists()
    return int(number) if newer else 0
