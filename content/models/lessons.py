from collections.abc import Collection
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet, PageViewRestriction
from wagtail.url_routing import RouteResult

from content import previews
from content.blocks import LessonBodyBlock, lost_words, questions_without_section, refuse_gaps
from content.models.oral_histories import ToldWithConsent
from content.models.page_state import SavedAsSeen
from content.models.page_words import JudgedAsStored
from content.models.review_form import ReviewedPageForm
from content.models.reviewed import Reviewed
from content.models.revisions import Change
from content.units import ADDRESS

MOST_HOURS = 10  # of one lesson
HISTORY = "history"  # below a lesson's own address


class LessonQuerySet(PageQuerySet):
    def open_to_learners(self) -> "LessonQuerySet":
        """Live, no restriction on it or above it; ``public()`` would take two queries."""
        path = ExpressionWrapper(OuterRef("path"), output_field=models.CharField())
        above = PageViewRestriction.objects.annotate(below=path)
        return self.live().exclude(Exists(above.filter(below__startswith=F("page__path"))))

    def in_study_order(self) -> "LessonQuerySet":
        return self.order_by("path")


class LessonPage(Reviewed, ToldWithConsent, JudgedAsStored, SavedAsSeen, Page):
    """One sitting of study. Holds content only; nothing here knows about learners.

    ``translation_key`` is the ``lesson_key`` by which everything else names the lesson.
    ``change_kind`` and its like describe the edit being written; they are cleared once it is
    published, so that no later edit inherits them.
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
    change_kind = models.CharField(
        "这次改动",
        max_length=9,
        choices=Change.choices,
        default=Change.MINOR,
        help_text="选“事实”或“重要”，学完旧版的人会看到一张改正说明；学完的仍算学完",
    )
    change_note = models.CharField(
        "改了什么（给学员看的一句话）",
        max_length=120,
        blank=True,
        help_text="例：会议结束的日子写错了一天，已按党史资料改正",
    )
    change_hides_words = models.BooleanField(
        "更正记录里不写原来的文字",
        default=False,
        db_default=False,
        help_text="原来的文字本来就不该公开（涉密、个人信息等）时勾选",
    )

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
        MultiFieldPanel(
            [
                FieldPanel("change_kind", widget=forms.RadioSelect),
                FieldPanel("change_note"),
                FieldPanel("change_hides_words"),
            ],
            heading="发布前：这次改了什么",
            help_text="第一次发布不用填。每次发布后自动恢复成“文字”。改了什么，读者在课文下面的“更正记录”里看得到。",
        ),
    ]
    # What the content API reads and writes; the body has ids that records and phones know by name,
    # and is written at the desk.
    api_fields = [
        APIField(name, writable=True)
        for name in ("summary", "minutes", "credit_hours", "change_kind", "change_note")
    ]
    head_fields = (
        *(("title", "标题"), ("summary", "摘要"), ("slug", ADDRESS)),
        *(("minutes", "大约几分钟"), ("credit_hours", "学时")),
    )
    base_form_class = ReviewedPageForm
    exclude_fields_in_copy = ["change_kind", "change_note", "change_hides_words"]
    parent_page_types = ["content.CoursePage"]
    subpage_types: list[str] = []
    template = "content/lesson_page.html"

    class Meta:
        verbose_name = verbose_name_plural = "课"

    def clean(self) -> None:
        super().clean()
        if self.change_kind != Change.MINOR and not self.change_note.strip():
            problem = "请写一句话，告诉学完旧版的人改了什么、为什么改。"
            raise ValidationError({"change_note": problem})
        if not 0 <= self.credit_hours <= MOST_HOURS:
            raise ValidationError({"credit_hours": f"一课的学时应在 0 到 {MOST_HOURS} 之间。"})

    def save(self, *args: Any, update_fields: Collection[str] | None = None, **kwargs: Any) -> None:
        """Whichever way it goes live, it goes without gaps."""
        if self.live and (update_fields is None or "body" in update_fields):
            refuse_gaps(self.body)
            self._refuse_lost_questions()
        super().save(*args, update_fields=update_fields, **kwargs)

    def _refuse_lost_questions(self) -> None:
        """What is live with one already, from before there was this rule, stays as it is."""
        lost = questions_without_section(self.body)
        if not lost:
            return
        stored = type(self).objects.filter(pk=self.pk, live=True).first()
        new = lost.keys() - (questions_without_section(stored.body).keys() if stored else set())
        if new:
            raise ValidationError(
                f"自测{lost_words(lost[one] for one in lost if one in new)}，再发布。"
            )

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Below the lesson stands its history, open to whom the lesson is."""
        if path_components == [HISTORY] and self.live:
            return RouteResult(self, kwargs={"view": HISTORY})
        return super().route(request, path_components)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return previews.modes()

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        return previews.SIZES

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return previews.serve(request, self, mode_name)

    def preview_as_page(self, request: HttpRequest) -> HttpResponse:
        """The web page of the draft, as Wagtail shows it."""
        return super().serve_preview(request, previews.PAGE)

    def get_template(self, request: HttpRequest, *args: Any, view: str = "", **kwargs: Any) -> str:
        return "content/lesson_history.html" if view == HISTORY else self.template

    @property
    def lesson_key(self) -> UUID:
        key: UUID = self.translation_key
        return key
