"""Members, the branch tree, study groups and the dated ties between them.

What is not stored, on purpose (domain rules 1.7): identity numbers, household addresses, family,
dues, health, religion, photographs, tracks, device identifiers.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, NamedTuple, Self, TypeVar
from uuid import uuid4

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from treebeard.mp_tree import MP_Node

from studyhub.core.crypto import EncryptedTextField, lookup_index, lookup_indexes
from studyhub.core.errors import Conflict
from studyhub.core.pinyin_order import LONGEST_INITIALS, initials, name_key
from studyhub.core.signals import exemption_changed, home_ties_changed
from studyhub.people.models.accounts import User


class Branch(MP_Node):
    """A node of the organisation tree, from the banner committee down. No personal data."""

    class Kind(models.TextChoices):
        PARTY_COMMITTEE = "party_committee", "党委"
        WORKING_COMMITTEE = "working_committee", "党工委"
        GENERAL_BRANCH = "general_branch", "党总支"
        BRANCH = "branch", "党支部"
        MOBILE_BRANCH = "mobile_branch", "流动党员党支部"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=24, choices=Kind.choices, default=Kind.BRANCH)
    ended_on = models.DateField("撤销日期", null=True, blank=True)

    node_order_by: list[str] = []

    class Meta:
        verbose_name = "党组织"

    def __str__(self) -> str:
        return self.name


class MemberQuerySet(models.QuerySet["Member"]):
    """Members, never ordered by what they achieved."""

    def with_phone(self, phone: str) -> Self:
        """Those with this number, found by its digest: the column itself is encrypted."""
        return self.filter(phone_index__in=lookup_indexes(phone))

    def with_phone_tail(self, digits: str) -> Self:
        """Those whose number ends in these four digits."""
        return self.filter(phone_tail_index__in=lookup_indexes(digits))

    def entries(self) -> Self:
        """One for each person: without those that were merged into another."""
        return self.filter(merged_into=None)

    def standing(self) -> Self:
        """Without entries that were withdrawn: whoever was meant may be entered again."""
        return self.exclude(end_reason=Member.EndReason.WITHDRAWN)

    def by_name(self) -> Self:
        """The only order in which people are ever listed, by sound: never by result."""
        return self.order_by("name_key", "pk")

    def bulk_create(self, objs: Iterable["Member"], *args: Any, **kwargs: Any) -> list["Member"]:
        """Keeps what is found and sorted by, as ``save`` does."""
        objs = list(objs)
        for member in objs:
            member.fill_derived()
        return super().bulk_create(objs, *args, **kwargs)


PHONE_INDEXES = frozenset({"phone_index", "phone_tail_index"})


class Member(models.Model):
    """A Party member on the ledger (流动党员台账).

    Who left the ledger has ``ended_on``. Of two entries of one person one points to the other
    (``merged_into``) and is kept.

    Personal data: name, phone (encrypted, shown masked), place by administrative code, trade, and
    the class of the reason why somebody left the ledger.
    """

    class Trade(models.TextChoices):
        """The kind of work somebody left home for."""

        CONSTRUCTION = "construction", "建筑"
        FACTORY = "factory", "制造"
        CATERING = "catering", "餐饮住宿"
        TRANSPORT = "transport", "运输"
        DELIVERY = "delivery", "快递外卖"
        DOMESTIC = "domestic", "家政护理"
        FARMING = "farming", "种养殖"
        TRADE = "trade", "经商"
        STUDY = "study", "求学"
        OTHER = "other", "其他"

    class Exemption(models.TextChoices):
        """Why no target applies (2019 regulation, art. 23); the class only, never a diagnosis."""

        NONE = "", "不免除"
        AGE = "age", "年老"
        FRAIL = "frail", "体弱或行动不便"
        OTHER = "other", "其他"

    class EndReason(models.TextChoices):
        """Why somebody is not on the ledger any more; the class only."""

        NONE = "", "在册"
        TRANSFERRED = "transferred", "组织关系转出"
        DECEASED = "deceased", "去世"
        OTHER = "other", "其他"
        WITHDRAWN = "withdrawn", "登记撤销了"

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="member"
    )
    name = models.CharField("姓名", max_length=40)
    name_key = models.CharField(max_length=640, default="", editable=False)
    name_initials = models.CharField(
        max_length=LONGEST_INITIALS, default="", db_default="", editable=False
    )
    phone = EncryptedTextField("手机", blank=True)
    phone_index = models.CharField(max_length=64, blank=True, editable=False)
    phone_tail_index = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    host_place_code = models.CharField(
        "现居地区划代码", max_length=6, blank=True, help_text="到县级为止，不记街道"
    )
    host_place_name = models.CharField("现居地", max_length=60, blank=True)
    trade = models.CharField("行业", max_length=16, choices=Trade.choices, default=Trade.OTHER)
    left_on = models.DateField("外出时间", null=True, blank=True)
    return_month = models.CharField("预计返乡月份", max_length=7, blank=True)
    language = models.CharField("学习语言", max_length=16, default="zh-hans")
    large_type = models.BooleanField("大字版", default=False)
    liaison = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="联络员",
    )
    exempt_reason = models.CharField(
        "免除学习要求", max_length=8, choices=Exemption.choices, blank=True, default=""
    )
    confirmed_at = models.DateTimeField("信息确认时间", null=True, blank=True)
    ended_on = models.DateField("离开名册的日期", null=True, blank=True)
    end_reason = models.CharField(
        "离开原因",
        max_length=12,
        choices=EndReason.choices,
        blank=True,
        default="",
        db_default="",
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="merged_entries"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "党员"
        # One each: names and initials are asked for by how they begin, which equality can use too.
        indexes = [
            models.Index(
                fields=["name"], opclasses=["varchar_pattern_ops"], name="people_member_by_name"
            ),
            models.Index(
                fields=["name_initials"],
                opclasses=["varchar_pattern_ops"],
                name="people_member_by_initials",
            ),
            models.Index(fields=["name_key"], name="people_member_by_sound"),
            models.Index(fields=["phone_index"], name="people_member_by_phone"),
            models.Index(fields=["phone_tail_index"], name="people_member_by_tail"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Keeps what is found and sorted by, whichever columns are written; tells of exemptions."""
        written = None if update_fields is None else set(update_fields)
        written = self.fill_derived(written)
        if self._state.adding or (written is not None and "exempt_reason" not in written):
            super().save(*args, update_fields=written, **kwargs)
            return
        with transaction.atomic():
            rows = Member.objects.select_for_update(no_key=True).filter(pk=self.pk)
            before = rows.values_list("exempt_reason", flat=True).get()
            super().save(*args, update_fields=written, **kwargs)
            if bool(before) != bool(self.exempt_reason):
                exempt = bool(self.exempt_reason)
                exemption_changed.send(Member, member_id=self.pk, exempt=exempt)

    def fill_derived(self, written: set[str] | None = None) -> set[str] | None:
        """The digests by which the encrypted phone is found, the key by which names are sorted.

        Only what follows from ``written`` columns, if they are given; returns all to be written.
        """
        if written is None or {"phone", *PHONE_INDEXES} & written:
            self.phone_index = lookup_index(self.phone) if self.phone else ""
            self.phone_tail_index = lookup_index(self.phone[-4:]) if self.phone else ""
            written = written and {*written, *PHONE_INDEXES}
        if written is None or {"name", "name_key", "name_initials"} & written:
            self.name_key, self.name_initials = name_key(self.name), initials(self.name)
            written = written and {*written, "name_key", "name_initials"}
        return written

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)


