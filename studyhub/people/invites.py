"""Invites: a link by which people ask to join a group. It opens nothing by itself (decision 0032).

The code is shown once and kept as a digest; it ends by time, by number, or when somebody stops it.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from studyhub.core.crypto import lookup_index
from studyhub.core.errors import NotFound
from studyhub.people.models import Invite, StudyGroup, User
from studyhub.people.personal_codes import SIGNS, plain
from studyhub.people.sign_in_limits import INVITE, take_try

# Longer than a personal code, so that one address serves both; 59 bits, which nobody guesses.
LENGTH = 12
LASTS = timedelta(days=14)
USES = 60
OVER = "这个邀请现在用不了：可能写错了、过期了、停用了，或者人数满了。请向发给您的组长要一个新的。"


def make_invite(group: StudyGroup, *, by: User) -> Invite:
    """A new one beside those there are; ``spoken`` is readable on what is returned alone."""
    code, now = "".join(secrets.choice(SIGNS) for _ in range(LENGTH)), timezone.now()
    invite = Invite.objects.create(
        group=group,
        digest=lookup_index(code),
        made_by=by,
        made_at=now,
        expires_at=now + LASTS,
        uses_left=USES,
    )
    invite.spoken = code
    return invite


def invites_of(group: StudyGroup) -> QuerySet[Invite]:
    """Those still good, the newest first."""
    good = group.invites.good(timezone.now())
    return good.select_related("made_by").order_by("-made_at", "-pk")


def stop_invite(group: StudyGroup, public_id: UUID) -> None:
    """Nobody asks by it any more; requests there are stay. Safe to repeat."""
    group.invites.filter(public_id=public_id, stopped_at=None).update(stopped_at=timezone.now())


def is_invite(typed: str) -> bool:
    """Whether a code in the address is an invite's by its length, good or not."""
    return len(plain(typed)) == LENGTH


def invite_named(request: HttpRequest, typed: str) -> Invite:
    """The invite of a code. Whoever has a good one is never slowed, whatever others tried.

    Raises NotFound ``invite_over`` in the same words for every code that is not good, TooMany.
    """
    code = plain(typed)
    good = Invite.objects.good(timezone.now()).spelled(code)
    if found := good.select_related("group").first():
        return found
    take_try(request, code, INVITE)
    raise NotFound("invite_over", OVER)
