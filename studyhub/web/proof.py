"""Proving once more to be the owner of the account: its password, and a code or a security key.

What was proved is remembered for as long as setting something up may take, and used up by it.
"""

import time

from django.contrib.auth import authenticate
from django.http import HttpRequest

from studyhub.core.errors import Invalid
from studyhub.people import passkeys, second_factor
from studyhub.people.half_sign_in import SET_UP_WITHIN
from studyhub.web.private import SignedInRequest

_PROVED = "proved_again_at"


def prove(request: SignedInRequest) -> None:
    """What the form says is right; a wrong password uses no code up. Raises Invalid, TooMany."""
    user, password = request.user, request.POST.get("password", "")
    if authenticate(request, username=user.username, password=password) != user:
        raise Invalid("wrong_password", "密码不对，请再看一遍；密码区分大小写。")
    if second_factor.factor_of(user) is None:
        return
    if answer := request.POST.get("passkey", ""):
        passkeys.check_key(request, user, answer)
    elif not second_factor.is_right(request, user, request.POST.get("code", "")):
        raise Invalid("bad_code", "这个码不对，或者刚才用过了。请等验证器换下一个，再填一次。")


def note_proof(request: HttpRequest) -> None:
    request.session[_PROVED] = time.time()


def is_proved(request: HttpRequest) -> bool:
    """Whether the owner was here half an hour ago at most, and has set nothing up since."""
    return time.time() - request.session.get(_PROVED, 0) <= SET_UP_WITHIN.total_seconds()


def end_proof(request: HttpRequest) -> None:
    request.session.pop(_PROVED, None)
