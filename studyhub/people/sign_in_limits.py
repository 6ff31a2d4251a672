"""How often a password or a code may be guessed: who fails is slowed down, nobody is shut out.

Three counts, each a few tries at once and then one after each pause:

* this account from this address: what one person types wrong;
* this address: what a machine tries over many accounts. Signing in costs nothing, so a village
  behind one address is not slowed by its number;
* this account from anywhere: what many machines try.

A phone on which the account was signed in before is counted by itself alone. So nobody keeps
others out of their account by failing at it, from wherever. Decision 0016.

Codes of the second step are counted in the same way and apart: whoever guesses them knows the
password, and typing it again must not forgive wrong codes. Personal codes are their own login.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from studyhub.core.addresses import client_network
from studyhub.core.errors import TooMany
from studyhub.core.folding import fold
from studyhub.people.models import SignInTries, User

SALT = "studyhub.people.sign_in_limits"
KNOWN_PHONE_COOKIE = "known_phone"
KNOWN_FOR = timedelta(days=180)


@dataclass(frozen=True)
class Limit:
    """So many ``tries`` at once, then one after each ``pause``."""

    tries: int
    pause: timedelta

    def wait(self, rested_at: datetime, now: datetime) -> timedelta:
        """How long until the next try; zero or less where it is free."""
        return rested_at - now - self.pause * (self.tries - 1)


ACCOUNT_HERE = Limit(5, timedelta(minutes=3))
ADDRESS = Limit(30, timedelta(seconds=10))
ACCOUNT = Limit(30, timedelta(minutes=1))
# Three of a million codes are right at any time: at most 170 guesses a day, from wherever.
ACCOUNT_CODES = Limit(30, timedelta(minutes=10))


@dataclass(frozen=True)
class Secret:
    """What is guessed at: its counts, and the words for whoever failed too often."""

    name: str
    account: Limit
    refusal: str


PASSWORD = Secret("", ACCOUNT, "密码输错次数太多，请 {wait}后再试；忘了密码请找联络员。")
CODE = Secret(
    "code ",
    ACCOUNT_CODES,
    "动态码输错次数太多，请 {wait}后再试；手机丢了请用备用码，或者请管理员取消您的两步登录。",
)
PERSONAL_CODE = Secret(
    "personal code ",
    ACCOUNT,
    "个人码输错次数太多，请 {wait}后再试；请再看一遍，或者请联络员换一个。",
)

INVITE = Secret("invite ", ACCOUNT, "邀请打开得太频繁，请 {wait}后再试，或者向组长要一个新的。")
JOINING = Secret(
    "join request ",
    ACCOUNT,
    "手机号后四位输错次数太多，请 {wait}后再试，或者请组长给您个人码。",
)


class Try:
    """One try that was taken, and is given back when the password was right."""

    def __init__(self, limits: Mapping[str, Limit], secret: Secret) -> None:
        self.limits, self.secret = limits, secret

    def give_back(self) -> None:
        """The password was right: it cost nothing, and what was typed wrong here is forgotten."""
        now = timezone.now()
        with transaction.atomic():
            for row in _locked(self.limits, now):
                limit = self.limits[row.key]
                row.rested_at = now if limit == ACCOUNT_HERE else row.rested_at - limit.pause
                row.save(update_fields=["rested_at"])

    def refuse_if_spent(self) -> None:
        """The password was wrong: raise TooMany where it was the last free try."""
        now = timezone.now()
        rows = SignInTries.objects.filter(pk__in=self.limits)
        waits = (self.limits[row.key].wait(row.rested_at, now) for row in rows)
        _refuse(self.secret, max(waits, default=None))


def take_try(request: HttpRequest, login: str, secret: Secret = PASSWORD) -> Try:
    """Count one try before the secret is looked at; raises TooMany ``locked_out``.

    Who is refused is not counted, so waiting as long as was asked always helps.
    """
    limits, now = _limits_of(request, fold(login), secret), timezone.now()
    with transaction.atomic():
        rows = _locked(limits, now)
        _refuse(secret, max(limits[row.key].wait(row.rested_at, now) for row in rows))
        for row in rows:
            row.rested_at = max(row.rested_at, now) + limits[row.key].pause
            row.save(update_fields=["rested_at"])
    return Try(limits, secret)


def forget_old_tries() -> None:
    """Delete the counts that are at rest."""
    day_ago = timezone.now() - timedelta(days=1)
    SignInTries.objects.filter(rested_at__lt=day_ago).delete()


def know_phone(response: HttpResponse, user: User) -> None:
    """Let the phone that just signed in be known as one of the account's own."""
    response.set_cookie(
        KNOWN_PHONE_COOKIE,
        signing.dumps([_digest("login", fold(user.username)), token_urlsafe(12)], salt=SALT),
        max_age=KNOWN_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _known_phone(request: HttpRequest, login: str) -> str | None:
    try:
        text = request.COOKIES.get(KNOWN_PHONE_COOKIE, "")
        owner, phone = signing.loads(text, salt=SALT, max_age=KNOWN_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(phone) if owner == _digest("login", login) else None


def _limits_of(request: HttpRequest, login: str, secret: Secret) -> dict[str, Limit]:
    if phone := _known_phone(request, login):
        return {_digest(f"{secret.name}phone", phone): ACCOUNT_HERE}
    address = client_network(request)
    return {
        _digest(f"{secret.name}account here", login, address): ACCOUNT_HERE,
        _digest(f"{secret.name}address", address): ADDRESS,
        _digest(f"{secret.name}account", login): secret.account,
    }


def _digest(*parts: str) -> str:
    return salted_hmac(SALT, "\n".join(parts), algorithm="sha256").hexdigest()


def _locked(limits: Mapping[str, Limit], now: datetime) -> list[SignInTries]:
    """The counts, locked always in the same order; a new one is at rest."""
    for key in sorted(limits):
        SignInTries.objects.get_or_create(key=key, defaults={"rested_at": now})
    rows = SignInTries.objects.select_for_update().filter(pk__in=limits)
    return list(rows.order_by("key"))


def _refuse(secret: Secret, wait: timedelta | None) -> None:
    if wait is None or wait <= timedelta(0):
        return
    seconds = math.ceil(wait.total_seconds())
    words = f"{seconds} 秒" if seconds < 60 else f"{math.ceil(seconds / 60)} 分钟"
    raise TooMany("locked_out", secret.refusal.format(wait=words), retry_after=seconds)
