"""读音库 at the desk: the form, what waits for a second person, and the press of whoever signs."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.panels import ObjectList, Panel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet

from content import readings
from content.desk_panels import DeskPanel, Line, add_panel, all_of
from content.models import Pronunciation
from studyhub.core.errors import StudyhubError

ICON = "openquote"
SAVED = "存好了。要另一位同事在“等人签的读音”里看过、签了，页面才显示。"


class ReadingPanel(Panel):
    """Above the form: in how many lessons the word stands, and what a signature would change."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/readings/panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            change = readings.change_of(self.instance) if self.instance.pk else None
            return {**context, "change": change}


class AddReading(CreateView):
    def get_success_message(self, instance: Any = None) -> str:
        return SAVED


class EditReading(EditView):
    def get_success_message(self) -> str:
        return SAVED if self.object.waits else "存好了，和签过的一样。"


class ReadingViewSet(SnippetViewSet):
    model = Pronunciation
    icon = ICON
    menu_label = "读音库"
    menu_name = "readings"
    menu_order = 260
    add_to_admin_menu = True
    add_view_class = AddReading
    edit_view_class = EditReading
    edit_handler = ObjectList([ReadingPanel(heading="用在哪里"), *Pronunciation.panels])
    list_display = ["term", "pinyin", "spoken", Column("state", label="状态")]
    search_fields = ["term", "aliases"]
    search_backend_name = None  # a few dozen rows: the database looks itself
    ordering = ["term"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> Any:
        return Pronunciation.objects.prefetch_related("signatures")


@add_panel
class ReadingsPanel(DeskPanel):
    """What others worded and this person may sign."""

    name, order, heading = "readings", 35, "等我看的读音"
    empty = "没有等您看的读音。"

    def is_for(self, user: Any) -> bool:
        return bool(user.has_perm(readings.MAY_SIGN))

    def more(self, user: Any) -> str:
        return reverse("readings:waiting")

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        return all_of([_line(one) for one in readings.waiting_for(user)])


def _line(reading: Pronunciation) -> Line:
    return Line(str(reading), f"{reverse('readings:waiting')}#r-{reading.pk}", reading.state)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    return _waiting(request)


def _waiting(request: HttpRequest, problem: str = "") -> HttpResponse:
    """All that waits for a second person, what this one may sign first."""
    user: Any = request.user
    if not user.has_perm("content.view_pronunciation"):
        raise PermissionDenied
    rows = [(readings.change_of(one), _why_not(one, user)) for one in readings.waiting()]
    title = "等人签的读音"
    context = {
        "rows": sorted(rows, key=lambda row: bool(row[1])),
        "problem": problem,
        "header_title": title,
        "page_title": title,
        "header_icon": ICON,
    }
    status = 409 if problem else 200
    return render(request, "content/readings/waiting.html", context, status=status)


def _why_not(reading: Pronunciation, user: Any) -> str:
    if not user.has_perm(readings.MAY_SIGN):
        return "读音由管读音库的同事签。"
    return reading.why_not(user)


@require_POST
def sign(request: HttpRequest, reading_id: int) -> HttpResponse:
    """签: pages show it from now on."""
    user: Any = request.user
    if not user.has_perm(readings.MAY_SIGN):
        raise PermissionDenied
    try:
        reading = readings.sign_reading(reading_id, user, seen=request.POST.get("seen", ""))
    except StudyhubError as error:
        return _waiting(request, error.detail)
    messages.success(request, f"签好了，页面现在显示：{reading}。")
    return redirect("readings:waiting")


def reading_urls() -> list[URLPattern | URLResolver]:
    own = [
        path("", waiting, name="waiting"),
        path("<row:reading_id>/sign/", sign, name="sign"),
    ]
    return [path("readings/", include((own, "readings")))]
