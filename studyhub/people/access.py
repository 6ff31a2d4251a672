"""Who may see whom. The one place; routers, views and exports ask here.

* A member sees their own record.
* A leader or liaison sees the members of their groups, while both duty and membership are in force.
* The organisation department sees counts of its whole tree, and keeps the ledger of it: who is on
  it and where, never what anybody studied. A liaison keeps the contact details of their groups, and
  hands over to a host branch who reported that they moved.
* Editors, reviewers and publishers see content and deliveries, no learners.

What somebody may not see does not exist for them: ``NotFound``, never "forbidden".
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from functools import cache, reduce
from operator import or_
from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser, Group
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from studyhub.core.clock import beijing_day, today
from studyhub.core.errors import NotFound
from studyhub.core.pinyin_order import title_key
from studyhub.core.review_levels import LEVELS, TRANSLATOR, remember_groups
from studyhub.people.models import (
    Branch,
    BranchMembership,
    Duty,
    GroupMembership,
    Member,
    RecordView,
    StudyGroup,
    User,
)
from studyhub.people.models.members import MemberQuerySet

Caller = User | AnonymousUser
Known = TypeVar("Known")

EDITOR, REVIEWER, PUBLISHER = "editor", "reviewer", "publisher"
ADMIN, MEMBER = "admin", "member"
OTHER = ""  # than by a role
STAFF_GROUPS = (EDITOR, REVIEWER, PUBLISHER)
# Groups at the desk, with the role that whoever is in them has; each level of review has its own.
ROLE_OF_GROUP = {name: name for name in (*STAFF_GROUPS, TRANSLATOR)}
ROLE_OF_GROUP |= dict.fromkeys(LEVELS, REVIEWER)
KEEPERS = (Duty.Kind.ORGADMIN, Duty.Kind.LIAISON)  # of lines of the ledger
DESK = "wagtailadmin.access_admin"
NOBODY = Q(pk__in=())


def roles_of(user: Caller) -> list[str]:
    """The caller's roles today, by the names of the contract."""
    if not isinstance(user, User):
        return []
    roles = _granted(user) - {OTHER}
    if user.is_superuser:
        roles.add(ADMIN)
    return sorted(roles)


def accounts_with(roles: Collection[str]) -> QuerySet[User]:
    """Accounts that have one of these roles today; ``member`` is none that is asked about here."""
    duties = Duty.objects.in_force(today()).filter(kind__in=roles)
    wanted = [group for group, role in ROLE_OF_GROUP.items() if role in roles]
    named = Group.objects.filter(name__in=wanted)
    groups = User.groups.through.objects.filter(group__in=named)
    held = Q(pk__in=duties.values("user")) | Q(pk__in=groups.values("user"))
    if ADMIN in roles:
        held |= Q(is_superuser=True)
    return User.objects.filter(held)


def holds_office(user: Caller) -> bool:
    """Whether the caller may do more than a member today; such sessions are shorter.

    Asked at every request, so in one query; whatever was granted to an account counts.
    """
    if not isinstance(user, User):
        return False
    return user.is_superuser or bool(_granted(user) - {MEMBER})


def _granted(user: User) -> set[str]:
    """Roles by duty, by group and as a member; ``OTHER`` for whatever else was granted.

    Asked once of an account as one request has read it, as Django asks for permissions.
    """
    return set(_once_a_day(user, "_roles_granted", lambda: _granted_now(user, today())))


def _granted_now(user: User, day: date) -> set[str]:
    statement, values = _granted_statement()
    as_stored = connection.ops.adapt_datefield_value
    mine = {_NOBODY: user.pk, as_stored(_SOME_DAY): as_stored(day)}
    with connection.cursor() as cursor:
        cursor.execute(statement, [mine.get(value, value) for value in values])
        rows = cursor.fetchall()
    remember_groups(user, (name for name, kind in rows if kind == "group"))
    return {_role(name, kind) for name, kind in rows}


def _role(name: str, kind: str) -> str:
    if kind == MEMBER:
        return MEMBER
    if kind == "group":
        return ROLE_OF_GROUP.get(name, OTHER)
    return name if kind == "duty" else OTHER