def mask_phone(phone: str) -> str:
    """What screens show: ``138****1234``, nothing for a number too short to hide."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else ""


APART = "_stay_apart"  # in the names of PostgreSQL's own constraints (migration 0004)
_Tie = TypeVar("_Tie", bound="DatedTie")


class DatedQuerySet(models.QuerySet[_Tie]):
    """Ties by the day that is asked about."""

    def in_force(self, day: date) -> Self:
        """Those that hold on ``day``; first and last day count."""
        return self.touching(day, day)

    def touching(self, first: date, last: date | None) -> Self:
        """Those that hold on any day from ``first`` to ``last``; without a last day: ever after."""
        begun = Q() if last is None else Q(starts_on__lte=last)
        return self.filter(begun, Q(ends_on__isnull=True) | Q(ends_on__gte=first))


class DatedTie(models.Model):
    """A tie with a first and a last day, both counted (Beijing calendar).

    Never deleted, only ended. Two that agree in ``apart_by`` share no day (decision 0017):
    PostgreSQL holds to it itself; here it is seen to before each row is saved, which on SQLite is
    under the only write lock there is. Written through ``people.groups`` alone.
    """

    apart_by: ClassVar[tuple[str, ...]]

    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_dates",
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises Conflict ``tie_overlaps`` where another such tie has one of the days."""
        try:
            with transaction.atomic():
                self._refuse_overlap()
                super().save(*args, **kwargs)
        except IntegrityError as error:
            if APART in str(error):  # somebody else saved between the look and the write
                raise self._overlap() from error
            raise

    def _refuse_overlap(self) -> None:
        names = [getattr(self._meta.get_field(name), "attname", name) for name in self.apart_by]
        rows: DatedQuerySet[Any] = type(self)._default_manager.all()  # type: ignore[assignment]
        others = rows.filter(**{name: getattr(self, name) for name in names}).exclude(pk=self.pk)
        if other := others.touching(self.starts_on, self.ends_on).first():
            raise self._overlap(other)

    def _overlap(self, other: "DatedTie | None" = None) -> Conflict:
        which = ""
        if other:
            last = f"{other.ends_on:%Y-%m-%d}" if other.ends_on else "现在"
            which = f"（{other.starts_on:%Y-%m-%d} 到 {last}）"
        return Conflict(
            "tie_overlaps",
            f"这段日期和已有的{self._meta.verbose_name}{which}重叠，请先结束已有的，或改日期。",
        )


