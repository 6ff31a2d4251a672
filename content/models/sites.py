from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from content.blocks import ExhibitBodyBlock
from content.models.oral_histories import ToldWithConsent
from content.models.page_state import SavedAsSeen
from content.models.page_words import JudgedAsStored


class SiteIndexPage(JudgedAsStored, SavedAsSeen, Page):
    """All heritage sites; its slug is ``sites``. No personal data."""

    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.HeritageSitePage"]
    max_count = 1
    template = "content/site_index_page.html"

    class Meta:
        verbose_name = verbose_name_plural = "红色资源列表"


class HeritageSitePage(ToldWithConsent, JudgedAsStored, SavedAsSeen, Page):
    """A place to study on site (红色资源). No personal data."""

    summary = models.CharField("简介", max_length=120, blank=True)
    town = models.CharField("所在地", max_length=60, blank=True)
    lon = models.FloatField("经度（WGS-84）", null=True, blank=True)
    lat = models.FloatField("纬度（WGS-84）", null=True, blank=True)
    opening = models.CharField("开放与预约", max_length=200, blank=True)
    accessibility = models.CharField("无障碍说明", max_length=200, blank=True)
    body = StreamField(ExhibitBodyBlock(), blank=True, verbose_name="内容")

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("town"),
                FieldRowPanel([FieldPanel("lon"), FieldPanel("lat")]),
                FieldPanel("opening"),
                FieldPanel("accessibility"),
            ],
            heading="怎么去",
        ),
        FieldPanel("body"),
    ]
    parent_page_types = ["content.SiteIndexPage"]
    subpage_types: list[str] = []
    template = "content/heritage_site_page.html"

    class Meta:
        verbose_name = verbose_name_plural = "红色资源"
