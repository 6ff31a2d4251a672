"""A member's own record, and signing in."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from studyhub.api.types import In, Month, PlaceCode, Text, Words
from studyhub.learning.models import LessonStatus
from studyhub.people.models import Member


class SessionIn(In):
    login: Text = Field(min_length=1)
    password: Words = Field(min_length=1, max_length=200)
    code: Words | None = Field(
        None, max_length=40, description="开了两步登录的账号：6 位动态码，或者一个备用码"
    )
    device_id: UUID | None = Field(None, description="这部手机自己编的标识；给了，上传凭证就只认它")


class CodeIn(In):
    code: Words = Field(
        min_length=1, max_length=40, description="联络员给的个人码，用一次，七天有效"
    )
    phone_last4: Words = Field(min_length=4, max_length=8, description="台账上手机号的后四位")
    device_id: UUID | None = Field(None, description="这部手机自己编的标识；给了，上传凭证就只认它")


class UserOut(Schema):
    id: UUID
    login: str
    name: str


class WaitingOut(Schema):
    place: str
    phone: str = Field(description="打码")
    trade: str
    since: str
    return_month: str


class MemberOut(Schema):
    id: UUID
    name: str
    phone: str = Field(description="打码，例如 138****1234")
    host_place_code: str
    host_place_name: str
    trade: str
    return_month: str
    language: str
    large_type: bool
    confirmed_at: datetime | None
    waiting: WaitingOut | None = Field(description="本人报了、还没有登记的；空着的是没有报")


class MeOut(Schema):
    user: UserOut
    roles: list[str]
    member: MemberOut | None
    account_id: UUID
    epoch: int
    ticket_mark: str = Field(description="变了，就说明手机里的上传凭证作废了，要重新领")


class SessionOut(MeOut):
    upload_ticket: str


class MePatch(In):
    """What a member says of themselves; all but the size of type waits for the liaison."""

    host_place_code: PlaceCode | None = None
    host_place_name: Text | None = Field(None, max_length=60)
    trade: Member.Trade | None = None
    return_month: Month | None = None
    large_type: bool | None = None


class QuizProgressOut(Schema):
    best: int
    attempts: int


class ProgressOut(Schema):
    lesson_id: UUID
    revision: int
    sections_read: list[UUID]
    percent: int
    status: LessonStatus
    finished_at: datetime | None
    quiz: QuizProgressOut | None


class ProgressList(Schema):
    items: list[ProgressOut]
    next: str | None


class PlanItemOut(Schema):
    lesson_id: UUID
    title: str
    url: str
    course: str
    minutes: int
    credit_hours: Decimal
    plan: str
    plan_title: str
    required: bool
    due_on: date | None
    status: LessonStatus


class PlanList(Schema):
    items: list[PlanItemOut]
    next: str | None


class ChangedBlockOut(Schema):
    """``before`` and ``after`` are the sentences that differ; empty where there were none."""

    section_id: UUID | None
    title: str
    before: str
    after: str


class CorrectionCardOut(Schema):
    lesson_id: UUID
    title: str
    url: str
    revision: int
    finished_revision: int
    change: Literal["fact", "important"]
    note: str
    at: datetime
    blocks: list[ChangedBlockOut]


class CorrectionCardList(Schema):
    items: list[CorrectionCardOut]
    next: str | None


class PlanLineOut(Schema):
    lesson_id: UUID
    title: str
    url: str
    minutes: int
    required: bool
    due_on: date | None
    status: LessonStatus


class NowOut(Schema):
    """A list that was not asked for is not there."""

    account_id: UUID
    epoch: int
    ticket_mark: str
    roles: list[str]
    member: UUID | None
    progress: list[ProgressOut] | None = None
    plan: list[PlanLineOut] | None = None
    corrections: list[CorrectionCardOut] | None = None


class ViewOut(Schema):
    viewer: str
    viewed_at: datetime
    page: str


class ViewList(Schema):
    items: list[ViewOut]
    next: str | None


class ErasureOut(Schema):
    id: UUID
    requested_at: datetime
    detail: str
