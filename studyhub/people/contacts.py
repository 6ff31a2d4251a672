"""Calls, messages and visits, written down; whose turn it is; the number behind the mask.

Who may is asked of ``people.access`` here, so that page, phone and API cannot forget it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from studyhub.core.errors import Conflict, Invalid, TooMany
from studyhub.people import access
from studyhub.people.models import Contact, Member, User

LOOKED_UP = "电话号码"  # as the member reads it under "谁看过我的记录"
MOST_NUMBERS = 60  # an hour and account: twice a group, and no way to carry off a ledger


@transaction.atomic
def look_up_phone(caller: User, member_id: UUID) -> tuple[Member, str]:
    """The whole number, for the call that is made now; the member is shown who asked for it.

    Raises NotFound for who is not led today, Invalid ``no_phone``, TooMany.
    """
    member = access.led_member(caller, member_id)
    if not member.phone:
        raise Invalid("no_phone", "台账里没有这位同志的手机号。问到以后请告诉组织部补上。")
    _count(caller)
    access.note_views(caller, [member], LOOKED_UP)
    return member, member.phone


def _count(caller: User) -> None:
    key = f"numbers:{caller.pk}:{timezone.now():%Y%m%d%H}"
    cache.add(key, 0, timeout=7200)
    if cache.incr(key) > MOST_NUMBERS:
        wait = 60 * (60 - timezone.now().minute)
        detail = f"一小时最多查 {MOST_NUMBERS} 个号码，请 {wait // 60} 分钟后再查。"
        raise TooMany("too_many_numbers", detail, retry_after=wait)


def note_contact(
    *,
    by: User,
    member_id: UUID,
    contact_id: UUID,
    way: str,
    outcome: str,
    next_step: str = "",
    at: datetime | None = None,
) -> tuple[Contact, bool]:
    """The contact, and whether it is new. Safe to repeat: the id was made with the form or phone.

    What was noted without a network comes late: it counts where the member was led on its day.
    Raises NotFound, Invalid ``bad_contact``, Conflict ``mismatch`` where the id says otherwise.
    """
    now = timezone.now()
    if not _known(way, outcome, next_step):
        raise Invalid("bad_contact", "这样的联系记录没有。请在名单里重新点一次。")
    # Asked before who may: what was taken in stays taken in when its writer leads nobody any more.
    known = Contact.objects.filter(pk=contact_id, by=by, member__public_id=member_id).first()
    member = known.member if known else access.led_member(by, member_id, at)
    said = {"member": member, "by": by, "way": way, "outcome": outcome, "next_step": next_step}
    values = {**said, "at": min(at or now, now)}
    found, created = Contact.objects.get_or_create(pk=contact_id, defaults=values)
    if not created and any(getattr(found, name) != value for name, value in said.items()):
        raise Conflict("mismatch", "同一标识先后记了两次不同的联系，已保留先收到的一次。")
    return found, created


def _known(way: str, outcome: str, next_step: str) -> bool:
    return (
        way in Contact.Way.values
        and outcome in Contact.Outcome.values
        and next_step in Contact.NextStep.values
    )


@dataclass(frozen=True)
class Touch:
    """How a member was kept in touch with: a measure of our service and of nobody's conduct."""

    last_at: datetime | None
    is_due: bool


def touch_of(members: Collection[Member]) -> dict[int, Touch]:
    """By member, whoever reached them; one query."""
    reached = Contact.objects.reached().filter(member__in=members)
    rows = reached.values("member").annotate(last=Max("at"))
    last = {row["member"]: row["last"] for row in rows}
    due_before = timezone.now() - timedelta(days=settings.CONTACT_RULE["days"])
    return {
        member.pk: Touch(at := last.get(member.pk), at is None or at < due_before)
        for member in members
    }
