"""Who may see whom. The one place; routers, views and exports ask here.

* A member sees their own record.
* A leader or liaison sees the members of their groups, while both duty and membership are in force.
* The organisation department sees counts of its whole tree, no names.
* Editors, reviewers and publishers see content and deliveries, no learners.

What somebody may not see does not exist for them: ``NotFound``, never "forbidden".
"""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from studyhub.core.clock import today
from studyhub.core.errors import NotFound
from studyhub.core.pinyin_order import title_key
from studyhub.people.models import (
    Branch,
    Duty,
    GroupMembership,
    Member,
    RecordView,
    StudyGroup,
    User,
)

Caller = User | AnonymousUser

EDITOR, REVIEWER, PUBLISHER = "editor", "reviewer", "publisher"
STAFF_GROUPS = (EDITOR, REVIEWER, PUBLISHER)


def roles_of(user: Caller) -> list[str]:
    """The caller's roles today, by the names of the contract."""
    if not isinstance(user, User):
        return []
    roles = set(user.groups.filter(name__in=STAFF_GROUPS).values_list("name", flat=True))
    roles |= set(Duty.objects.in_force(today()).filter(user=user).values_list("kind", flat=True))
    if Member.objects.filter(user=user).exists():
        roles.add("member")
    if user.is_superuser:
        roles.add("admin")
    return sorted(roles)


def holds_office(user: Caller) -> bool:
    """Whether the caller may do more than a member today; such sessions are shorter.

    Asked at every request, so in one query; whatever was granted to an account counts.
    """
    if not isinstance(user, User):
        return False
    granted = [
        Duty.objects.in_force(today()).filter(user=OuterRef("pk")),
        User.groups.through.objects.filter(user=OuterRef("pk")),
        User.user_permissions.through.objects.filter(user=OuterRef("pk")),
    ]
    office = Q(is_superuser=True)
    for rows in granted:
        office |= Q(Exists(rows))
    return User.objects.filter(office, pk=user.pk).exists()


def is_publisher(user: Caller) -> bool:
    """Whether the caller may send to channels, withdraw and retry."""
    if not isinstance(user, User):
        return False
    return user.has_perm("studyhub_channels.send_delivery")


def member_of(user: Caller) -> Member | None:
    """The caller's own member record; staff and strangers have none."""
    return Member.objects.filter(user=user).first() if isinstance(user, User) else None


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


def group_for(user: Caller, public_id: object) -> StudyGroup:
    """The group, if the caller leads it today."""
    for group in groups_of(user):
        if str(group.public_id) == str(public_id):
            return group
    raise NotFound("group_not_found", "没有这个学习小组，或者它不归您带。请从“带班”页重新进入。")


def members_led_by(user: Caller) -> list[Member]:
    """Members who are today in a group that the caller leads or looks after today."""
    ties = GroupMembership.objects.in_force(today()).filter(group__in=groups_of(user))
    members = Member.objects.filter(pk__in=ties.values("member"))
    return list(members.select_related("user").by_name())


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