class HomeTie(NamedTuple):
    """That a member belongs to a home branch, from a day and perhaps to a day, both counted."""

    member_id: int
    branch_id: int
    starts_on: date
    ends_on: date | None


class BranchMembershipQuerySet(DatedQuerySet["BranchMembership"]):
    """Ties to branches. ``home_ties_changed`` tells of all that is written, so none is by
    ``update``."""

    def home_ties(self) -> list[HomeTie]:
        """Those that are a home, as they are stored."""
        rows = self.filter(kind=BranchMembership.Kind.HOME).order_by("pk")
        return [HomeTie(*row) for row in rows.values_list(*HomeTie._fields)]

    @transaction.atomic
    def bulk_create(
        self, objs: Iterable["BranchMembership"], *args: Any, **kwargs: Any
    ) -> list["BranchMembership"]:
        """For first ties of members just entered."""
        ties = super().bulk_create(objs, *args, **kwargs)
        homes = (tie for tie in ties if tie.kind == BranchMembership.Kind.HOME)
        after = [HomeTie(t.member_id, t.branch_id, t.starts_on, t.ends_on) for t in homes]
        home_ties_changed.send(BranchMembership, before=[], after=after)
        return ties

    @transaction.atomic
    def delete(self) -> tuple[int, dict[str, int]]:
        """For ties that should not have been entered."""
        before = self.home_ties()
        deleted = super().delete()
        home_ties_changed.send(BranchMembership, before=before, after=[])
        return deleted

    delete.queryset_only = True  # type: ignore[attr-defined]  # as Django's own: not on a manager


class BranchMembership(DatedTie):
    """Home or host branch of a member. One home and at most one host at a time.

    Personal data: which organisation somebody belongs to.
    """

    apart_by = ("member", "kind")

    class Kind(models.TextChoices):
        HOME = "home", "流出地"
        HOST = "host", "流入地"

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="branches")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="memberships")
    kind = models.CharField(max_length=4, choices=Kind.choices)

    objects = BranchMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "党组织归属"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=Q(ends_on__isnull=True),
                name="people_branchmembership_one_open",
            ),
            *DatedTie.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind} {self.branch_id}"

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """As of any tie; tells of what became of a home."""
        before = BranchMembership.objects.filter(pk=self.pk).home_ties()
        super().save(*args, **kwargs)
        after = BranchMembership.objects.filter(pk=self.pk).home_ties()
        home_ties_changed.send(BranchMembership, before=before, after=after)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """As of any tie; tells of a home that is no more."""
        return BranchMembership.objects.filter(pk=self.pk).delete()


class StudyGroup(models.Model):
    """Members who study together under one branch, with their leaders and liaisons.

    No personal data.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField("名称", max_length=60)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="groups")

    class Meta:
        verbose_name = "学习小组"

    def __str__(self) -> str:
        return self.name


class GroupMembership(DatedTie):
    """A member's time in a study group. Personal data: who studies where."""

    apart_by = ("member", "group")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="groups")
    group = models.ForeignKey(StudyGroup, on_delete=models.PROTECT, related_name="memberships")

    objects = DatedQuerySet["GroupMembership"].as_manager()

    class Meta:
        verbose_name = "小组归属"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "group"],
                condition=Q(ends_on__isnull=True),
                name="people_groupmembership_one_open",
            ),
            *DatedTie.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.group_id}"


class Duty(DatedTie):
    """What an account does for a group or a branch, and for how long.

    Personal data: an office held.
    """

    apart_by = ("user", "kind", "group", "branch")

    class Kind(models.TextChoices):
        LEADER = "leader", "组长"
        LIAISON = "liaison", "联络员"
        ORGADMIN = "orgadmin", "组织部"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="duties")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    group = models.ForeignKey(
        StudyGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    branch = models.ForeignKey(
        Branch, null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )

    objects = DatedQuerySet["Duty"].as_manager()

    class Meta:
        verbose_name = "职责"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="orgadmin", group__isnull=True, branch__isnull=False)
                | Q(~Q(kind="orgadmin"), group__isnull=False, branch__isnull=True),
                name="people_duty_scope_fits_kind",
            ),
            *DatedTie.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
