from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from content.models.page_state import SavedAsSeen


class HomePage(SavedAsSeen, Page):
    """Today's study: the front page. Holds content only; nothing here knows about learners.

    No personal data.
    """

    welcome = models.CharField("欢迎语", max_length=60, blank=True)
    contact = models.CharField(
        "联系方式",
        max_length=80,
        blank=True,
        help_text="页脚里写给党员看：遇到问题找谁、打哪个电话",
    )

    content_panels = [*Page.content_panels, FieldPanel("welcome"), FieldPanel("contact")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.CourseIndexPage", "content.SiteIndexPage"]
    max_count = 1
    template = "content/home_page.html"

    class Meta:
        verbose_name = "首页"
