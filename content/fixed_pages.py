"""The pages every county has, from its first migration on: front page, list of courses, list of
heritage sites, and the Wagtail site that serves them."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from content.models import CourseIndexPage, HomePage, SignOff, SiteIndexPage
from content.models.signing import sign_for_all


@dataclass(frozen=True)
class Tree:
    """The fixed part of the page tree."""

    home: HomePage
    courses: CourseIndexPage
    sites: SiteIndexPage


@transaction.atomic
def ensure_pages(address: str) -> Tree:
    """Make what is missing of them; safe to repeat, and what editors renamed keeps its name."""
    Locale.objects.get_or_create(language_code="zh-hans")
    home = HomePage.objects.first() or _put_home()
    courses = CourseIndexPage.objects.first()
    if courses is None:
        courses = _put(home, CourseIndexPage(title="课程", slug="courses"))
    sites = SiteIndexPage.objects.first()
    if sites is None:
        sites = _put(home, SiteIndexPage(title="红色资源", slug="sites"))
    if not Site.objects.filter(is_default_site=True, root_page=home).exists():
        named = {"root_page": home, "site_name": settings.WAGTAIL_SITE_NAME}
        Site.objects.update_or_create(is_default_site=True, defaults=named)
    put_address(address)
    return Tree(home, courses, sites)


def _put_home() -> HomePage:
    root = Page.get_first_root_node()
    home = HomePage(title=settings.WAGTAIL_SITE_NAME, slug="home")
    welcome = Page.objects.child_of(root).exact_type(Page).filter(slug="home").first()
    if welcome is not None:  # Wagtail's own: it says who made the software, and stands in our place
        Site.objects.filter(root_page=welcome).delete()
        welcome.delete()
    _put(Page.objects.get(pk=root.pk), home)
    return home


def _put(parent: Page, page: Any) -> Any:
    """Live at once: what the product itself says of a county was there before any review."""
    sign_for_all(page, SignOff.Kind.BEFORE)
    return parent.add_child(instance=page)


def put_address(address: str) -> None:
    """Say where the site answers, which may be elsewhere than when its pages were made."""
    site = Site.objects.get(is_default_site=True)
    if (site.hostname, site.port) != _host_of(address):
        site.hostname, site.port = _host_of(address)
        site.save()


def _host_of(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    return parts.hostname or "localhost", parts.port or (443 if parts.scheme == "https" else 80)
