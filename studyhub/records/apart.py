"""Records that say something of people and nothing of study: they are kept in tables of ``people``.

The phone makes, numbers and sends them as all others. ``contact`` is a leader's, who may have no
record of study at all; ``move_report`` is the member's own word.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from studyhub.core.errors import Conflict, Invalid, NotFound
from studyhub.core.numbers import is_whole
from studyhub.people import access
from studyhub.people.contacts import note_contact
from studyhub.people.models import User
from studyhub.people.move_fields import FIELDS as MOVE_FIELDS
from studyhub.people.moves import report_move
from studyhub.records.entries import (
    FIELDS,
    MAX_SEQ,
    Result,
    ResultStatus,
    named,
    read_id,
    read_moment,
)
from studyhub.records.kinds import BadData, read_uuid

CONTACT, MOVE_REPORT = "contact", "move_report"
_CONTACT_FIELDS = ("member_id", "way", "outcome", "next_step")


def is_apart(raw: Any) -> bool:
    """Whether this is a record for here."""
    kind = raw.get("kind") if isinstance(raw, dict) else None
    return isinstance(kind, str) and kind in _KEEPERS


def number_of(raw: dict[str, Any]) -> int | None:
    """Its running number on the phone, if it has a sound one."""
    seq = raw.get("seq")
    return seq if is_whole(seq, 1, MAX_SEQ) else None


def keep_apart(user: User, raw: dict[str, Any]) -> Result:
    """What became of the record; a union by its id, as for all others."""
    sent_id = named(raw.get("id"))
    try:
        if unknown := sorted(set(raw) - FIELDS):
            raise BadData(f"记录里有不认识的字段：{'、'.join(unknown)[:80]}。")
        key, at = read_id(raw.get("id")), read_moment(raw.get("at"))
        created = _KEEPERS[raw["kind"]](user, key, at, raw.get("data"))
    except (Invalid, Conflict, NotFound) as problem:
        return Result(sent_id, ResultStatus.REJECTED, problem.code, problem.detail)
    return Result(str(key), ResultStatus.ACCEPTED if created else ResultStatus.DUPLICATE)


def _keep_contact(user: User, key: UUID, at: datetime, data: Any) -> bool:
    said = _texts(data, _CONTACT_FIELDS)
    return note_contact(
        by=user,
        member_id=read_uuid(said["member_id"], "member_id"),
        contact_id=key,
        way=said["way"],
        outcome=said["outcome"],
        next_step=said["next_step"],
        at=at,
    )[1]


def _keep_move(user: User, key: UUID, at: datetime, data: Any) -> bool:
    said = _texts(data, MOVE_FIELDS)
    return report_move(member=access.own_member(user), report_id=key, said=said, at=at)[1]


def _texts(data: Any, names: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(data, dict) or set(data) - {*names}:
        raise BadData("这条记录里有不认识的内容，请更新页面后再试。")
    said = {name: data.get(name, "") for name in names}
    if not all(isinstance(value, str) for value in said.values()):
        raise BadData("这条记录里的内容应是文字，请更新页面后再试。")
    return said


_KEEPERS: dict[str, Callable[[User, UUID, datetime, Any], bool]] = {
    CONTACT: _keep_contact,
    MOVE_REPORT: _keep_move,
}
