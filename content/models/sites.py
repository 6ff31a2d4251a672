from collections.abc import Collection
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import Resolver404
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from content.blocks import ExhibitBodyBlock, refuse_unverified
from content.models.exhibits import ExhibitCode, exhibit_at, refuse_printed_codes
from content.models.oral_histories import ToldWithConsent
from content.models.page_state import SavedAsSeen
from content.models.page_words import JudgedAsStored
from content.models.review_form import ReviewedPageForm
from content.models.reviewed import FIRST_LEVEL, Reviewed
from content.units import ADDRESS


class SiteIndexPage(Reviewed, JudgedAsStored, SavedAsSeen, Page):
    """All heritage sites; its slug is ``sites``. No personal data."""

    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.HeritageSitePage"]
    max_count = 1
    most_levels = FIRST_LEVEL
    template = "content/site_index_page.html"

    class Meta:
        verbose_name = verbose_name_plural = "红色资源列表"


class HeritageSitePage(Reviewed, ToldWithConsent, JudgedAsStored, SavedAsSeen, Page):
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
        FieldPanel("body", help_text="展品按参观的先后排，路线图照这个次序画。"),
    ]
    head_fields = (
        *(("title", "标题"), ("summary", "简介"), ("slug", ADDRESS), ("town", "所在地")),
        *(("lon", "经度"), ("lat", "纬度"), ("opening", "开放与预约")),
        ("accessibility", "无障碍说明"),
    )
    base_form_class = ReviewedPageForm
    parent_page_types = ["content.SiteIndexPage"]
    subpage_types: list[str] = []
    template = "content/heritage_site_page.html"

    class Meta:
        verbose_name = verbose_name_plural = "红色资源"

    def clean(self) -> None:
        super().clean()
        refuse_printed_codes(self)

    def save(self, *args: Any, update_fields: Collection[str] | None = None, **kwargs: Any) -> None:
        """Whichever way it goes live, nothing in it is still to be found out."""
        if self.live and (update_fields is None or "body" in update_fields):
            refuse_unverified(self.body)
        super().save(*args, update_fields=update_fields, **kwargs)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Below the site stand its exhibits, each under its code, open to whom the site is."""
        if len(path_components) == 1 and self.live:
            return RouteResult(self, kwargs={"code": path_components[0]})
        return super().route(request, path_components)

    def get_route_paths(self) -> list[str]:
        """Where a label leads: Wagtail makes a redirect of each, should the site be renamed."""
        return ["/", *(f"/{code}/" for code in sorted(ExhibitCode.of(self)))]

    def resolve_subpage(self, path: str) -> None:
        """Wagtail's redirects ask; what is gone leads to the site. Raises Resolver404."""
        if exhibit_at(self, path.strip("/")) is None:
            raise Resolver404

    def serve(self, request: HttpRequest, code: str = "") -> HttpResponse:
        return self._serve_exhibit(request, code) if code else super().serve(request)

    def _serve_exhibit(self, request: HttpRequest, code: str) -> HttpResponse:
        """Under the address it has today; what is not here any more leads back to the site."""
        request.is_preview = False  # type: ignore[attr-defined]  # as Wagtail's own pages say it
        exhibit = exhibit_at(self, code)
        site = self.get_url(request)
        if exhibit and request.path != f"{site}{exhibit.code}/":
            return redirect(f"{site}{exhibit.code}/")
        context = {**self.get_context(request), "exhibit": exhibit, "code": code}
        template = "content/exhibit.html" if exhibit else "content/exhibit_missing.html"
        return TemplateResponse(request, template, context, status=200 if exhibit else 404)
