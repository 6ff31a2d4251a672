"""Asking to join: what somebody writes who followed an invite, and how they are let in at the end.

Nothing here looks at the ledger before a person decided (``people.join_decisions``), so that no
answer tells whether somebody is on it.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from studyhub.core.characters import one_line
from studyhub.core.crypto import lookup_index
from studyhub.core.errors import Invalid, NotFound, NotSignedIn
from studyhub.core.outside_json import clean_text
from studyhub.people import access
from studyhub.people.invites import OVER
from studyhub.people.locks import lock_member
from studyhub.people.models import Invite, JoinRequest, Member, User
from studyhub.people.personal_codes import SIGNS, account_of, ends_fit
from studyhub.people.roster.values import LONGEST_NAME, phone_of, spelled_name
from studyhub.people.sign_in_limits import JOINING, take_try

REFERENCE_LENGTH = 6
LONGEST_BRANCH = 60
_SECRET = re.compile(r"[0-9a-f]{40}")
WRONG = "手机号后四位和台账上的不一样，请再看一遍；换过号码的，请组长先改台账上的号码。"


@dataclass(frozen=True)
class Asked:
    """What somebody wrote about themselves, understood."""

    name: str
    phone: str
    branch_words: str


def new_secret() -> str:
    """What a browser holds to be known again as the one that asked; stands in the form already, so
    that a form sent twice is one request."""
    return secrets.token_hex(20)


def read_request(said: Mapping[str, str]) -> Asked:
    """Raises Invalid ``bad_request`` with what to do."""
    values, errors = {}, []
    readers: tuple[tuple[str, str, Callable[[str], str]], ...] = (
        ("name", "姓名", _name),
        ("phone", "手机号", phone_of),
    )
    for field, label, read in readers:
        text = clean_text(one_line(said.get(field, ""))).strip()
        try:
            values[field] = read(text) if text else ""
        except ValueError as problem:
            errors.append(f"{label}：{problem}")
        else:
            if not values[field]:
                errors.append(f"{label}：请填上")
    branch = clean_text(one_line(said.get("branch", ""))).strip()
    if len(branch) > LONGEST_BRANCH:
        errors.append(f"所在党组织：最多 {LONGEST_BRANCH} 个字，用简称就行")
    if not said.get("agreed"):
        errors.append("请看过隐私说明，在“同意”前面打勾")
    if errors:
        raise Invalid("bad_request", f"{'；'.join(errors)}。")
    return Asked(values["name"], values["phone"], branch)


def _name(text: str) -> str:
    """As the ledger spells names; figures too, which tell apart who is called alike."""
    name = spelled_name(text)
    if len(name) > LONGEST_NAME:
        raise ValueError(f"最多 {LONGEST_NAME} 个字，只写一个人")
    return name


@transaction.atomic
def ask_to_join(invite: Invite, asked: Asked, secret: str) -> JoinRequest:
    """The request of this secret; one use of the invite, however often it is sent.

    Raises NotFound ``invite_over`` where it was used up or stopped meanwhile, Invalid for a secret
    that no form of ours had.
    """
    if not _SECRET.fullmatch(secret):
        raise Invalid("bad_request", "这一页放得太久了，请刷新以后再填一次。")
    row = Invite.objects.select_for_update().get(pk=invite.pk)  # one after the other
    if found := JoinRequest.objects.holding(secret).first():
        return found
    if not Invite.objects.good(timezone.now()).filter(pk=row.pk).exists():
        raise NotFound("invite_over", OVER)
    Invite.objects.filter(pk=row.pk).update(uses_left=F("uses_left") - 1)
    return JoinRequest.objects.create(
        invite=row,
        digest=lookup_index(secret),
        reference="".join(secrets.choice(SIGNS) for _ in range(REFERENCE_LENGTH)),
        name=asked.name,
        phone=asked.phone,
        branch_words=asked.branch_words,
    )


def request_of(secret: str) -> JoinRequest | None:
    """What the browser with this secret asked for, for as long as it is kept."""
    if not _SECRET.fullmatch(secret):
        return None
    return JoinRequest.objects.holding(secret).select_related("invite__group").first()


def let_in(request: HttpRequest, asked: JoinRequest, last_digits: str) -> User:
    """Whose request it was, once; with the end of the number that the ledger has now.

    Only while whoever agreed may let them in (decision 0027). Raises NotSignedIn, TooMany.
    """
    taken = take_try(request, asked.digest, JOINING)
    with transaction.atomic():
        row = JoinRequest.objects.select_for_update().get(pk=asked.pk)
        user = _use(row, last_digits)
    if user is None:
        taken.refuse_if_spent()
        raise NotSignedIn("bad_digits", WRONG)
    taken.give_back()
    return user


def _use(row: JoinRequest, last_digits: str) -> User | None:
    if row.state != JoinRequest.State.APPROVED or row.let_in_at or row.member_id is None:
        raise NotSignedIn("not_open", "这个申请现在不能用来登录，请找组长要个人码。")
    member = Member.objects.select_related("user").get(pk=row.member_id)
    if not access.may_let_in(row.decided_by, member):
        raise NotSignedIn("not_open", "这个申请现在不能用来登录，请找组长要个人码。")
    if not ends_fit(member, last_digits):
        return None
    row.let_in_at = timezone.now()
    row.save(update_fields=["let_in_at"])
    with lock_member(member):
        return account_of(Member.objects.select_related("user").get(pk=member.pk))


def forget_old_requests() -> None:
    """Delete what was kept long enough, and invites that are over and that nobody waits for."""
    JoinRequest.objects.overdue().delete()
    over = Invite.objects.exclude(pk__in=Invite.objects.good(timezone.now()).values("pk"))
    over.filter(requests=None).delete()
