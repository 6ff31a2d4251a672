from django.db import models


class LessonRevisionQuerySet(models.QuerySet["LessonRevision"]):
    def of(self, lesson_key) -> "LessonRevisionQuerySet":
        return self.filter(lesson_key=lesson_key)


class LessonRevision(models.Model):
    """What one published state of a lesson asked of the learner. Kept for ever, never changed.

    A record made on an old revision is judged by that revision's outline (decision 0002).
    No personal data.
    """

    lesson_key = models.UUIDField("课的标识")
    revision = models.PositiveIntegerField("版次")
    outline = models.JSONField("提纲")
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField("发布时间")

    objects = LessonRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "课的版次"
        constraints = [
            models.UniqueConstraint(
                fields=["lesson_key", "revision"], name="content_lessonrevision_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} r{self.revision}"
