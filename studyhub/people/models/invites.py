"""A way in for who may not be on the ledger: an invite of a group, and who followed it."""

from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.utils import timezone

from studyhub.core.crypto import EncryptedTextField, lookup_index, lookup_indexes
from studyhub.core.pinyin_order import name_key
from studyhub.people.models.accounts import User
from studyhub.people.models.members import Member, StudyGroup

KEPT = timedelta(days=30)  # a request, whatever became of it


class InviteQuerySet(models.QuerySet["Invite"]):
    """Invites, found by what stands in their link."""

    def good(self, now: datetime) -> Self:
        """Those by which somebody may still ask to join."""
        return self.filter(stopped_at=None, expires_at__gt=now, uses_left__gt=0)

    def spelled(self, code: str) -> Self:
        return self.filter(digest__in=lookup_indexes(code))


class Invite(models.Model):
    """A link by which people ask to join a group; the code itself only as a keyed digest.

    No personal data beyond who made it.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey(StudyGroup, on_delete=models.CASCADE, related_name="invites")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField("有效到")
    uses_left = models.PositiveSmallIntegerField("还能用几次")
    stopped_at = models.DateTimeField("停用的时间", null=True)

    spoken = ""  # the code itself, on the one that was just made

    objects = InviteQuerySet.as_manager()

    class Meta:
        verbose_name = "邀请"

    def __str__(self) -> str:
        return f"{self.group_id} {self.made_at:%Y-%m-%d}"


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    """Requests, found by what the browser holds that made them."""

    def holding(self, secret: str) -> Self:
        return self.kept().filter(digest__in=lookup_indexes(secret))

    def kept(self) -> Self:
        return self.filter(asked_at__gt=timezone.now() - KEPT)

    def overdue(self) -> Self:
        return self.filter(asked_at__lte=timezone.now() - KEPT)

    def open(self) -> Self:
        """Those somebody has still to do something about."""
        return self.kept().filter(state__in=JoinRequest.OPEN)

    def by_name(self) -> Self:
        return self.order_by("name_key", "pk")


class JoinRequest(models.Model):
    """Somebody's word that they belong to a group; nothing of the ledger, and no account.

    Personal data: name, phone (encrypted), the home branch in their words, what became of it and
    by whom. Gone after thirty days.
    """

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", "等核对"
        REFERRED = "referred", "转给管台账的人"
        ENTERED = "entered", "登记好了，等组长让他登录"
        APPROVED = "approved", "同意"
        DECLINED = "declined", "没有同意"

    class Reason(models.TextChoices):
        """Why not, as the requester reads it."""

        NONE = "", ""
        UNKNOWN = "unknown", "这个小组的组长不认识您，请联系您所在的党组织。"
        OTHER_GROUP = "other_group", "您在另一个学习小组，请找那个小组的组长。"
        DETAILS = "details", "姓名或手机号对不上，请核对以后再申请一次。"
        AGAIN = "again", "您已经申请过，或者已经能登录，不用再申请；登录不了请找组长要个人码。"

    OPEN = (State.WAITING, State.REFERRED, State.ENTERED)

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    invite = models.ForeignKey(Invite, on_delete=models.CASCADE, related_name="requests")
    digest = models.CharField(max_length=64, unique=True)
    reference = models.CharField("申请号", max_length=8)
    name = models.CharField("姓名", max_length=40)
    name_key = models.CharField(max_length=640, default="", editable=False)
    phone = EncryptedTextField("手机")
    phone_index = models.CharField(max_length=64, editable=False)
    branch_words = models.CharField("所在党组织", max_length=60, blank=True)
    asked_at = models.DateTimeField("申请的时间", default=timezone.now, db_index=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True, default="")
    member = models.ForeignKey(
        Member, null=True, on_delete=models.CASCADE, related_name="join_requests"
    )
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    let_in_at = models.DateTimeField("登录的时间", null=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "加入申请"
        indexes = [models.Index(fields=["phone_index"], name="people_joinrequest_by_phone")]

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keeps what it is sorted and found by; name and phone never change."""
        if self._state.adding:
            self.name_key, self.phone_index = name_key(self.name), lookup_index(self.phone)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def group(self) -> StudyGroup:
        return self.invite.group
