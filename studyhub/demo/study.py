"""The demo's study plan, and enough study records to make every screen tell something."""

import random
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from content import catalogue
from content.catalogue import Outline
from studyhub.core.clock import BEIJING
from studyhub.learning.models import PlannedLesson, StudyPlan
from studyhub.learning.submissions import submit_records
from studyhub.people.models import Branch, Member
from studyhub.records.models import Epoch, Record

SPACE = UUID("b7a4f2de-50c3-5f0a-8d3e-6a1b9c2e4f70")
REQUIRED = ["kaitian", "changzheng", "caoyuan", "xinzhongguo"]


def load_plan() -> StudyPlan:
    """``2026-autumn``: two lessons of each course are required, one more is optional."""
    Epoch.objects.get_or_create(number=1, defaults={"reason": "首次启用"})
    plan, _ = StudyPlan.objects.get_or_create(
        slug="2026-autumn",
        defaults={
            "title": "2026 年秋季学习计划",
            "branch": Branch.get_root_nodes()[0],
            "starts_on": date(2026, 9, 1),
            "ends_on": date(2027, 1, 31),
        },
    )
    if plan.planned.exists():
        return plan
    by_course = {slug: catalogue.lessons(course=slug) for slug in REQUIRED}
    due = date(2026, 9, 30)
    position = 0
    for round_number in range(2):
        for slug in REQUIRED:
            position += 1
            card = by_course[slug][round_number]
            PlannedLesson.objects.create(
                plan=plan,
                lesson_key=card.lesson_key,
                position=position,
                due_on=due + timedelta(days=14 * (position - 1)),
            )
    return plan


def load_records(plan: StudyPlan) -> None:
    """Records as phones would have sent them, the same at every run; safe to repeat.

    All on the first text of each lesson: who finished a corrected one is shown the correction.

    The first member of each group is left untouched, so that a newcomer to the demo starts afresh.
    """
    keys = [item.lesson_key for item in plan.planned.filter(required=True)]
    outlines = [catalogue.outline(key, 1) for key in keys]
    for member in Member.objects.filter(user__username__startswith="member").order_by("pk"):
        number = int(member.user.username.removeprefix("member")) if member.user else 0
        if number in (1, 31):
            continue
        chance = random.Random(number)  # noqa: S311  the same demo every time, no secret
        done = chance.choice([0, 1, 2, 3, 3, 4, 4, 5, 5, 6, 8])
        _report(member, outlines[: done + 1], done, chance)


def _report(member: Member, outlines: list[Outline], done: int, chance: random.Random) -> None:
    if done == 0 and chance.random() < 0.7:
        return
    device_id = uuid5(SPACE, f"device {member.public_id}")
    records: list[dict[str, Any]] = []
    at = datetime(2026, 9, 2, 19, 40, tzinfo=BEIJING)
    for index, outline in enumerate(outlines):
        at += timedelta(days=chance.randint(3, 9), minutes=chance.randint(0, 90))
        records += _study(member, outline, at, finish=index < done)
    for seq, record in enumerate(records, start=1):
        record["seq"] = seq
    submit_records(
        member=member, device_id=device_id, records=records, source=Record.Source.SESSION
    )


def _study(member: Member, outline: Outline, at: datetime, *, finish: bool) -> list[dict[str, Any]]:
    sections = [str(section.id) for section in outline.sections]
    acts: list[tuple[str, dict[str, Any]]] = [
        ("sections_read", {"section_ids": sections if finish else sections[:1]})
    ]
    if finish and outline.quiz:
        answers = {q.id: q.answer for q in outline.quiz.questions}
        attempt = str(uuid5(SPACE, f"{member.public_id} {outline.lesson_key} attempt"))
        acts.append(
            (
                "quiz_attempt",
                {"quiz_id": outline.quiz.id, "attempt_id": attempt, "answers": answers},
            )
        )
    if finish:
        acts.append(("lesson_finished", {}))
    return [
        {
            "id": str(uuid5(SPACE, f"{member.public_id} {outline.lesson_key} {kind}")),
            "kind": kind,
            "at": (at + timedelta(minutes=number)).isoformat(),
            "lesson_id": str(outline.lesson_key),
            "revision": outline.revision,
            "data": data,
        }
        for number, (kind, data) in enumerate(acts)
    ]
