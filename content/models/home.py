from django.db import models
from wagtail.models import Page

from content.models.page_state import SavedAsSeen
from content.models.page_words import JudgedAsStored
from content.models.reviewed import FIRST_LEVEL, Reviewed
from content.units import ADDRESS


class HomePage(Reviewed, JudgedAsStored, SavedAsSeen, Page):
    """Today's study: the front page. Holds content only; nothing here knows about learners.

    ``welcome`` and ``contact`` are the organisation's by now; the version before still reads them.
    No personal data.
    """

    welcome = models.CharField("欢迎语", max_length=60, blank=True)
    contact = models.CharField(
        "联系方式",
        max_length=80,
        blank=True,
        help_text="页脚里写给党员看：遇到问题找谁、打哪个电话",
    )

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.CourseIndexPage", "content.SiteIndexPage"]
    max_count = 1
    head_fields = (
        *(("title", "标题"), ("welcome", "欢迎语")),
        *(("contact", "联系方式"), ("slug", ADDRESS)),
    )
    most_levels = FIRST_LEVEL
    template = "content/home_page.html"

    class Meta:
        verbose_name = verbose_name_plural = "首页"
