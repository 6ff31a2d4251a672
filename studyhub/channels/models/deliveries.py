"""What is sent to the platforms.

The ``Delivery`` row is the job (decision 0003): messages to workers are only hints. Rows are
written by ``requests`` (people) and, under a claim, by ``worker``; nothing else changes them.
"""

from typing import Any, Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from studyhub.channels import registry
from studyhub.channels.models.accounts import ChannelAccount
from studyhub.channels.ports import Capability, Mode, Post, Reference
from studyhub.core.ids import uuid7
from studyhub.core.jobs import DUE_SINCE, Job, JobQuerySet

NO_ERROR = {"error_code": "", "error_detail": "", "error_action": ""}
# What a delivery forgets that starts anew: no draft, no submission, no error.
FRESH_START: dict[str, Any] = {
    "state": "queued",
    "external": {},
    "submit_started_at": None,
    "submitted_at": None,
    "quiet_until": None,
    **NO_ERROR,
}
LESSON_WITHDRAWN = "lesson_withdrawn"
STILL_OUT = {
    "error_code": LESSON_WITHDRAWN,
    "error_detail": "这一课已经撤下，渠道上的文章还在。",
    "error_action": "请点“撤回”，或到平台后台删除后点“已在平台删除”。",
}
NOT_SENT = {
    "error_code": LESSON_WITHDRAWN,
    "error_detail": "这一课已经撤下，没有发出。",
    "error_action": "",
}
BY_HAND = {
    "error_code": "remove_by_hand",
    "error_detail": "系统不能从这个渠道撤回，文章还在。",
    "error_action": "请到平台后台删除这篇文章，再点“已在平台删除”。",
}
NO_PUBLISH = "no_publish"  # error code: the account may put drafts into the box and nothing more


class DeliveryQuerySet(JobQuerySet):
    """Deliveries by what can be done with them."""

    def update(self, **values: Any) -> int:
        """Whoever writes, and however many at once: it is known when."""
        values.setdefault("updated_at", timezone.now())
        return super().update(**values)

    def due(self) -> Self:
        """Those on which a worker could do something at this moment, by the database's clock."""
        return (
            self.filter(Delivery.WORKED_ON)
            .free()
            .filter(~Exists(self._stopped_accounts()), ~Exists(self._earlier_ones()))
        )

    @staticmethod
    def _stopped_accounts() -> "models.QuerySet[ChannelAccount]":
        """A question of its own, not a join: a claim repeats it inside its UPDATE."""
        stopped = Q(health=ChannelAccount.Health.PAUSED) | Q(rests_until__gt=Now())
        return ChannelAccount.objects.filter(stopped, pk=OuterRef("account"))

    @staticmethod
    def _earlier_ones() -> "models.QuerySet[Delivery]":
        """An older text of the same lesson on its way to the same account goes first.

        By the number of the revision: ids are made by clocks of several hosts.
        """
        return Delivery.objects.filter(
            account=OuterRef("account"),
            lesson_key=OuterRef("lesson_key"),
            revision__lt=OuterRef("revision"),
            state__in=Delivery.MOVING,
        ).exclude(state=Delivery.State.QUEUED, not_before__gt=Now())

    def alive(self) -> Self:
        """Those that stand in the way of a second delivery of the same revision."""
        return self.exclude(state__in=Delivery.OVER_WITHOUT_TRACE)

    def for_a_person(self) -> Self:
        """Those that go no further by themselves, unless a newer one has taken their place."""
        newer = Delivery.objects.filter(
            account=OuterRef("account"), lesson_key=OuterRef("lesson_key"), pk__gt=OuterRef("pk")
        )
        waiting = Q(state__in=Delivery.FOR_A_PERSON) | Q(
            state=Delivery.State.PUBLISHED, error_action__gt=""
        )
        return self.filter(waiting).exclude(Exists(newer), state__in=Delivery.OVER_WITHOUT_TRACE)

    def newest_first(self) -> Self:
        """In the order in which lists show them."""
        return self.order_by("-pk")


