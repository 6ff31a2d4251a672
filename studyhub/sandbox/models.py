"""What the emulated platform remembers.

Everything here is invented by the sandbox itself and no table holds personal data; it is never
installed in production.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from studyhub.sandbox.film_models import FilmApp, FilmGrant, FilmPart, FilmPost, FilmUpload

__all__ = [
    "App",
    "Article",
    "Call",
    "Clock",
    "Draft",
    "Fault",
    "FilmApp",
    "FilmGrant",
    "FilmPart",
    "FilmPost",
    "FilmUpload",
    "Job",
    "Material",
    "Push",
    "Robot",
    "Said",
    "Token",
]


class Clock(models.Model):
    """The sandbox's own time: real time plus an offset that tests move. No personal data."""

    offset_seconds = models.FloatField(default=0)

    def __str__(self) -> str:
        return f"+{self.offset_seconds:.0f}s"

    @classmethod
    def now(cls) -> datetime:
        """The time that the sandbox believes it is."""
        clock = cls.objects.filter(pk=1).first()
        return timezone.now() + timedelta(seconds=clock.offset_seconds if clock else 0)

    @classmethod
    def advance(cls, seconds: float) -> datetime:
        """Move the sandbox's time on; returns the new time."""
        clock, _ = cls.objects.get_or_create(pk=1)
        clock.offset_seconds += seconds
        clock.save()
        return cls.now()


class App(models.Model):
    """One emulated official account; comes into being when a token is first asked for.

    No personal data; the secret is whatever the demo uses.
    """

    CAPABILITIES = ("draft", "freepublish")

    app_id = models.CharField(max_length=64, unique=True)
    secret = models.CharField(max_length=128)
    capabilities = models.JSONField(default=list)
    ip_allowed = models.BooleanField(default=True)
    publish_delay = models.FloatField(default=3.0, help_text="提交后几秒有结果")
    list_lag = models.FloatField(default=0.0, help_text="发布后几秒才列得出来")
    outcome = models.PositiveSmallIntegerField(default=0, help_text="下一次发布的结果")
    quotas = models.JSONField(default=dict, help_text="路径 -> 每天几次")
    forced_at = models.DateTimeField(null=True)
    callback = models.JSONField(default=dict, db_default={}, help_text="回调：地址、令牌、方式")

    def __str__(self) -> str:
        return self.app_id

    def can(self, capability: str) -> bool:
        """Whether the emulated account has this right."""
        return capability in cast("list[str]", self.capabilities)


class Token(models.Model):
    """An access token; ``family`` keeps stable tokens and ordinary ones apart. No personal data."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="tokens")
    family = models.CharField(max_length=10)
    value = models.CharField(max_length=200, unique=True)
    forced = models.BooleanField(default=False)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.app} {self.family}"


class Material(models.Model):
    """An uploaded picture. ``permanent`` ones may be covers. No personal data."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="materials")
    media_id = models.CharField(max_length=64, unique=True)
    permanent = models.BooleanField()
    content_type = models.CharField(max_length=20)
    data = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.media_id

    @property
    def url(self) -> str:
        """The address that the real platform would give the picture."""
        return f"http://mmbiz.qpic.cn/sz_mmbiz_jpg/{self.media_id}/0?wx_fmt=jpeg"


