"""Invented people: a banner tree, accounts for every role, two groups of thirty members."""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from studyhub.core.review_levels import LEVELS, TRANSLATOR
from studyhub.people import access
from studyhub.people.groups import begin_duty, join_group, move_branch
from studyhub.people.models import Branch, BranchMembership, Duty, Member, StudyGroup, User
from studyhub.people.roles import ROLES, put_roles

PASSWORD = "studyhub-demo"  # noqa: S105  printed on purpose; production refuses demo accounts
JOINED_ON = date(2026, 8, 15)
PLACES = [
    ("110105", "北京市朝阳区", Member.Trade.CONSTRUCTION),
    ("120110", "天津市东丽区", Member.Trade.FACTORY),
    ("210102", "沈阳市和平区", Member.Trade.CATERING),
    ("150102", "呼和浩特市新城区", Member.Trade.TRADE),
    ("310115", "上海市浦东新区", Member.Trade.DELIVERY),
    ("440306", "深圳市宝安区", Member.Trade.FACTORY),
    ("220102", "长春市南关区", Member.Trade.TRANSPORT),
    ("370203", "青岛市市北区", Member.Trade.DOMESTIC),
]


@transaction.atomic
def load_people() -> dict[str, StudyGroup]:
    """Create or complete every demo account, member, branch and group; safe to repeat."""
    hashed = make_password(PASSWORD)
    tree = _load_tree()
    _load_staff(hashed)
    groups = {
        "group1": _put_group("北京流动党员学习小组", tree["beijing"]),
        "group2": _put_group("沈阳流动党员学习小组", tree["shenyang"]),
    }
    _put_duty(_put_user("orgadmin", "演示组织部", hashed), Duty.Kind.ORGADMIN, branch=tree["root"])
    for number, key in ((1, "group1"), (2, "group2")):
        leader = _put_user(f"leader{number}", f"演示组长{number:02d}", hashed)
        _put_duty(leader, Duty.Kind.LEADER, group=groups[key])
        _put_member(leader, f"演示组长{number:02d}", 900 + number, tree["juriha"])
    liaison = _put_user("liaison1", "演示联络员01", hashed)
    for group in groups.values():
        _put_duty(liaison, Duty.Kind.LIAISON, group=group)
    _put_member(liaison, "演示联络员01", 911, tree["lubei"])
    homes = [tree["lubei"], tree["juriha"], tree["banner_village"]]
    for number in range(1, 61):
        _load_learner(number, hashed, groups, homes, tree, liaison)
    return groups


def _load_learner(
    number: int,
    hashed: str,
    groups: dict[str, StudyGroup],
    homes: list[Branch],
    tree: dict[str, Branch],
    liaison: User,
) -> None:
    name = f"演示学员{number:02d}"
    user = _put_user(f"member{number:02d}", name, hashed)
    member = _put_member(user, name, number, homes[number % 3])
    member.liaison = liaison
    if number == 30:
        member.exempt_reason = Member.Exemption.AGE
    member.save(update_fields=["liaison", "exempt_reason"])
    group = groups["group1" if number <= 30 else "group2"]
    if not member.groups.exists():
        join_group(member=member, group=group, on=JOINED_ON)
    hosts = member.branches.filter(kind=BranchMembership.Kind.HOST)
    if number in (1, 31) and not hosts.exists():  # a home and a host branch: one record, two places
        host = tree["beijing" if number == 1 else "shenyang"]
        move_branch(member=member, branch=host, kind=BranchMembership.Kind.HOST, on=JOINED_ON)


def _load_tree() -> dict[str, Branch]:
    kinds = Branch.Kind
    root = _put_branch(None, "演示旗委", kinds.PARTY_COMMITTEE)
    lubei = _put_branch(root, "鲁北镇党委（演示）", kinds.PARTY_COMMITTEE)
    juriha = _put_branch(root, "巨日合镇党委（演示）", kinds.PARTY_COMMITTEE)
    mobile = _put_branch(root, "流动党员工作委员会（演示）", kinds.WORKING_COMMITTEE)
    return {
        "root": root,
        "lubei": _put_branch(lubei, "鲁北镇第一社区党支部（演示）", kinds.BRANCH),
        "banner_village": _put_branch(lubei, "鲁北镇宝力根花嘎查党支部（演示）", kinds.BRANCH),
        "juriha": _put_branch(juriha, "巨日合镇中心嘎查党支部（演示）", kinds.BRANCH),
        "beijing": _put_branch(mobile, "驻北京流动党员党支部（演示）", kinds.MOBILE_BRANCH),
        "shenyang": _put_branch(mobile, "驻沈阳流动党员党支部（演示）", kinds.MOBILE_BRANCH),
    }


def _put_branch(parent: Branch | None, name: str, kind: str) -> Branch:
    known = Branch.objects.filter(name=name).first()
    if known:
        return known
    if parent is None:
        return Branch.add_root(name=name, kind=kind)
    return Branch.objects.get(pk=parent.pk).add_child(name=name, kind=kind)


def _put_user(username: str, name: str, hashed: str, **fields: bool) -> User:
    user, _ = User.objects.get_or_create(
        username=username,
        defaults={"display_name": name, "password": hashed, "is_demo": True, **fields},
    )
    return user


def _put_member(user: User, name: str, number: int, home: Branch) -> Member:
    code, place, trade = PLACES[number % len(PLACES)]
    member, created = Member.objects.get_or_create(
        user=user,
        defaults={
            "name": name,
            "phone": f"1390000{number:04d}",
            "host_place_code": code,
            "host_place_name": place,
            "trade": trade,
            "left_on": date(2024, 3, 1) + timedelta(days=number % 100 * 5),
            "return_month": "2027-01",
        },
    )
    if created:
        kind = BranchMembership.Kind.HOME
        move_branch(member=member, branch=home, kind=kind, on=JOINED_ON)
    return member


def _put_group(name: str, branch: Branch) -> StudyGroup:
    group, _ = StudyGroup.objects.get_or_create(name=name, defaults={"branch": branch})
    return group


def _put_duty(
    user: User, kind: str, *, group: StudyGroup | None = None, branch: Branch | None = None
) -> None:
    if not Duty.objects.filter(user=user, kind=kind, group=group, branch=branch).exists():
        begin_duty(user=user, kind=kind, group=group, branch=branch, on=JOINED_ON)


def _load_staff(hashed: str) -> None:
    _put_user("admin", "演示管理员", hashed, is_superuser=True, is_staff=True)
    put_roles()
    groups = {group.name: group for group in Group.objects.filter(name__in=ROLES)}
    levels = enumerate(LEVELS, start=1)
    staff = [
        ("editor", "演示编辑", access.EDITOR),
        *((f"reviewer{number}", f"演示{level}", level) for number, level in levels),
        ("publisher", "演示发布", access.PUBLISHER),
        *((f"translator{n}", f"演示蒙文译校{n}", TRANSLATOR) for n in (1, 2, 3)),
    ]
    for username, name, group in staff:
        user = _put_user(username, name, hashed, is_staff=True)
        user.groups.set([groups[group]])
