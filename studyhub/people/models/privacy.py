"""What is written down for the members' own sake: who looked, who wants to be forgotten."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from studyhub.people.models.accounts import User
from studyhub.people.models.members import Member


class RecordViewQuerySet(models.QuerySet["RecordView"]):
    """Looks at personal records."""

    def at(self, member: Member) -> Self:
        """What was looked at of this member, the last look first."""
        return self.filter(member=member).select_related("viewer").order_by("-viewed_at", "-pk")


class RecordView(models.Model):
    """Who opened whose personal record, and when; shown to its owner. Append-only.

    Personal data: both people, by reference.
    """

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="views", db_index=False
    )
    viewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    viewed_at = models.DateTimeField()
    page = models.CharField(max_length=40)

    objects = RecordViewQuerySet.as_manager()

    class Meta:
        verbose_name = "查看记录"
        indexes = [
            models.Index(fields=["member", "-viewed_at"], name="people_recordview_of_member")
        ]

    def __str__(self) -> str:
        return f"{self.viewer_id} saw {self.member_id}"


class ErasureRequest(models.Model):
    """A member's wish to have their data erased, open until the organisation department answers.

    Personal data: who asked.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="erasure_requests")
    requested_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "删除申请"
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(answered_at__isnull=True),
                name="people_erasurerequest_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.requested_at:%Y-%m-%d}"
