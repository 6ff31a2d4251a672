"""Security keys (安全密钥): a second factor that the browser asks for, beside codes.

Each belongs to an account's ``SecondFactor``, so that what ends the one ends the other. Decision
0034.
"""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.log_actions import log

from studyhub.core.characters import one_line
from studyhub.core.errors import Conflict, Invalid
from studyhub.people import key_proofs, recovery_codes
from studyhub.people.key_challenges import Challenge, Purpose, give_challenge, take_challenge
from studyhub.people.models import Passkey, SecondFactor, User
from studyhub.people.second_factor import factor_of, set_up_paper
from studyhub.people.sign_in_limits import CODE, take_try

MOST = 10  # of one account
LONGEST_NAME = Passkey._meta.get_field("name").max_length
ADDED, REMOVED, COPIED = (
    f"studyhub.second_factor.key_{act}" for act in ("added", "gone", "copied")
)
LATE = "等得久了，或者这一次已经用过了。请再按一次“用安全密钥”。"
UNKNOWN = "这把安全密钥不是这个账号的，或者已经删掉了。请换一把，或者填动态码、备用码。"
ELSEWHERE = "安全密钥只认 {origin} 这个网址。请从这个网址打开，再试一次。"
WRONG = "安全密钥没有验过。请再试一次，或者填动态码、备用码。"
COPY = (
    "这把安全密钥的次数倒退了，可能被人复制过，所以没有让它通过。"
    "请改填动态码或备用码，删掉这把密钥，再告诉管理员。"
)


def key_site() -> key_proofs.KeySite | None:
    """Whose keys they are: ours at the address people type. None where that is a bare number,
    of which browsers make no keys."""
    address = urlsplit(settings.PUBLIC_URL)
    host = address.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        usual = {"http": 80, "https": 443}[address.scheme]
        port = f":{address.port}" if address.port not in (None, usual) else ""
        return key_proofs.KeySite(host, f"{address.scheme}://{host}{port}")
    return None


def keys_of(user: User) -> QuerySet[Passkey]:
    """The first made first."""
    return Passkey.objects.filter(factor__user=user).order_by("pk")


def may_use_key(user: User) -> bool:
    """Whether a page has a reason to offer it."""
    return key_site() is not None and keys_of(user).exists()


def ask_for_key(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the browser is to ask the account's keys; raises Conflict ``no_keys``."""
    site, known = key_site(), _names(user)
    if site is None or not known:
        raise Conflict("no_keys", "这个账号没有安全密钥，请填动态码或备用码。")
    return key_proofs.ask_for_use(site, give_challenge(request, user, Purpose.USE), known=known)


def check_key(request: HttpRequest, user: User, answer: str) -> None:
    """A key of the account's answered what this browser was to ask.

    Wrong answers are counted with wrong codes. Raises Invalid ``bad_key``, TooMany ``locked_out``.
    """
    taken = take_try(request, user.username, CODE)
    challenge = take_challenge(request, user, Purpose.USE)
    try:
        _use(user, answer, challenge)
    except Invalid:
        taken.refuse_if_spent()
        raise
    taken.give_back()


def _use(user: User, answer: str, challenge: Challenge | None) -> None:
    site = key_site()
    if challenge is None or site is None:
        raise Invalid("bad_key", LATE)
    try:
        key = keys_of(user).filter(credential_id=key_proofs.credential_of(answer)).first()
        if key is None:
            raise Invalid("bad_key", UNKNOWN)
        count = key_proofs.check_use(
            answer, site=site, challenge=challenge.value, public_key=bytes(key.public_key)
        )
    except key_proofs.KeyRefused as problem:
        raise _told(problem, site) from problem
    if not key.take_use(count, challenge.made_at):
        _refuse_use(key, user, count)


def _told(problem: key_proofs.KeyRefused, site: key_proofs.KeySite) -> Invalid:
    foreign = isinstance(problem, key_proofs.ForeignSite)
    return Invalid("bad_key", ELSEWHERE.format(origin=site.origin) if foreign else WRONG)


def _refuse_use(key: Passkey, user: User, count: int) -> None:
    """Used by another request meanwhile, removed, or counting backwards."""
    now = Passkey.objects.filter(pk=key.pk).first()
    if now is None:
        raise Invalid("bad_key", UNKNOWN)
    if now.last_used_at != key.last_used_at:
        raise Invalid("bad_key", LATE)
    log(user, COPIED, user=user, data={"name": key.name, "told": count, "known": key.sign_count})
    raise Invalid("bad_key", COPY)


def ask_for_new_key(request: HttpRequest, user: User) -> dict[str, Any]:
    """What the browser is to ask a key that is to be added; raises Conflict."""
    site, known = key_site(), _names(user)
    if site is None:
        raise Conflict("no_key_site", "网站还没有正式的网址，用不了安全密钥。")
    _refuse_more(known)
    return key_proofs.ask_for_new(
        site,
        give_challenge(request, user, Purpose.NEW),
        account=user.account_id.bytes,
        login=user.username,
        name=user.get_full_name(),
        known=known,
    )


def add_key(request: HttpRequest, user: User, answer: str, name: str) -> list[str]:
    """The account's from now on. To be called after password and code.

    Returns the recovery codes, shown this once, where it had no second factor before. Raises
    Invalid ``bad_key``, Conflict ``key_known``, ``too_many_keys``.
    """
    challenge, site = take_challenge(request, user, Purpose.NEW), key_site()
    if challenge is None or site is None:
        raise Invalid("bad_key", "等得久了，或者这一次已经用过了。请再按一次“加上”。")
    try:
        new = key_proofs.check_new(answer, site=site, challenge=challenge.value)
    except key_proofs.KeyRefused as problem:
        raise _told(problem, site) from problem
    _refuse_more(_names(user))
    try:
        return _put(user, new, one_line(name).strip()[:LONGEST_NAME] or "安全密钥")
    except IntegrityError:
        raise Conflict("key_known", "这把安全密钥已经加过了，请换一把。") from None


@transaction.atomic
def _put(user: User, new: key_proofs.NewKey, name: str) -> list[str]:
    codes = [] if factor_of(user) else set_up_paper(user)
    Passkey.objects.create(
        factor_id=user.pk,
        name=name,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
        made_at=timezone.now(),
    )
    log(user, ADDED, user=user, data={"name": name})
    return codes


def refuse_last_key(user: User, key_id: int) -> None:
    """Raises Conflict ``key_gone``, or ``last_factor`` where nothing is left to sign in by."""
    factor, key = factor_of(user), keys_of(user).filter(pk=key_id).first()
    if factor is None or key is None:
        raise Conflict("key_gone", "这把安全密钥已经删掉了。")
    others = keys_of(user).exclude(pk=key_id).exists()
    if not (factor.secret or others or recovery_codes.count_left(factor)):
        words = "这是最后一样能登录的东西，删了就进不来了。请先换一套备用码，或者设一个验证器。"
        raise Conflict("last_factor", words)


@transaction.atomic
def remove_key(user: User, key_id: int) -> str:
    """It opens nothing any more; returns its name. To be called after password and code."""
    SecondFactor.objects.select_for_update().filter(user=user).first()
    refuse_last_key(user, key_id)
    key = keys_of(user).get(pk=key_id)
    key.delete()
    log(user, REMOVED, user=user, data={"name": key.name})
    return key.name


def _names(user: User) -> list[str]:
    return list(keys_of(user).values_list("credential_id", flat=True))


def _refuse_more(known: list[str]) -> None:
    if len(known) >= MOST:
        raise Conflict("too_many_keys", f"安全密钥已经有 {MOST} 把，请先删掉不用的。")
