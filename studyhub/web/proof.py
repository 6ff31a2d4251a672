"""Proving once more to be the owner of the account: its password, and a code where there is one."""

from django.contrib.auth import authenticate

from studyhub.core.errors import Invalid
from studyhub.people import second_factor
from studyhub.web.private import SignedInRequest


def prove(request: SignedInRequest) -> None:
    """What the form says is right; a wrong password uses no code up. Raises Invalid, TooMany."""
    user, password = request.user, request.POST.get("password", "")
    if authenticate(request, username=user.username, password=password) != user:
        raise Invalid("wrong_password", "密码不对，请再看一遍；密码区分大小写。")
    if second_factor.factor_of(user) is None:
        return
    if not second_factor.is_right(request, user, request.POST.get("code", "")):
        raise Invalid("bad_code", "这个码不对，或者刚才用过了。请等验证器换下一个，再填一次。")
