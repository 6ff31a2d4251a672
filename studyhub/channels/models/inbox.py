"""What platforms have sent to us."""

from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from studyhub.channels.models.accounts import ChannelAccount
from studyhub.core.ids import uuid7

SWEEP_AT_MOST = 500


class InboxQuerySet(models.QuerySet["InboxMessage"]):
    """Messages by what is still to be done about them."""

    def waiting(self) -> Self:
        """Those about which something is still to be done."""
        return self.filter(handled_at=None)

    def new(self) -> Self:
        """Those at which nobody has looked."""
        return self.filter(outcome=InboxMessage.Outcome.NEW)

    def oldest_ids(self) -> list[UUID]:
        """As many as one sweep handles."""
        return list(self.order_by("pk").values_list("pk", flat=True)[:SWEEP_AT_MOST])


class InboxMessage(models.Model):
    """One callback, kept once however often the platform repeats it (decision 0054).

    Personal data: none that can be read. Who wrote and what is never stored; ``identity_hash`` is
    a keyed digest of what may name a person. ``answer`` is our own text, the same for everybody.
    """

    class Outcome(models.TextChoices):
        """What has come of it."""

        NEW = "", "还没有处理"
        WOKEN = "woken", "已经去平台核对"
        ANSWERED = "answered", "已经回复"
        IGNORED = "ignored", "不用处理"
        UNMATCHED = "unmatched", "没有对应的发布"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(
        ChannelAccount, on_delete=models.CASCADE, related_name="inbox", db_index=False
    )
    identity_hash = models.CharField(max_length=64)
    topic = models.CharField(max_length=10)
    name = models.CharField(max_length=60, blank=True)
    submission_id = models.CharField(max_length=200, blank=True)
    numbers = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    answer = models.TextField(blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    objects = InboxQuerySet.as_manager()

    class Meta:
        verbose_name = "渠道回调"
        verbose_name_plural = "渠道回调"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(handled_at=None), name="channels_inbox_waiting")
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "identity_hash"], name="channels_inbox_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_outcome_display()}"
