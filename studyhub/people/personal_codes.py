"""Personal codes: how a member without a password signs in (个人码, one use, seven days; on paper
a year, as often as it is used).

With the last four digits of the phone on the ledger, so that a code that was overheard or found is
not enough. Asked for by the leader, shown once; a new one voids the one before.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from studyhub.core.crypto import lookup_index
from studyhub.core.errors import Conflict, NotSignedIn
from studyhub.core.folding import fold
from studyhub.people.access import may_let_in
from studyhub.people.locks import lock_member
from studyhub.people.models import Member, PersonalCode, User
from studyhub.people.models.members import MemberQuerySet
from studyhub.people.sign_in_limits import PERSONAL_CODE, take_try

# Nothing that looks like something else on paper or sounds like it on the phone.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
LASTS = timedelta(days=7)
PAPER_LASTS = timedelta(days=365)
LAST_DIGITS = 4
WRONG = "个人码或手机号后四位不对，也可能已经用过、过了七天。请再看一遍，还不行就请联络员换一个。"


def give_code(member: Member, *, by: User, on_paper: bool = False) -> PersonalCode:
    """A new code; ``spoken`` on what is returned is the only time it is readable. It voids the one
    before of its kind; the member's own hand may give them one on paper.

    Raises Conflict ``no_phone`` for a member without a number on the ledger, ``no_code_for_office``
    for one who signs in to more than the giver may open.
    """
    refuse_unfit(by, member)
    if len(member.phone) < LAST_DIGITS:
        raise Conflict("no_phone", "台账里没有这位同志的手机号，请先补上，才能给个人码。")
    code, now = "".join(secrets.choice(SIGNS) for _ in range(LENGTH)), timezone.now()
    with lock_member(member):
        PersonalCode.objects.good(now).filter(member=member, on_paper=on_paper).update(
            expires_at=now
        )
        given = PersonalCode.objects.create(
            member=member,
            digest=lookup_index(code),
            given_by=by,
            given_at=now,
            expires_at=now + (PAPER_LASTS if on_paper else LASTS),
            on_paper=on_paper,
        )
    given.spoken = code
    return given


def refuse_unfit(by: User, member: Member) -> None:
    """Raises Conflict ``no_code_for_office`` where the member is not the caller's to let in."""
    if not may_let_in(by, member):
        raise Conflict(
            "no_code_for_office",
            "不能给这位同志个人码：账号停用了，或者有后台的账号、在带班。请他用账号和密码登录，或者请管理员给。",
        )


def redeem_code(
    request: HttpRequest,
    typed: str,
    last_digits: str,
    *,
    first: Callable[[User], None] = lambda user: None,
) -> User:
    """Whose code it is, with an account made at the first time; the code is used up.

    ``first`` may raise before that. Raises NotSignedIn ``bad_code``, TooMany ``locked_out``.
    """
    code = plain(typed)
    taken = take_try(request, code, PERSONAL_CODE)
    good = PersonalCode.objects.good(timezone.now()).spelled(code).select_related("member__user")
    found = good.select_related("given_by").first()
    if found is None or not _lets_in(found, last_digits):
        taken.refuse_if_spent()
        raise NotSignedIn("bad_code", WRONG)
    if found.member.user:
        first(found.member.user)
    user = _use(found)
    taken.give_back()
    return user


def without_paper(members: MemberQuerySet) -> MemberQuerySet:
    """Those of ``members`` who have a number and no code on paper that is still good."""
    good = PersonalCode.objects.good(timezone.now()).filter(on_paper=True)
    return members.exclude(phone_index="").exclude(pk__in=good.values("member"))


def plain(typed: str) -> str:
    """As it was given, however it was typed: in small letters, in groups, with full-width signs."""
    return "".join(sign for sign in fold(typed).upper() if sign in SIGNS)


def _lets_in(code: PersonalCode, last_digits: str) -> bool:
    """While the giver still may."""
    return ends_fit(code.member, last_digits) and may_let_in(code.given_by, code.member)


def ends_fit(member: Member, last_digits: str) -> bool:
    """Whether these are the end of the number as it is now.

    Of two entries that were merged, the numbers of both are the member's.
    """
    typed = fold(last_digits).strip()
    phones = [member.phone, *(one.phone for one in member.merged_entries.all())]
    ends = [constant_time_compare(one[-LAST_DIGITS:].encode(), typed.encode()) for one in phones]
    return any(ends) and len(typed) == LAST_DIGITS


@transaction.atomic
def _use(code: PersonalCode) -> User:
    now = timezone.now()
    used = PersonalCode.objects.good(now).filter(pk=code.pk).update(used_at=now)
    if not used:  # two phones at once
        raise NotSignedIn("bad_code", WRONG)
    with lock_member(code.member):
        member = Member.objects.select_related("user").get(pk=code.member_id)
        return account_of(member)


def account_of(member: Member) -> User:
    """The member's account; made without a password, so that nobody has to think of one."""
    if member.user:
        return member.user
    user = User.objects.create_user(f"dy{secrets.randbelow(10**10):010}", display_name=member.name)
    member.user = user
    member.save(update_fields=["user"])
    return user
