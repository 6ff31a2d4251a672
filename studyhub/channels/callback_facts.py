"""Where an account's platform calls, and how its last call fared: without a secret."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from studyhub.channels import inbox, registry
from studyhub.channels.models import ChannelAccount


def callback_of(account: ChannelAccount) -> dict[str, Any] | None:
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
