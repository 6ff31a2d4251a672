"""A person lets us post for an account: they are sent to the platform and come back with a code.

The code is exchanged outside any transaction. What comes is stored encrypted with the account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from studyhub.channels import accounts, connections, registry
from studyhub.channels.models import ChannelAccount
from studyhub.channels.ports import Token
from studyhub.channels.tokens import grant_from, stored_values
from studyhub.core.errors import Invalid

ASKED = "channel_authorise"  # in the session: account and state of the one question asked last
WARN_BEFORE = timedelta(days=14)


def address_of_question(account: ChannelAccount, session: SessionBase) -> str:
    """Where the person is sent; only this session, and only once, may come back for it."""
    state = token_urlsafe(24)
    session[ASKED] = {"key": account.key, "state": state}
    return connections.open_authorised(account).authorise_url(state, way_back())


def way_back() -> str:
    """One address for all accounts: platforms want to be told it beforehand."""
    return f"{settings.PUBLIC_URL}{reverse('channels:authorised')}"


def asked_account(session: SessionBase, state: str) -> ChannelAccount:
    """The account that this answer is about. Raises Invalid for one that nobody asked for."""
    asked = session.pop(ASKED, None) or {}
    if not state or asked.get("state") != state:
        raise Invalid("not_asked", "这次授权不是从这里发起的，或者已经用过。请重新按“去平台授权”。")
    return accounts.account_of(asked["key"])


def fetch_token(account: ChannelAccount, code: str) -> Token:
    """What the code is worth. Asks the platform: no transaction may be open."""
    if not code:
        raise Invalid("not_agreed", "平台没有给授权码，可能在那边按了“取消”。请重新授权。")
    return connections.open_authorised(account).exchange(code, way_back())


@transaction.atomic
def keep_grant(account: ChannelAccount, token: Token) -> None:
    """The account starts again with it. Another account of the platform's is refused."""
    locked = ChannelAccount.objects.select_for_update().get(pk=account.pk)
    open_id = token.grant.open_id if token.grant else ""
    if not open_id:
        raise Invalid("no_open_id", "平台没有说这是哪个账号，授权没有存下来。请再试一次。")
    accounts.keep_apart(locked, open_id)
    accounts.resume(locked)
    rows = ChannelAccount.objects.filter(pk=locked.pk)
    rows.update(platform_id=open_id, **stored_values(token))


@dataclass(frozen=True)
class Standing:
    """How the authorisation of an account stands; ``ends`` is None where there is none."""

    ends: datetime | None
    days_left: int
    soon: bool

    @property
    def words(self) -> str:
        """For the desk."""
        if self.ends is None:
            return "还没有授权"
        if self.days_left < 0:
            return "授权已经到期"
        return f"授权还有 {self.days_left} 天"


def standing_of(account: ChannelAccount) -> Standing | None:
    """None for a kind that nobody needs to authorise."""
    if not registry.is_authorised(account.kind):
        return None
    grant = grant_from(account.grant)
    if grant is None:
        return Standing(None, 0, soon=True)
    left = timedelta(seconds=grant.seconds_left)
    return Standing(timezone.now() + left, left.days, soon=left < WARN_BEFORE)