@cache
def _granted_statement() -> tuple[str, tuple[Any, ...]]:
    """The SQL, and its values, with nobody and some day among them.

    Made once in the life of a process: making it costs more than asking it.
    """
    duties = Duty.objects.in_force(_SOME_DAY).filter(user=_NOBODY)
    groups = User.groups.through.objects.filter(user=_NOBODY)
    permissions = User.user_permissions.through.objects.filter(user=_NOBODY)
    granted = [
        duties.values_list("kind", Value("duty")),
        groups.values_list("group__name", Value("group")),
        # Each with a column of its table: Django gives those without one the columns of the first.
        permissions.values_list("permission__codename", Value("permission")),
        Member.objects.filter(user=_NOBODY).values_list("language", Value(MEMBER)),
    ]
    return granted[0].union(*granted[1:], all=True).query.sql_with_params()


_NOBODY, _SOME_DAY = -1, date(2000, 1, 1)


def keeps_ledger(user: Caller) -> bool:
    """Whether the caller keeps the whole ledger, which says nothing of anybody's study."""
    return isinstance(user, User) and user.is_active and user.is_superuser


def opens_ledger(user: Caller) -> bool:
    """Whether any lines of the ledger are the caller's to keep, be it contact details alone."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or bool({*KEEPERS} & _granted(user) and _keeping(user))


def keeps_branches(user: Caller) -> bool:
    """Whether the caller keeps the ledger of a tree, or of all there is."""
    return keeps_ledger(user) or (opens_ledger(user) and bool(_roots(user)))


def works_on_content(user: Caller) -> bool:
    """Whether the desk opens to the caller by a role, and not for the ledger alone."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or DESK in user.get_all_permissions()


def branches_kept_by(user: Caller) -> QuerySet[Branch]:
    """The branches whose ledger the caller keeps, in the order of the tree."""
    return Branch.objects.filter(_in_tree(user)).order_by("path")


def kept_branches(user: Caller) -> list[Branch]:
    """The same, read once with the account, as the duties are."""
    return _once_a_day(user, "_kept_branches", lambda: list(branches_kept_by(user)))


def branch_kept_by(user: Caller, public_id: UUID) -> Branch:
    """The branch, if its ledger is the caller's to keep; raises NotFound."""
    branch = branches_kept_by(user).filter(public_id=public_id).first()
    if branch is None:
        raise NotFound("branch_not_found", "没有这个党组织，或者不在您的管理范围内。")
    return branch


def study_groups_kept_by(user: Caller) -> QuerySet[StudyGroup]:
    """The groups under branches that the caller keeps."""
    return StudyGroup.objects.filter(_in_tree(user, "branch__"))


def members_kept_by(user: Caller) -> MemberQuerySet:
    """Members of whom the caller keeps any line, those who left included."""
    members = Member.objects.entries()
    if keeps_ledger(user):
        return members
    looked_after = _in_groups(user)
    if not _roots(user):  # either alone is asked without an OR, which no index helps with
        return members.filter(Exists(looked_after))
    of_tree = _of_tree(user)
    return members.filter(of_tree | Exists(looked_after) if _looks_after(user) else of_tree)


def member_kept_by(user: Caller, public_id: UUID) -> Member:
    """The member, if any of their lines are the caller's to keep; raises NotFound."""
    member = members_kept_by(user).filter(public_id=public_id).first()
    if member is None:
        raise NotFound("member_not_found", "台账里没有这个人，或者不在您的管理范围内。")
    return member


def keeps_whole(user: Caller, member: Member) -> bool:
    """Whether all lines of the member are the caller's, and not their contact details alone: the
    branch they come from lies in the caller's tree."""
    return members_kept_whole_by(user).filter(pk=member.pk).exists()


def members_kept_whole_by(user: Caller) -> MemberQuerySet:
    """The members of whom all lines are the caller's, those who left included."""
    members = Member.objects.entries()
    if keeps_ledger(user):
        return members
    return members.filter(_of_tree(user, kind=BranchMembership.Kind.HOME))


def _keeping(user: Caller) -> list[Duty]:
    """Duties of today by which lines of the ledger are kept."""
    if not isinstance(user, User) or not user.is_active:
        return []
    duties = Duty.objects.in_force(today()).filter(user=user, kind__in=KEEPERS)
    return _once_a_day(user, "_kept_duties", lambda: list(duties.select_related("branch")))


def _once_a_day(user: Caller, name: str, read: Callable[[], Known]) -> Known:
    """Read once with the account, as Django does with permissions, since every page asks many
    times; anew on another day."""
    day, known = user.__dict__.get(name, (None, None))
    if day != today():
        known = read()
        user.__dict__[name] = (today(), known)
    return cast(Known, known)


def _looks_after(user: Caller) -> list[int | None]:
    return [duty.group_id for duty in _keeping(user) if duty.kind == Duty.Kind.LIAISON]


def _roots(user: Caller) -> list[Branch]:
    return [duty.branch for duty in _keeping(user) if duty.branch]


