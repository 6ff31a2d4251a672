from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet

from content.blocks import LessonBodyBlock


class LessonQuerySet(PageQuerySet):
    def open_to_learners(self) -> "LessonQuerySet":
        return self.live().public()

    def in_study_order(self) -> "LessonQuerySet":
        return self.order_by("path")


class LessonPage(Page):
    """One sitting of study. Holds content only; nothing here knows about learners.

    ``translation_key`` is the ``lesson_key`` by which everything else names the lesson.
    No personal data.
    """

    summary = models.CharField("摘要", max_length=120)
    minutes = models.PositiveSmallIntegerField(
        "大约几分钟", default=5, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    credit_hours = models.DecimalField(
        "学时",
        max_digits=4,
        decimal_places=2,
        default=Decimal("0.25"),
        help_text="按本课的标称长度给，不按停留时间算",
    )
    cover = models.ForeignKey(
        "wagtailimages.Image",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="封面",
    )
    body = StreamField(LessonBodyBlock(), blank=True, verbose_name="内容")

    objects = PageManager.from_queryset(LessonQuerySet)()

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("minutes"), FieldPanel("credit_hours")]),
                FieldPanel("cover"),
            ],
            heading="基本信息",
        ),
        FieldPanel("body"),
    ]
    parent_page_types = ["content.CoursePage"]
    subpage_types: list[str] = []
    template = "content/lesson_page.html"

    class Meta:
        verbose_name = "课"

    @property
    def lesson_key(self):
        return self.translation_key
