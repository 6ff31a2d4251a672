"""What stands beside a block in another language, and who signed it (decision 0046)."""

from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from content.units import Unit

MONGOLIAN = "mn-Mong"  # the traditional script, written downwards
GONE = datetime(1970, 1, 1, tzinfo=UTC)  # noted in ``stale_since`` while the block is not there


class BlockTwinQuerySet(models.QuerySet["BlockTwin"]):
    def of(self, lesson_key: UUID) -> Self:
        return self.filter(lesson_key=lesson_key)

    def at_work(self) -> Self:
        """The newest wording of each block; what it took the place of is kept and not looked at."""
        return self.filter(state__in=(BlockTwin.State.DRAFT, BlockTwin.State.SIGNED))

    def in_place(self) -> Self:
        """Their block is in the lesson."""
        return self.exclude(stale_since=GONE)

    def stale(self) -> Self:
        """Made from Chinese words that are others by now."""
        return self.at_work().filter(stale_since__gt=GONE)

    def without_fresh_draft(self) -> Self:
        """Nobody has written the next one yet."""
        same = {name: OuterRef(name) for name in ("lesson_key", "block_id", "language")}
        drafts = BlockTwin.objects.filter(state=BlockTwin.State.DRAFT, stale_since=None, **same)
        return self.exclude(Exists(drafts))


class BlockTwin(models.Model):
    """One wording of a block in another language (译文), never more than one draft and one signed.

    ``fields`` are ``{heading, text}``; ``source_hash`` is the hash of the Chinese unit they were
    made from, ``source`` its words (``{title, text}``); ``sound`` is the twin read aloud, signed by
    ``sound_hash``. ``version`` rises with every save;
    ``levels`` is how many have to sign, as it was asked when the draft began. ``stale_since`` is
    empty while the Chinese is the same, and ``GONE`` while its block is not in the lesson.
    ``before`` is what stood in the draft before ``translator`` wrote, to which they may go back.
    Personal data: who wrote it, by account and name.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SIGNED = "signed", "已签"
        REPLACED = "replaced", "换下的"
        WITHDRAWN = "withdrawn", "撤下的"
        DROPPED = "dropped", "作者撤回的草稿"

    wagtail_reference_index_ignore = True

    lesson_key = models.UUIDField("课的标识")
    block_id = models.CharField("哪一块", max_length=36)
    language = models.CharField("语言", max_length=10, default=MONGOLIAN)
    fields: Any = models.JSONField("译文", default=dict)
    source_hash = models.CharField(max_length=64)
    source: Any = models.JSONField("译的是什么", default=dict)
    sound = models.ForeignKey(
        "wagtailmedia.Media",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,  # refused by name while it stands here
        db_index=False,
        related_name="+",
    )
    sound_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    state = models.CharField("状态", max_length=9, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    levels = models.PositiveSmallIntegerField("要几人签", default=2)
    translator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField("译者", max_length=80, blank=True)
    writers: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="TwinWriter", related_name="+"
    )
    before: Any = models.JSONField("前一位写的", null=True, blank=True)
    saved_at = models.DateTimeField("保存时间", default=timezone.now)
    stale_since = models.DateTimeField("中文是什么时候改的", null=True, blank=True)

    objects = BlockTwinQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "译文"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lesson_key", "block_id", "language", "state"],
                condition=Q(state__in=("draft", "signed")),
                name="content_blocktwin_one_of_a_state",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} {self.block_id} {self.language} {self.state}"

    @property
    def is_public(self) -> bool:
        """Whether saving it may change a page; a draft is for the desk alone."""
        return self.state != self.State.DRAFT

    @property
    def token(self) -> str:
        """Another after each save, by whomever."""
        return f"{self.pk}.{self.version}"

    @property
    def unit(self) -> Unit:
        """What is signed: these words, for these Chinese words."""
        heading, text = (self.fields.get(name, "") for name in ("heading", "text"))
        facts = [self.language, heading, text, self.source_hash]
        facts += [self.sound_hash] if self.sound_hash else []
        return Unit(self.block_id, heading, text, facts)

    def holding(self) -> list["TwinSignOff"]:
        """The signatures under this very wording, one a level."""
        digest = self.unit.hash
        return [one for one in self.signatures.all() if one.words_hash == digest]

    @property
    def told(self) -> dict[str, str]:
        """What is signed, as it is kept with a signature."""
        return {**self.fields, **({"sound": self.sound_hash} if self.sound_hash else {})}

    def is_signed(self) -> bool:
        """By as many as were asked for; the signatures say so, not the state."""
        return len({one.level for one in self.holding()}) >= self.levels


class TwinPicture(models.Model):
    """A shown twin as pictures, for phones that do not join its letters (decision 0053).

    ``key`` is of the words and the fonts they are drawn with; ``files`` are ``{name, bytes}`` in
    reading order. No personal data.
    """

    wagtail_reference_index_ignore = True

    twin = models.OneToOneField(BlockTwin, on_delete=models.CASCADE, related_name="picture")
    key = models.CharField(max_length=32)
    files: Any = models.JSONField(default=list)

    class Meta:
        verbose_name = verbose_name_plural = "译文的图"
        default_permissions = ()
        # Not ``db_index``: PostgreSQL would keep a second one for ``LIKE``.
        indexes = (models.Index(fields=["key"], name="twin_picture_key"),)

    def __str__(self) -> str:
        return f"{self.twin_id} {self.key}"


class TwinWriter(models.Model):
    """Somebody who saved words of a twin: whoever did signs it no more.

    Personal data: which account wrote what.
    """

    wagtail_reference_index_ignore = True

    twin = models.ForeignKey(BlockTwin, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "译文的作者"
        constraints = [
            models.UniqueConstraint(fields=["twin", "person"], name="content_twinwriter_once")
        ]

    def __str__(self) -> str:
        return f"{self.twin_id} {self.person_id}"


class TwinSignOff(models.Model):
    """One signature under one wording of a twin; only ever added.

    ``told`` is what was signed. Personal data: the name of who signed.
    """

    wagtail_reference_index_ignore = True

    twin = models.ForeignKey(
        BlockTwin, on_delete=models.CASCADE, related_name="signatures", db_index=False
    )
    words_hash = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField("第几人")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField("姓名", max_length=80)
    told: Any = models.JSONField("签的是什么", default=dict)
    signed_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "译文审签"
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["twin", "words_hash", "level"], name="content_twinsignoff_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.twin_id} {self.level}"