class Draft(models.Model):
    """A draft in the box; gone once it is published. No personal data."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="drafts")
    media_id = models.CharField(max_length=64, unique=True)
    articles = models.JSONField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-updated_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return str(self.articles[0].get("title", ""))


class Job(models.Model):
    """A submission in the platform's queue. ``status`` is publish_status of freepublish/get.

    No personal data.
    """

    RUNNING = 1
    WORDS = {
        0: "已发布",
        1: "处理中",
        2: "原创校验失败",
        3: "发布失败",
        4: "审核未通过",
        5: "发布后被删除",
        6: "发布后被封禁",
    }

    publish_id = models.BigAutoField(primary_key=True)
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="jobs")
    media_id = models.CharField(max_length=64)
    articles = models.JSONField()
    status = models.PositiveSmallIntegerField(default=RUNNING)
    outcome = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["-publish_id"]

    def __str__(self) -> str:
        return f"{self.title} {self.status_words}"

    @property
    def title(self) -> str:
        return str(self.articles[0].get("title", ""))

    @property
    def number(self) -> int:
        """``publish_id`` as the platform tells it."""
        return 2_247_483_000 + self.pk

    @property
    def message_number(self) -> int:
        """``msg_data_id``, by which figures and mass sends know it."""
        return 2_650_000_000 + self.pk

    @property
    def status_words(self) -> str:
        """``publish_status`` in Chinese."""
        return self.WORDS[self.status]


class Article(models.Model):
    """A published article. No personal data."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="articles")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="article")
    article_id = models.CharField(max_length=64, unique=True)
    items = models.JSONField()
    is_deleted = models.BooleanField(default=False)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def first(self) -> dict[str, Any]:
        """The first article of the post; others are never shown."""
        return cast("dict[str, Any]", self.items[0])

    @property
    def title(self) -> str:
        return str(self.first.get("title", ""))

    @property
    def url(self) -> str:
        """Where it can be read."""
        return f"{settings.PUBLIC_URL}{reverse('sandbox:article', args=[self.article_id])}"


class Push(models.Model):
    """A call of the platform's to an account's callback, kept to be repeated byte for byte.

    No personal data: followers here are invented.
    """

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="pushes")
    event = models.CharField(max_length=60)
    query = models.JSONField()
    body = models.TextField()
    content_type = models.CharField(max_length=40)
    written_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.status}"


class Fault(models.Model):
    """What shall go wrong with the next calls to a path. No personal data."""

    class Kind(models.TextChoices):
        """What goes wrong."""

        ERRCODE = "errcode", "返回错误码"
        HTTP_500 = "http500", "返回 500"
        TIMEOUT = "timeout", "不处理，迟迟不答"
        SLOW = "slow", "处理，但很慢"
        BROKEN_JSON = "broken_json", "处理，但答复残缺"
        ACCEPT_THEN_DROP = "accept_then_drop", "处理后断开连接"
        DROP = "drop", "不处理就断开连接"
        # Of callbacks: the path is "callback".
        LOST = "lost", "回调丢失"
        DOUBLE = "double", "回调来两次"
        TRIPLE = "triple", "回调来三次"
        LATE = "late", "回调迟到"
        MASS_SEND = "mass_send", "回调说成群发结束"

    app_id = models.CharField(max_length=64, blank=True, help_text="空 = 每个账号")
    path = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    errcode = models.IntegerField(default=-1)
    seconds = models.FloatField(default=0)
    times_left = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.path} {self.get_kind_display()} ×{self.times_left}"


class Call(models.Model):
    """The journal: every call and what it did. The truth against which tests hold the product.

    No personal data, no tokens.
    """

    app_id = models.CharField(max_length=64, blank=True)
    path = models.CharField(max_length=100)
    errcode = models.IntegerField(default=0)
    fault = models.CharField(max_length=20, blank=True)
    called_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["app_id", "path", "called_at"], name="sandbox_call_quota")]

    def __str__(self) -> str:
        return f"{self.path} {self.errcode}"


class Robot(models.Model):
    """A robot of an emulated group; comes into being when it is first spoken to.

    No personal data.
    """

    class Kind(models.TextChoices):
        """Whose group it is."""

        WECOM = "wecom", "企业微信群"
        FEISHU = "feishu", "飞书群"
        DINGTALK = "dingtalk", "钉钉群"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=200)
    secret = models.CharField(max_length=200, blank=True, help_text="空 = 不验签名")
    removed = models.BooleanField(default=False, help_text="有人把机器人移出了群")
    muted_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="sandbox_robot_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"


class Said(models.Model):
    """What a robot has said in its group. No personal data."""

    robot = models.ForeignKey(Robot, on_delete=models.CASCADE, related_name="words")
    title = models.CharField(max_length=500)
    text = models.TextField()
    url = models.CharField(max_length=2000)
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title
