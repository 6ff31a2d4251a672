"""Writing study plans: the one module that does. What members did under a plan stays theirs."""

from dataclasses import dataclass
from datetime import date
from itertools import count
from uuid import UUID

from django.db import transaction
from wagtail.log_actions import log

from content import catalogue
from studyhub.core.errors import Conflict, Invalid
from studyhub.learning.models import PlannedLesson, StudyPlan
from studyhub.people.models import Branch, User

SAVED, PUBLISHED, TAKEN_BACK = (
    f"studyhub.study_plan.{act}" for act in ("saved", "published", "taken_back")
)


@dataclass(frozen=True)
class PlanLine:
    """A lesson as the plan asks for it; ``due_on`` is a day in Beijing."""

    lesson_key: UUID
    required: bool = True
    due_on: date | None = None


@dataclass(frozen=True)
class PlanText:
    """All that is written in a plan, its lessons in order, each once."""

    title: str
    branch: Branch
    starts_on: date
    ends_on: date
    lines: tuple[PlanLine, ...] = ()


def text_of(plan: StudyPlan) -> PlanText:
    """The plan as it is stored."""
    lines = (PlanLine(x.lesson_key, x.required, x.due_on) for x in plan.planned.all())
    return PlanText(plan.title, plan.branch, plan.starts_on, plan.ends_on, tuple(lines))


def next_season(plan: StudyPlan, title: str) -> tuple[PlanText, list[UUID]]:
    """The same for the time after it, as long, and the lessons left out since they are closed."""
    old = text_of(plan)
    later = (old.ends_on - old.starts_on) + date.resolution
    is_open = catalogue.titles([line.lesson_key for line in old.lines])
    lines = tuple(
        PlanLine(line.lesson_key, line.required, line.due_on and line.due_on + later)
        for line in old.lines
        if line.lesson_key in is_open
    )
    closed = [line.lesson_key for line in old.lines if line.lesson_key not in is_open]
    return PlanText(title, old.branch, old.starts_on + later, old.ends_on + later, lines), closed


def create_plan(text: PlanText, *, by: User) -> StudyPlan:
    """A draft: nobody sees it before it is published."""
    with transaction.atomic():
        plan = StudyPlan.objects.create(
            slug=_free_slug(text.starts_on),
            is_draft=True,
            title=text.title,
            branch=text.branch,
            starts_on=text.starts_on,
            ends_on=text.ends_on,
        )
        _put_lines(plan, text.lines)
        log(plan, SAVED, user=by)
    return plan


def _free_slug(day: date) -> str:
    plain = f"{day:%Y-%m}"
    taken = set(StudyPlan.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    tries = (plain if n == 1 else f"{plain}-{n}" for n in count(1))
    return next(slug for slug in tries if slug not in taken)


@transaction.atomic
def save_plan(plan: StudyPlan, text: PlanText, *, version: int, by: User) -> StudyPlan:
    """The plan says what ``text`` says. Raises Conflict ``plan_changed`` where somebody else saved
    after ``version`` was shown, Invalid for a published one that could not be published so."""
    plan = _locked(plan, version)
    if not plan.is_draft:
        _refuse_unfit(text)
    for name in ("title", "branch", "starts_on", "ends_on"):
        setattr(plan, name, getattr(text, name))
    _count_up(plan)
    _put_lines(plan, text.lines)
    log(plan, SAVED, user=by)
    return plan


@transaction.atomic
def publish_plan(plan: StudyPlan, *, version: int, by: User) -> None:
    """From now on those it concerns see it. Raises Invalid ``plan_empty``, ``lesson_closed``."""
    plan = _locked(plan, version)
    _refuse_unfit(text_of(plan))
    plan.is_draft = False
    _count_up(plan)
    log(plan, PUBLISHED, user=by)


@transaction.atomic
def take_back_plan(plan: StudyPlan, *, version: int, by: User) -> None:
    """A draft again; what was studied stays studied."""
    plan = _locked(plan, version)
    plan.is_draft = True
    _count_up(plan)
    log(plan, TAKEN_BACK, user=by)


def _locked(plan: StudyPlan, version: int) -> StudyPlan:
    plan = StudyPlan.objects.select_for_update().get(pk=plan.pk)
    if plan.version != version:
        raise Conflict(
            "plan_changed",
            "您打开以后，别人改过这个计划。下面还是您填的；"
            "请另开一页看看现在的，再决定按哪个保存。",
        )
    return plan


def _count_up(plan: StudyPlan) -> None:
    plan.version += 1
    plan.save()


def _refuse_unfit(text: PlanText) -> None:
    """Why it cannot be studied as it is."""
    if not text.lines:
        raise Invalid("plan_empty", "计划里还没有课。请搜一搜，加上至少一课再发布。")
    keys = [line.lesson_key for line in text.lines]
    is_open = catalogue.titles(keys)
    if closed := [key for key in keys if key not in is_open]:
        known = catalogue.names(closed)
        named = "、".join(known.get(key, "一课已经不在的课") for key in closed)
        raise Invalid("lesson_closed", f"这些课现在没有公开，学员打不开：{named}。请先把它们去掉。")


def _put_lines(plan: StudyPlan, lines: tuple[PlanLine, ...]) -> None:
    plan.planned.exclude(lesson_key__in=[line.lesson_key for line in lines]).delete()
    for position, line in enumerate(lines, 1):
        PlannedLesson.objects.update_or_create(
            plan=plan,
            lesson_key=line.lesson_key,
            defaults={"required": line.required, "due_on": line.due_on, "position": position},
        )
