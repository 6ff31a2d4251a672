"""The token of an account, shared by all workers through its row."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Q

from studyhub.channels import timings
from studyhub.channels.clock import database_now
from studyhub.channels.errors import ChannelUnavailable
from studyhub.channels.models import ChannelAccount
from studyhub.channels.ports import Token


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
            if self._take_lock():
                return self._refresh(fetch, stale)
            if time.monotonic() > give_up:
                raise ChannelUnavailable(
                    "另一个进程正在换取访问令牌，稍后再试。", code="token_busy"
                )
            time.sleep(0.05)

    def _stored(self, stale: str) -> str:
        row = self.rows.only("token").get()
        value, expires = row.token.get("value", ""), row.token.get("expires", 0.0)
        fresh = expires - database_now().timestamp() > timings.seconds("TOKEN_SPARE")
        return value if fresh and value != stale else ""

    def _take_lock(self) -> bool:
        now = database_now()
        free = self.rows.filter(Q(token_lock_until=None) | Q(token_lock_until__lte=now))
        return bool(free.update(token_lock_until=now + timings.span("TOKEN_LOCK")))

    def _refresh(self, fetch: Callable[[], Token], stale: str) -> str:
        """Under the lock: whoever held it before may have stored one between our two looks."""
        try:
            if value := self._stored(stale):
                return value
            token = fetch()
            expires = (database_now() + timedelta(seconds=token.seconds_left)).timestamp()
            self.rows.update(token={"value": token.value, "expires": expires})
        finally:
            self.rows.update(token_lock_until=None)
        return token.value
