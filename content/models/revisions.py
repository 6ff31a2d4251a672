from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef


class LessonRevisionQuerySet(models.QuerySet["LessonRevision"]):
    def of(self, lesson_key: UUID) -> "LessonRevisionQuerySet":
        return self.filter(lesson_key=lesson_key)

    def newest(self) -> "LessonRevisionQuerySet":
        """Of each lesson the last."""
        later = LessonRevision.objects.filter(
            lesson_key=OuterRef("lesson_key"), revision__gt=OuterRef("revision")
        )
        return self.filter(~Exists(later))

    def told_to_readers(self) -> "LessonRevisionQuerySet":
        return self.filter(change__in=TOLD)


class Change(models.TextChoices):
    """How much an edit matters to those who have read the lesson; the later, the more."""

    MINOR = "minor", "文字（错别字、标点，意思不变）"
    FACT = "fact", "事实（时间、地点、人名、数字等写错了）"
    IMPORTANT = "important", "重要（说法有变，学过的人应当知道）"


FIRST = "first"
TOLD = (Change.FACT, Change.IMPORTANT)


class LessonRevision(models.Model):
    """What one published state of a lesson asked of the learner and said. Kept for ever, never
    changed, except that a tag given late may raise ``change``.

    A record made on an old revision is judged by that revision's outline (decision 0002).
    No personal data.
    """

    lesson_key = models.UUIDField("课的标识")
    revision = models.PositiveIntegerField("版次")
    outline = models.JSONField("提纲")
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField("发布时间")
    change = models.CharField(
        "改动", max_length=9, choices=[(FIRST, "首次发布"), *Change.choices], default=Change.MINOR
    )
    note = models.CharField("改动说明", max_length=120, blank=True)
    hides_words = models.BooleanField("不给人看原来的文字", default=False, db_default=False)
    texts = models.JSONField("各块文字", default=dict, help_text="见 content.text_diff")

    objects = LessonRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "课的版次"
        constraints = [
            models.UniqueConstraint(
                fields=["lesson_key", "revision"], name="content_lessonrevision_unique"
            )
        ]
        indexes = [models.Index(fields=["published_at"], name="content_lessonrevision_day")]

    def __str__(self) -> str:
        return f"{self.lesson_key} r{self.revision}"

    @property
    def is_told_to_readers(self) -> bool:
        return self.change in TOLD
