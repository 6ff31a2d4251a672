"""Channels and deliveries as the API shows them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema
from pydantic import WithJsonSchema

from studyhub.api.pagination import PageQuery
from studyhub.api.types import In, MomentWithZone, Words
from studyhub.channels.models import Delivery
from studyhub.channels.ports import Mode


def listed(values: list[str]) -> WithJsonSchema:
    """An enumeration as the description of the API shows it: the values themselves."""
    return WithJsonSchema({"enum": values, "type": "string"})


# The product's own enumerations, described in place: the description stays short to read.
DeliveryState = Annotated[Delivery.State, listed(Delivery.State.values)]
DeliveryAction = Annotated[Delivery.Action, listed(Delivery.Action.values)]
ChannelMode = Annotated[Mode, listed([mode.value for mode in Mode])]


class ChannelOut(Schema):
    key: str
    kind: str
    mode: ChannelMode
    capabilities: list[str]
    health: str
    name: str
    needs: str


class ChannelList(Schema):
    items: list[ChannelOut]
    next: str | None


class DeliveryIn(In):
    lesson_id: UUID
    channel: Words = Field(max_length=40)
    action: DeliveryAction
    publish_at: MomentWithZone | None = None


class HandoffIn(In):
    url: Words = Field(max_length=1000)


class DeliveryQuery(PageQuery):
    lesson_id: UUID | None = None
    channel: Words = Field("", max_length=40)
    state: DeliveryState | None = None


class StepOut(Schema):
    name: str
    state: str
    at: datetime
    note: str


class ExternalOut(Schema):
    """What the platform calls it. Only what is known is there."""

    media_id: str | None = None
    publish_id: str | None = None
    article_id: str | None = None
    item_id: str | None = None
    url: str | None = None


class DeliveryError(Schema):
    code: str
    detail: str
    action: str


class DeliveryOut(Schema):
    id: UUID
    lesson_id: UUID
    revision: int
    channel: str
    action: DeliveryAction
    state: DeliveryState
    stale: bool
    attempts: int
    steps: list[StepOut]
    external: ExternalOut
    error: DeliveryError | None
    lost: list[str]
    publish_at: datetime | None
    package_url: str | None


class DeliveryList(Schema):
    items: list[DeliveryOut]
    next: str | None


class PackageOut(Schema):
    title: str
    text: str
    steps: list[str]


class BoardCell(Schema):
    channel: str
    delivery_id: UUID
    revision: int
    state: DeliveryState
    stale: bool
    lost: list[str]
    url: str | None


class BoardRow(Schema):
    lesson_id: UUID
    title: str
    revision: int
    channels: list[BoardCell]


class BoardOut(Schema):
    channels: list[str]
    items: list[BoardRow]
    next: str | None


class StatsQuery(PageQuery):
    from_: date | None = Field(None, alias="from")
    to: date | None = None


class CountOut(Schema):
    """Sums since the article is out, at the end of the day; never of a person."""

    delivery_id: UUID
    lesson_id: UUID
    title: str
    day: date
    reads: int
    shares: int


class StatsOut(Schema):
    channel: str
    counted_on: date | None
    note: str
    items: list[CountOut]
    next: str | None
