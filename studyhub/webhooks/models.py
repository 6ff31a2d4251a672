"""Who is told, what has happened, and each message of the one to the other: the row is the job."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from studyhub.core.crypto import EncryptedTextField
from studyhub.core.ids import uuid7
from studyhub.core.jobs import Job, JobQuerySet
from studyhub.core.signals import shown_changed
from studyhub.webhooks import signing

FORMER_LIVES = timedelta(hours=24)


class EventType(models.TextChoices):
    """What a receiver may ask to hear of."""

    PUBLISHED = "lesson.published", "课发布了"
    CORRECTED = "lesson.corrected", "课更正了"
    WITHDRAWN = "lesson.withdrawn", "课撤下了"
    DELIVERY = "delivery.changed", "渠道上的一篇有了变化"
    TEST = "webhook.test", "试一下"


OFFERED = [choice for choice in EventType.choices if choice[0] != EventType.TEST]


class Endpoint(models.Model):
    """Another system that wants to be told, at an address of its own.

    Holds secrets, encrypted (``secret``, ``former_secret``). No personal data.
    """

    class Kind(models.TextChoices):
        """What it is sent."""

        HOOK = "hook", "业务系统（签名的 JSON）"
        HUB = "hub", "订阅中心（WebSub hub）"

    kind = models.CharField("类型", max_length=10, choices=Kind.choices, default=Kind.HOOK)
    name = models.CharField("名称", max_length=60)
    url = models.CharField("地址", max_length=500)
    events: Any = models.JSONField("要哪些事件", default=list)
    secret = EncryptedTextField("密钥", default=signing.new_secret)
    former_secret = EncryptedTextField(blank=True, default="")
    former_until = models.DateTimeField(null=True, blank=True)
    is_paused = models.BooleanField(default=False)
    paused_reason = models.CharField(max_length=300, blank=True)
    # Since when not a single message got through; None while the last one did.
    failing_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "事件接收方"
        ordering = ("pk",)
        default_permissions = ("change",)

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        """Feeds name the hubs."""
        with transaction.atomic():
            super().save(**kwargs)
            shown_changed.send(Endpoint)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            shown_changed.send(Endpoint)
        return gone

    @classmethod
    def without_secrets(cls) -> "models.QuerySet[Endpoint]":
        """All of them, and nothing is decrypted."""
        return cls.objects.defer("secret", "former_secret")

    @classmethod
    def hubs(cls) -> list[str]:
        """Addresses at which readers of a feed may ask to be told of it."""
        return list(cls.objects.filter(kind=cls.Kind.HUB).values_list("url", flat=True))

    def keys(self) -> list[str]:
        """The secrets that hold now, the newest first."""
        holds = self.former_until and self.former_until > timezone.now()
        return [self.secret, self.former_secret] if holds else [self.secret]

    def rotate(self) -> None:
        """A new secret; the one before signs as well for a day."""
        self.former_secret, self.former_until = self.secret, timezone.now() + FORMER_LIVES
        self.secret = signing.new_secret()
        self.save(update_fields=["secret", "former_secret", "former_until"])

    def pause(self, reason: str) -> None:
        """Nothing is sent; what happens meanwhile waits."""
        self.is_paused, self.paused_reason = True, reason
        self.save(update_fields=["is_paused", "paused_reason"])

    def resume(self) -> None:
        self.is_paused, self.paused_reason, self.failing_since = False, "", None
        self.save(update_fields=["is_paused", "paused_reason", "failing_since"])


class Event(models.Model):
    """Something that happened, in the bytes in which everybody is told. No personal data."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    type = models.CharField("事件", max_length=40, choices=EventType.choices)
    body = models.TextField()
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "事件"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class MessageQuerySet(JobQuerySet):
    """Messages by what can be done with them."""

    def due(self) -> Self:
        """Those that a worker may send at this moment, by the database's clock."""
        stopped = Endpoint.objects.filter(pk=OuterRef("endpoint"), is_paused=True)
        return self.filter(~Exists(stopped), state=Message.State.WAITING).free()


class Message(Job):
    """One event on its way to one endpoint. No personal data.

    ``answers`` are what was answered, the oldest first: ``{at, status, words}``.
    """

    class State(models.TextChoices):
        """Whether it has arrived."""

        WAITING = "waiting", "等着送"
        DONE = "done", "送到了"
        GIVEN_UP = "given_up", "没送到，不再试了"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="messages")
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    answers: Any = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "发出的通知"
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["event", "endpoint"], name="webhooks_message_once"),
        )
        indexes = (
            # The few that wait, among all that ever went.
            models.Index(
                fields=["not_before"],
                name="webhooks_message_waiting",
                condition=models.Q(state="waiting"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.event_id} {self.state}"

    def told_answers(self) -> list[dict[str, Any]]:
        """The answers with their moments as moments, for pages."""
        return [{**told, "at": datetime.fromisoformat(told["at"])} for told in self.answers]


class ToldDelivery(models.Model):
    """In which state a delivery was when ``delivery.changed`` was last told. No personal data.

    ``changed_at`` is the delivery's own moment; the newest says from where to look on.
    """

    delivery_id = models.UUIDField(primary_key=True)
    state = models.CharField(max_length=20)
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知过的投递状态"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.state}"


def inner_hosts() -> frozenset[str]:
    """The hosts inside the house that the operator has named."""
    return frozenset(settings.WEBHOOK_HOSTS)
