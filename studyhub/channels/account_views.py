"""One account at the desk: how it stands, and where its platform sends callbacks."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from studyhub.channels import inbox, registry
from studyhub.channels.models import ChannelAccount
from studyhub.channels.views import for_publishers


@require_GET
@for_publishers
def show_account(request: HttpRequest, key: str) -> HttpResponse:
    """No secret is shown, not even a part of one."""
    account = get_object_or_404(ChannelAccount, key=key)
    context = {
        "account": account,
        "callback": _callback_of(account),
        "header_title": account.name,
        "page_title": account.name,
        "page_subtitle": account.get_kind_display(),
        "header_icon": "upload",
    }
    return render(request, "channels/account.html", context)


def _callback_of(account: ChannelAccount) -> dict[str, Any] | None:
    """None where the platform sends nothing."""
    receiver = registry.receiver_class(account.kind)
    if receiver is None:
        return None
    path = reverse("callback", args=[account.kind, account.key])
    return {
        "address": f"{settings.PUBLIC_URL}{path}",
        "protection": receiver(account.secrets).protection,
        "last": inbox.last_received(account),
    }