def _in_tree(user: Caller, prefix: str = "") -> Q:
    """Of branches: those in the caller's trees."""
    if keeps_ledger(user):
        return Q()
    return _below(_roots(user), prefix)


def _below(roots: Iterable[Branch], prefix: str) -> Q:
    """These and all below them; nothing without any."""
    return reduce(or_, (Q(**{f"{prefix}path__startswith": one.path}) for one in roots), NOBODY)


def _of_tree(user: Caller, **which: str) -> Q | Exists:
    """Of members: those with a tie into the caller's trees, today, later or when they left."""
    if not _roots(user):
        return NOBODY
    still = Q(ends_on=None) | Q(ends_on__gte=today()) | Q(ends_on=OuterRef("ended_on"))
    kept = [branch.pk for branch in kept_branches(user)]
    ties = BranchMembership.objects.filter(still, branch__in=kept, **which)
    return Exists(ties.filter(member=OuterRef("pk")))


def _in_groups(user: Caller) -> QuerySet[GroupMembership]:
    """Ties of today to groups that the caller looks after today, to be asked of a member."""
    ties = GroupMembership.objects.in_force(today()).filter(group__in=_looks_after(user))
    return ties.filter(member=OuterRef("pk"))


def works_at_desk(user: User) -> bool:
    """Whether the account opens more than people: pages, settings, a whole tree of branches."""
    granted = user.is_staff or user.is_superuser or user.groups.exists()
    duties = Duty.objects.in_force(today()).filter(user=user, kind=Duty.Kind.ORGADMIN)
    return granted or user.user_permissions.exists() or duties.exists()


def may_let_in(giver: Caller | None, member: Member) -> bool:
    """Whether a code of the giver's signs the member in: never to the desk, and to a group that the
    member leads only from whoever keeps the ledger. Asked when it is given and when it is used."""
    account = member.user
    if not isinstance(giver, User) or not giver.is_active:
        return False
    if account is not None and (not account.is_active or works_at_desk(account)):
        return False
    if keeps_ledger(giver):
        return True
    if giver == account:  # a paper of one's own; asked again when it is used
        return not holds_office(account)
    led = _led_on(giver, today()).filter(pk=member.pk).exists()
    return led and not (account and holds_office(account))


def is_publisher(user: Caller) -> bool:
    """Whether the caller may send to channels, withdraw and retry."""
    if not isinstance(user, User):
        return False
    return user.has_perm("studyhub_channels.send_delivery")


def member_of(user: Caller) -> Member | None:
    """The caller's own member record; staff and strangers have none.

    The account of an entry that was merged opens the one it was merged into.
    """
    if not isinstance(user, User):
        return None
    own = Member.objects.select_related("merged_into").filter(user=user).first()
    return own and (own.merged_into or own)


def own_member(user: Caller) -> Member:
    """The same for what only members do; raises NotFound ``no_member``."""
    member = member_of(user)
    if member is None:
        raise NotFound("no_member", "这个账号没有党员档案，不能记学习。请用党员账号登录。")
    return member


def groups_of(user: Caller) -> list[StudyGroup]:
    """Groups the caller leads or looks after today, by name."""
    if not isinstance(user, User):
        return []
    duties = Duty.objects.in_force(today()).filter(user=user, group__isnull=False)
    groups = StudyGroup.objects.filter(pk__in=duties.values("group"))
    found = groups.select_related("branch")
    return sorted(found, key=lambda group: (title_key(group.name), group.pk))


def leads(user: Caller) -> bool:
    """Whether the caller has a page 带班 today: a group, or a tree of branches."""
    return isinstance(user, User) and Duty.objects.in_force(today()).filter(user=user).exists()


def group_for(user: Caller, public_id: object) -> StudyGroup:
    """The group, if the caller leads it today."""
    return group_among(groups_of(user), public_id)


def group_among(groups: Iterable[StudyGroup], public_id: object) -> StudyGroup:
    """The same of those that were asked for before."""
    for group in groups:
        if str(group.public_id) == str(public_id):
            return group
    raise NotFound("group_not_found", "没有这个学习小组，或者它不归您带。请从“带班”页重新进入。")


def group_to_fill(user: Caller, public_id: UUID) -> StudyGroup:
    """The group whose ledger the caller keeps, or which they lead: theirs to invite to."""
    kept = study_groups_kept_by(user) if keeps_branches(user) else StudyGroup.objects.none()
    return kept.filter(public_id=public_id).first() or group_for(user, public_id)


