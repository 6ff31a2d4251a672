"""A roster taken in is taken back as a whole, if nothing was built on it.

Nothing is deleted but ties of today that should not be: who was entered has left the ledger again,
who was changed is as before, and the history says so.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from studyhub.core.clock import BEIJING
from studyhub.people import groups
from studyhub.people.access import members_kept_whole_by
from studyhub.people.changes import BRANCHES, GROUPS, Act, noting_all
from studyhub.people.entries import DETAILS
from studyhub.people.locks import lock_member
from studyhub.people.models import LedgerChange, Member, User

ROW = (*(name for name in DETAILS if name != "name"), "confirmed_at")
TIES = (*BRANCHES.values(), GROUPS)
# Made by taking in, or by a look: no reason to keep somebody.
NOT_BUILT = frozenset({"branches", "groups", "ledger_changes", "views"})
MOST_NAMED = 5
_FIELDS: dict[str, Any] = {name: Member._meta.get_field(name) for name in ROW}


def as_it_stands(member: Member) -> dict[str, Any]:
    """The member's row and ties, to be put back; asked with the member locked."""
    row = Member.objects.values(*ROW).get(pk=member.pk)
    days = (date, datetime)
    plain = {n: v.isoformat() if isinstance(v, days) else v for n, v in row.items()}
    return {"row": plain, "ties": groups.days_of_ties(member)}


def obstacles(done: Mapping[str, Any], *, by: User) -> list[str]:
    """Why it cannot be undone, each in words; nothing where it can."""
    entered, changed = done["entered"], [int(pk) for pk in done["changed"]]
    members = Member.objects.in_bulk([*entered, *changed])
    kept = members_kept_whole_by(by).filter(pk__in=members).count()
    if kept < len(entered) + len(changed):
        return ["名单里有人已经合并、删除，或者不在您的管理范围内"]
    return [*_later_changes(members, done["last"]), *_built_on({*entered}, members)]


def _later_changes(members: Collection[int], last: int) -> Iterator[str]:
    later = LedgerChange.objects.filter(member__in=members, pk__gt=last).order_by("pk")
    for change in later.select_related("member", "changed_by")[:MOST_NAMED]:
        who = change.changed_by.get_full_name() if change.changed_by else "命令"
        when = f"{change.changed_at.astimezone(BEIJING):%m-%d %H:%M}"
        yield f"{change.member.name}后来又改过：{when} {who} {change.get_act_display()}"


def _built_on(entered: Collection[int], members: Mapping[int, Member]) -> Iterator[str]:
    """Of who was entered: a way in, records, codes, whatever refers to them."""
    for relation in Member._meta.related_objects:
        if relation.get_accessor_name() in NOT_BUILT:
            continue
        rows: QuerySet[Any] = relation.related_model._default_manager.all()
        field = relation.field.name
        found = rows.filter(**{f"{field}__in": entered}).values_list(field, flat=True)
        for pk in sorted(set(found))[:MOST_NAMED]:
            yield f"{members[pk].name}已经有{relation.related_model._meta.verbose_name}"
    for pk in entered:
        if members[pk].user_id:
            yield f"{members[pk].name}已经有账号了"


def undo(done: Mapping[str, Any], *, on: date, by: User) -> None:
    """Takes all of it back; to be asked after ``obstacles``, with the members locked."""
    _withdraw(done["entered"], on, by)
    for pk, stood in done["changed"].items():
        _put_back(Member.objects.get(pk=pk), stood, by)


def _withdraw(entered: Collection[int], on: date, by: User) -> None:
    reason = Member.EndReason.WITHDRAWN
    left = {"离开名册的日期": f"{on:%Y-%m-%d}", "离开原因": reason.label}
    notes = LedgerChange.objects.filter(member__in=entered, act=Act.ENTERED)
    LedgerChange.objects.bulk_create(
        LedgerChange(
            member_id=note.member_id,
            act=Act.UNDONE,
            before={name: note.after[name] for name in TIES if name in note.after},
            after=left,
            changed_by=by,
        )
        for note in notes
    )
    groups.withdraw_ties(entered)
    Member.objects.filter(pk__in=entered).update(ended_on=on, end_reason=reason)


def _put_back(member: Member, stood: Mapping[str, Any], by: User) -> None:
    with lock_member(member), noting_all(member, Act.UNDONE, by=by):
        for name, value in stood["row"].items():
            setattr(member, name, _FIELDS[name].to_python(value))
        member.save(update_fields=list(stood["row"]))
        groups.put_back_ties(member, stood["ties"])
