"""What a token of the API may do, and for how long."""

from datetime import datetime

from django.db import models
from wagtail.models import APIToken

from studyhub.people.models.accounts import User


class TokenGrant(models.Model):
    """What one of Wagtail's tokens opens, until when. One without a grant is from before there
    were any, or from the command line: it opens all that its owner may do, as it always did.

    Personal data: who made it.
    """

    class Scope(models.TextChoices):
        """Beside what is open to everybody."""

        READ = "read", "看学习记录和计划（自己的、所带小组的、所管党组织的）"
        STUDY = "study", "上传学习记录"
        DELIVERIES = "deliveries", "渠道投递：看、投、撤回"
        CONTENT = "content", "编辑课程和页面"

    token = models.OneToOneField(
        APIToken, primary_key=True, on_delete=models.CASCADE, related_name="grant"
    )
    scopes = models.JSONField("能做什么", default=list)
    expires_at = models.DateTimeField("到期时间")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = "令牌的权限"

    def __str__(self) -> str:
        return f"{self.token_id} {' '.join(self.scopes)}"

    def is_in_force(self, at: datetime) -> bool:
        return at < self.expires_at

    @property
    def scope_labels(self) -> list[str]:
        return [str(scope.label) for scope in self.Scope if scope in self.scopes]