class Delivery(Job):
    """One revision of one lesson on its way to one account: the job itself.

    Personal data: who asked for it (staff). Nothing about learners.
    """

    class Action(models.TextChoices):
        """What was asked for."""

        DRAFT = "draft", "只放进草稿箱"
        PUBLISH = "publish", "发布"

    class State(models.TextChoices):
        """Where it stands, as the API and the screens tell it."""

        QUEUED = "queued", "排队中"
        PREPARING = "preparing", "正在准备"
        SUBMITTING = "submitting", "正在提交"
        IN_REVIEW = "in_review", "平台处理中"
        PUBLISHED = "published", "已发布"
        WAITING_HUMAN = "waiting_human", "等人处理"
        NEEDS_AUTH = "needs_auth", "账号需要处理"
        DEFERRED = "deferred", "等待额度"
        OUTCOME_UNKNOWN = "outcome_unknown", "结果未知，正在核对"
        REJECTED = "rejected", "平台未通过"
        FAILED = "failed", "没有发成"
        CANCELLED = "cancelled", "已取消"
        REMOVED = "removed", "已撤回"

    class Wish(models.TextChoices):
        """What a person wants a worker to do with something that has come to rest."""

        NONE = "", "—"
        WITHDRAW = "withdraw", "从平台撤回"
        DISCARD = "discard", "从草稿箱删掉"

    # A worker has something to do with these.
    MOVING = (
        State.QUEUED,
        State.PREPARING,
        State.SUBMITTING,
        State.IN_REVIEW,
        State.OUTCOME_UNKNOWN,
        State.DEFERRED,
    )
    # It has come to rest, and a worker looks now and then: has the person acted, is it still out?
    RESTING = (State.WAITING_HUMAN, State.PUBLISHED)
    WATCHED = Q(state__in=RESTING, not_before__isnull=False)
    WORKED_ON = Q(state__in=MOVING) | Q(wish__gt="") | WATCHED
    FOR_A_PERSON = (State.WAITING_HUMAN, State.NEEDS_AUTH, State.REJECTED, State.FAILED)
    OVER_WITHOUT_TRACE = (State.CANCELLED, State.FAILED, State.REJECTED, State.REMOVED)
    CANCELLABLE = (
        State.QUEUED,
        State.PREPARING,
        State.DEFERRED,
        State.NEEDS_AUTH,
        State.WAITING_HUMAN,
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lesson_key = models.UUIDField("课")
    lesson_title = models.CharField("课名", max_length=255)
    revision = models.PositiveIntegerField("版次")
    account = models.ForeignKey(
        ChannelAccount, on_delete=models.PROTECT, related_name="deliveries", verbose_name="渠道"
    )
    action = models.CharField("动作", max_length=10, choices=Action.choices)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.QUEUED)
    wish = models.CharField(max_length=10, choices=Wish.choices, default=Wish.NONE, blank=True)

    post = models.JSONField("成稿", default=dict)
    content_hash = models.CharField(max_length=64)
    marker = models.CharField("记号", max_length=16, unique=True)
    # The number of the 审核表 of what was frozen; empty for what is older than reviews.
    certificate = models.CharField("审核编号", max_length=12, blank=True, db_default="")
    lost = models.JSONField("渠道带不走的内容", default=list)

    # What the platform calls it: ``ports.Reference`` and the platform's own further numbers. One
    # column, so that one conditional UPDATE writes them with the state (decision 0008).
    external = models.JSONField("平台编号", default=dict, blank=True)
    url = models.CharField("链接", max_length=1000, blank=True)

    attempts = models.PositiveIntegerField("尝试次数", default=0)
    polls = models.PositiveIntegerField(default=0)
    submit_started_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    quiet_until = models.DateTimeField(null=True, blank=True)

    error_code = models.CharField(max_length=40, blank=True)
    error_detail = models.CharField(max_length=500, blank=True)
    error_action = models.CharField(max_length=300, blank=True)

    idempotency_key = models.CharField(max_length=200, blank=True)
    body_hash = models.CharField(max_length=64, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="谁要求的",
    )
    # The database was restored since: what we remember of this one may be too little.
    restored = models.BooleanField("从备份恢复的", default=False)
    lesson_withdrawn_at = models.DateTimeField("课撤下的时间", null=True, blank=True)
    publish_at = models.DateTimeField("定时", null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "渠道发布"
        verbose_name_plural = "渠道发布"
        ordering = ["-id"]
        permissions = [("send_delivery", "可以向渠道发布、重试和撤回")]
        indexes = [
            models.Index(fields=["lesson_key", "account"], name="channels_delivery_lesson"),
            models.Index(fields=["state"], name="channels_delivery_state"),
            models.Index(fields=["updated_at"], name="channels_delivery_changed"),
            # What still moves or is looked at again, among all that lie still: the sweep's rows.
            models.Index(
                DUE_SINCE,
                condition=Q(
                    state__in=(
                        *("queued", "preparing", "submitting"),
                        *("in_review", "outcome_unknown", "deferred"),
                    )
                )
                | Q(wish__gt="")
                | Q(state__in=("waiting_human", "published"), not_before__isnull=False),
                name="channels_delivery_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "lesson_key", "revision"],
                condition=~Q(state__in=("cancelled", "failed", "rejected", "removed")),
                name="channels_delivery_once",
            ),
            models.UniqueConstraint(
                fields=["requested_by", "idempotency_key"],
                condition=Q(idempotency_key__gt=""),
                name="channels_delivery_idempotency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_title} → {self.account}"

    def save(self, **kwargs: Any) -> None:
        self.marker = self.marker or self.pk.hex[-12:]
        super().save(**kwargs)

    @property
    def frozen_post(self) -> Post:
        """The text as it was when the delivery was asked for."""
        stored: dict[str, Any] = dict(cast("dict[str, Any]", self.post))
        for name in ("pictures", "lost"):
            stored[name] = tuple(stored[name])
        return Post(**stored)

    @property
    def draft_id(self) -> str:
        """The draft in the platform's box, by its id there; empty when there is none."""
        return self._reference(Reference.DRAFT)

    @property
    def submission_id(self) -> str:
        """The platform's number of the submission; empty before it has answered."""
        return self._reference(Reference.SUBMISSION)

    @property
    def article_id(self) -> str:
        """The article that is out, by its id there; empty for one that a person posted."""
        return self._reference(Reference.ARTICLE)

    def _reference(self, name: Reference) -> str:
        return cast("dict[str, str]", self.external).get(name, "")

    def with_references(self, **known: str) -> dict[str, str]:
        """``external`` with these added; an empty one goes."""
        merged = {**cast("dict[str, str]", self.external), **known}
        return {name: value for name, value in merged.items() if value}

    @property
    def external_names(self) -> dict[str, str]:
        """The references by the names that the platform itself gives them."""
        names = registry.external_names_of(self.account.kind)
        stored = cast("dict[str, str]", self.external)
        return {names.get(name, name): value for name, value in stored.items()}

    @property
    def may_be_out(self) -> bool:
        """It was submitted, or nobody knows whether it was: only the platform can tell.

        The one rule for every button and every worker. What the platform itself has ended, by a
        refusal or its word on this article, is not out.
        """
        over = self.state in self.OVER_WITHOUT_TRACE
        return not over and (bool(self.submission_id) or self.submit_started_at is not None)

    @property
    def can_be_watched(self) -> bool:
        """Whether the platform can be asked what became of it while a person is waited for."""
        return self.account.mode == Mode.API and self.account.can(Capability.PUBLISH)

    @property
    def resting_state(self) -> "Delivery.State":
        """Where a delivery stands that nobody works on, told from what is known about it."""
        if self.submission_id:
            return self.State.IN_REVIEW
        if self.may_be_out:
            return self.State.OUTCOME_UNKNOWN
        return self.State.PREPARING if self.draft_id else self.State.QUEUED

    @property
    def may_be_cancelled(self) -> bool:
        """Whether it can still be stopped without a trace at the platform."""
        return self.state in self.CANCELLABLE and not self.may_be_out

    @property
    def may_be_retried(self) -> bool:
        """Whether 重试 makes sense: something went wrong, or waits longer than it must."""
        stuck = self.state == self.State.WAITING_HUMAN and self.error_code not in (
            "",
            NO_PUBLISH,
        )
        stopped = bool(self.wish) and self.account.health == ChannelAccount.Health.PAUSED
        return (
            stuck
            or stopped
            or self.state
            in (
                self.State.FAILED,
                self.State.REJECTED,
                self.State.NEEDS_AUTH,
                self.State.DEFERRED,
                self.State.OUTCOME_UNKNOWN,
            )
        )

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether it is out and nobody has asked yet to take it back."""
        return self.state == self.State.PUBLISHED and not self.wish

    @property
    def withdrawn_by_worker(self) -> bool:
        """Whether the platform lets us take it down; otherwise a person does it there.

        An article that a person posted is looked for by its marker first.
        """
        return self.can_be_watched and self.account.can(Capability.WITHDRAW)

    @property
    def may_be_gone(self) -> bool:
        """Whether a person may say that it is deleted at the platform."""
        return self.state == self.State.PUBLISHED

    @property
    def may_be_handed_off(self) -> bool:
        """Whether a person may say that it is out, and paste the link, or another one."""
        in_the_box = bool(self.draft_id) and self.state in (
            self.State.PREPARING,
            self.State.DEFERRED,
        )
        pasted = self.state == self.State.PUBLISHED and not self.article_id and not self.wish
        return (
            pasted
            or in_the_box
            or self.state
            in (
                self.State.WAITING_HUMAN,
                self.State.OUTCOME_UNKNOWN,
                self.State.NEEDS_AUTH,
                self.State.REJECTED,
                self.State.FAILED,
            )
        )

    @property
    def problem(self) -> dict[str, str] | None:
        """What stands in the way, for people: ``code``, ``detail``, ``action``. Its own or its
        account's; None when all goes well.
        """
        if self.error_code or self.error_detail:
            names = ("code", "detail", "action")
            return {name: str(getattr(self, f"error_{name}")) for name in names}
        unfinished = self.wish or self.state in self.MOVING
        return self.account.standstill if unfinished else None

    @property
    def has_package(self) -> bool:
        """Whether there is a text for a person to copy."""
        return self.account.mode == Mode.MANUAL and self.state in (
            self.State.WAITING_HUMAN,
            self.State.PUBLISHED,
        )
