"""工作人员账号: made, given roles, closed and opened again, here alone (decision 0032).

An administrator stays at any time. What closes an account or changes its password ends its
sign-ins, and what programs had under it.
"""

import re
import secrets
from collections.abc import Collection, Sequence

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from studyhub.core.clock import today
from studyhub.core.errors import Conflict, Invalid
from studyhub.core.pinyin_order import name_key
from studyhub.core.review_levels import LEVELS, TRANSLATOR
from studyhub.people import access, groups
from studyhub.people.models import Branch, Duty, User
from studyhub.people.personal_codes import SIGNS
from studyhub.people.sessions import end_sign_ins

ROLES = {
    access.EDITOR: "编辑",
    **{level: level for level in LEVELS},
    access.PUBLISHER: "发布",
    TRANSLATOR: "蒙文译校",
    access.ADMIN: "管理员",
}
ADMINISTRATORS = Q(is_superuser=True, is_active=True)
MADE, CHANGED, CLOSED = "people.staff_made", "people.staff_roles", "people.staff_closed"
OPENED, RESET, OUT = "people.staff_opened", "people.staff_reset", "people.staff_signed_out"
ACTS = {
    MADE: ("建账号", "建了账号"),
    CHANGED: ("改角色", "改了角色"),
    CLOSED: ("停用账号", "停用了账号"),
    OPENED: ("重新启用账号", "重新启用了账号"),
    RESET: ("换密码", "换了一个新的密码"),
    OUT: ("全部退出", "让账号在各处退出登录"),
}
ORGADMIN = Duty.Kind.ORGADMIN
PASSWORD_LENGTH = 16
_LOGIN = re.compile(r"[\w.@+-]{3,30}")


def staff() -> list[User]:
    """Whoever works at the desk, closed accounts too, in name order."""
    offices = Duty.objects.filter(kind=ORGADMIN).values("user")
    named = Group.objects.filter(name__in=access.ROLE_OF_GROUP)
    held = Q(is_staff=True) | Q(is_superuser=True) | Q(pk__in=offices)
    found = User.objects.filter(held | Q(pk__in=User.objects.filter(groups__in=named)))
    found = found.select_related("second_factor").prefetch_related("groups")
    return sorted(found, key=lambda user: (name_key(user.get_full_name()), user.pk))


def reviewers() -> dict[str, set[int]]:
    """By level of review, the accounts that sign on it and can sign in."""
    held = User.groups.through.objects.filter(group__name__in=LEVELS, user__is_active=True)
    found: dict[str, set[int]] = {level: set() for level in LEVELS}
    for level, person in held.values_list("group__name", "user"):
        found[level].add(person)
    return found


def offices_of(users: Collection[User]) -> dict[int, list[Duty]]:
    """By account, the trees it answers for today as organisation department."""
    held: dict[int, list[Duty]] = {user.pk: [] for user in users}
    duties = Duty.objects.in_force(today()).filter(user__in=held, kind=ORGADMIN, ends_on=None)
    for duty in duties.select_related("branch").order_by("branch__path"):
        held[duty.user_id].append(duty)
    return held


def roles_named(user: User) -> list[str]:
    """The roles an account was given here, in the order of the list."""
    names = {group.name for group in user.groups.all()}
    names |= {access.ADMIN} if user.is_superuser else set()
    return [role for role in ROLES if role in names]


def version_of(user: User) -> str:
    """What a form shows of the account's roles, to be told apart from what it has by then."""
    offices = [str(duty.pk) for duty in offices_of([user])[user.pk]]
    return ",".join([*roles_named(user), *offices, str(user.is_active)])


@transaction.atomic
def add_staff(
    *, name: str, login: str, email: str, roles: Sequence[str], branch: Branch | None, by: User
) -> tuple[User, str]:
    """A new account and its first password, which is nowhere kept; raises Invalid."""
    user = User(username=User.normalize_username(login), display_name=name, is_staff=True)
    user.email = email
    _refuse_unfit(user, roles, branch)
    password = _new_password()
    user.set_password(password)
    user.save()
    _put_roles(user, roles, branch)
    log(user, MADE, user=by)
    return user, password


