"""The second step of signing in: who has one, whether a code is right, setting one up.

Members have none: theirs is one record, their own. Who holds an office may have one; the roles in
``SECOND_FACTOR_ROLES`` must. Decision 0025.
"""

import re
import time

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from wagtail.log_actions import log

from studyhub.core.errors import Invalid
from studyhub.core.folding import fold
from studyhub.people import access, recovery_codes, totp
from studyhub.people.models import SecondFactor, User
from studyhub.people.sessions import end_sign_ins
from studyhub.people.sign_in_limits import CODE, take_try

SPACES = re.compile(r"[\s-]+")
SET_UP, TAKEN_AWAY, TURNED_OFF = (
    f"studyhub.second_factor.{act}" for act in ("set_up", "taken_away", "turned_off")
)


def factor_of(user: User) -> SecondFactor | None:
    """What the account is asked for after its password, if anything."""
    return SecondFactor.objects.filter(user=user).first()


def may_have_factor(user: User) -> bool:
    """Members have none; who had one and holds no office any more may still turn it off."""
    return access.holds_office(user) or factor_of(user) is not None


def is_right(request: HttpRequest, user: User, typed: str) -> bool:
    """Whether this is a code of the account's; it is used from now on.

    Wrong ones are counted as passwords are, by themselves: a right password forgives none. Raises
    TooMany ``locked_out``.
    """
    taken = take_try(request, user.username, CODE)
    if _use(user, typed):
        taken.give_back()
        return True
    taken.refuse_if_spent()
    return False


def _use(user: User, typed: str) -> bool:
    factor, code = factor_of(user), plain(typed)
    if factor is None or not (code.isascii() and code.isdecimal()):
        return False
    if len(code) == recovery_codes.DIGITS:
        return recovery_codes.use_code(factor, code)
    step = totp.step_of(factor.secret, code, time.time()) if factor.secret else None
    return step is not None and factor.take_step(step)


def plain(typed: str) -> str:
    """A code as it is, however it was typed: in groups, with full-width digits."""
    return SPACES.sub("", fold(typed))


def set_up_app(user: User, secret: str, code: str) -> list[str]:
    """The app has the secret, as its code shows; returns the recovery codes, shown this once.

    Replaces what there was. Raises Invalid ``wrong_code``.
    """
    step = totp.step_of(secret, plain(code), time.time())
    if step is None:
        raise Invalid(
            "wrong_code",
            "这个动态码不对。请看验证器里现在的 6 位数字，趁它没换写上；"
            "总是不对，看看手机的时间是不是自动设置的。",
        )
    return _put(user, secret, step)


def set_up_paper(user: User) -> list[str]:
    """The recovery codes are all there is; for those without a phone that can do more."""
    return _put(user, "", 0)


def renew_codes(user: User) -> list[str]:
    """Ten new codes; those from before are void, the app stays. Raises DoesNotExist."""
    codes = recovery_codes.new_codes()
    rows = recovery_codes.as_rows(codes)
    with transaction.atomic():
        recovery_codes.put_rows(SecondFactor.objects.select_for_update().get(user=user), rows)
    return codes


def _put(user: User, secret: str, step: int) -> list[str]:
    codes = recovery_codes.new_codes()
    rows = recovery_codes.as_rows(codes)  # before the transaction: it takes seconds
    values = {"secret": secret, "last_step": step, "set_up_at": timezone.now()}
    with transaction.atomic():
        factor, _ = SecondFactor.objects.update_or_create(user=user, defaults=values)
        recovery_codes.put_rows(factor, rows)
        log(user, SET_UP, user=user)
    return codes


@transaction.atomic
def turn_off(user: User) -> None:
    """The owner wants it no more, and need not have it."""
    SecondFactor.objects.filter(user=user).delete()
    log(user, TURNED_OFF, user=user)


@transaction.atomic
def take_away(user: User, *, by: User | None) -> bool:
    """For a lost phone: whether there was a factor. Whoever is signed in to the account is out.

    ``by`` is None for whoever runs commands on the server.
    """
    taken, _ = SecondFactor.objects.filter(user=user).delete()
    if taken:
        end_sign_ins(user)
        log(user, TAKEN_AWAY, user=by)
    return bool(taken)
