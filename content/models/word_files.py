from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Page

KEPT = timedelta(days=1)


class WordUpload(models.Model):
    """What was read of a file or a paste, between its preview and its draft: a day at most, and
    never public. Its words may hold personal data, as a manuscript does."""

    wagtail_reference_index_ignore = True

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=120)
    data = models.BinaryField()
    course = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "等着导入的文件"

    def __str__(self) -> str:
        return self.name

    @classmethod
    def forget_old(cls) -> None:
        cls.objects.filter(at__lt=timezone.now() - KEPT).delete()


class QuestionUpload(models.Model):
    """A picture of a file of questions, between what the file would do and the press: a day at
    most, and never public. No personal data but who chose the file."""

    wagtail_reference_index_ignore = True

    digest = models.CharField(max_length=40)
    data = models.BinaryField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "等着导入的题的图片"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["by", "digest"], name="content_questionupload_once")
        ]

    def __str__(self) -> str:
        return self.digest

    @classmethod
    def forget_old(cls) -> None:
        cls.objects.filter(at__lt=timezone.now() - KEPT).delete()

    @classmethod
    def keep(cls, pictures: Mapping[str, bytes], by: Any) -> None:
        """By their digests; what this person chose before is still there."""
        cls.forget_old()
        rows = [QuestionUpload(digest=key, data=data, by=by) for key, data in pictures.items()]
        QuestionUpload.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["by", "digest"],
            update_fields=["at", "data"],
        )

    @classmethod
    def of(cls, digests: Collection[str], by: Any) -> dict[str, bytes]:
        rows = cls.objects.filter(by=by, digest__in=digests)
        return {row.digest: bytes(row.data) for row in rows}


class ImportReport(models.Model):
    """What became of a file that a draft was made of; the newest one of a page says which of its
    blocks came from a file. No personal data but who did it."""

    wagtail_reference_index_ignore = True

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    data: Any = models.JSONField()

    class Meta:
        verbose_name = "导入报告"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.page_id} {self.at:%Y-%m-%d %H:%M}"
