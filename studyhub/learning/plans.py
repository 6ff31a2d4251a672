"""Which lessons a member or a group is asked to study, and which comes next."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from content import catalogue
from content.catalogue import LessonCard
from studyhub.core.clock import today
from studyhub.core.errors import NotFound
from studyhub.learning.models import LessonStatus, PlannedLesson, StudyPlan, StudyPlanQuerySet
from studyhub.learning.progress import LessonProgress, progress_of
from studyhub.people.models import Branch, GroupMembership, Member, StudyGroup

Item = TypeVar("Item")


@dataclass(frozen=True)
class AssignedLesson:
    """One planned lesson as its learner sees it; ``due_on`` is a day in Beijing."""

    card: LessonCard
    plan_slug: str
    plan_title: str
    due_on: date | None
    required: bool
    progress: LessonProgress


def telling_day(plan: StudyPlan) -> date:
    """The day on which a plan asks who studies with it: today, its last day once it is over."""
    return min(today(), plan.ends_on)


def asked(planned: Iterable[PlannedLesson], open_keys: Container[UUID]) -> list[PlannedLesson]:
    """What a plan requires of whoever is not exempt: its required lessons that are open.

    A lesson that was taken down is required of nobody: nobody could study it any more.
    """
    return [item for item in planned if item.required and item.lesson_key in open_keys]


def required_of(
    member: Member, planned: Iterable[PlannedLesson], open_keys: Container[UUID]
) -> list[PlannedLesson]:
    """What of a plan is required of this member; nothing of an exempt one (regulation, art. 23).

    The one answer for the learner's page, the leader's, the sheet and every count.
    """
    return unless_exempt(member, asked(planned, open_keys))


def unless_exempt(member: Member, required: list[Item]) -> list[Item]:
    """The same where it is known what the plan requires: for many members of one plan."""
    return [] if member.exempt_reason else required


def plans_of(member: Member, day: date | None = None) -> list[StudyPlan]:
    """Running plans of every branch the member studies or belongs in, each once."""
    return list(_plans_for(member, day or today()).order_by("ends_on", "pk"))


def _plans_for(member: Member, day: date) -> StudyPlanQuerySet:
    return StudyPlan.objects.published().running(day).reaching(_branches_of(member, day))


def _branches_of(member: Member, day: date) -> QuerySet[Branch]:
    ties = GroupMembership.objects.in_force(day).filter(member=member)
    studies = Q(pk__in=StudyGroup.objects.filter(memberships__in=ties).values("branch"))
    belongs = Q(pk__in=member.branches.in_force(day).values("branch"))
    return Branch.objects.filter(studies | belongs)


Chosen = dict[UUID, PlannedLesson]


def planned_for(member: Member) -> Chosen:
    """What the running plans name, in plan order.

    A lesson of two plans stands once, as the plan has it that ends first.
    """
    planned = PlannedLesson.objects.filter(plan__in=_plans_for(member, today()))
    chosen: Chosen = {}
    for item in planned.select_related("plan").order_by(
        "plan__ends_on", "plan_id", "position", "pk"
    ):
        chosen.setdefault(item.lesson_key, item)
    return chosen


def required_among(member: Member, chosen: Chosen, open_keys: Container[UUID]) -> set[UUID]:
    """The lessons that are required of the member (``required_of``)."""
    return {item.lesson_key for item in required_of(member, chosen.values(), open_keys)}


def assigned_lessons(member: Member) -> list[AssignedLesson]:
    """Open lessons of the running plans, in plan order."""
    chosen = planned_for(member)
    cards = {card.lesson_key: card for card in catalogue.lessons(list(chosen))}
    progress = progress_of(member, list(chosen))
    required = required_among(member, chosen, cards)
    return [
        AssignedLesson(
            card=cards[key],
            plan_slug=item.plan.slug,
            plan_title=item.plan.title,
            due_on=item.due_on,
            required=key in required,
            progress=progress[key],
        )
        for key, item in chosen.items()
        if key in cards
    ]


def next_lesson(member: Member, lesson_key: UUID) -> LessonCard | None:
    """What to study after this one: what is open in the plan, else the next in study order."""
    for item in assigned_lessons(member):
        if item.card.lesson_key != lesson_key and item.progress.status != LessonStatus.FINISHED:
            return item.card
    cards = catalogue.lessons()
    places = [n for n, card in enumerate(cards) if card.lesson_key == lesson_key]
    return cards[places[0] + 1] if places and places[0] + 1 < len(cards) else None


def plan_of_branch(branch: Branch, slug: str | None = None) -> StudyPlan | None:
    """The plan that reaches the branch: by slug, else the one that runs today and ends first."""
    plans = StudyPlan.objects.published().for_branch(branch)
    plans = plans.filter(slug=slug) if slug else plans.running(today())
    return plans.order_by("ends_on", "pk").first()


def plan_of_group(group: StudyGroup, slug: str | None = None) -> StudyPlan:
    """The plan of the group's branch; raises NotFound ``plan_not_found`` where there is none."""
    plan = plan_of_branch(group.branch, slug)
    if plan is None:
        raise NotFound("plan_not_found", "这个小组现在没有进行中的学习计划，请联系组织部安排。")
    return plan
