"""Channels and deliveries, for publishers."""

from collections.abc import Collection
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Header, Query, Router, Status

from studyhub.api.auth import caller, session_or_delivery_token
from studyhub.api.errors import PROBLEM_RESPONSES
from studyhub.api.pagination import PageQuery, page_of
from studyhub.api.schemas.channels import (
    BoardOut,
    ChannelList,
    DeliveryIn,
    DeliveryList,
    DeliveryOut,
    DeliveryQuery,
    HandoffIn,
    PackageOut,
    StatsOut,
    StatsQuery,
)
from studyhub.channels import accounts, board, packages, requests
from studyhub.channels.models import ChannelAccount, Delivery, DeliveryCount
from studyhub.core.errors import Invalid, NotFound
from studyhub.people import access
from studyhub.people.models import User

KEY_LENGTH = 200
router = Router(tags=["渠道"], auth=session_or_delivery_token)


def publisher_of(request: HttpRequest) -> User:
    """For anybody else there are no channels."""
    user = caller(request)
    if not access.is_publisher(user):
        raise NotFound("not_found", "没有找到要看的内容，请用发布员账号登录。")
    return user


@router.get("/channels", response={200: ChannelList, **PROBLEM_RESPONSES})
def list_channels(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    publisher_of(request)
    items, following = page_of(ChannelAccount.objects.order_by("key"), page)
    return {"items": items, "next": following}


@router.get("/channels/{key}/stats", response={200: StatsOut, **PROBLEM_RESPONSES})
def show_stats(request: HttpRequest, key: str, query: Query[StatsQuery]) -> dict[str, Any]:
    """Reads and shares by article and day, as the platform told them; ``note``: why some miss."""
    publisher_of(request)
    account = accounts.account_of(key)
    rows = DeliveryCount.objects.filter(delivery__account=account).order_by("pk")
    rows = rows.filter(day__gte=query.from_) if query.from_ else rows
    rows = rows.filter(day__lte=query.to) if query.to else rows
    items, following = page_of(rows.select_related("delivery").defer("delivery__post"), query)
    return {
        "channel": account.key,
        "counted_on": account.counted_on,
        "note": account.counts_note,
        "items": [_count(row) for row in items],
        "next": following,
    }


def _count(row: DeliveryCount) -> dict[str, Any]:
    return {
        "delivery_id": row.delivery_id,
        "lesson_id": row.delivery.lesson_key,
        "title": row.delivery.lesson_title,
        "day": row.day,
        "reads": row.reads,
        "shares": row.shares,
    }


@router.post("/deliveries", response={200: DeliveryOut, 201: DeliveryOut, **PROBLEM_RESPONSES})
def request_delivery(
    request: HttpRequest,
    data: DeliveryIn,
    idempotency_key: Header[str] = "",
) -> Status[dict[str, Any]]:
    """201 when it is new, 200 when the same key asked for the same before."""
    user = publisher_of(request)
    if not 0 < len(idempotency_key.strip()) <= KEY_LENGTH:
        raise Invalid(
            "idempotency_key_required",
            "请在 Idempotency-Key 头里给这个请求一个不重复的键，不超过 200 个字符。",
        )
    delivery, created = requests.request_delivery(
        lesson_key=data.lesson_id,
        account_key=data.channel,
        action=data.action,
        publish_at=data.publish_at,
        idempotency_key=idempotency_key,
        requested_by=user,
    )
    return Status(201 if created else 200, _one(request, delivery))


@router.get("/deliveries", response={200: DeliveryList, **PROBLEM_RESPONSES})
def list_deliveries(request: HttpRequest, query: Query[DeliveryQuery]) -> dict[str, Any]:
    publisher_of(request)
    rows: QuerySet[Delivery] = Delivery.objects.newest_first().select_related("account")
    wanted = {"lesson_key": query.lesson_id, "account__key": query.channel, "state": query.state}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    rows = rows.defer("post").prefetch_related("steps")
    items, following = page_of(rows, query)
    return {"items": _many(request, items), "next": following}


@router.get("/deliveries/{delivery_id}", response={200: DeliveryOut, **PROBLEM_RESPONSES})
def get_delivery(request: HttpRequest, delivery_id: UUID) -> dict[str, Any]:
    publisher_of(request)
    return _one(request, requests.delivery_of(delivery_id))


@router.get("/deliveries/{delivery_id}/package", response={200: PackageOut, **PROBLEM_RESPONSES})
def get_package(request: HttpRequest, delivery_id: UUID) -> Any:
    """What a person pastes into the platform's own page."""
    publisher_of(request)
    return packages.package_of(requests.delivery_of(delivery_id))


@router.post("/deliveries/{delivery_id}/retry", response={200: DeliveryOut, **PROBLEM_RESPONSES})
def retry_delivery(request: HttpRequest, delivery_id: UUID) -> dict[str, Any]:
    return _one(request, requests.retry(delivery_id, by=publisher_of(request)))


@router.post("/deliveries/{delivery_id}/cancel", response={200: DeliveryOut, **PROBLEM_RESPONSES})
def cancel_delivery(request: HttpRequest, delivery_id: UUID) -> dict[str, Any]:
    return _one(request, requests.cancel(delivery_id, by=publisher_of(request)))


@router.post("/deliveries/{delivery_id}/withdraw", response={200: DeliveryOut, **PROBLEM_RESPONSES})
def withdraw_delivery(request: HttpRequest, delivery_id: UUID) -> dict[str, Any]:
    return _one(request, requests.withdraw(delivery_id, by=publisher_of(request)))


@router.post("/deliveries/{delivery_id}/removed", response={200: DeliveryOut, **PROBLEM_RESPONSES})
def confirm_removed(request: HttpRequest, delivery_id: UUID) -> dict[str, Any]:
    """A person has deleted the article at the platform."""
    return _one(request, requests.confirm_removed(delivery_id, by=publisher_of(request)))


@router.post("/deliveries/{delivery_id}/handoff", response={200: DeliveryOut, **PROBLEM_RESPONSES})
def hand_off(request: HttpRequest, delivery_id: UUID, data: HandoffIn) -> dict[str, Any]:
    """A person has published it and gives the link."""
    user = publisher_of(request)
    return _one(request, requests.handoff(delivery_id, url=data.url, by=user))


@router.get("/board", response={200: BoardOut, **PROBLEM_RESPONSES})
def show_board(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Lessons in study order, each with what every channel shows of it."""
    publisher_of(request)
    lessons, following = page_of(board.board_lessons(), page)
    rows = board.board(lessons)
    stale = board.stale_ones(d for row in rows for d in row.deliveries)
    keys = ChannelAccount.objects.order_by("key").values_list("key", flat=True)
    items = [
        {
            "lesson_id": row.lesson.lesson_key,
            "title": row.lesson.title,
            "revision": row.lesson.revision,
            "channels": [_cell(d, d.pk in stale) for d in row.deliveries],
        }
        for row in rows
    ]
    return {"channels": list(keys), "items": items, "next": following}


def _cell(delivery: Delivery, stale: bool) -> dict[str, Any]:
    return {
        "channel": delivery.account.key,
        "delivery_id": delivery.pk,
        "revision": delivery.revision,
        "state": delivery.state,
        "stale": stale,
        "lost": delivery.lost,
        "url": delivery.url or None,
    }


def _one(request: HttpRequest, delivery: Delivery) -> dict[str, Any]:
    """Read again: a worker may have been at it since."""
    rows = Delivery.objects.select_related("account").prefetch_related("steps")
    return _many(request, [rows.get(pk=delivery.pk)])[0]


def _many(request: HttpRequest, rows: Collection[Delivery]) -> list[dict[str, Any]]:
    stale = board.stale_ones(rows)
    return [_shown(request, row, row.pk in stale) for row in rows]


def _shown(request: HttpRequest, delivery: Delivery, stale: bool) -> dict[str, Any]:
    package = f"/api/v1/deliveries/{delivery.pk}/package" if delivery.has_package else ""
    return {
        "id": delivery.pk,
        "lesson_id": delivery.lesson_key,
        "revision": delivery.revision,
        "channel": delivery.account.key,
        "action": delivery.action,
        "state": delivery.state,
        "stale": stale,
        "attempts": delivery.attempts,
        "steps": [
            {"name": s.step, "state": s.outcome, "at": s.started_at, "note": s.note}
            for s in delivery.steps.all()
        ],
        "external": {**delivery.external_names, "url": delivery.url or None},
        "error": delivery.problem,
        "lost": cast("list[str]", delivery.lost),
        "publish_at": delivery.publish_at,
        "package_url": request.build_absolute_uri(package) if package else None,
    }
