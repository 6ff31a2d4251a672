"""台账统计: how many are on the ledger today, by where they belong, what they do, when they went.

Counts of people by their home branch, none of which tells about one or two: what is too small is
part of what stands above it. Screen and file are made of the same rows.

The branches are judged as one tree, whoever asks; every other table for itself. Tables of the same
people side by side are not judged together: which people two of them share stands nowhere.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from studyhub.core.clock import today
from studyhub.core.small_numbers import SMALLEST_SHOWN, safe_to_show
from studyhub.people import access
from studyhub.people.models import Branch, BranchMembership, Member
from studyhub.people.models.members import DatedQuerySet
from studyhub.people.places import place_name

ABOVE_ALL, ALL = "above", "all"
UNKNOWN = ""
NOT_WRITTEN = "没有写"
NOT_SHOWN = "不单列"
INDENT = "　"
Row = tuple[str | int, ...]
Parents = Mapping[str, str | None]


@dataclass(frozen=True)
class Table:
    """``rows`` as they stand on the screen and in the file, the head apart."""

    title: str
    head: tuple[str, ...]
    rows: list[Row]


@dataclass(frozen=True)
class LedgerReport:
    """``homeless``: on the ledger without a home branch today, in no table; None if too few."""

    day: date
    fresh_days: int
    tables: list[Table]
    homeless: int | None
    too_few: bool
    is_empty: bool

    @property
    def notes(self) -> list[str]:
        """What the figures are, in words: on the screen and in the file."""
        notes = [
            f"截至 {self.day:%Y 年 %m 月 %d 日}在册的人，按流出地党组织算。",
            f"信息更新率：最近 {self.fresh_days} 天内登记、改过或确认过资料的人占多少。",
            f"不到 {SMALLEST_SHOWN} 个人的，或者能从别的数减出来的，不单列，只算在上一级和合计里。",
        ]
        if self.too_few and not self.is_empty:
            notes.append("您这里的人太少，不分行业、流入地和月份来列。")
        if self.homeless:
            notes.append(f"另有 {self.homeless} 人在册，今天不属于任何党组织，没有算在表里。")
        return notes


@dataclass(frozen=True)
class _Counts:
    """By node of a tree: people of the node itself, and those confirmed lately."""

    people: Counter[str]
    fresh: Counter[str]

    @classmethod
    def of(
        cls, counted: Iterable[tuple[Any, ...]], node: Callable[[Any], str] = str, at: int = 0
    ) -> "_Counts":
        counts = cls(Counter(), Counter())
        for *values, people, fresh in counted:
            counts.people[node(values[at])] += people
            counts.fresh[node(values[at])] += fresh
        return counts

    def with_below(self, parents: Parents) -> "_Counts":
        """Each with everything below it; ``parents`` names a parent before its children."""
        whole = _Counts(Counter(self.people), Counter(self.fresh))
        for node, parent in reversed(list(parents.items())):
            if parent is not None:
                whole.people[parent] += whole.people[node]
                whole.fresh[parent] += whole.fresh[node]
        return whole

    def row(self, label: str, node: str) -> Row:
        people, fresh = self.people[node], self.fresh[node]
        return (label, people, fresh, f"{100 * fresh // people}%" if people else "")


def ledger_report(user: access.Caller) -> LedgerReport:
    """All tables of what the caller keeps; eight queries at most, whatever there is."""
    kept = None if access.keeps_ledger(user) else access.kept_branches(user)
    tree = _tree_around(kept)
    parents = _branch_parents(tree)
    counts = _Counts.of(_counted(_homes(kept and tree), "branch__path"))
    shown = safe_to_show(parents, counts.people, SMALLEST_SHOWN)
    mine = tree if kept is None else kept
    too_few = not _tops(mine) <= shown
    tables = [_branches(mine, counts.with_below(parents), shown)] if mine else []
    return LedgerReport(
        day=today(),
        fresh_days=settings.LEDGER_FRESH_DAYS,
        tables=tables if too_few else tables + _others(_homes(kept)),
        homeless=_homeless() if kept is None else None,
        too_few=too_few,
        is_empty=not any(counts.people[one.path] for one in mine),
    )


def _homes(branches: list[Branch] | None) -> DatedQuerySet[BranchMembership]:
    """Ties of today to a home branch, one for each person; of all branches where none are given."""
    homes = BranchMembership.objects.in_force(today()).filter(
        kind=BranchMembership.Kind.HOME, member__merged_into=None
    )
    return homes if branches is None else homes.filter(branch__in=[one.pk for one in branches])


def _counted(homes: Any, *by: str) -> Iterable[tuple[Any, ...]]:
    """(values, people, those confirmed lately) for all values there are."""
    since = timezone.now() - timedelta(days=settings.LEDGER_FRESH_DAYS)
    fresh = Count("pk", filter=Q(member__confirmed_at__gte=since))
    return homes.order_by().values_list(*by).annotate(people=Count("pk"), fresh=fresh)


def _tree_around(kept: list[Branch] | None) -> list[Branch]:
    """The whole trees in which these lie; without any given, all there are."""
    branches = Branch.objects.order_by("path")
    if kept is None:
        return list(branches)
    roots = {one.path[: Branch.steplen] for one in kept}
    return [one for one in branches if one.path[: Branch.steplen] in roots] if roots else []


def _branch_parents(tree: list[Branch]) -> Parents:
    above = {one.path: one.path[: -Branch.steplen] or ALL for one in tree}
    return {ABOVE_ALL: None, ALL: ABOVE_ALL, **above}


def _tops(branches: list[Branch]) -> set[str]:
    paths = {one.path for one in branches}
    return {path for path in paths if path[: -Branch.steplen] not in paths}


def _branches(branches: list[Branch], counts: _Counts, shown: set[str]) -> Table:
    """Each with everything below it; whose counts are not shown is named all the same."""
    least = min(one.depth for one in branches)
    rows = []
    for one in branches:
        if one.ended_on and not counts.people[one.path]:
            continue
        label = INDENT * (one.depth - least) + one.name
        hidden: Row = (label, NOT_SHOWN, NOT_SHOWN, "")
        rows.append(counts.row(label, one.path) if one.path in shown else hidden)
    return Table("党组织", _head("党组织（含下级）"), rows)


def _others(homes: Any) -> list[Table]:
    trades = dict(Member.Trade.choices)
    trades_and_returns = list(_counted(homes, "member__trade", "member__return_month"))
    by_trade = _Counts.of(trades_and_returns)
    by_return = _Counts.of(trades_and_returns, at=1)
    by_place = _Counts.of(_counted(homes, "member__host_place_code"), _place)
    left = _counted(homes.annotate(month=TruncMonth("member__left_on")), "month")
    by_left = _Counts.of(left, lambda day: f"{day:%Y-%m}" if day else UNKNOWN)
    order = [trade for trade in trades if trade in by_trade.people]
    return [
        _flat("行业", by_trade, order, lambda trade: trades[trade]),
        _places(by_place),
        _flat("外出月份", by_left, _latest_first(by_left), _month),
        _flat("预计返乡月份", by_return, _latest_first(by_return), _month),
    ]


def _latest_first(counts: _Counts) -> list[str]:
    return sorted(counts.people, reverse=True)


def _flat(title: str, counts: _Counts, order: list[str], name: Callable[[str], str]) -> Table:
    return _nested(title, counts, dict.fromkeys(order, ALL), name)


def _places(counts: _Counts) -> Table:
    """Provinces in the order of their codes, under each its cities."""
    cities = sorted(code for code in counts.people if code != UNKNOWN)
    provinces = sorted({f"{code[:2]}0000" for code in cities})
    parents = {}
    for province in provinces:
        parents[province] = ALL
        below = [code for code in cities if code[:2] == province[:2] and code != province]
        parents.update(dict.fromkeys(below, province))
    if UNKNOWN in counts.people:
        parents[UNKNOWN] = ALL
    return _nested("流入地", counts, parents, lambda code: place_name(code) or NOT_WRITTEN)


def _nested(
    title: str, counts: _Counts, below: Mapping[str, str], name: Callable[[str], str]
) -> Table:
    """The sum of all first, then whatever is large enough; the rest is in what stands above it."""
    parents: Parents = {ABOVE_ALL: None, ALL: ABOVE_ALL, **below}
    shown = safe_to_show(parents, counts.people, SMALLEST_SHOWN)
    whole = counts.with_below(parents)
    rows = [whole.row("合计", ALL)] if ALL in shown else []
    for node, parent in below.items():
        if node in shown:
            label = (INDENT if parent == ALL else INDENT * 2) + (
                name(node) if node else NOT_WRITTEN
            )
            rows.append(whole.row(label, node))
    return Table(title, _head(title), rows)


def _head(first: str) -> tuple[str, ...]:
    return (first, "人数", f"{settings.LEDGER_FRESH_DAYS} 天内确认过", "信息更新率")


def _place(code: str) -> str:
    """The city of a county; the province of a place that is known no nearer; or nowhere."""
    if code[2:4] == "90" and place_name(code):
        return code  # counties that lie in no prefecture
    city = f"{code[:4]}00"
    if not place_name(f"{code[:2]}0000"):
        return UNKNOWN
    return city if place_name(city) else f"{code[:2]}0000"


def _month(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year} 年 {int(number)} 月" if number.isdecimal() else month


def _homeless() -> int | None:
    """Whoever keeps all is told of those that no table counts, where they are more than a few."""
    homes = _homes(None).filter(member=OuterRef("pk"))
    listed = Member.objects.entries().filter(Q(ended_on=None) | Q(ended_on__gte=today()))
    count = listed.exclude(Exists(homes)).count()
    return count if count >= SMALLEST_SHOWN else None
