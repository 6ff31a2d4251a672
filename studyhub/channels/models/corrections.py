"""What people said of copies on platforms that a correction did not reach by itself."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from studyhub.channels.models.accounts import ChannelAccount


class CorrectionAnswer(models.Model):
    """A person's word on the copies of one lesson on one account that are older than ``revision``.

    It holds until the next correction. Personal data: the name of who gave it (staff).
    """

    class Outcome(models.TextChoices):
        """What became of the copies."""

        MENDED = "mended", "已在平台上改好"
        LEFT = "left", "不改"

    account = models.ForeignKey(
        ChannelAccount, on_delete=models.CASCADE, related_name="answers", db_index=False
    )
    lesson_key = models.UUIDField("课")
    lesson_title = models.CharField("课名", max_length=255)
    revision = models.PositiveIntegerField("更正到第几版")
    outcome = models.CharField("结果", max_length=6, choices=Outcome.choices)
    reason = models.CharField("说明", max_length=200)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField("谁写的", max_length=80)
    answered_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "渠道更正的答复"
        ordering = ["-answered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "lesson_key", "revision"], name="channels_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_title} → {self.account}"
