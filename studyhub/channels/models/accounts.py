"""Accounts on outside platforms, what they keep for us, and what is to go there by itself."""

from typing import Any, cast

from django.conf import settings
from django.db import models
from django.utils import timezone

from studyhub.channels import registry
from studyhub.channels.ports import Capability, Look, Mode
from studyhub.core.crypto import EncryptedJSONField


class ChannelAccount(models.Model):
    """One account of ours on one platform.

    Holds secrets, encrypted (``secrets``, ``token``, ``grant``). No personal data.
    """

    MODES = ((Mode.API.value, "接口发布"), (Mode.MANUAL.value, "人工发布"))

    class Health(models.TextChoices):
        """Whether calls for the account get through."""

        UNTRIED = "untried", "还没有用过"
        OK = "ok", "正常"
        PAUSED = "paused", "已暂停，等人处理"

    key = models.SlugField("标识", max_length=40, unique=True)
    kind = models.CharField("类型", max_length=20, choices=registry.kind_choices)
    # The platform's own name of the account (AppID, directory): what lies there belongs to it.
    platform_id = models.CharField("平台上的账号", max_length=200, blank=True)
    name = models.CharField("名称", max_length=60)
    mode = models.CharField("方式", max_length=10, choices=MODES)
    capabilities = models.JSONField("能力", default=list)
    secrets = EncryptedJSONField("设置与密钥", default=dict)
    token = EncryptedJSONField("令牌", default=dict, blank=True)
    # What a person has given us at the platform: it renews the token, and outlives it.
    # NULL, not a default of the database: that would have to be encrypted.
    grant = EncryptedJSONField("授权", default=dict, blank=True, null=True)
    token_lock_until = models.DateTimeField(null=True, blank=True)
    health = models.CharField("状况", max_length=10, choices=Health.choices, default=Health.UNTRIED)
    paused_reason = models.CharField("暂停原因", max_length=300, blank=True)
    needs = models.CharField("需要人做什么", max_length=300, blank=True)
    # An outage of the platform: failures in a row, and until when it is left alone.
    outages = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField("暂停到", null=True, blank=True)
    # The latest callback that was not genuine or not readable: for our own people alone.
    callback_refused_at = models.DateTimeField(null=True, blank=True)
    callback_refusal = models.CharField(max_length=200, blank=True, db_default="")
    # ``ports.Look``: how its articles are dressed; each delivery froze what it was given.
    look = models.JSONField("文章的样子", default=dict, blank=True, db_default={})
    # The day whose fetch of figures is over, and what stood in its way.
    counted_on = models.DateField("读过数字的日子", null=True, blank=True)
    counts_note = models.CharField(max_length=300, blank=True, db_default="")
    # What the platform said of its quotas, and when it was asked.
    quotas = models.JSONField("额度", default=list, blank=True, db_default=[])
    quotas_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "渠道账号"
        verbose_name_plural = "渠道账号"
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "platform_id"],
                condition=models.Q(platform_id__gt=""),
                name="channels_account_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def can(self, capability: Capability) -> bool:
        """Whether the account may do it by API, as far as its settings say."""
        return capability in cast("list[str]", self.capabilities)

    @property
    def dress(self) -> Look:
        """How its articles look from now on."""
        return Look(**cast("dict[str, Any]", self.look))

    @property
    def standstill(self) -> dict[str, str] | None:
        """Why nothing of this account moves now, for people; None when it does."""
        if self.health == self.Health.PAUSED:
            detail = f"“{self.name}”已暂停：{self.paused_reason}"
            return {"code": "account_paused", "detail": detail, "action": self.needs}
        if self.rests_until and self.rests_until > timezone.now():
            until = f"{timezone.localtime(self.rests_until):%H:%M}"
            detail = f"“{self.name}”暂时连不上，{until} 以后自动再试。"
            return {"code": "account_rests", "detail": detail, "action": ""}
        return None


class ChannelAsset(models.Model):
    """A picture that a platform keeps for us, by content, so that it is uploaded once.

    No personal data.
    """

    class Use(models.TextChoices):
        """Where the picture stands."""

        BODY = "body", "正文图片"
        COVER = "cover", "封面"

    account = models.ForeignKey(
        ChannelAccount, on_delete=models.CASCADE, related_name="assets", db_index=False
    )
    use = models.CharField(max_length=10, choices=Use.choices)
    sha256 = models.CharField(max_length=64)
    remote_id = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "use", "sha256"], name="channels_asset_content"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_use_display()} {self.sha256[:12]}"


class ChannelPick(models.Model):
    """An editor's tick: this lesson goes to this account whenever it is published.

    Personal data: which member of staff ticked it.
    """

    account = models.ForeignKey(
        ChannelAccount, on_delete=models.CASCADE, related_name="picks", db_index=False
    )
    lesson_key = models.UUIDField()
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    picked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "lesson_key"], name="channels_pick_once")
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} → {self.account}"
