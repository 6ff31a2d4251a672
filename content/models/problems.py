from typing import Any

from django.db import models
from django.utils import timezone
from wagtail.models import Page


class PageProblem(models.Model):
    """Something about a page that only an editor can put right. The first page of the desk shows it
    until it is over.

    ``subject`` tells several of one kind apart (which block). No personal data.
    """

    class Kind(models.TextChoices):
        PUBLISH = "publish", "定时发布没有成功"
        EXPIRE = "expire", "到期下架没有成功"
        FILE = "file", "图片或录音打不开"
        PACK = "pack", "离线包没有做成"
        CONSENT = "consent", "讲述人不再同意"

    wagtail_reference_index_ignore = True  # no place where a page is used

    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="+", verbose_name="页面", db_index=False
    )
    kind = models.CharField("问题", max_length=9, choices=Kind.choices)
    subject = models.CharField(max_length=64, blank=True)
    detail = models.TextField("怎么办")
    since = models.DateTimeField("从什么时候起", default=timezone.now)

    class Meta:
        verbose_name = "页面的问题"
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "kind", "subject"], name="content_pageproblem_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.kind} {self.subject}"

    @classmethod
    def note(cls, page_id: int, kind: "PageProblem.Kind", detail: str, subject: str = "") -> None:
        """Safe to repeat: it keeps the time since when."""
        cls.objects.update_or_create(
            page_id=page_id, kind=kind, subject=subject, defaults={"detail": detail}
        )

    @classmethod
    def settle(cls, page_id: int, kind: "PageProblem.Kind", **which: Any) -> None:
        """It is over."""
        cls.objects.filter(page_id=page_id, kind=kind, **which).delete()
