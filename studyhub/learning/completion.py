"""How a group stands: in name order, counts for all, a reason where somebody may need a hand."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Max, OuterRef, Q, Subquery, TextChoices
from django.utils import timezone

from content import catalogue
from studyhub.core.clock import today
from studyhub.core.json_rows import JsonRows
from studyhub.learning.help_reasons import RESTING_AFTER, Standing, reason_in_words, stuck_on
from studyhub.learning.models import LessonStatus, PlannedLesson, Progress, StudyPlan
from studyhub.learning.plans import (
    asked,
    plan_of_group,
    telling_day,
    unless_exempt,
)
from studyhub.learning.progress import STATUS
from studyhub.people import access
from studyhub.people.models import GroupMembership, Member, StudyGroup, User
from studyhub.records.models import DeviceCursor

FINISHED = LessonStatus.FINISHED
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

    ``marks`` are in the order of the plan's lessons. ``help_reason`` says in Chinese why a call may
    be welcome; it is never a verdict.
    """

    member: Member
    marks: list[LessonStatus]
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

    Five queries, and three more where somebody is stuck.

    Of a plan that is over: those of its last day, without whoever came later. Who has left the
    group is no longer its leader's to see (``people.access``). Exempt members are listed and leave
    every denominator.
    """
    plan = plan_of_group(group, plan_slug)
    planned = list(plan.planned.all())
    keys = [item.lesson_key for item in planned]
    titles = catalogue.titles(keys)
    wanted = set(asked(planned, titles))
    required = [(n, item) for n, item in enumerate(planned) if item in wanted]
    ties = _ties(group, plan)
    members = [tie.member for tie, _ in ties]
    standings = _standings(members, keys)
    stuck = stuck_on(keys, standings, titles)
    lines = [
        _line(
            tie, seen_at, required, titles, standings[tie.member_id], stuck.get(tie.member_id, "")
        )
        for tie, seen_at in ties
    ]
    return GroupCompletion(
        group=group,
        plan=plan,
        lessons=_columns(planned, required, titles, lines),
        members=lines,
        totals=Totals(
            members=len(members),
            finished=sum(line.finished for line in lines if not line.member.exempt_reason),
            required=sum(line.required for line in lines),
        ),
        as_of=timezone.now(),
    )


def _ties(group: StudyGroup, plan: StudyPlan) -> list[tuple[GroupMembership, datetime | None]]:
    """Ties of those who are told of, in name order, with when they were seen last."""
    ties = GroupMembership.objects.filter(group=group).in_force(today())
    then = GroupMembership.objects.filter(group=group).in_force(telling_day(plan))
    ties = ties.filter(member__in=then.values("member"))
    cursors = DeviceCursor.objects.filter(member=OuterRef("member")).values("member")
    seen_at = Subquery(cursors.annotate(at=Max("seen_at")).values("at"))
    seen = ties.select_related("member").annotate(last_seen_at=seen_at)
    return [(tie, tie.last_seen_at) for tie in seen.order_by("member__name_key", "member")]


def _standings(members: list[Member], keys: list[UUID]) -> dict[int, list[Standing]]:
    """By member, in the order of the lessons: keys of the plan are slow to look up by thousands.

    Of what is finished the key is all that matters: there is most of it.
    """
    rows = Progress.objects.filter(member__in=members).of_lessons(keys).values("member")
    finished, rests = Q(finished_at__isnull=False), Q(updated_at__lt=timezone.now() - RESTING_AFTER)
    columns = ("lesson_key", STATUS, "quiz_best", "quiz_attempts", rests)
    told = rows.annotate(
        done=JsonRows("lesson_key", filter=finished), others=JsonRows(*columns, filter=~finished)
    )
    place = {text: n for n, key in enumerate(keys) for text in (str(key), key.hex)}
    standings = {member.pk: [UNTOUCHED] * len(keys) for member in members}
    for member, done, others in told.values_list("member", "done", "others"):
        mine = standings[member]
        for (key,) in done:
            mine[place[key]] = DONE
        for key, *values in others:
            mine[place[key]] = _standing(*values)
    return standings


UNTOUCHED, DONE = Standing(), Standing(LessonStatus.FINISHED)  # neither needs a hand


def _standing(status: str, best: int | None, attempts: int, rests: bool) -> Standing:
    return Standing(LessonStatus(status), best, attempts, bool(rests))


def _line(
    tie: GroupMembership,
    last_seen_at: datetime | None,
    required: list[tuple[int, PlannedLesson]],
    titles: dict[UUID, tuple[str, str]],
    standings: list[Standing],
    stuck: str,
) -> MemberLine:
    """``required`` are the plan's required lessons, each with its place in the plan."""
    member = tie.member
    undone = [(item, standings[n]) for n, item in required if standings[n].status != FINISHED]
    return MemberLine(
        member=member,
        marks=[standing.status for standing in standings],
        finished=len(required) - len(undone),
        required=len(unless_exempt(member, required)),
        help_reason=reason_in_words(
            unless_exempt(member, undone),
            titles,
            never_came=last_seen_at is None and today() - tie.starts_on > SETTLING_IN,
            last_seen_at=last_seen_at,
            stuck=stuck,
        ),
        last_seen_at=last_seen_at,
    )


def _columns(
    planned: list[PlannedLesson],
    required: list[tuple[int, PlannedLesson]],
    titles: dict[UUID, tuple[str, str]],
    lines: list[MemberLine],
) -> list[LessonColumn]:
    places = {n for n, _ in required}
    gone = ("（已下架的课）", "")
    return [
        LessonColumn(
            lesson_key=item.lesson_key,
            title=titles.get(item.lesson_key, gone)[0],
            url=titles.get(item.lesson_key, gone)[1],
            due_on=item.due_on,
            required=n in places,
            finished_count=sum(line.marks[n] is FINISHED for line in lines),
        )
        for n, item in enumerate(planned)
    ]
