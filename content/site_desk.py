"""What the desk adds to a heritage site: its labels to be printed."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin.widgets.button import Button

from content.labels import build_labels
from content.models import HeritageSitePage
from studyhub.core.errors import StudyhubError


@require_safe
def print_labels(request: HttpRequest, page_id: int) -> HttpResponse:
    """展签 of the site as it is public, as a PDF."""
    page = get_object_or_404(HeritageSitePage, pk=page_id)
    user: Any = request.user
    if not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    try:
        sheet = build_labels(page)
    except StudyhubError as problem:
        messages.warning(request, problem.detail)
        return redirect("wagtailadmin_pages:edit", page.pk)
    answer = HttpResponse(sheet, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="labels-{page.slug}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def label_button(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """On a live site's own screen."""
    if isinstance(page.specific, HeritageSitePage) and page.live:
        address = reverse("exhibit_labels", args=[page.pk])
        yield Button("打印展签", address, icon_name="tag", priority=67)


def label_urls() -> list[URLPattern]:
    return [path("sites/<row:page_id>/labels.pdf", print_labels, name="exhibit_labels")]


hooks.register("register_admin_urls", label_urls)
hooks.register("register_page_header_buttons", label_button)
