"""What members may do with their own data: say what changed, take along, ask to have erased."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from studyhub.core.ids import uuid7
from studyhub.people.models import ErasureRequest, Member
from studyhub.people.moves import proposals_of, report_move
from studyhub.people.places import place_named_by


def change_own_details(member: Member, changes: Mapping[str, Any]) -> None:
    """Larger type at once; what is said of place, trade and return is a report that waits, as on
    the page 我换地方了 (decision 0029). Anything else in ``changes`` is left.

    Safe to repeat: what the ledger or a waiting report says already is not reported again. Raises
    Invalid as ``report_move`` does.
    """
    if changes.get("large_type") is not None:
        Member.objects.filter(pk=member.pk).update(large_type=changes["large_type"])
    waiting = proposals_of([member]).get(member.pk)
    known = _of_the_ledger(member) | dict(waiting.said if waiting else {})
    said = {name: text for name, text in _said(changes).items() if text and text != known[name]}
    if said:
        report_move(member=member, report_id=uuid7(), said=said)
    member.refresh_from_db()


def _of_the_ledger(member: Member) -> dict[str, str]:
    return {
        "place": place_named_by(member.host_place_code) or member.host_place_name,
        "trade": member.trade,
        "return_month": member.return_month,
    }


def _said(changes: Mapping[str, Any]) -> dict[str, str]:
    """In the words of a report; the code of a county says more than any name."""
    place = place_named_by(changes.get("host_place_code") or "")
    return {
        "place": place or changes.get("host_place_name") or "",
        "trade": changes.get("trade") or "",
        "return_month": changes.get("return_month") or "",
    }


@transaction.atomic
def ask_for_erasure(member: Member) -> ErasureRequest:
    """The member's open request. Safe to repeat: there is one at a time."""
    asked, _ = ErasureRequest.objects.get_or_create(member=member, answered_at=None)
    return asked
