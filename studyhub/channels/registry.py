"""Which adapter serves which kind of account.

Dotted paths, loaded on first use: the one place where channels reach their adapters without
importing them. A test opens every kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx
from django.conf import settings
from django.utils.module_loading import import_string

from studyhub.channels.models import ChannelAccount
from studyhub.channels.ports import Field, Form, Handover, Kit, Publisher
from studyhub.channels.tokens import RowTokenStore


@dataclass(frozen=True)
class Entry:
    """``base`` names the environment variable with the platform's address."""

    path: str
    mode: str
    base: str = ""


ADAPTERS: dict[str, Entry] = {
    "wechat": Entry(
        "studyhub.channels.adapters.wechat.channel.WeChatChannel", "api", "WECHAT_API_BASE"
    ),
    "toutiao": Entry("studyhub.channels.adapters.manual.channel.ToutiaoChannel", "manual"),
    "channels": Entry("studyhub.channels.adapters.manual.channel.VideoAccountChannel", "manual"),
    "group": Entry("studyhub.channels.adapters.manual.channel.GroupChannel", "manual"),
}


def adapter_class(kind: str) -> Any:
    return import_string(ADAPTERS[kind].path)


def open_publisher(account: ChannelAccount) -> Publisher:
    return cast(Publisher, adapter_class(account.kind)(_kit(account)))


def open_handover(account: ChannelAccount) -> Handover:
    return cast(Handover, adapter_class(account.kind)(_kit(account)))


def _kit(account: ChannelAccount) -> Kit:
    return Kit(
        settings=cast("Mapping[str, Any]", account.secrets),
        base=settings.CHANNEL_BASES.get(ADAPTERS[account.kind].base, ""),
        tokens=RowTokenStore(account.pk),
        sandbox=settings.CHANNEL_MODE == "sandbox",
        transport=make_transport(),
    )


def make_transport() -> httpx.BaseTransport | None:
    """None is the real network; tests put something else here."""
    return None


def fields_of(kind: str) -> tuple[Field, ...]:
    return cast("tuple[Field, ...]", adapter_class(kind).FIELDS)


def capabilities_of(kind: str) -> list[str]:
    """What an account of this kind can do when its settings say nothing."""
    return list(adapter_class(kind).CAPABILITIES)


def form_of(kind: str) -> Form:
    """How a channel of this kind shows a lesson."""
    return cast("Form", adapter_class(kind).FORM)
