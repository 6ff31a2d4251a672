"""Rules of proof-reading (校对规则) as staff keep them, and what people said about the finds."""

from typing import Any, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from content.models.oral_histories import ChannelKinds
from content.models.proof_places import BlockKinds, TextFields
from content.proofs.values import Find, Rule, hash_of
from content.proofs.values import Level as ProofLevel

ENOUGH_HITS = 20  # from then on the share of false alarms says something


def new_key() -> str:
    return uuid4().hex


def lines_of(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class ProofRuleQuerySet(models.QuerySet["ProofRule"]):
    def with_counts(self) -> Self:
        false_alarms = Count("hit", filter=Q(hit__dismissed=True))
        return self.annotate(hits=Count("hit"), false_alarms=false_alarms)


class ProofRule(models.Model):
    """One rule: literal words, or by ``coded`` a check that is written in code. No patterns, which
    could take for ever. No personal data.
    """

    class Level(models.TextChoices):
        ADVICE = ProofLevel.ADVICE.value, "提示"
        BLOCKING = ProofLevel.BLOCKING.value, "必须改"

    wagtail_reference_index_ignore = True  # no place where a page is used

    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    coded = models.CharField(max_length=40, blank=True, editable=False)
    name = models.CharField("名称", max_length=40)
    words = models.TextField(
        "不要写成",
        max_length=2000,
        blank=True,
        help_text="一行一个词，照字面找。由程序检查的规则（重复的词、日期等）不用填",
    )
    instead = models.CharField("应该写成", max_length=120, blank=True)
    level = models.CharField(
        "级别",
        max_length=8,
        choices=Level.choices,
        default=Level.ADVICE,
        help_text="“必须改”没有改好，不能送审；草稿照样能存",
    )
    # What 0.1.0 read; ``kinds`` and ``fields`` say it today. To go with the release after the next.
    scope = models.CharField(max_length=10, default="", blank=True, editable=False)
    kinds = BlockKinds(
        "只看哪些块", default=list, blank=True, db_default=[], help_text="不勾选就是都看"
    )
    fields = TextFields(
        "只看哪些字", default=list, blank=True, db_default=[], help_text="不勾选就是都看"
    )
    channels = ChannelKinds(
        "只对哪些渠道",
        default=list,
        blank=True,
        db_default=[],
        help_text="不勾选就是网站和所有渠道。勾选了的，不影响送审；“必须改”没有改好，发不到这些渠道",
    )
    starts_on = models.DateField("从哪天起", null=True, blank=True, help_text="不填就是现在")
    ends_on = models.DateField(
        "到哪天为止", null=True, blank=True, help_text="这一天还算；不填就是一直"
    )
    exceptions = models.TextField(
        "例外",
        max_length=2000,
        blank=True,
        help_text="一行一个。含有这个词的说法（例：词是“内蒙”，例外是“内蒙古”）不算；"
        "不含这个词的（例：“1950年”），有它的那一句不算",
    )
    skips_quotes = models.BooleanField("引号内不算", default=False)
    skips_titles = models.BooleanField("书名号内不算", default=False)
    why = models.CharField("为什么", max_length=120, blank=True)
    source = models.CharField("依据", max_length=160, blank=True)
    is_on = models.BooleanField("使用", default=True, help_text="不合用的规则关掉就行，不必删")

    objects = ProofRuleQuerySet.as_manager()

    panels = [
        FieldPanel("name"),
        FieldPanel("words"),
        FieldPanel("instead"),
        FieldRowPanel([FieldPanel("level"), FieldPanel("is_on")]),
        MultiFieldPanel(
            [
                FieldPanel("kinds"),
                FieldPanel("fields"),
                FieldPanel("channels"),
                FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
            ],
            heading="看哪里、什么时候看",
            classname="collapsed",
            help_text="块和字都勾选了的，两样都合才算。标题长短、图片来源、链接是按全课查的，"
            "不分块和字。",
        ),
        MultiFieldPanel(
            [
                FieldPanel("exceptions"),
                FieldRowPanel([FieldPanel("skips_quotes"), FieldPanel("skips_titles")]),
            ],
            heading="什么时候不算",
        ),
        FieldPanel("why"),
        FieldPanel("source"),
    ]

    class Meta:
        verbose_name = verbose_name_plural = "校对规则"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        words = lines_of(self.words)
        if not self.coded and not words:
            raise ValidationError({"words": "请写上要找的词，一行一个。"})
        if any(len(word) < 2 for word in words):
            raise ValidationError({"words": "一个词至少两个字；单个字到处都有，会报出许多误报。"})
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "结束的日子在开始以前，请核对。"})

    @property
    def is_often_wrong(self) -> bool:
        """Counted with ``with_counts``."""
        hits, false_alarms = getattr(self, "hits", 0), getattr(self, "false_alarms", 0)
        return hits >= ENOUGH_HITS and false_alarms * 2 > hits

    def used(self) -> str:
        return "使用" if self.is_on else "关掉了"

    def reach(self) -> str:
        """Where and when it looks, in words."""
        ticked = ("kinds", "fields", "channels")
        parts = ["、".join(self._words_of(name)) for name in ticked if getattr(self, name)]
        days = [f"{self.starts_on:%Y-%m-%d} 起"] if self.starts_on else []
        days += [f"到 {self.ends_on:%Y-%m-%d}"] if self.ends_on else []
        return "；".join([*parts, *days]) or "整课，一直"

    def _words_of(self, name: str) -> list[str]:
        """One that is no longer there keeps its name: it goes on meaning nothing."""
        column: Any = self._meta.get_field(name)
        known = dict(column.names())
        return [known.get(one, one) for one in getattr(self, name)]

    def experience(self) -> str:
        """How often it was wrong, for the list."""
        hits, false_alarms = getattr(self, "hits", 0), getattr(self, "false_alarms", 0)
        if not hits:
            return "还没有报过"
        told = f"误报 {false_alarms}/{hits}"
        lowered = self.is_often_wrong and self.level == self.Level.BLOCKING
        return f"{told}，已降为提示" if lowered else told

    def as_rule(self) -> Rule:
        """A rule that is wrong more often than right only advises, whatever its level says."""
        return Rule(
            key=self.key,
            name=self.name,
            level=ProofLevel.ADVICE if self.is_often_wrong else ProofLevel(self.level),
            why=self.why,
            check=self.coded,
            words=() if self.coded else lines_of(self.words),
            instead=self.instead,
            kinds=frozenset(self.kinds),
            fields=frozenset(self.fields),
            channels=frozenset(self.channels),
            where="、".join(f"“{one}”" for one in self._words_of("channels")),
            starts=self.starts_on,
            ends=self.ends_on,
            exceptions=lines_of(self.exceptions),
            skips_quotes=self.skips_quotes,
            skips_titles=self.skips_titles,
        )


