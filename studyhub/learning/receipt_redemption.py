"""Taking in a study receipt: find whose it is, check that it is genuine, store the records.

Only the owner may hand one in, or who leads the owner's group today. For everybody else a receipt
is of an unknown device: it never tells whose it is.
"""

from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from content import catalogue
from content.catalogue import Outline
from studyhub.core.errors import Invalid, NotFound, TooMany
from studyhub.learning.submissions import Submission, submit_records
from studyhub.people import access
from studyhub.people.models import Member, User
from studyhub.records.models import DeviceCursor, Record
from studyhub.records.receipt_keys import receipt_keys
from studyhub.records.receipts import (
    NO_LESSON,
    Receipt,
    Writer,
    lesson_digest,
    read_receipt,
    unpack_records,
)

TRIES = 20  # a minute, for each account
LOOKED_AT = "学习凭条"  # what handing one in is called under "谁看过我的记录"


@dataclass(frozen=True)
class Redeemed:
    """Whose receipt it was and what became of its records.

    ``lesson_key`` is None for bookmarks outside any lesson; ``title`` is then 书签与笔记.
    """

    member: Member
    lesson_key: UUID | None
    title: str
    submission: Submission


@dataclass(frozen=True)
class _Device:
    member: Member
    user: User
    device_id: UUID


def redeem_receipt(user: User, text: str, member_id: UUID | None = None) -> Redeemed:
    """Store the records of a receipt for its owner; ``user`` is whoever hands it in.

    Safe to repeat, before or after the phone sends the same records itself. ``member_id`` names the
    owner where the caller knows; else the receipt finds its own.

    Raises Invalid: ``bad_group``, ``bad_receipt``, ``unknown_device``, ``bad_signature``,
    ``unknown_lesson``; NotFound for a ``member_id`` that is not the caller's to help; TooMany.
    """
    _count_try(user)
    receipt = read_receipt(text)
    devices = _devices(_helped(user, member_id), receipt)
    lessons = _lessons(receipt)
    for device in devices:
        for lesson_key in lessons:
            if _proves(device, receipt, lesson_key):
                return _store(user, device, receipt, lesson_key)
    detail = (
        "凭条的字没有抄错，但是和这部手机的凭证对不上。"
        "如果对方在别处按过“退出全部登录”，旧凭条就作废了：请对方联网登录，记录会自动上传。"
    )
    raise Invalid("bad_signature", detail)


def _count_try(user: User) -> None:
    """Guessing must not pay, and no honest hand types twenty receipts in a minute."""
    now = timezone.now()
    key = f"receipt-tries:{user.pk}:{now:%Y%m%d%H%M}"
    cache.add(key, 0, timeout=120)
    if cache.incr(key) > TRIES:
        seconds = 60 - now.second
        raise TooMany(
            "too_many", f"一分钟最多交 {TRIES} 张凭条，请 {seconds} 秒后再试。", retry_after=seconds
        )


def _helped(user: User, member_id: UUID | None) -> list[Member]:
    """The caller's own record first, then the members of their groups."""
    own = access.member_of(user)
    members = [*([own] if own else []), *access.members_led_by(user)]
    if member_id is None:
        return members
    chosen = [member for member in members if member.public_id == member_id]
    if not chosen:
        raise NotFound("member_not_found", "没有这位学员，或者不在您带的小组里。请重新选择。")
    return chosen


def _devices(members: list[Member], receipt: Receipt) -> list[_Device]:
    rows = DeviceCursor.objects.filter(member__in=members).select_related("member__user")
    found = [
        _Device(row.member, row.member.user, row.device_id)
        for row in rows.order_by("pk")
        if row.member.user and row.device_id.int & 0xFFFFFFFF == receipt.device_suffix
    ]
    if not found:
        detail = (
            "没有找到写这张凭条的手机。请核对是不是您本人或您小组里同志的凭条；"
            "新手机要先联网登录过一次，才能用凭条。"
        )
        raise Invalid("unknown_device", detail)
    return found


def _lessons(receipt: Receipt) -> list[UUID]:
    if receipt.lesson_digest is None:
        return [NO_LESSON]
    keys = [
        key for key in catalogue.current_revisions() if lesson_digest(key) == receipt.lesson_digest
    ]
    if not keys:
        raise Invalid(
            "unknown_lesson", "没有凭条上的这一课。请核对抄得对不对，或者请对方联网上传。"
        )
    return keys


def _proves(device: _Device, receipt: Receipt, lesson_key: UUID) -> bool:
    keys = receipt_keys(device.user, device.device_id)
    return any(receipt.is_proved_by(key, lesson_key) for key in keys)


def _store(user: User, device: _Device, receipt: Receipt, lesson_key: UUID) -> Redeemed:
    key = None if lesson_key == NO_LESSON else lesson_key
    outline = _outline(key, receipt.revision)
    writer = Writer(device.user.account_id, device.device_id)
    submission = submit_records(
        member=device.member,
        device_id=device.device_id,
        records=unpack_records(receipt, writer, key, outline),
        source=Record.Source.RECEIPT,
    )
    access.note_views(user, [device.member], LOOKED_AT)
    return Redeemed(device.member, key, _title(key), submission)


def _title(lesson_key: UUID | None) -> str:
    return catalogue.outline(lesson_key).title if lesson_key else "书签与笔记"


def _outline(lesson_key: UUID | None, revision: int) -> Outline | None:
    """That of the revision on the receipt; a number this database never gave has none."""
    if lesson_key is None:
        return None
    known = catalogue.outlines([(lesson_key, revision)])
    return known.get((lesson_key, revision))