def _refuse_unfit(user: User, roles: Sequence[str], branch: Branch | None) -> None:
    if not user.display_name or len(user.display_name) > 40:
        raise Invalid("bad_staff", "请写姓名，不超过 40 个字。")
    if not _LOGIN.fullmatch(user.username):
        raise Invalid("bad_staff", "登录名要 3 到 30 个字母、数字或 . _ - 。")
    if User.objects.filter(username=user.username).exists():
        raise Invalid("bad_staff", "已经有这个登录名，请换一个。")
    try:
        if user.email:
            validate_email(user.email)
    except ValidationError:
        raise Invalid("bad_staff", "邮箱地址不对，请看看，或者空着。") from None
    if not (roles or branch):
        raise Invalid("bad_staff", "请至少选一个角色，或者选所管的党组织。")


@transaction.atomic
def change_roles(
    user: User, *, roles: Sequence[str], branch: Branch | None, by: User, seen: str
) -> None:
    """Exactly these from today.

    Raises Conflict ``newer``, ``last_administrator``, ``office_apart``.
    """
    user = _locked_among_administrators(user)
    if version_of(user) != seen:
        raise Conflict("newer", "别人刚才改过这个账号，请看过现在的角色再改。")
    if access.ADMIN not in roles:
        _keep_an_administrator(user)
    _put_roles(user, roles, branch)
    log(user, CHANGED, user=by)


def _put_roles(user: User, roles: Sequence[str], branch: Branch | None) -> None:
    user.is_superuser, user.is_staff = access.ADMIN in roles, True
    user.save(update_fields=["is_superuser", "is_staff"])
    wanted = Group.objects.filter(name__in={*roles} & {*access.ROLE_OF_GROUP})
    user.groups.remove(*user.groups.filter(name__in=access.ROLE_OF_GROUP).difference(wanted))
    user.groups.add(*wanted)
    _put_office(user, branch)


def _put_office(user: User, branch: Branch | None) -> None:
    """The department never sees study: who leads a group answers for no tree."""
    if branch and access.groups_of(user):
        words = "这位同志带着学习小组，不能再作组织部：组织部看不到个人的学习情况。"
        raise Conflict("office_apart", words)
    for duty in offices_of([user])[user.pk]:
        if branch is None or duty.branch_id != branch.pk:
            groups.end_duty(duty, on=today())
    if branch:
        groups.begin_duty(user=user, kind=ORGADMIN, branch=branch, on=today())


@transaction.atomic
def close_account(user: User, *, by: User) -> None:
    """Nobody signs in to it any more, and whoever is signed in is out; nothing else is lost."""
    user = _locked_among_administrators(user)
    _keep_an_administrator(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sign_ins(user)
    user.api_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())  # type: ignore[attr-defined]
    log(user, CLOSED, user=by)


@transaction.atomic
def open_account(user: User, *, by: User) -> None:
    """As it was before it was closed, with the same password; programs need new tokens."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    log(user, OPENED, user=by)


@transaction.atomic
def reset_password(user: User, *, by: User) -> str:
    """Another password, which is nowhere kept; the old one and all sign-ins are void."""
    user, password = _locked(user), _new_password()
    user.set_password(password)
    user.save()
    end_sign_ins(user)
    log(user, RESET, user=by)
    return password


@transaction.atomic
def sign_out(user: User, *, by: User) -> None:
    """Everywhere at once; whoever knows the password may sign in again."""
    end_sign_ins(user)
    log(user, OUT, user=by)


def _locked(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _locked_among_administrators(user: User) -> User:
    """With all of them, in one order: two who close each other wait, and are no deadlock."""
    rows = User.objects.select_for_update(no_key=True).filter(Q(pk=user.pk) | ADMINISTRATORS)
    return next(one for one in rows.order_by("pk") if one.pk == user.pk)


def _keep_an_administrator(user: User) -> None:
    """Of those who are locked already."""
    left = User.objects.filter(ADMINISTRATORS).exclude(pk=user.pk)
    if user.is_superuser and not left.exists():
        words = "这是最后一个管理员，停用或取消以后就没有人能管了。请先另设一个管理员。"
        raise Conflict("last_administrator", words)


def _new_password() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(PASSWORD_LENGTH))
