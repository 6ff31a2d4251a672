"""What phones send: records, receipts, and the keys they need for it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from ninja.responses import Response
from ninja.throttling import SimpleRateThrottle, UserRateThrottle

from studyhub.api.auth import caller, own_member, session_or_study_token, ticket_or_session
from studyhub.api.envelope import read_envelope
from studyhub.api.errors import PROBLEM_RESPONSES
from studyhub.api.schemas.records import (
    DeviceIn,
    DeviceKeyOut,
    ReceiptIn,
    ReceiptOut,
    RecordsIn,
    RecordsOut,
)
from studyhub.api.shaping import shape_progress
from studyhub.core.errors import Conflict
from studyhub.learning.receipt_redemption import redeem_receipt
from studyhub.learning.submissions import submit_from_phone
from studyhub.people.models import User
from studyhub.records import tickets
from studyhub.records.entries import Result
from studyhub.records.models import DeviceCursor, Record
from studyhub.records.receipt_keys import key_text, receipt_key
from studyhub.records.tickets import Ticket

router = Router(tags=["学员"], auth=session_or_study_token)


class DeviceThrottle(UserRateThrottle):
    """Counted apart from other routes; a phone asks once a login."""

    scope = "devices"


def _ticket_of(request: HttpRequest) -> Ticket | None:
    """Nothing where the caller is signed in."""
    proof = getattr(request, "auth", None)
    return proof if isinstance(proof, Ticket) else None


class TicketThrottle(SimpleRateThrottle):
    """Uploads by ticket, counted for each account and device.

    More than a phone ever needs to catch up, and little use to whoever has stolen a ticket. Who is
    signed in is not counted, nor is an address: a whole village may share it.
    """

    scope = "tickets"

    def get_cache_key(self, request: HttpRequest) -> str | None:
        ticket = _ticket_of(request)
        if ticket is None:
            return None
        ident = f"{ticket.user.account_id}.{ticket.device_id}"
        return self.cache_format % {"scope": self.scope, "ident": ident}


@router.post(
    "/me/devices",
    response={200: DeviceKeyOut, **PROBLEM_RESPONSES},
    throttle=DeviceThrottle("60/h"),
)
def add_device(request: HttpRequest, data: DeviceIn, response: HttpResponse) -> dict[str, Any]:
    """What this phone needs to upload later without a session, and to write study receipts.

    Safe to repeat: the key of a device is always the same, the ticket a new one for 30 days.
    """
    member, user = own_member(request), caller(request)
    DeviceCursor.objects.get_or_create(member=member, device_id=data.device_id)
    response["Cache-Control"] = "no-store"
    return {
        "device_id": data.device_id,
        "upload_ticket": tickets.give_ticket(user, data.device_id),
        "receipt_key": key_text(receipt_key(user, data.device_id)),
        "expires_at": timezone.now() + tickets.LASTS,
    }


@router.post("/me/receipts", response={200: ReceiptOut, **PROBLEM_RESPONSES}, exclude_unset=True)
def post_receipt(request: HttpRequest, data: ReceiptIn) -> dict[str, Any]:
    """A study receipt, scanned or typed: the same records as the phone will send itself.

    One's own, or that of a member of a group the caller leads today. At most 20 a minute.
    """
    user = caller(request)
    done = redeem_receipt(user, data.text, data.member_id)
    return {
        "results": [_shape_result(result) for result in done.submission.stored.results],
        "member": {"id": done.member.public_id, "name": done.member.name},
        "lesson_id": done.lesson_key,
        "title": done.title,
    }


@router.post(
    "/me/records",
    response={200: RecordsOut, **PROBLEM_RESPONSES},
    auth=ticket_or_session,
    throttle=TicketThrottle("20/m"),
    exclude_unset=True,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": RecordsIn.model_json_schema()}},
        }
    },
)
def post_records(request: HttpRequest) -> HttpResponse:
    """Safe to repeat: ids are made on the phone. 200 whenever the envelope could be read.

    At most 20 batches a minute with one ticket, then 429 with ``Retry-After``. ``accepted`` and
    ``duplicate`` acknowledge a record, ``rejected`` is final, ``later`` means keep it.

    Beside the kinds of study there are ``contact`` ``{member_id, way: phone|message|visit, outcome:
    reached|no_answer|wrong_number|other_day|asked, next_step?}``, by who leads that member, and
    ``move_report`` ``{place?, phone?, trade?, since?, return_month?}`` (months as 2027-01), by the
    member: it waits until the liaison enters it. Both have no lesson.
    """
    ticket = _ticket_of(request)
    user = ticket.user if ticket else caller(request)
    envelope = read_envelope(request)
    _refuse_other_account(user, envelope.account_id)
    if ticket and ticket.device_id not in (None, envelope.device_id):
        raise Conflict("device_mismatch", "上传凭证属于另一部手机，请重新登录后再上传。")
    submission = submit_from_phone(
        user=user,
        device_id=envelope.device_id,
        records=envelope.records,
        source=Record.Source.TICKET if ticket else Record.Source.SESSION,
    )
    stored = submission.stored
    device: dict[str, Any] = {"max_seq": stored.max_seq, "missing": stored.missing}
    if stored.renew:
        device["renew"] = True
    answer = {
        "results": [_shape_result(result) for result in stored.results],
        "device": device,
        "epoch": stored.epoch,
        "progress": [] if ticket else [shape_progress(p) for p in submission.progress],
        "server_time": timezone.now(),
    }
    # It was made here by these very rules: to have ninja check it again costs as much as making it.
    return Response(answer, content_type="application/json; charset=utf-8")


def _refuse_other_account(user: User, account_id: Any) -> None:
    if user.account_id != account_id:
        raise Conflict(
            "account_mismatch",
            "这些记录是另一个账号的，没有保存。请用原来的账号登录，登录后会自动上传。",
        )


def _shape_result(result: Result) -> dict[str, Any]:
    shaped = {"id": result.id, "status": result.status}
    if result.code:
        shaped |= {"code": result.code, "detail": result.detail}
    return shaped
