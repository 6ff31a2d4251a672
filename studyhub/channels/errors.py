"""What a channel may answer instead of success. The class decides what happens next.

* ChannelError           ``detail`` and ``action`` are Chinese and shown to editors
  - ChannelRefused       the platform said no to this content: never retried by itself
    - DraftMissing       the draft is not in the box (any more)
    - MaterialMissing    a picture that was uploaded is not there (any more): upload it anew
  - ChannelUnavailable   surely nothing happened: safe to try again
    - CredentialsRefused  not even a new token is taken: once may be chance, again and again not
  - ChannelUncertain     it may have happened: look before anything is repeated
  - QuotaUsedUp          wait for the quota; the try does not count
  - AccountStopped       nothing works for this account until a person has acted
  - PersonNeeded         only a person can go on, in the platform's own console
"""

from enum import StrEnum


class ChannelError(Exception):
    """Never carries a token or a secret. ``request_ref`` is the platform's id of the request."""

    def __init__(
        self, detail: str, *, code: str = "", action: str = "", request_ref: str = ""
    ) -> None:
        super().__init__(f"{code} {detail}".strip())
        self.detail = detail
        self.code = code
        self.action = action
        self.request_ref = request_ref


class ChannelRefused(ChannelError):
    """The platform said no to this content; nothing is repeated by itself."""


class DraftMissing(ChannelRefused):
    """The draft is not in the box, or no longer."""


class MaterialMissing(ChannelRefused):
    """A picture that we had uploaded is not there, or no longer."""


class ChannelUnavailable(ChannelError):
    """Surely nothing happened; it may be tried again."""


class CredentialsRefused(ChannelUnavailable):
    """Not even a new token is taken. Again and again, it stops the account."""


class ChannelUncertain(ChannelError):
    """It may have happened; look before anything is repeated."""


class QuotaReset(StrEnum):
    """When the quota opens again."""

    NEXT_MINUTE = "next_minute"
    IN_A_WHILE = "in_a_while"
    NEXT_DAY = "next_day"


class QuotaUsedUp(ChannelError):
    """The platform takes no more calls until ``reset``."""

    def __init__(
        self,
        detail: str,
        *,
        reset: QuotaReset,
        code: str = "",
        action: str = "",
        request_ref: str = "",
    ) -> None:
        super().__init__(detail, code=code, action=action, request_ref=request_ref)
        self.reset = reset


class AccountStopped(ChannelError):
    """Nothing works for this account until a person has acted."""


class PersonNeeded(ChannelError):
    """Only a person can go on, in the platform's own console."""
