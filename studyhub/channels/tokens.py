"""The token of an account, shared by all workers through its row."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from studyhub.channels import timings
from studyhub.channels.errors import ChannelUnavailable
from studyhub.channels.models import ChannelAccount
from studyhub.channels.ports import Grant, Token
from studyhub.core.clock import database_now


class RowTokenStore:
    """One caller fetches, the others wait for it.

    The lock is a time in the account's row, not an open transaction: no transaction may stay open
    while a platform is asked, and a dead holder frees the lock by itself.
    """

    def __init__(self, account_id: int) -> None:
        self.rows = ChannelAccount.objects.filter(pk=account_id)

    def read(self, fetch: Callable[[], Token], *, stale: str = "") -> str:
        """Raises ChannelUnavailable when another caller takes too long to fetch one."""
        give_up = time.monotonic() + timings.seconds("TOKEN_WAIT")
        while True:
            if value := self._stored(stale):
                return value
            if lock := self._take_lock():
                return self._refresh(fetch, stale, lock)
            if time.monotonic() > give_up:
                raise ChannelUnavailable(
                    "另一个进程正在换取访问令牌，稍后再试。", code="token_busy"
                )
            time.sleep(0.05)

    def grant(self) -> Grant | None:
        """As it is in the row now: another worker may have renewed it."""
        return grant_from(self.rows.only("grant").get().grant)

    def _stored(self, stale: str) -> str:
        row = self.rows.only("token").get()
        value, expires = row.token.get("value", ""), row.token.get("expires", 0.0)
        fresh = expires - database_now().timestamp() > timings.seconds("TOKEN_SPARE")
        return value if fresh and value != stale else ""

    def _take_lock(self) -> datetime | None:
        """Until when the lock is ours; the moment is also the sign by which we know it again."""
        now = database_now()
        until = now + timings.span("TOKEN_LOCK")
        free = self.rows.filter(Q(token_lock_until=None) | Q(token_lock_until__lte=now))
        return until if free.update(token_lock_until=until) else None

    def _refresh(self, fetch: Callable[[], Token], stale: str, lock: datetime) -> str:
        """Under the lock: whoever held it before may have stored one between our two looks."""
        ours = self.rows.filter(token_lock_until=lock)
        try:
            if value := self._stored(stale):
                return value
            token = fetch()
            if token.grant:  # the one before is dead: kept whoever has the lock by now
                self.rows.update(**stored_values(token))
                return token.value
            if ours.update(**stored_values(token)):
                return token.value
        finally:
            ours.update(token_lock_until=None)
        return self._stored(stale) or token.value  # came late: what is stored is newer


def stored_values(token: Token) -> dict[str, Any]:
    """What a token changes in the account's row; its grant goes with it, in one statement."""
    now = database_now()
    expires = (now + timedelta(seconds=token.seconds_left)).timestamp()
    values: dict[str, Any] = {"token": {"value": token.value, "expires": expires}}
    if grant := token.grant:
        ends = (now + timedelta(seconds=grant.seconds_left)).timestamp()
        values["grant"] = {
            "refresh": grant.refresh,
            "ends": ends,
            "open_id": grant.open_id,
            "name": grant.name,
            "scopes": list(grant.scopes),
        }
    return values


def grant_from(stored: dict[str, Any] | None) -> Grant | None:
    """The grant as adapters know it; None when there is none."""
    if not stored:
        return None
    left = int(stored["ends"] - database_now().timestamp())
    scopes = tuple(stored["scopes"])
    return Grant(stored["refresh"], left, stored["open_id"], stored["name"], scopes)
