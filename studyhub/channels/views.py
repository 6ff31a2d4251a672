"""渠道发布 in the Wagtail admin: the list of deliveries and one of them with its steps."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from studyhub.channels import accounts, board, packages, requests
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.core.errors import StudyhubError
from studyhub.core.guards import only_for

PAGE = 30
ACTS: dict[str, tuple[Callable[..., Delivery], str]] = {
    "retry": (requests.retry, "已重新排队。"),
    "cancel": (requests.cancel, "已取消。"),
    "withdraw": (requests.withdraw, "已提出撤回。"),
    "removed": (requests.confirm_removed, "已记下：文章在平台上删除了。"),
    "handoff": (requests.handoff, "已记下发布链接。"),
}


for_publishers = only_for(accounts.may_send)


@require_GET
@for_publishers
def list_deliveries(request: HttpRequest) -> HttpResponse:
    """Every delivery, newest first, thirty a page, by state if one is chosen."""
    rows = Delivery.objects.newest_first().select_related("account", "requested_by").defer("post")
    chosen = request.GET.get("state", "")
    if chosen in Delivery.State.values:
        rows = rows.filter(state=chosen)
    page = Paginator(rows, PAGE).get_page(request.GET.get("p"))
    stale = board.stale_ones(page.object_list)
    context = {
        "page": page,
        "rows": [(row, row.pk in stale) for row in page.object_list],
        "states": Delivery.State.choices,
        "chosen": chosen,
        "paused": ChannelAccount.objects.filter(health=ChannelAccount.Health.PAUSED),
        "resting": ChannelAccount.objects.filter(rests_until__gt=Now()),
        "header_title": "渠道发布",
        "page_title": "渠道发布",
        "header_icon": "upload",
    }
    return render(request, "channels/deliveries.html", context)


@require_GET
@for_publishers
def show_delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """One delivery with its steps, its buttons and the text to copy."""
    rows = Delivery.objects.select_related("account", "requested_by")
    delivery = get_object_or_404(rows, pk=delivery_id)
    context = {
        "delivery": delivery,
        "steps": delivery.steps.select_related("by"),
        "counted": delivery.counts.last(),
        "stale": bool(board.stale_ones([delivery])),
        "package": packages.package_of(delivery) if delivery.has_package else None,
        "header_title": f"{delivery.lesson_title} → {delivery.account}",
        "page_title": delivery.lesson_title,
        "page_subtitle": str(delivery.account),
        "header_icon": "upload",
    }
    return render(request, "channels/delivery.html", context)


@require_GET
@for_publishers
def download_package(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Everything for the person who posts, as one file."""
    rows = Delivery.objects.select_related("account")
    delivery = get_object_or_404(rows, pk=delivery_id)
    if not delivery.has_package:
        raise Http404
    name = f"{delivery.lesson_title}-{delivery.account.name}.zip"
    answer = HttpResponse(packages.zipped(delivery), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return answer


@require_POST
@for_publishers
def act(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """One of the buttons. What it cannot do it says, and nothing changes."""
    chosen = ACTS.get(request.POST.get("act", ""))
    if chosen is None:
        messages.error(request, "没有这个操作，请刷新后再试。")
        return redirect("channels:delivery", delivery_id)
    do, done = chosen
    extra = {"url": request.POST.get("url", "")} if do is requests.handoff else {}
    try:
        do(delivery_id, by=request.user, **extra)
        messages.success(request, done)
    except StudyhubError as error:
        messages.error(request, error.detail)
    return redirect("channels:delivery", delivery_id)
