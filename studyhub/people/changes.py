"""The history of the ledger: whoever changes a member's lines notes here what they changed.

Called by the functions of ``people`` that write, in the transaction in which they do.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from studyhub.people.models import (
    BranchMembership,
    GroupMembership,
    LedgerChange,
    Member,
    User,
)
from studyhub.people.models.members import mask_phone

Act = LedgerChange.Act
Shown = dict[str, str]  # fields by the name people read, each as people read it
GROUPS = "学习小组"
BRANCHES = {BranchMembership.Kind.HOME: "所在党组织", BranchMembership.Kind.HOST: "流入地党组织"}


def shown_details(member: Member) -> Shown:
    """The member's own row, without what is empty."""
    shown = {
        "姓名": member.name,
        "手机": mask_phone(member.phone) or (member.phone and "（太短）"),
        "现居地": member.host_place_name,
        "行业": member.get_trade_display(),
        "外出时间": _day(member.left_on),
        "预计返乡月份": member.return_month,
        "免除学习要求": member.get_exempt_reason_display() if member.exempt_reason else "",
        "离开名册的日期": _day(member.ended_on),
        "离开原因": member.get_end_reason_display() if member.end_reason else "",
    }
    return {name: text for name, text in shown.items() if text}


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def shown_tie(tie: BranchMembership | GroupMembership) -> str:
    """Where to and for how long: 鲁北镇党支部（2026-01-01 起）."""
    where = tie.group.name if isinstance(tie, GroupMembership) else tie.branch.name
    days = f"{tie.starts_on:%Y-%m-%d} 到 {tie.ends_on:%Y-%m-%d}" if tie.ends_on else ""
    return f"{where}（{days or f'{tie.starts_on:%Y-%m-%d} 起'}）"


def shown_ties(member: Member) -> dict[str, list[str]]:
    """All there ever were, by kind, the first first."""
    found: dict[str, list[str]] = {label: [] for label in (*BRANCHES.values(), GROUPS)}
    branches = member.branches.select_related("branch").order_by("starts_on", "pk")
    for tie in branches:
        found[BRANCHES[BranchMembership.Kind(tie.kind)]].append(shown_tie(tie))
    for study in member.groups.select_related("group").order_by("starts_on", "pk"):
        found[GROUPS].append(shown_tie(study))
    return found


@contextmanager
def noting_ties(member: Member, act: LedgerChange.Act, *, by: User | None) -> Iterator[None]:
    """Notes which ties are others after the block; nothing where none is."""
    before = shown_ties(member)
    yield
    after = shown_ties(member)
    note_change(member, act, _gone(before, after), _gone(after, before), by=by)


def _gone(these: dict[str, list[str]], those: dict[str, list[str]]) -> Shown:
    """What is in these and not in those."""
    gone = {label: [t for t in texts if t not in those[label]] for label, texts in these.items()}
    return {label: "；".join(texts) for label, texts in gone.items() if texts}


@contextmanager
def noting_all(member: Member, act: LedgerChange.Act, *, by: User | None) -> Iterator[None]:
    """As ``noting_ties``, with the member's own row as well."""
    ties, row = shown_ties(member), shown_details(member)
    yield
    now, new = shown_ties(member), shown_details(member)
    before, after = _differing(row, new), _differing(new, row)
    note_change(member, act, before | _gone(ties, now), after | _gone(now, ties), by=by)


def _differing(these: Shown, those: Shown) -> Shown:
    return {name: text for name, text in these.items() if those.get(name, "") != text}


def note_change(
    member: Member, act: LedgerChange.Act, before: Shown, after: Shown, *, by: User | None
) -> LedgerChange | None:
    """Writes the change down; nothing where nothing differs. ``by`` is None for a command."""
    if before == after:
        return None
    return LedgerChange.objects.create(
        member=member, act=act, before=before, after=after, changed_by=by
    )


def note_details(
    member: Member, act: LedgerChange.Act, before: Shown, *, by: User | None
) -> LedgerChange | None:
    """The same for the member's own row, which said ``before``."""
    after = shown_details(member)
    return note_change(member, act, _differing(before, after), _differing(after, before), by=by)


def note_entries(
    members: Iterable[Member], ties: Callable[[int], Shown], *, by: User | None
) -> None:
    """Members just entered, all at once; ``ties`` says where each belongs, by place in the list."""
    LedgerChange.objects.bulk_create(
        LedgerChange(
            member=member,
            act=Act.ENTERED,
            after=shown_details(member) | ties(place),
            changed_by=by,
        )
        for place, member in enumerate(members)
    )


def version_of(member: Member) -> int:
    """The last change there is, by which a form knows whether it shows the ledger as it is."""
    last = LedgerChange.objects.filter(member=member).order_by("-pk").values_list("pk", flat=True)
    return last.first() or 0
