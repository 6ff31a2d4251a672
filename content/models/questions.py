"""The bank of questions (题库): what lessons take copies of, and which lessons did."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from wagtail.images import get_image_model_string

from content.question_wording import KINDS, Wording, stem_key


class QuestionQuerySet(models.QuerySet["Question"]):
    def with_uses(self) -> Self:
        """``uses``: in how many lessons a copy stands."""
        return self.annotate(uses=Count("copies__page", distinct=True))

    def found_by(self, words: str) -> Self:
        """By its stem, whatever the width and the signs between."""
        return self.filter(Q(stem__icontains=words) | Q(stem_key__contains=stem_key(words) or "\n"))


class Question(models.Model):
    """One question of the bank. Stem and kind are those of its newest version, to be looked for.

    Lessons hold copies: nothing that is read, packed or graded asks this table.
    No personal data.
    """

    class State(models.TextChoices):
        IN_USE = "in_use", "在用"
        RETIRED = "retired", "停用"

    stem = models.CharField("题目", max_length=200)
    stem_key = models.CharField(max_length=200, editable=False)
    kind = models.CharField("题型", max_length=9, choices=list(KINDS.items()))
    category = models.CharField("类别", max_length=40, blank=True)
    state = models.CharField("状态", max_length=7, choices=State.choices, default=State.IN_USE)
    newest = models.PositiveIntegerField("第几版", default=0)
    changed_at = models.DateTimeField("改动时间", default=timezone.now)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "题库里的题"
        ordering = ["-pk"]
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["stem_key"], condition=~Q(stem_key=""), name="content_question_once"
            )
        ]

    def __str__(self) -> str:
        return self.stem

    @property
    def version(self) -> "QuestionVersion":
        return self.versions.get(number=self.newest)


class QuestionVersion(models.Model):
    """A question as it was worded once; never changed.

    ``section`` is a block id, unique only together with the lesson key. ``image`` is that of the
    wording's picture: by it Wagtail lists where the picture is used.
    Personal data: which account wrote it.
    """

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    question.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # as below
    number = models.PositiveIntegerField("第几版")
    wording = models.JSONField("内容")
    lesson_key = models.UUIDField("出自哪一课", null=True)
    section = models.CharField("出自哪一小节", max_length=36, blank=True)
    section_hash = models.CharField(max_length=64, blank=True)
    image = models.ForeignKey(
        get_image_model_string(), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # Wagtail asks for it
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "题库"
        ordering = ["number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="content_questionversion_once"
            )
        ]

    def __str__(self) -> str:
        return f"第 {self.question_id} 题第 {self.number} 版"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a version of a question is never changed")
        super().save(*args, **kwargs)

    @property
    def words(self) -> Wording:
        return Wording.from_json(self.wording)


class LessonQuestion(models.Model):
    """A question in the newest draft of a lesson: of which version it is a copy, and against which
    wording of its section it was written or looked at last.

    One that is gone from the draft keeps its row: number ``GONE``, of no bank, never due. No
    personal data.
    """

    GONE = 0

    wagtail_reference_index_ignore = True

    page = models.ForeignKey("content.LessonPage", on_delete=models.CASCADE, db_index=False)
    item = models.CharField("哪一题", max_length=36)
    number = models.PositiveSmallIntegerField("第几题")
    stem = models.CharField("题目", max_length=200, blank=True)
    bank = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="copies")
    version = models.PositiveIntegerField("第几版", null=True)
    question_hash = models.CharField(max_length=64)
    section = models.CharField(max_length=36, blank=True)
    section_hash = models.CharField(max_length=64, blank=True)
    is_due = models.BooleanField("待复核", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "课里的题"
        ordering = ["page", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["page", "item"], name="content_lessonquestion_once")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.number}"
