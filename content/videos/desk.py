"""The storyboard's addresses, and the way to it from a lesson's editor."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin.widgets.button import Button

from content.models import LessonPage
from content.videos import views


def video_urls() -> list[URLPattern | URLResolver]:
    own = [
        path("<row:page_id>/", views.storyboard, name="storyboard"),
        path("<row:page_id>/state/", views.state, name="state"),
        path("<row:page_id>/film.mp4", views.watch, name="film"),
        path("<row:page_id>/cover.jpg", views.cover, name="cover"),
        path("<row:page_id>/scenes/<text:scene_id>/", views.still, name="still"),
    ]
    return [path("videos/", include((own, "videos")))]


def video_button(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """From a lesson's editor."""
    if isinstance(page.specific, LessonPage) and page.permissions_for_user(user).can_edit():
        address = views.address_of(page)
        yield Button("竖屏视频", address, icon_name=views.ICON, priority=69)
