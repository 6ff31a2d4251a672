"""What the ledger knows of the people, organisations and groups that a roster names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from studyhub.core.crypto import lookup_indexes
from studyhub.core.sheets.reading import text_of
from studyhub.core.spreadsheets import safe_cell
from studyhub.people.models import (
    Branch,
    BranchMembership,
    DatedTie,
    GroupMembership,
    Member,
    StudyGroup,
)
from studyhub.people.models.members import MemberQuerySet, mask_phone
from studyhub.people.roster.columns import Column
from studyhub.people.roster.values import organisation_key

Found = Mapping[Column, Any]
PLACES = frozenset({Column.HOME, Column.HOST, Column.GROUP})  # organisations and groups, by name
OTHERS_PHONE = "台账里这个手机号是另一个人的，请核对姓名和号码"
NEW = "new"  # chosen: nobody of the ledger
Places = Mapping[Column, Mapping[str, list[Any]]]  # each by ``organisation_key``


@dataclass(frozen=True)
class Known:
    """A member as the ledger has it on the day, each column as people read it."""

    member: Member
    shown: dict[Column, str]
    ties: dict[Column, list[DatedTie]]  # that hold on the day or later
    numbers: set[str]  # digests of the member's, those of entries merged into it included

    def same(self, column: Column, said: str) -> bool:
        """Whether the ledger says so too; a name of an organisation in any spelling, a number of
        any entry."""
        old = self.shown[column]
        if column is Column.PHONE:
            return bool(self.numbers & set(lookup_indexes(said)))
        if column in PLACES:
            return organisation_key(old) == organisation_key(said)
        return old == said

    @property
    def key(self) -> str:
        return self.shown[Column.KEY]

    @property
    def label(self) -> str:
        """By what people of one name are told apart."""
        phone = mask_phone(self.shown[Column.PHONE]) or "没有手机号"
        return f"{self.shown[Column.HOME] or '未写党组织'}，{phone}"

    def exported(self) -> dict[Column, str]:
        """Each cell as it is read back from our own export."""
        return {column: text_of(safe_cell(text)) for column, text in self.shown.items()}


@dataclass(frozen=True)
class Meant:
    """Who of the ledger a line is about, or nobody; or why that cannot be told, with what to do.

    Between ``candidates`` and somebody new whoever imports may choose.
    """

    known: Known | None = None
    doubt: str = ""
    candidates: Sequence[Known] = ()

    def chosen(self, choice: str) -> "Meant":
        if not self.candidates:
            return self
        known = next((one for one in self.candidates if one.key == choice), None)
        return replace(self, known=known, doubt="") if known or choice == NEW else self


@dataclass(frozen=True)
class Ledger:
    by_phone: dict[str, list[Known]]
    by_name: dict[str, list[Known]]
    places: Places
    by_key: Mapping[str, Known]

    @classmethod
    def about(cls, people: Iterable[Found], on: date, by_key: Mapping[str, Known]) -> Self:
        """Read once for the whole roster: the cost does not grow with the people of the ledger."""
        people = [one for one in people if Column.KEY not in one or Column.PHONE in one]
        by_phone, by_name = defaultdict(list), defaultdict(list)
        for known in _known(people, on):
            by_name[known.member.name].append(known)
            for number in known.numbers:
                by_phone[number].append(known)
        return cls(by_phone, by_name, read_places(), by_key)

    def missing(self, found: Found) -> list[str]:
        """The organisations and groups of this person that the ledger does not have."""
        return [name for name, known in self._named(found) if not known]

    def _named(self, found: Found) -> list[tuple[str, list[Any]]]:
        """Each organisation and group that is named, with what the ledger has of that name."""
        return [
            (found[column], table.get(organisation_key(found[column]), []))
            for column, table in self.places.items()
            if column in found
        ]

    def branches_of(self, found: Found) -> set[int]:
        """The branches that this person's line names, and those its group is under."""
        named = [one for _, known in self._named(found) for one in known]
        return {one.branch_id if isinstance(one, StudyGroup) else one.pk for one in named}

    def home_of(self, member: Member) -> str:
        """The name of the branch that somebody known comes from; empty where none is written."""
        same = (known for known in self.by_name.get(member.name, ()) if known.member == member)
        known = self.by_key.get(str(member.public_id)) or next(same, None)
        return known.shown[Column.HOME] if known else ""

    def person(self, found: Found) -> Meant:
        """Whom these cells are about."""
        if doubt := self._twice(found):
            return Meant(doubt=doubt)
        if Column.KEY in found:
            return self._by_key(found)
        name, phone = found[Column.NAME], found.get(Column.PHONE)
        with_phone = self._with_phone(phone) if phone else []
        if with_phone:
            same = [known for known in with_phone if known.member.name == name]
            return Meant(same[0]) if len(same) == 1 else Meant(doubt=OTHERS_PHONE)
        return self._by_name_alone(found)

    def _by_key(self, found: Found) -> Meant:
        known = self.by_key.get(found[Column.KEY])
        if known is None:
            return Meant(doubt="台账里没有这个台账编号，请清空这一格，按姓名和手机号核对")
        if found[Column.NAME] in (known.shown[Column.NAME], known.exported()[Column.NAME]):
            others = self._with_phone(found[Column.PHONE]) if Column.PHONE in found else []
            theirs = any(other.member != known.member for other in others)
            return Meant(doubt=OTHERS_PHONE) if theirs else Meant(known)
        words = f"台账编号是“{known.shown[Column.NAME]}”的：是同一个人改了名，请在“党员”里改"
        return Meant(doubt=f"{words}；是另一个人，请清空台账编号这一格")

    def _by_name_alone(self, found: Found) -> Meant:
        others = self.by_name.get(found[Column.NAME], [])
        home = found.get(Column.HOME)
        here = [known for known in others if home is None or known.same(Column.HOME, home)]
        if len(here) == 1 and self._may_be(here[0], found):
            return Meant(here[0])
        if not others or (Column.PHONE in found and not here):
            return Meant()
        where = "、".join(known.shown[Column.HOME] or "未写党组织" for known in others[:3])
        words = "分不清是不是同一个，请选一下，或补上手机号、所在党组织"
        return Meant(doubt=f"台账里有同名的人（{where}），{words}", candidates=others)

    @staticmethod
    def _may_be(known: Known, found: Found) -> bool:
        """One name in one organisation is one person, unless nothing else is said of it."""
        return Column.HOME in found or Column.PHONE not in found

    def _with_phone(self, phone: str) -> list[Known]:
        return [known for index in lookup_indexes(phone) for known in self.by_phone.get(index, [])]

    def _twice(self, found: Found) -> str:
        twice = next((name for name, known in self._named(found) if len(known) > 1), "")
        return twice and f"台账里有两个“{twice}”，请改成不同的名称再导入"


