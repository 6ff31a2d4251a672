"""Reviews on the first page of the desk and in the lesson's editor."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from content.desk import may_write
from content.desk_panels import DeskPanel, Line, add_panel, all_of, day_and_hour
from content.models.review_form import TO_REVIEW
from content.models.reviewed import Reviewed, in_words
from content.models.reviews import levels, unsigned_of
from content.models.revision_names import NAMED, NameFormatter, name_draft
from content.reviews import pieces, urgent, views
from content.reviews.views import ICON


@add_panel
class WaitingPanel(DeskPanel):
    """What this person is to review, what is due first at the top."""

    name, order, heading = "reviews", 30, "等我审"
    empty = "现在没有等您审的，辛苦了。"

    def is_for(self, user: Any) -> bool:
        return bool(pieces.levels_of(user))

    def more(self, user: Any) -> str:
        return reverse("reviews:queue")

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        return all_of([_to_review(piece) for piece in pieces.waiting_for(user)])


def _to_review(one: pieces.Piece) -> Line:
    late = "（已过期）" if one.is_late else ""
    return _line(one.page, f"{one.office}，{one.due_at:%-m月%-d日}前{late}")


def _line(page: Any, note: str) -> Line:
    return Line(page.get_admin_display_title(), views.address_of(page), note)


@add_panel
class ReturnedPanel(DeskPanel):
    """What came back to this person, with the reason."""

    name, order, heading = "returned", 34, "退回给我的"
    empty = "没有退回给您的。"

    def is_for(self, user: Any) -> bool:
        return may_write(user)

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        return all_of([_line(page, reason) for page, reason in pieces.returned_to(user)])


@add_panel
class SignedPanel(DeskPanel):
    """What passed its reviews and waits for a publisher."""

    name, order, heading = "signed", 36, "审完了，等发布"

    def is_for(self, user: Any) -> bool:
        return False  # where nothing waits, nothing is said

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        may_publish = bool(levels()) and user.has_perm("studyhub_channels.send_delivery")
        waiting = pieces.signed_and_waiting() if may_publish else []
        return all_of([_line(page, "各级都签了，打开按“发布”") for page in waiting])


@add_panel
class OwedPanel(DeskPanel):
    """Urgent corrections that are still to be reviewed: everybody at the desk sees them."""

    name, order, heading = "owed-reviews", 15, "紧急更正还没有补审"
    empty = "没有欠着补审的紧急更正。"
    is_urgent = True

    def more(self, user: Any) -> str:
        return reverse("reviews:queue")

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        owed = [one for one in urgent.owed() if one.page]
        return all_of([_line(one.page, f"{day_and_hour(one.due_at)} 前补审完") for one in owed])


def review_urls() -> list[URLPattern | URLResolver]:
    own = [
        path("", views.queue, name="queue"),
        path("<row:page_id>/", views.review, name="review"),
        path("<row:page_id>/act/", views.act, name="act"),
        path("<row:page_id>/urgent/", views.hurry, name="hurry"),
        path("<row:page_id>/sheet.pdf", views.approval_sheet, name="sheet"),
    ]
    return [path("reviews/", include((own, "reviews")))]


def menu_item() -> MenuItem:
    return MenuItem("审核", reverse("reviews:queue"), name="reviews", icon_name=ICON, order=210)


def review_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Any:
    """From a page's editor to what was signed of it, and what is open."""
    if isinstance(page.specific, Reviewed) and levels():
        yield Button("审核情况", views.address_of(page), icon_name=ICON, priority=65)


def say_what_is_unsigned(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A press on 发布 that came too early: the draft is kept, and the editor told why."""
    if not isinstance(page, Reviewed) or not levels():
        return None
    unsigned = unsigned_of(page)
    if not unsigned:
        return None
    messages.warning(request, f"改动已经保存，没有发布：{in_words(unsigned)}")
    return redirect("wagtailadmin_pages:edit", page.pk)


def name_what_was_sent(request: HttpRequest, page: Any) -> None:
    """送审稿 stands in the history as it was sent."""
    sent = any(request.POST.get(button) for button in TO_REVIEW)
    if sent and isinstance(page, Reviewed) and pieces.is_in_review(page):
        name_draft(page, "送审稿", request.user)


def name_log_actions(actions: Any) -> None:
    actions.register_action(NAMED)(NameFormatter)


def tell_after_saving(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Where the right to publish ended with the last edit, Wagtail saves a draft without a word."""
    came_too_early = not page.live or page.has_unpublished_changes
    if request.POST.get("action-publish") and came_too_early:
        return say_what_is_unsigned(request, page)
    return None