class ProofHit(models.Model):
    """A rule found these words in this block of a lesson; counted once however often they are
    read. No personal data."""

    wagtail_reference_index_ignore = True

    rule = models.ForeignKey(
        ProofRule, on_delete=models.CASCADE, related_name="+", related_query_name="hit",
        db_index=False,
    )  # fmt: skip
    lesson_key = models.UUIDField()
    mark = models.CharField(max_length=32)
    dismissed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "lesson_key", "mark"], name="content_proofhit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} {self.mark}"

    @staticmethod
    def mark_of(unit: str, words: str) -> str:
        return hash_of(f"{unit}\n{words}")


class ProofDismissal(models.Model):
    """Somebody says that this find is none. It holds until the sentence changes.

    Personal data: which member of staff said so.
    """

    wagtail_reference_index_ignore = True

    lesson_key = models.UUIDField()
    unit = models.CharField(max_length=64, blank=True)
    rule = models.ForeignKey(ProofRule, on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=160, blank=True)
    sentence_hash = models.CharField(max_length=32)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "忽略的校对结果"
        constraints = [
            models.UniqueConstraint(
                fields=["lesson_key", "unit", "rule", "words", "sentence_hash"],
                name="content_proofdismissal_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} {self.words}"

    @classmethod
    def of(cls, lesson_key: UUID) -> set[tuple[Any, ...]]:
        """What was dismissed in this lesson, as ``key_of`` tells a find."""
        fields = ("rule__key", "unit", "words", "sentence_hash")
        return set(cls.objects.filter(lesson_key=lesson_key).values_list(*fields))

    @staticmethod
    def key_of(find: Find) -> tuple[str, ...]:
        return find.rule, find.unit, find.words, find.sentence_hash