def read_places() -> Places:
    """The organisations and groups of the ledger, each found by any spelling of its name."""
    branches = by_key(Branch.objects.filter(ended_on=None))
    studying = by_key(StudyGroup.objects.select_related("branch"))
    return {Column.HOME: branches, Column.HOST: branches, Column.GROUP: studying}


def by_key(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Organisations or groups by what all spellings of a name have in common."""
    known = defaultdict(list)
    for one in rows:
        known[organisation_key(one.name)].append(one)
    return dict(known)


def known_by_key(keys: Iterable[str], among: MemberQuerySet, on: date) -> dict[str, Known]:
    """Those of ``among`` whom our export called so."""
    found = among.standing().filter(public_id__in=keys)
    return {one.key: one for one in known(found, on)}


def known(members: Iterable[Member], on: date) -> list[Known]:
    """These members as the ledger has them on the day, in their order."""
    members = list(members)
    ties = _ties([member.pk for member in members], on)
    return [_as_known(m, ties[m.pk], on, {m.phone_index} - {""}) for m in members]


def _known(people: list[Found], on: date) -> list[Known]:
    names = {found[Column.NAME] for found in people}
    phones = {
        index
        for found in people
        if Column.PHONE in found
        for index in lookup_indexes(found[Column.PHONE])
    }
    found = Member.objects.standing().select_related("merged_into")
    members = {m.pk: m for m in found.entries().filter(name__in=names)}
    numbers = {m: {m.phone_index} for m in members.values()}
    for one in found.filter(phone_index__in=phones):
        member = members.setdefault(one.merged_into_id or one.pk, one.merged_into or one)
        numbers.setdefault(member, {member.phone_index}).add(one.phone_index)
    ties = _ties(list(members), on)
    return [_as_known(m, ties[m.pk], on, numbers[m] - {""}) for m in members.values()]


def _ties(members: list[int], on: date) -> dict[int, dict[Column, list[DatedTie]]]:
    """To organisations and groups, on the day and later, by member."""
    found: dict[int, dict[Column, list[DatedTie]]] = defaultdict(lambda: defaultdict(list))
    kinds = {BranchMembership.Kind.HOME: Column.HOME, BranchMembership.Kind.HOST: Column.HOST}
    branches = BranchMembership.objects.touching(on, None).filter(member__in=members)
    for tie in branches.select_related("branch"):
        found[tie.member_id][kinds[BranchMembership.Kind(tie.kind)]].append(tie)
    studying = GroupMembership.objects.touching(on, None).filter(member__in=members)
    for study in studying.select_related("group"):
        found[study.member_id][Column.GROUP].append(study)
    return found


def name_of_tie(tie: Any) -> str:
    """Of the organisation or group at its other end."""
    return str(tie.group.name if isinstance(tie, GroupMembership) else tie.branch.name)


def _as_known(
    member: Member, ties: dict[Column, list[DatedTie]], on: date, numbers: set[str]
) -> Known:
    shown = {
        Column.NAME: member.name,
        Column.PHONE: member.phone,
        Column.PLACE: member.host_place_name,
        Column.TRADE: member.get_trade_display(),
        Column.LEFT_ON: f"{member.left_on:%Y-%m-%d}" if member.left_on else "",
        Column.RETURN_MONTH: member.return_month,
        Column.KEY: str(member.public_id),
    }
    for column in PLACES:
        names = [name_of_tie(tie) for tie in ties[column] if tie.starts_on <= on]
        shown[column] = names[-1] if names else ""
    return Known(member, shown, ties, numbers)
