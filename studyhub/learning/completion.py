"""How a group stands: in name order, counts for all, a reason where somebody may need a hand."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils import timezone

from content import catalogue
from studyhub.core.clock import today
from studyhub.learning.models import PlannedLesson, Progress, StudyPlan
from studyhub.learning.plans import running_plan
from studyhub.learning.progress import FINISHED, NOT_STARTED, STANDING, Standing, status_of
from studyhub.people.models import Branch, GroupMembership, Member, StudyGroup
from studyhub.records.models import DeviceCursor

SILENT_AFTER = timedelta(days=30)
DUE_SOON = timedelta(days=7)


@dataclass(frozen=True)
class LessonColumn:
    lesson_key: UUID
    title: str
    url: str
    due_on: date | None
    required: bool
    finished_count: int


@dataclass(frozen=True)
class MemberLine:
    """One member of the group. ``help_reason`` says why a call may be welcome; it is never a
    verdict."""

    member: Member
    statuses: dict[UUID, str]
    finished: int
    required: int
    help_reason: str | None
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Totals:
    """``finished`` of ``required`` pairs of member and required lesson; exempt members left out."""

    members: int
    finished: int
    required: int

    @property
    def percent(self) -> int:
        return 100 * self.finished // self.required if self.required else 0


@dataclass(frozen=True)
class GroupCompletion:
    group: StudyGroup
    plan: StudyPlan
    lessons: list[LessonColumn]
    members: list[MemberLine]
    totals: Totals
    as_of: datetime


def group_completion(group: StudyGroup, plan_slug: str | None = None) -> GroupCompletion:
    """Members in the group today, with their one record wherever they studied; six queries.

    Exempt members (2019 regulation, art. 23) are listed and leave every denominator.
    """
    plan = running_plan(group, plan_slug)
    planned = list(plan.planned.all())
    ties = GroupMembership.objects.in_force(today()).filter(group=group)
    ties = ties.select_related("member").order_by("member__name", "member")
    joined = {tie.member: tie.starts_on for tie in ties}
    members = list(joined)
    states = _states(members, [item.lesson_key for item in planned])
    seen = _last_seen(members)
    lines = [_line(m, planned, states[m.pk], seen.get(m.pk), joined[m]) for m in members]
    return GroupCompletion(
        group=group,
        plan=plan,
        lessons=_columns(planned, lines),
        members=lines,
        totals=Totals(
            members=len(members),
            finished=sum(line.finished for line in lines if not line.member.exempt_reason),
            required=sum(line.required for line in lines),
        ),
        as_of=timezone.now(),
    )


def _states(members: list[Member], keys: list[UUID]) -> dict[int, dict[UUID, str]]:
    states: dict[int, dict[UUID, str]] = defaultdict(dict)
    rows = Progress.objects.filter(member__in=members).of_lessons(keys)
    for member_id, key, *standing in rows.values_list("member_id", "lesson_key", *STANDING):
        states[member_id][key] = status_of(Standing(*standing))
    return states


def _last_seen(members: list[Member]) -> dict[int, datetime]:
    cursors = DeviceCursor.objects.filter(member__in=members).values("member")
    return {c["member"]: c["at"] for c in cursors.annotate(at=Max("seen_at"))}


def _line(
    member: Member,
    planned: list[PlannedLesson],
    states: Mapping[UUID, str],
    last_seen_at: datetime | None,
    joined_on: date,
) -> MemberLine:
    statuses = {item.lesson_key: states.get(item.lesson_key, NOT_STARTED) for item in planned}
    required = [item for item in planned if item.required]
    finished = sum(statuses[item.lesson_key] == FINISHED for item in required)
    line = MemberLine(
        member=member,
        statuses=statuses,
        finished=finished,
        required=0 if member.exempt_reason else len(required),
        help_reason=None,
        last_seen_at=last_seen_at,
    )
    reason = None if member.exempt_reason else _help_reason(line, required, joined_on)
    return MemberLine(**{**line.__dict__, "help_reason": reason})


def _help_reason(line: MemberLine, required: list[PlannedLesson], joined_on: date) -> str | None:
    """Why a friendly call may help, most telling first; None when nothing speaks for it."""
    open_items = [i for i in required if line.statuses[i.lesson_key] != FINISHED]
    if not open_items:
        return None
    overdue = sum(bool(i.due_on and i.due_on < today()) for i in open_items)
    if line.last_seen_at is None and today() - joined_on > DUE_SOON:
        return "还没有登录学习过，可能不会用或没有手机"
    if line.last_seen_at and timezone.now() - line.last_seen_at > SILENT_AFTER:
        days = (timezone.now() - line.last_seen_at).days
        return f"已有 {days} 天没有联网同步，可能换了手机或没有信号"
    if overdue:
        begun = any(line.statuses[i.lesson_key] != NOT_STARTED for i in open_items)
        tail = "，已经开始学" if begun else ""
        return f"有 {overdue} 课过了计划时间{tail}"
    return None


def _columns(planned: list[PlannedLesson], lines: list[MemberLine]) -> list[LessonColumn]:
    titles = catalogue.titles([item.lesson_key for item in planned])
    gone = ("（已下架的课）", "")
    return [
        LessonColumn(
            lesson_key=item.lesson_key,
            title=titles.get(item.lesson_key, gone)[0],
            url=titles.get(item.lesson_key, gone)[1],
            due_on=item.due_on,
            required=item.required,
            finished_count=sum(line.statuses[item.lesson_key] == FINISHED for line in lines),
        )
        for item in planned
    ]


@dataclass(frozen=True)
class BranchLine:
    """Counts for one branch with everything below it; no names. ``None`` where fewer than 3
    people."""

    branch: Branch
    members: int | None
    reached: int | None
    finished: int | None
    required: int | None

    @property
    def percent(self) -> int | None:
        if self.finished is None or not self.required:
            return None
        return 100 * self.finished // self.required


SMALLEST_SHOWN = 3  # people; counts of fewer would tell about persons


def branch_summary(branch: Branch, plan_slug: str | None = None) -> list[BranchLine]:
    """Counts by child of the branch; without children, of the branch itself. Home branches count.

    ``reached``: members who began any lesson. ``finished`` of ``required``: pairs of a member and a
    required lesson of the plan.
    """
    plan = _plan_of_branch(branch, plan_slug)
    keys = list(
        plan.planned.filter(required=True).values_list("lesson_key", flat=True) if plan else []
    )
    children = list(branch.get_children()) or [branch]
    return [_branch_line(child, keys) for child in children]


def _plan_of_branch(branch: Branch, slug: str | None) -> StudyPlan | None:
    plans = StudyPlan.objects.for_branch(branch)
    plans = plans.filter(slug=slug) if slug else plans.running(today())
    return plans.order_by("ends_on", "pk").first()


def _branch_line(branch: Branch, keys: list[UUID]) -> BranchLine:
    day = today()
    members = Member.objects.filter(
        Q(branches__ends_on__isnull=True) | Q(branches__ends_on__gte=day),
        branches__starts_on__lte=day,
        branches__kind="home",
        branches__branch__path__startswith=branch.path,
    )
    counted = members.filter(exempt_reason="")
    total = members.count()
    if total < SMALLEST_SHOWN:
        return BranchLine(branch, None, None, None, None)
    finished = Progress.objects.finished().filter(member__in=counted).of_lessons(keys).count()
    reached = Progress.objects.filter(member__in=members).aggregate(
        reached=Count("member", distinct=True)
    )["reached"]
    return BranchLine(branch, total, reached, finished, counted.count() * len(keys))
