"""A member's lines on the ledger: entered, changed, exempt, ended. Nothing is ever deleted.

Each function notes what it changed (``people.changes``); ``by`` is whose act it is.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from studyhub.core.errors import Conflict
from studyhub.people import groups
from studyhub.people.changes import Act, note_details, note_entries, noting_all, shown_details
from studyhub.people.locks import lock_member
from studyhub.people.models import Branch, BranchMembership, Member, User

HOME = BranchMembership.Kind.HOME
CONTACT = ("phone", "host_place_code", "host_place_name", "trade", "return_month")
DETAILS = (*CONTACT, "name", "left_on")


@transaction.atomic
def enter_member(
    *, details: Mapping[str, Any], home: Branch, on: date, by: User | None = None
) -> Member:
    """Somebody new, at home in ``home`` from ``on``.

    Raises Conflict ``already_entered`` where somebody of this name has this number or this home.
    """
    name, phone = details["name"], details.get("phone", "")
    same = Member.objects.entries().standing().filter(name=name)
    here = same.filter(branches__branch=home, branches__ends_on=None)
    if here.exists() or (phone and same.with_phone(phone).exists()):
        words = "台账里已经有这个人（同名，手机号或党组织也一样），请先在列表里找一找。"
        raise Conflict("already_entered", words, field="name")
    member = Member.objects.create(**details, confirmed_at=timezone.now())
    groups.enter_branches([(member, home)], kind=HOME, on=on)
    note_entries([member], lambda _: {"所在党组织": f"{home}（{on:%Y-%m-%d} 起）"}, by=by)
    return member


def change_details(member: Member, changes: Mapping[str, Any], *, by: User | None = None) -> None:
    """Takes over ``DETAILS``, which counts as their confirmation; nothing else is written."""
    wanted = {name: changes[name] for name in DETAILS if name in changes}
    with lock_member(member) as locked:
        member = locked.member
        member.refresh_from_db()
        before = shown_details(member)
        for name, value in wanted.items():
            setattr(member, name, value)
        member.confirmed_at = timezone.now()
        member.save(update_fields=[*wanted, "confirmed_at"])
        note_details(member, Act.DETAILS, before, by=by)


def exempt_member(member: Member, reason: str, *, by: User | None = None) -> None:
    """No target applies for this class of reason; with none, one does again."""
    with lock_member(member) as locked:
        member = locked.member
        member.refresh_from_db()
        before = shown_details(member)
        member.exempt_reason = reason
        member.save(update_fields=["exempt_reason"])
        act = Act.EXEMPTED if reason else Act.EXEMPTION_ENDED
        note_details(member, act, before, by=by)


def end_entry(member: Member, *, reason: str, on: date, by: User | None = None) -> None:
    """The member's last day on the ledger is ``on``; all ties end with it, records stay.

    Raises Conflict ``leave_before_start`` where a tie had not begun, ``has_left``.
    """
    with lock_member(member) as locked, noting_all(locked.member, Act.ENDED, by=by):
        member = locked.member
        member.refresh_from_db()
        if member.ended_on:
            raise Conflict("has_left", f"这个人 {member.ended_on:%Y-%m-%d} 已经离开名册。")
        groups.end_ties(member, on=on)
        member.ended_on, member.end_reason = on, reason
        member.save(update_fields=["ended_on", "end_reason"])


def undo_end(member: Member, *, by: User | None = None) -> None:
    """The member is on the ledger again as if they had never left; raises Conflict ``not_left``."""
    with lock_member(member) as locked, noting_all(locked.member, Act.RETURNED, by=by):
        member = locked.member
        member.refresh_from_db()
        if member.ended_on is None:
            raise Conflict("not_left", "这个人在名册上，没有离开。")
        groups.reopen_ties(member, ended_on=member.ended_on)
        member.ended_on, member.end_reason = None, ""
        member.save(update_fields=["ended_on", "end_reason"])
