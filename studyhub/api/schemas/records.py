"""What phones send, and what they are answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from studyhub.api.schemas.learner import ProgressOut
from studyhub.api.types import In
from studyhub.records.entries import ResultStatus


class RecordsIn(In):
    """One queue for everything a phone records. ``records`` are checked one by one."""

    device_id: UUID
    account_id: UUID
    epoch: int = Field(ge=0, le=2**31 - 1)
    records: list[dict[str, Any]] = Field(max_length=200)


class RecordResultOut(Schema):
    id: Any
    status: ResultStatus
    code: str | None = None
    detail: str | None = None


class DeviceOut(Schema):
    max_seq: int
    missing: list[list[int]]
    renew: bool | None = None


class RecordsOut(Schema):
    results: list[RecordResultOut]
    device: DeviceOut
    epoch: int
    progress: list[ProgressOut]
    server_time: datetime


class DeviceIn(In):
    device_id: UUID = Field(description="这部手机自己编的标识，不取自硬件")


class DeviceKeyOut(Schema):
    device_id: UUID
    upload_ticket: str
    receipt_key: str = Field(description="写学习凭条用的密钥，base64url，32 字节；只存在这部手机里")
    expires_at: datetime = Field(description="上传凭证到什么时候有效")


class ReceiptIn(In):
    text: str = Field(max_length=4000, description="凭条上的字，或扫码得到的整个网址")
    member_id: UUID | None = Field(None, description="组长可以指明是谁的；不写就按凭条自己找")


class PersonOut(Schema):
    id: UUID
    name: str


class ReceiptOut(Schema):
    results: list[RecordResultOut]
    member: PersonOut | None
    lesson_id: UUID | None
    title: str
