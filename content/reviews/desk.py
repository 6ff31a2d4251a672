"""Reviews on the first page of the desk and in the lesson's editor."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button

from content.models import LessonPage
from content.models.reviewed import in_words
from content.models.reviews import levels, unsigned_of
from content.reviews import pieces, urgent, views
from content.reviews.views import ICON

Context = Mapping[str, Any]


class _Pieces(Component):
    """A list of lessons, each with one line that says what is to do."""

    template_name = "content/reviews/panel.html"
    heading = ""

    def waiting(self, user: Any) -> list[Any]:
        raise NotImplementedError

    def get_context_data(self, parent_context: Context) -> Context:
        rows = self.waiting(parent_context["request"].user)
        return {"name": self.name, "heading": self.heading, "rows": rows}


class WaitingPanel(_Pieces):
    """What this person is to review, what is due first at the top."""

    name, order, heading = "reviews", 30, "等我审"

    def waiting(self, user: Any) -> list[Any]:
        return [
            (
                one.page,
                f"{one.office}，{one.due_at:%-m月%-d日}前{'（已过期）' if one.is_late else ''}",
            )
            for one in pieces.waiting_for(user)
        ]


class ReturnedPanel(_Pieces):
    """What came back to this person, with the reason."""

    name, order, heading = "returned", 25, "退回给我的"

    def waiting(self, user: Any) -> list[Any]:
        return pieces.returned_to(user)


class SignedPanel(_Pieces):
    """What passed its reviews and waits for a publisher."""

    name, order, heading = "signed", 35, "审完了，等发布"

    def waiting(self, user: Any) -> list[Any]:
        if not levels() or not user.has_perm("studyhub_channels.send_delivery"):
            return []
        return [(page, "各级都签了，打开按“发布”") for page in pieces.signed_and_waiting()]


class OwedPanel(_Pieces):
    """Urgent corrections that are still to be reviewed: everybody at the desk sees them."""

    name, order, heading = "owed-reviews", 15, "紧急更正还没有补审"

    def waiting(self, user: Any) -> list[Any]:
        return [
            (one.page, f"{one.due_at:%-m月%-d日 %H:%M} 前补审完")
            for one in urgent.owed()
            if one.page
        ]


PANELS = (OwedPanel, ReturnedPanel, WaitingPanel, SignedPanel)


def review_urls() -> list[URLPattern | URLResolver]:
    own = [
        path("", views.queue, name="queue"),
        path("<int:page_id>/", views.review, name="review"),
        path("<int:page_id>/act/", views.act, name="act"),
        path("<int:page_id>/urgent/", views.hurry, name="hurry"),
        path("<int:page_id>/sheet.pdf", views.approval_sheet, name="sheet"),
    ]
    return [path("reviews/", include((own, "reviews")))]


def menu_item() -> MenuItem:
    return MenuItem("审核", reverse("reviews:queue"), name="reviews", icon_name=ICON, order=210)


def review_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Any:
    """From a lesson's editor to what was signed of it, and what is open."""
    if isinstance(page.specific, LessonPage) and levels():
        yield Button("审核情况", views.address_of(page), icon_name=ICON, priority=65)


def say_what_is_unsigned(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A press on 发布 that came too early: the draft is kept, and the editor told why."""
    if not isinstance(page, LessonPage) or not levels():
        return None
    unsigned = unsigned_of(page)
    if not unsigned:
        return None
    messages.warning(request, f"改动已经保存，没有发布：{in_words(unsigned)}")
    return redirect("wagtailadmin_pages:edit", page.pk)


def tell_after_saving(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Where the right to publish ended with the last edit, Wagtail saves a draft without a word."""
    came_too_early = not page.live or page.has_unpublished_changes
    if request.POST.get("action-publish") and came_too_early:
        return say_what_is_unsigned(request, page)
    return None
