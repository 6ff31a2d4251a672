"""Each step of a delivery that was tried: what a worker called and what a person pressed."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from studyhub.channels import registry
from studyhub.channels.models.deliveries import Delivery


class DeliveryAttempt(models.Model):
    """One step that was tried, by a worker or a person. Rows are added and closed, never changed.

    ``started_at`` is committed before the platform is called: a row without ``finished_at`` means
    that nobody knows how the call ended. Personal data: which member of staff pressed a button.
    """

    class Outcome(models.TextChoices):
        """How the call ended."""

        OPEN = "open", "进行中"
        DONE = "done", "完成"
        REFUSED = "refused", "被拒绝"
        UNAVAILABLE = "unavailable", "没有连上"
        UNCERTAIN = "uncertain", "没有收到答复"
        QUOTA = "quota", "额度用完"
        ACCOUNT = "account", "账号问题"
        PERSON = "person", "需要人处理"
        BROKEN = "broken", "程序出错"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=20)
    fence = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.OPEN)
    errcode = models.CharField(max_length=40, blank=True)
    request_ref = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    # What people do; the calls of a worker are named by the adapter.
    OWN_STEPS = {
        "request": "提出",
        "retry": "重试",
        "cancel": "取消",
        "withdraw": "撤回",
        "handoff": "人工确认",
        "removed": "人工确认已删除",
    }

    def __str__(self) -> str:
        return f"{self.step_name}：{self.get_outcome_display()}"

    @classmethod
    def close_left(cls, deliveries: "models.QuerySet[Delivery] | list[Delivery]") -> None:
        """Nobody will tell how the open ones of these ended: the worker died or was stopped."""
        left = cls.objects.filter(delivery__in=deliveries, finished_at=None)
        left.update(
            outcome=cls.Outcome.UNCERTAIN,
            note="中途停下了，没有等到平台的答复",
            finished_at=timezone.now(),
        )

    def close(
        self,
        outcome: "DeliveryAttempt.Outcome",
        note: str = "",
        *,
        errcode: str = "",
        request_ref: str = "",
    ) -> None:
        """Write down how the call ended; what is too long for its column is cut."""
        DeliveryAttempt.objects.filter(pk=self.pk).update(
            outcome=outcome,
            note=note[:500],
            errcode=errcode[:40],
            request_ref=request_ref[:80],
            finished_at=timezone.now(),
        )

    @property
    def step_name(self) -> str:
        """In Chinese, for the screens."""
        step = registry.steps_of(self.delivery.account.kind).get(self.step)
        return step.label if step else self.OWN_STEPS.get(self.step, self.step)
