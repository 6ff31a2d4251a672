"""Adapters ready for use: an account's settings, its platform's address and its shared token."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings

from studyhub.channels import registry
from studyhub.channels.film_ports import Authorised, FilmChannel
from studyhub.channels.models import ChannelAccount
from studyhub.channels.ports import (
    Adapter,
    Counting,
    Handover,
    Kit,
    Messenger,
    Publisher,
    Rationing,
)
from studyhub.channels.tokens import RowTokenStore

if TYPE_CHECKING:
    import httpx

_transport: ContextVar["httpx.BaseTransport | None"] = ContextVar("transport", default=None)


def open_publisher(account: ChannelAccount) -> Publisher:
    """The adapter of an account that publishes by API."""
    return cast(Publisher, _open(account))


def open_films(account: ChannelAccount) -> FilmChannel:
    """The adapter of an account that takes films by API."""
    return cast(FilmChannel, _open(account))


def open_authorised(account: ChannelAccount) -> Authorised:
    """The adapter of an account for which a person must let us post."""
    return cast(Authorised, _open(account))


def open_messenger(account: ChannelAccount) -> Messenger:
    """The adapter of an account that speaks into a chat."""
    return cast(Messenger, _open(account))


def open_counting(account: ChannelAccount) -> Counting:
    """The adapter of an account that tells figures."""
    return cast(Counting, _open(account))


def open_rationing(account: ChannelAccount) -> Rationing:
    """The adapter of an account that tells what is left of its quotas."""
    return cast(Rationing, _open(account))


def open_probe(account: ChannelAccount) -> Publisher | Messenger:
    """The adapter of an account that calls, to be tried."""
    return cast("Publisher | Messenger", _open(account))


def open_handover(account: ChannelAccount) -> Handover:
    """The adapter of an account on which people post by hand."""
    return cast(Handover, _open(account))


def address_of(kind: str) -> str:
    """The platform's address from the environment; empty when it is not set or not needed."""
    base = registry.base_of(kind)
    return settings.CHANNEL_BASES.get(base.variable, "") if base else ""


def make_transport() -> "httpx.BaseTransport | None":
    """None is the real network; tests put something else here."""
    return _transport.get()


@contextmanager
def through(transport: "httpx.BaseTransport") -> Iterator[None]:
    """Within, platforms are reached this way: the sandbox in one's own process, say."""
    token = _transport.set(transport)
    try:
        yield
    finally:
        _transport.reset(token)


def _open(account: ChannelAccount) -> Adapter:
    return registry.adapter_class(account.kind)(_kit(account))


def _kit(account: ChannelAccount) -> Kit:
    return Kit(
        settings=cast("Mapping[str, Any]", account.secrets),
        base=address_of(account.kind),
        tokens=RowTokenStore(account.pk),
        sandbox=settings.CHANNEL_MODE == "sandbox",
        site=settings.PUBLIC_URL,
        transport=make_transport(),
    )
