from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from content.models.page_state import SavedAsSeen
from content.models.page_words import JudgedAsStored
from content.models.reviewed import FIRST_LEVEL, Reviewed
from content.units import ADDRESS


class CourseIndexPage(Reviewed, JudgedAsStored, SavedAsSeen, Page):
    """All courses; its slug is ``courses``. No personal data."""

    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.CoursePage"]
    max_count = 1
    most_levels = FIRST_LEVEL
    template = "content/course_index_page.html"

    class Meta:
        verbose_name = verbose_name_plural = "课程列表"


class CoursePage(Reviewed, JudgedAsStored, SavedAsSeen, Page):
    """A course: lessons in study order. No personal data."""

    class Category(models.TextChoices):
        """The seven kinds of content of the 2019 regulation, art. 9-15."""

        THEORY = "theory", "理论教育"
        POLITICAL = "political", "政治教育和政治训练"
        DISCIPLINE = "discipline", "党章党规党纪教育"
        PURPOSE = "purpose", "党的宗旨教育"
        TRADITION = "revolutionary_tradition", "革命传统教育"
        POLICY = "policy", "形势政策教育"
        SKILLS = "skills", "知识技能教育"

    summary = models.CharField("简介", max_length=120, blank=True)
    category = models.CharField(
        "类别", max_length=32, choices=Category.choices, default=Category.TRADITION
    )

    head_fields = (
        *(("title", "标题"), ("summary", "简介")),
        *(("category", "类别"), ("slug", ADDRESS)),
    )
    most_levels = FIRST_LEVEL
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("category")]
    parent_page_types = ["content.CourseIndexPage"]
    subpage_types = ["content.LessonPage"]
    template = "content/course_page.html"

    class Meta:
        verbose_name = verbose_name_plural = "课程"
