"""What who leads a group, or keeps its ledger, does about a request to join it (decision 0032).

Whoever agrees has seen the request as it stands: two at once, and the second is told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from studyhub.core.clock import today
from studyhub.core.crypto import lookup_indexes
from studyhub.core.errors import Conflict, Invalid, NotFound
from studyhub.core.pinyin_order import initials, syllables
from studyhub.people import access
from studyhub.people.entries import enter_member
from studyhub.people.finding import Search
from studyhub.people.groups import join_group
from studyhub.people.models import Branch, JoinRequest, Member, StudyGroup, User
from studyhub.people.models.invites import JoinRequestQuerySet
from studyhub.people.models.members import MemberQuerySet
from studyhub.people.personal_codes import LAST_DIGITS, refuse_unfit

State = JoinRequest.State
MOST_SOUNDING = 200  # of one beginning, looked at for the same sound
MOST_SHOWN = 12
LET_IN = "同意了用加入申请登录"  # as the member reads it under "谁看过我的记录"


@dataclass(frozen=True)
class Match:
    """Somebody on the ledger who may be the one that asks, and why it looks so."""

    member: Member
    reasons: list[str]


def requests_of(group: StudyGroup) -> JoinRequestQuerySet:
    """All that are kept, in name order."""
    found = JoinRequest.objects.kept().filter(invite__group=group).by_name()
    return found.select_related("decided_by", "member")


def open_requests_for(user: access.Caller) -> JoinRequestQuerySet:
    """What waits in groups under branches whose ledger the caller keeps, in name order."""
    groups = access.study_groups_kept_by(user)
    found = JoinRequest.objects.open().filter(invite__group__in=groups).by_name()
    return found.select_related("invite__group__branch")


def request_for(user: access.Caller, group: StudyGroup, public_id: UUID) -> JoinRequest:
    """One of the group, which the caller was found to lead or keep; raises NotFound."""
    found = requests_of(group).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("request_not_found", "没有这个申请，或者过了三十天，已经删去了。")
    return found


def matches(asked: JoinRequest, members: MemberQuerySet) -> list[Match]:
    """Of ``members`` those who may be the one that asks, in name order."""
    members = members.select_related("user")
    alike = Q(phone_index__in=lookup_indexes(asked.phone)) | Q(name=asked.name)
    sounding = members.filter(name_initials=initials(asked.name)).by_name()[:MOST_SOUNDING]
    found = {member.pk: member for member in members.filter(alike).by_name()[:MOST_SHOWN]}
    sound = syllables(asked.name)
    found |= {one.pk: one for one in sounding if syllables(one.name) == sound}
    every = sorted(found.values(), key=lambda member: (member.name_key, member.pk))
    return [Match(member, _reasons(asked, member)) for member in every[:MOST_SHOWN]]


def others_named(text: str, asked: JoinRequest, members: MemberQuerySet) -> list[Match]:
    """Of ``members`` those found as in the list of the ledger, for who is called otherwise."""
    found = Search(text=text).among(members).select_related("user")[:MOST_SHOWN] if text else ()
    return [Match(member, _reasons(asked, member)) for member in found]


def _reasons(asked: JoinRequest, member: Member) -> list[str]:
    reasons = ["手机号一样"] if member.phone == asked.phone else []
    if member.name == asked.name:
        return [*reasons, "姓名一样"]
    return (
        [*reasons, "姓名读音一样"] if syllables(member.name) == syllables(asked.name) else reasons
    )


def approve(asked: JoinRequest, public_id: UUID | None, *, by: User, seen: str) -> JoinRequest:
    """The one who asks is this entry, which the caller may see; they study with the group.

    Whoever may let them in does so by this; else who leads the group does it next. Raises
    NotFound, Conflict ``decided``, ``no_phone``, ``no_code_for_office``.
    """
    known = access.members_to_match(by, asked.group)
    member = known.filter(public_id=public_id).first() if public_id else None
    if member is None:
        raise NotFound("member_not_found", "台账里没有这个人，或者不归您管，请重新选一位。")
    with _undecided(asked, seen) as row:
        _take_in(row, member, by)
    return row


def approve_new(asked: JoinRequest, home_id: UUID | None, *, by: User, seen: str) -> JoinRequest:
    """Somebody who is not on the ledger yet, entered by who keeps it; raises as ``approve``."""
    home: Branch | None = access.branches_kept_by(by).filter(public_id=home_id).first()
    if home is None or home.ended_on:
        raise Invalid("no_branch", "请选他所在的党组织。")
    with _undecided(asked, seen) as row:
        details = {"name": row.name, "phone": row.phone}
        member = enter_member(details=details, home=home, on=today(), by=by)
        _take_in(row, member, by)
    return row


def _take_in(row: JoinRequest, member: Member, by: User) -> None:
    if len(member.phone) < LAST_DIGITS:
        words = "台账里没有这位同志的手机号，请先补上，他才能登录。"
        raise Conflict("no_phone", words)
    if not row.group.memberships.in_force(today()).filter(member=member).exists():
        join_group(member=member, group=row.group, on=today(), by=by)
    row.member = member
    if access.may_let_in(by, member):
        access.note_views(by, [member], LET_IN)
        _decide(row, State.APPROVED, by)
        return
    if access.keeps_ledger(by) or row.group in access.groups_of(by):
        refuse_unfit(by, member)
    _decide(row, State.ENTERED, by)


def refer(asked: JoinRequest, *, by: User, seen: str) -> None:
    """To who keeps the ledger: the caller knows nobody in the group by that name."""
    with _undecided(asked, seen) as row:
        _decide(row, State.REFERRED, by)


def decline(asked: JoinRequest, reason: str, *, by: User, seen: str) -> None:
    """The requester reads why; raises Invalid ``no_reason``."""
    if not reason or reason not in JoinRequest.Reason.values:
        raise Invalid("no_reason", "请选一个原因，他会在自己的手机上看到。")
    with _undecided(asked, seen) as row:
        row.reason = reason
        _decide(row, State.DECLINED, by)


@contextmanager
def _undecided(asked: JoinRequest, seen: str) -> Iterator[JoinRequest]:
    """The request, locked, as the caller saw it; raises Conflict ``decided``."""
    with transaction.atomic():
        rows = JoinRequest.objects.select_for_update(of=("self",)).select_related("invite__group")
        row = rows.get(pk=asked.pk)
        if row.state != seen or row.state not in JoinRequest.OPEN:
            raise Conflict("decided", _told(row))
        yield row


def _told(row: JoinRequest) -> str:
    who = row.decided_by.get_full_name() if row.decided_by else "有人"
    return f"{who}刚才已经处理了这个申请（{row.get_state_display()}），请看过现在的情况再办。"


def _decide(row: JoinRequest, state: str, by: User) -> None:
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()
    row.save(update_fields=["state", "reason", "member", "decided_by", "decided_at"])