def members_to_match(user: Caller, group: StudyGroup) -> MemberQuerySet:
    """Whom of the ledger the caller sees when somebody asks to join a group that is theirs."""
    members = members_kept_by(user) if keeps_branches(user) else Member.objects.none()
    if group in groups_of(user):
        ties = GroupMembership.objects.in_force(today()).filter(group=group)
        members = Member.objects.filter(Q(pk__in=members) | Q(pk__in=ties.values("member")))
    return members.filter(ended_on=None, merged_into=None)


def members_led_by(user: Caller) -> list[Member]:
    """Members who are today in a group that the caller leads or looks after today."""
    return list(_led_on(user, today()).select_related("user").by_name())


def members_of(group: StudyGroup) -> MemberQuerySet:
    """Who is in the group today, by name."""
    ties = GroupMembership.objects.in_force(today()).filter(group=group)
    return Member.objects.filter(pk__in=ties.values("member")).by_name()


def led_member(user: Caller, public_id: UUID, at: datetime | None = None) -> Member:
    """The member, if the caller leads or looks after them today.

    With ``at`` also where they did on that day: what was noted then may arrive later.
    """
    days = {today(), min(beijing_day(at), today())} if at else {today()}
    for day in sorted(days, reverse=True):
        if member := _led_on(user, day).filter(public_id=public_id).first():
            return member
    raise NotFound("member_not_found", "您带的小组里没有这位同志。请从“带班”页重新进入。")


def _led_on(user: Caller, day: date) -> MemberQuerySet:
    if not isinstance(user, User):
        return Member.objects.none()
    duties = Duty.objects.in_force(day).filter(user=user, group__isnull=False)
    ties = GroupMembership.objects.in_force(day).filter(group__in=duties.values("group"))
    return Member.objects.filter(pk__in=ties.values("member"))


def hosts_for(user: Caller, member: Member) -> QuerySet[Branch]:
    """Branches into which the caller may enter a member who reported a move, in the order of the
    tree: those of the whole organisation but the member's home. Only for a liaison of a group the
    member is in today, for nobody's own entry and for nobody who has left the ledger.
    """
    looked_after = Duty.objects.in_force(today()).filter(
        user=user if isinstance(user, User) else None,
        kind=Duty.Kind.LIAISON,
        group__in=GroupMembership.objects.in_force(today()).filter(member=member).values("group"),
    )
    paths = looked_after.values_list("group__branch__path", flat=True)
    if not isinstance(user, User) or member.user_id == user.pk or member.ended_on or not paths:
        return Branch.objects.none()
    roots = reduce(or_, (Q(path__startswith=path[: Branch.steplen]) for path in paths))
    home = BranchMembership.objects.in_force(today()).filter(
        member=member, kind=BranchMembership.Kind.HOME
    )
    standing = Branch.objects.filter(roots, ended_on=None).exclude(pk__in=home.values("branch"))
    return standing.order_by("path")


def branch_for(user: Caller, public_id: object) -> Branch:
    """The branch, if it lies in a tree the caller answers for (organisation department)."""
    branch = Branch.objects.filter(public_id=public_id).first()
    if branch is not None and isinstance(user, User):
        for root in branches_of(user):
            if branch.pk == root.pk or branch.is_descendant_of(root):
                return branch
    raise NotFound("branch_not_found", "没有这个党组织，或者不在您的管理范围内。")


def branches_of(user: Caller) -> list[Branch]:
    """Roots of the trees the caller answers for as organisation department."""
    if not isinstance(user, User):
        return []
    duties = Duty.objects.in_force(today()).filter(user=user, kind=Duty.Kind.ORGADMIN)
    return list(Branch.objects.filter(pk__in=duties.values("branch")).order_by("path"))


def note_views(viewer: Caller, members: Iterable[Member], page: str) -> None:
    """Write down that somebody looked; the owners read it under "谁看过我的记录".

    ``page`` is told to them as it is, in Chinese. Once per viewer, member and page within an hour:
    reloading a page is one look. Looking at one's own record is none.
    """
    if not isinstance(viewer, User):
        return
    now = timezone.now()
    ids = [m.pk for m in members if m.user_id != viewer.pk]
    recent = RecordView.objects.filter(
        viewer=viewer,
        page=page,
        member_id__in=ids,
        viewed_at__gt=now - timedelta(hours=1),
    )
    fresh = set(ids) - set(recent.values_list("member_id", flat=True))
    RecordView.objects.bulk_create(
        RecordView(member_id=pk, viewer=viewer, viewed_at=now, page=page) for pk in sorted(fresh)
    )
