"""What leaders and the organisation department are shown."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema

from studyhub.learning.models import LessonStatus


class GroupOut(Schema):
    id: UUID
    name: str
    branch: str


class GroupList(Schema):
    items: list[GroupOut]
    next: str | None


class PlanOut(Schema):
    slug: str
    title: str
    starts_on: date
    ends_on: date


class LessonColumnOut(Schema):
    id: UUID
    title: str
    due_on: date | None
    required: bool
    finished: int


class HelpOut(Schema):
    reason: str


class MemberLineOut(Schema):
    id: UUID
    name: str
    statuses: dict[str, LessonStatus]
    finished: int
    required: int
    help: HelpOut | None


class TotalsOut(Schema):
    members: int
    finished: int
    required: int
    percent: int


class CompletionOut(Schema):
    group: GroupOut
    plan: PlanOut
    lessons: list[LessonColumnOut]
    members: list[MemberLineOut]
    totals: TotalsOut
    as_of: datetime


class BulletinOut(Schema):
    """``image_url``: the same as a poster, for members who open no links."""

    text: str
    image_url: str


class BranchLineOut(Schema):
    """Null where they would tell about persons: fewer than three, also by subtraction."""

    id: UUID
    name: str
    members: int | None
    reached: int | None
    finished: int | None
    required: int | None
    percent: int | None


class BranchSummaryOut(Schema):
    id: UUID
    name: str
    items: list[BranchLineOut]
    next: str | None
