"""Which lessons a member or a group is asked to study."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from content import catalogue
from content.catalogue import LessonCard
from studyhub.core.clock import today
from studyhub.core.errors import NotFound
from studyhub.learning.models import StudyPlan
from studyhub.learning.progress import LessonProgress, progress_of
from studyhub.people.models import Branch, GroupMembership, Member, StudyGroup


@dataclass(frozen=True)
class AssignedLesson:
    """One planned lesson as its learner sees it; ``due_on`` is a day in Beijing."""

    card: LessonCard
    plan_slug: str
    plan_title: str
    due_on: date | None
    required: bool
    progress: LessonProgress


def plans_of(member: Member, day: date | None = None) -> list[StudyPlan]:
    """Running plans of every branch the member studies or belongs in, each once."""
    day = day or today()
    plans: dict[int, StudyPlan] = {}
    for branch in _branches_of(member, day):
        for plan in StudyPlan.objects.running(day).for_branch(branch):
            plans[plan.pk] = plan
    return sorted(plans.values(), key=lambda plan: (plan.ends_on, plan.pk))


def _branches_of(member: Member, day: date) -> list[Branch]:
    ties = GroupMembership.objects.in_force(day).filter(member=member)
    groups = Branch.objects.filter(groups__memberships__in=ties)
    own = Branch.objects.filter(memberships__in=member.branches.in_force(day))
    return list({branch.pk: branch for branch in [*groups, *own]}.values())


def assigned_lessons(member: Member) -> list[AssignedLesson]:
    """Lessons of the running plans in plan order; a lesson of two plans keeps the earlier due
    date."""
    chosen: dict[UUID, tuple[StudyPlan, date | None, bool]] = {}
    for plan in plans_of(member):
        for item in plan.planned.all():
            chosen.setdefault(item.lesson_key, (plan, item.due_on, item.required))
    cards = {card.lesson_key: card for card in catalogue.lessons(list(chosen))}
    progress = progress_of(member, list(chosen))
    return [
        AssignedLesson(cards[key], plan.slug, plan.title, due_on, required, progress[key])
        for key, (plan, due_on, required) in chosen.items()
        if key in cards
    ]


def running_plan(group: StudyGroup, slug: str | None = None) -> StudyPlan:
    """The group's plan: by slug, else the one that runs today and ends first."""
    plans = StudyPlan.objects.for_branch(group.branch)
    plans = plans.filter(slug=slug) if slug else plans.running(today())
    plan = plans.order_by("ends_on", "pk").first()
    if plan is None:
        raise NotFound("plan_not_found", "这个小组现在没有进行中的学习计划，请联系组织部安排。")
    return plan
