"""Tokens of the API: made for oneself, with a scope and an end; taken back by the owner or an
administrator. A token opens the API alone: no page asks for one (decision 0033).
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import APIToken

from studyhub.core.errors import Conflict, Invalid, NotFound
from studyhub.people import access
from studyhub.people.models import TokenGrant, User
from studyhub.people.second_factor import factor_of

DAYS = (30, 90, 365)
DEFAULT_DAYS = 90
LONGEST_NAME = 80
MOST = 20  # in force for one account
CREATED, REVOKED = "wagtail.apitoken.create", "wagtail.apitoken.revoke"


def may_have_tokens(user: User) -> bool:
    """Members have none: their phones hold a session, and tickets to upload with."""
    return access.holds_office(user) or user.api_tokens.exists()  # type: ignore[attr-defined]


def check_token(user: User, *, name: str, scopes: Collection[str], days: int) -> None:
    """Whether there may be such a token. Raises Invalid and Conflict, with what to do about it."""
    if not factor_of(user):
        raise Conflict("no_second_factor", "先给自己的账号设好两步登录，才能发令牌。")
    if not name:
        raise Invalid("no_name", "请写这枚令牌是给谁用的，例如：旗数据平台。")
    if not scopes or not set(scopes) <= set(TokenGrant.Scope):
        raise Invalid("no_scope", "请至少勾一样这枚令牌能做的事。")
    if days not in DAYS:
        raise Invalid("no_end", "请选一个有效期。")
    if in_force(APIToken.objects.filter(user=user)).count() >= MOST:
        raise Conflict("too_many_tokens", f"有效的令牌已经有 {MOST} 枚，请先作废不用的。")


def make_token(user: User, *, name: str, scopes: Collection[str], days: int) -> str:
    """The token itself, which is shown this once. To be called after password and code."""
    check_token(user, name=name, scopes=scopes, days=days)
    return grant_token(user, name=name, scopes=scopes, days=days, by=user)


@transaction.atomic
def grant_token(
    user: User, *, name: str, scopes: Collection[str], days: int, by: User | None
) -> str:
    """The same for whoever runs commands on the server, where ``by`` is None."""
    token, secret = APIToken.create_token(user=user, name=name)
    until = timezone.now() + timedelta(days=days)
    known = [scope.value for scope in TokenGrant.Scope if scope in scopes]
    TokenGrant.objects.create(token=token, scopes=known, expires_at=until, made_by=by)
    log(token, CREATED, user=by)
    return str(secret)


def tokens_seen_by(user: User) -> QuerySet[APIToken]:
    """One's own; an administrator sees everybody's. The newest first."""
    tokens = APIToken.objects.select_related("user", "grant").order_by("-created", "-pk")
    return tokens if access.keeps_ledger(user) else tokens.filter(user=user)


@transaction.atomic
def revoke_token(token_id: int, *, by: User) -> APIToken:
    """From now on it opens nothing; safe to repeat. Raises NotFound."""
    token = tokens_seen_by(by).filter(pk=token_id).first()
    if token is None:
        raise NotFound("token_not_found", "没有这枚令牌，请从令牌页重新操作。")
    if token.revoked_at is None:
        token.revoke()
        log(token, REVOKED, user=by)
    return token


def in_force(tokens: QuerySet[APIToken]) -> QuerySet[APIToken]:
    """Neither revoked nor over."""
    over = TokenGrant.objects.filter(expires_at__lte=timezone.now())
    return tokens.filter(revoked_at=None).exclude(pk__in=over.values("pk"))


def grant_of(token: APIToken) -> TokenGrant | None:
    """What it may do; None: all that its owner may, as before there were grants."""
    return TokenGrant.objects.filter(token=token.pk).first()
