"""阅读数 and 接口额度 of an account: sums of the platform's, and how old they are."""

from dataclasses import asdict

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from studyhub.channels import connections, registry
from studyhub.channels.account_pages import render_page
from studyhub.channels.errors import ChannelError
from studyhub.channels.models import ChannelAccount, DeliveryCount
from studyhub.channels.ports import Capability
from studyhub.channels.views import for_publishers
from studyhub.core.transactions import writes_by_itself

MOST = 100


@require_GET
@for_publishers
def show_stats(request: HttpRequest, key: str) -> HttpResponse:
    """The latest figures of each article, newest article first."""
    account = get_object_or_404(ChannelAccount, key=key)
    if Capability.STATS not in registry.capabilities_of(account.kind):
        raise Http404
    latest = DeliveryCount.objects.filter(delivery=OuterRef("delivery")).order_by("-day")
    rows = DeliveryCount.objects.filter(delivery__account=account)
    rows = rows.filter(pk=Subquery(latest.values("pk")[:1])).select_related("delivery")
    context = {
        "account": account,
        "counts": rows.defer("delivery__post").order_by("-delivery")[:MOST],
        "allowed": account.can(Capability.STATS),
        "most": MOST,
    }
    return render_page(request, "channels/stats.html", f"阅读数：{account.name}", context)


@writes_by_itself  # a platform may be asked: no row is held meanwhile
@require_http_methods(["GET", "POST"])
@for_publishers
def show_quota(request: HttpRequest, key: str) -> HttpResponse:
    """What was told last; the button asks again."""
    account = get_object_or_404(ChannelAccount, key=key)
    if not registry.rations(account.kind):
        raise Http404
    if request.method == "POST":
        _ask(request, account)
        return redirect("channels:quota", key)
    return render_page(
        request, "channels/quota.html", f"接口额度：{account.name}", {"account": account}
    )


def _ask(request: HttpRequest, account: ChannelAccount) -> None:
    """What was known stays when the platform does not answer."""
    try:
        told = [asdict(quota) for quota in connections.open_rationing(account).quotas()]
    except ChannelError as error:
        messages.error(request, f"没有问到：{error.detail}{error.action}")
        return
    rows = ChannelAccount.objects.filter(pk=account.pk)
    rows.update(quotas=told, quotas_at=timezone.now())
    messages.success(request, "问到了，下面是现在的额度。")
