"""Handing in study receipts: the leader for a member on the telephone, or oneself."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from studyhub.core.errors import Invalid, TooMany
from studyhub.learning.receipt_redemption import Redeemed, redeem_receipt
from studyhub.people import access
from studyhub.records.entries import ResultStatus
from studyhub.records.receipt_code import shown_groups
from studyhub.web.private import SignedInRequest, nothing_to_lead, page, private
from studyhub.web.sharing import share


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Where a scanned receipt leads: the code stands behind the ``#`` and never comes to us.

    The same bytes for everybody. A script carries the code on to the page that takes it.
    """
    return share(request, render(request, "web/receipts.html"))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def led_receipts(request: SignedInRequest) -> HttpResponse:
    """A leader hands in what a member of the group reads out."""
    if not access.groups_of(request.user):
        raise nothing_to_lead()
    return _take(request, {"leads": True, "for_others": True})


@require_http_methods(["GET", "HEAD", "POST"])
@private
def own_receipts(request: SignedInRequest) -> HttpResponse:
    """A member hands in their own, from another phone or from paper."""
    member = access.member_of(request.user)
    if member is None:
        return redirect("/me/")
    return _take(request, {}, member.public_id)


def _take(
    request: SignedInRequest, frame: dict[str, object], member_id: UUID | None = None
) -> HttpResponse:
    if request.method != "POST":
        return page(request, "web/receipt.html", frame)
    text = request.POST.get("text", "")
    try:
        redeemed = redeem_receipt(request.user, text, member_id)
    except (Invalid, TooMany) as problem:
        context = {"problem": problem.detail, "text": text, "groups": _marked(text, problem)}
        status = 429 if isinstance(problem, TooMany) else 422
        return page(request, "web/receipt.html", frame | context, status=status)
    return page(request, "web/receipt.html", frame | _outcome(redeemed))


def _marked(text: str, problem: Invalid | TooMany) -> list[tuple[str, bool]]:
    """The groups as typed, and which of them is wrong; nothing where no group is to blame."""
    errors = problem.extra.get("errors", [])
    wrong = errors[0]["loc"][1] if errors else 0
    groups = shown_groups(text) if wrong else []
    return [(group, number == wrong) for number, group in enumerate(groups, start=1)]


def _outcome(redeemed: Redeemed) -> dict[str, object]:
    results = redeemed.submission.stored.results
    return {
        "redeemed": redeemed,
        "fresh": sum(result.status == ResultStatus.ACCEPTED for result in results),
        "known": sum(result.status == ResultStatus.DUPLICATE for result in results),
        "refused": [result.detail for result in results if not result.acknowledged],
        "progress": next(iter(redeemed.submission.progress), None),
    }
