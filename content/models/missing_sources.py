from django.db import models
from django.utils import timezone
from wagtail.models import Page


class MissingSource(models.Model):
    """What the newest draft of a lesson does not say the source of.

    ``block`` is a picture; empty: the facts of the lesson. No personal data.
    """

    wagtail_reference_index_ignore = True  # no place where a page is used

    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="+", verbose_name="页面", db_index=False
    )
    block = models.CharField("图片所在的块", max_length=64, blank=True)
    detail = models.CharField("缺什么", max_length=160)
    since = models.DateTimeField("从什么时候起", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "缺的来源"
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "block"], name="content_missingsource_once")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.block}"
