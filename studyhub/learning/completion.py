"""How a group stands: in name order, counts for all, a reason where somebody may need a hand."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.db.models import Max, TextChoices
from django.utils import timezone

from content import catalogue
from studyhub.core.clock import today
from studyhub.learning.help_reasons import Standing, reason_in_words, stuck_on
from studyhub.learning.models import LessonStatus, PlannedLesson, Progress, StudyPlan
from studyhub.learning.plans import (
    asked,
    plan_of_group,
    required_of,
    telling_day,
)
from studyhub.learning.progress import StatusColumns, status_of
from studyhub.people import access
from studyhub.people.models import GroupMembership, Member, StudyGroup, User
from studyhub.records.models import DeviceCursor

SETTLING_IN = timedelta(days=7)  # in the group before somebody is missed who never signed in


class LookedAt(TextChoices):
    """What a leader looked at, in the words its members read under "谁看过我的记录"."""

    SCREEN = "小组学习情况"
    FILE = "小组学习情况表（下载）"


@dataclass(frozen=True)
class LessonColumn:
    """One lesson of the plan; without an address where it has been taken down since.

    ``finished_count`` counts everybody who finished it, exempt members too.
    """

    lesson_key: UUID
    title: str
    url: str
    due_on: date | None
    required: bool
    finished_count: int


@dataclass(frozen=True)
class MemberLine:
    """One member of the group. ``finished`` and ``required`` count the plan's required lessons.

    ``help_reason`` says in Chinese why a call may be welcome; it is never a verdict.
    """

    member: Member
    statuses: dict[UUID, LessonStatus]
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
        """Rounded down; 0 where nothing is required."""
        return 100 * self.finished // self.required if self.required else 0


@dataclass(frozen=True)
class GroupCompletion:
    """How a group stands with one plan at ``as_of``; lines in name order, columns in the plan's."""

    group: StudyGroup
    plan: StudyPlan
    lessons: list[LessonColumn]
    members: list[MemberLine]
    totals: Totals
    as_of: datetime


def look_at_group(
    viewer: User, group_id: UUID, plan_slug: str | None = None, *, what: LookedAt = LookedAt.SCREEN
) -> GroupCompletion:
    """The group as its leader sees it; raises NotFound ``group_not_found`` and as ``look_at``."""
    return look_at(viewer, access.group_for(viewer, group_id), plan_slug, what=what)


def look_at(
    viewer: User, group: StudyGroup, plan_slug: str | None = None, *, what: LookedAt
) -> GroupCompletion:
    """A group that the viewer leads; page, file and API all look through here.

    Its members are told who looked and at ``what``: a file leaves the house, so it is told apart.
    Raises NotFound ``plan_not_found``; then nothing was seen or noted.
    """
    completion = group_completion(group, plan_slug)
    access.note_views(viewer, [line.member for line in completion.members], what)
    return completion


def group_completion(group: StudyGroup, plan_slug: str | None = None) -> GroupCompletion:
    """Members who studied with the plan and are still here, with their one record.

    Six queries, and three more where somebody is stuck.

    Of a plan that is over: those of its last day, without whoever came later. Who has left the
    group is no longer its leader's to see (``people.access``). Exempt members are listed and leave
    every denominator.
    """
    plan = plan_of_group(group, plan_slug)
    planned = list(plan.planned.all())
    titles = catalogue.titles([item.lesson_key for item in planned])
    joined = _joined(group, plan)
    members = list(joined)
    states = _states(members, [item.lesson_key for item in planned])
    seen = _last_seen(members)
    stuck = stuck_on(members, states, titles)
    lines = [
        _line(m, planned, titles, states[m.pk], seen.get(m.pk), joined[m], stuck.get(m.pk, ""))
        for m in members
    ]
    return GroupCompletion(
        group=group,
        plan=plan,
        lessons=_columns(planned, titles, lines),
        members=lines,
        totals=Totals(
            members=len(members),
            finished=sum(line.finished for line in lines if not line.member.exempt_reason),
            required=sum(line.required for line in lines),
        ),
        as_of=timezone.now(),
    )


def _joined(group: StudyGroup, plan: StudyPlan) -> dict[Member, date]:
    """Members in name order with the first day of their tie."""
    ties = GroupMembership.objects.filter(group=group).in_force(today())
    then = GroupMembership.objects.filter(group=group).in_force(telling_day(plan))
    ties = ties.filter(member__in=then.values("member"))
    ties = ties.select_related("member").order_by("member__name_key", "member")
    return {tie.member: tie.starts_on for tie in ties}


def _states(members: list[Member], keys: list[UUID]) -> dict[int, dict[UUID, Standing]]:
    states: dict[int, dict[UUID, Standing]] = defaultdict(partial(defaultdict, Standing))
    rows = Progress.objects.filter(member__in=members).of_lessons(keys)
    columns = ("member_id", "lesson_key", "quiz_best", "updated_at", *StatusColumns._fields)
    for member_id, key, best, moved_at, *values in rows.values_list(*columns):
        columns_of = StatusColumns(*values)
        standing = Standing(status_of(columns_of), best, columns_of.quiz_attempts, moved_at)
        states[member_id][key] = standing
    return states


def _last_seen(members: list[Member]) -> dict[int, datetime]:
    cursors = DeviceCursor.objects.filter(member__in=members).values("member")
    return {c["member"]: c["at"] for c in cursors.annotate(at=Max("seen_at"))}


def _line(
    member: Member,
    planned: list[PlannedLesson],
    titles: dict[UUID, tuple[str, str]],
    states: dict[UUID, Standing],
    last_seen_at: datetime | None,
    joined_on: date,
    stuck: str,
) -> MemberLine:
    statuses = {item.lesson_key: states[item.lesson_key].status for item in planned}
    done = {key for key, status in statuses.items() if status == LessonStatus.FINISHED}
    required = required_of(member, planned, titles)
    left = [item for item in required if item.lesson_key not in done]
    return MemberLine(
        member=member,
        statuses=statuses,
        finished=sum(item.lesson_key in done for item in asked(planned, titles)),
        required=len(required),
        help_reason=reason_in_words(
            left,
            states,
            titles,
            never_came=last_seen_at is None and today() - joined_on > SETTLING_IN,
            last_seen_at=last_seen_at,
            stuck=stuck,
        ),
        last_seen_at=last_seen_at,
    )


def _columns(
    planned: list[PlannedLesson], titles: dict[UUID, tuple[str, str]], lines: list[MemberLine]
) -> list[LessonColumn]:
    required = asked(planned, titles)
    gone = ("（已下架的课）", "")
    return [
        LessonColumn(
            lesson_key=item.lesson_key,
            title=titles.get(item.lesson_key, gone)[0],
            url=titles.get(item.lesson_key, gone)[1],
            due_on=item.due_on,
            required=item in required,
            finished_count=_finished_count(item.lesson_key, lines),
        )
        for item in planned
    ]


def _finished_count(lesson_key: UUID, lines: list[MemberLine]) -> int:
    return sum(line.statuses[lesson_key] == LessonStatus.FINISHED for line in lines)
