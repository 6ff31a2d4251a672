"""A roster is taken in by a worker while whoever asked for it is shown how far it is.

The row is the job (decision 0003). All of it is one transaction: a worker that dies in the middle
leaves nothing, and the next takes all of it in. Its lock is the claim, so no two work at it.
"""

import logging
from dataclasses import dataclass
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from studyhub.core.clock import beijing_day
from studyhub.core.errors import StudyhubError
from studyhub.people.access import keeps_branches
from studyhub.people.models import RosterUpload, User
from studyhub.people.models.rosters import RosterUploadQuerySet
from studyhub.people.roster.uploads import refuse_gone, take_upload

logger = logging.getLogger(__name__)

MOST_TRIES = 3
TOLD_EVERY = 50  # lines
_NOT_ALLOWED = "要求写进台账的账号已经不管台账了，什么也没有改。请现在管台账的人重新上传。"
_TOO_LONG = "写得太久，停下了，什么也没有改。请把花名册分成几份，一份一份地写。"
_BROKEN = "写的时候出了错，什么也没有改。请再写一次；还是不行，就请管理员看系统检查和日志。"


@dataclass(frozen=True)
class Progress:
    """Lines that were gone through, of all; nothing is in the ledger before the last."""

    done: int
    lines: int

    @property
    def percent(self) -> int:
        return 100 * self.done // self.lines if self.lines else 0


@transaction.atomic
def ask_to_take(upload: RosterUpload, *, by: User) -> bool:
    """Whether that was news: a second press changes nothing. Raises Conflict ``roster_gone``."""
    upload.refresh_from_db(from_queryset=RosterUpload.objects.select_for_update())
    if upload.is_being_taken or upload.taken_in_at:
        return False
    refuse_gone(upload)
    upload.asked_at, upload.asked_by, upload.started_at = timezone.now(), by, None
    upload.tries, upload.problem = 0, ""
    upload.save(update_fields=["asked_at", "asked_by", "started_at", "tries", "problem"])
    return True


def run(public_id: UUID) -> None:
    """Takes it in, or writes down why not. Safe to repeat, late, and twice at once."""
    asked = RosterUpload.objects.asked().filter(public_id=public_id)
    try:
        if _take_up(asked):
            _take(asked)
    except StudyhubError as error:
        asked.update(problem=error.detail[:200])
    except SoftTimeLimitExceeded:
        asked.update(problem=_TOO_LONG)
    except Exception:
        logger.exception("The roster %s cannot be taken in", public_id)
        asked.update(problem=_BROKEN)


@transaction.atomic
def _take_up(asked: RosterUploadQuerySet) -> bool:
    """Whether there is something to do: what another worker holds is left to it."""
    upload = asked.select_for_update(skip_locked=True).first()
    if upload is None:
        return False
    if upload.tries == MOST_TRIES:  # workers died of it, one after the other
        upload.problem = _BROKEN
    else:
        upload.started_at, upload.tries = timezone.now(), upload.tries + 1
    upload.save(update_fields=["problem", "started_at", "tries"])
    return not upload.problem


@transaction.atomic
def _take(asked: RosterUploadQuerySet) -> None:
    upload = asked.select_for_update(skip_locked=True).first()
    if upload is None or upload.asked_at is None:  # done meanwhile, or with another worker
        return
    by = upload.asked_by
    if by is None or not keeps_branches(by):
        asked.update(problem=_NOT_ALLOWED)
        return

    def tell(done: int, lines: int) -> None:
        if done % TOLD_EVERY == 0:
            caches["shared"].set(_key(upload), (done, lines), timeout=3600)

    take_upload(upload, on=beijing_day(upload.asked_at), by=by, tell=tell)


def progress_of(upload: RosterUpload) -> Progress | None:
    """How far the worker is; None as long as none has read the file."""
    told = caches["shared"].get(_key(upload)) if upload.started_at else None
    return Progress(*told) if told else None


def _key(upload: RosterUpload) -> str:
    """Of this try alone: who asks again begins anew."""
    asked = upload.asked_at.timestamp() if upload.asked_at else ""
    return f"roster-{upload.public_id}-{asked}-{upload.tries}"
