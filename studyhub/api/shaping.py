"""From domain values to what responses look like, where several routers share it."""

from collections.abc import Collection
from typing import Any

from studyhub.learning.corrections import CorrectionCard
from studyhub.learning.progress import LessonProgress
from studyhub.learning.standing import Part, PlanLine, Standing, standing_of
from studyhub.people import access
from studyhub.people.models import Member, User
from studyhub.people.models.members import mask_phone
from studyhub.people.move_fields import FIELDS
from studyhub.people.moves import proposals_of
from studyhub.records import tickets
from studyhub.records.models import Epoch


def shape_me(user: User) -> dict[str, Any]:
    """``MeOut``: the account, its roles today, and its member if it has one."""
    member = access.member_of(user)
    return {
        "user": {"id": user.account_id, "login": user.username, "name": user.get_full_name()},
        "roles": access.roles_of(user),
        "member": member
        and {
            "id": member.public_id,
            "name": member.name,
            "phone": member.masked_phone,
            "host_place_code": member.host_place_code,
            "host_place_name": member.host_place_name,
            "trade": member.trade,
            "return_month": member.return_month,
            "language": member.language,
            "large_type": member.large_type,
            "confirmed_at": member.confirmed_at,
            "waiting": _waiting(member),
        },
        "account_id": user.account_id,
        "epoch": Epoch.current(),
        "ticket_mark": tickets.ticket_mark(user),
    }


def shape_now(user: User, parts: Collection[Part]) -> dict[str, Any]:
    """``NowOut``; staff without a member have begun nothing."""
    member = access.member_of(user)
    known = {
        "account_id": user.account_id,
        "epoch": Epoch.current(),
        "ticket_mark": tickets.ticket_mark(user),
        "roles": access.roles_of(user),
        "member": member and member.public_id,
    }
    standing = standing_of(member, parts) if member else Standing()
    lists = {
        "progress": [shape_progress(one) for one in standing.progress],
        "plan": [_shape_line(one) for one in standing.plan],
        "corrections": [shape_correction(one) for one in standing.corrections],
    }
    return known | {name: lists[name] for name in sorted(parts)}


def _shape_line(line: PlanLine) -> dict[str, Any]:
    return {
        "lesson_id": line.lesson_key,
        "title": line.brief.title,
        "url": line.brief.url,
        "minutes": line.brief.minutes,
        "required": line.required,
        "due_on": line.due_on,
        "status": line.status,
    }


def _waiting(member: Member) -> dict[str, str] | None:
    proposal = proposals_of([member]).get(member.pk)
    if proposal is None:
        return None
    said = {name: proposal.said.get(name, "") for name in FIELDS}
    return said | {"phone": mask_phone(said["phone"])}


def shape_correction(card: CorrectionCard) -> dict[str, Any]:
    """``CorrectionCardOut``."""
    return {
        "lesson_id": card.lesson_key,
        "title": card.title,
        "url": card.url,
        "revision": card.correction.revision,
        "finished_revision": card.read_revision,
        "change": card.correction.change,
        "note": card.correction.note,
        "at": card.correction.published_at,
        "blocks": card.correction.blocks,
    }


def shape_progress(progress: LessonProgress) -> dict[str, Any]:
    """``ProgressOut``; without an attempt there is no ``quiz``."""
    quiz = {"best": progress.quiz_best or 0, "attempts": progress.quiz_attempts}
    return {
        "lesson_id": progress.lesson_key,
        "revision": progress.revision,
        "sections_read": progress.sections_read,
        "percent": progress.percent,
        "status": progress.status,
        "finished_at": progress.finished_at,
        "quiz": quiz if progress.quiz_attempts else None,
    }
