"""渠道总表 at the desk: every lesson and every channel, what truly is out, and the next act."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from content import catalogue
from studyhub.channels import board, comparisons, registry, rendering, requests
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.views import for_publishers
from studyhub.core.characters import one_line
from studyhub.core.errors import StudyhubError
from studyhub.core.ids import parse_uuid

PAGE = 50
ICON = "table"
SHOWN = {"": "全部", "todo": "要人处理的", "stale": "渠道上是旧的", "missing": "还没有发的"}
State = Delivery.State
SIGNS = {
    State.PUBLISHED: "✓",
    State.REMOVED: "–",
    State.CANCELLED: "–",
    State.FAILED: "×",
    State.REJECTED: "×",
    State.WAITING_HUMAN: "!",
    State.NEEDS_AUTH: "!",
}


@dataclass(frozen=True)
class Cell:
    """A lesson in a channel: the delivery that counts, or none."""

    account: ChannelAccount
    delivery: Delivery | None
    is_stale: bool = False
    is_open: bool = True

    @property
    def sign(self) -> str:
        """Beside the word, for who looks down a column."""
        return SIGNS.get(State(self.delivery.state), "…") if self.delivery else ""

    @property
    def waits(self) -> bool:
        """Whether a person is needed."""
        row = self.delivery
        return row is not None and (row.state in Delivery.FOR_A_PERSON or bool(row.error_action))

    @property
    def may_send(self) -> bool:
        """Whether one press sends the lesson as it is now."""
        row = self.delivery
        if row is None or not self.is_open:
            return self.is_open
        is_over = row.state in Delivery.OVER_WITHOUT_TRACE
        return is_over or (self.is_stale and row.state == State.PUBLISHED)

    @property
    def send_words(self) -> str:
        return "发新版" if self.is_stale else "再发"


@dataclass(frozen=True)
class Row:
    """A lesson with a cell for each channel, in the order of the columns."""

    lesson: Any
    cells: list[Cell]

    def shows(self, what: str) -> bool:
        """Whether the filter lets it through."""
        return {
            "todo": any(cell.waits for cell in self.cells),
            "stale": any(cell.is_stale for cell in self.cells),
            "missing": any(cell.delivery is None for cell in self.cells),
        }.get(what, True)


def rows_of(lessons: Any, columns: list[ChannelAccount]) -> list[Row]:
    """Two queries however many lessons there are."""
    found = board.board(lessons)
    stale = board.stale_ones(row for line in found for row in line.deliveries)
    return [Row(line.lesson, _cells(line, columns, stale)) for line in found]


def _cells(line: board.BoardRow, columns: list[ChannelAccount], stale: set[UUID]) -> list[Cell]:
    by_account = {row.account_id: row for row in line.deliveries}
    is_open = isinstance(line.lesson, catalogue.LessonCard)
    return [
        Cell(one, row := by_account.get(one.pk), row is not None and row.pk in stale, is_open)
        for one in columns
    ]


@require_GET
@for_publishers
def show_board(request: HttpRequest) -> HttpResponse:
    """Filtered by course, by what is to be done and by words of the title; fifty a page."""
    asked = _asked(request.GET)
    columns = list(ChannelAccount.objects.order_by("key").defer("secrets", "token"))
    page = _page(_lessons(asked), columns, asked["show"], request.GET.get("p"))
    context = {
        "page": page,
        "columns": columns,
        "asked": asked,
        "query": urlencode({name: word for name, word in asked.items() if word}),
        "shown": SHOWN.items(),
        "courses": catalogue.courses(),
        "header_title": "渠道总表",
        "page_title": "渠道总表",
        "header_icon": ICON,
    }
    return render(request, "channels/board.html", context)


def _page(lessons: list[Any], columns: list[ChannelAccount], show: str, number: Any) -> "Page[Any]":
    """Rows are made of the page's lessons alone, unless the rows decide what is shown."""
    if show:
        rows = [row for row in rows_of(lessons, columns) if row.shows(show)]
        return Paginator(rows, PAGE).get_page(number)
    page = Paginator(lessons, PAGE).get_page(number)
    page.object_list = rows_of(page.object_list, columns)
    return page


def _asked(query: QueryDict) -> dict[str, str]:
    words = {name: one_line(query.get(name, "")).strip()[:60] for name in ("course", "show", "q")}
    return words | {"show": words["show"] if words["show"] in SHOWN else ""}


def _lessons(asked: dict[str, str]) -> list[Any]:
    lessons = board.board_lessons()
    if asked["course"]:
        lessons = [one for one in lessons if getattr(one, "course_slug", "") == asked["course"]]
    return [one for one in lessons if asked["q"] in one.title]


@require_http_methods(["GET", "POST"])
@for_publishers
def send(request: HttpRequest) -> HttpResponse:
    """The lesson as it is now to one channel: first what that means, then back to its row."""
    return _send(request) if request.method == "POST" else _ask(request)


def _ask(request: HttpRequest) -> HttpResponse:
    """A first time is public and may not be taken back, so it is asked for once more."""
    key, channel = parse_uuid(request.GET.get("lesson")), request.GET.get("channel", "")
    account = get_object_or_404(ChannelAccount, key=channel)
    if key is None or not catalogue.is_open(key):
        raise Http404
    lesson = catalogue.content(key)
    context = {
        "lesson": lesson.card,
        "account": account,
        "lost": rendering.build_post(lesson, kind=account.kind, marker="").lost,
        "is_chat": registry.is_messenger(account.kind),
        "back": request.GET.urlencode(),
        "header_title": lesson.card.title,
        "page_title": f"发《{lesson.card.title}》？",
        "page_subtitle": account.name,
        "header_icon": ICON,
    }
    return render(request, "channels/board_send.html", context)


def _send(request: HttpRequest) -> HttpResponse:
    lesson_key = parse_uuid(request.POST.get("lesson"))
    back = f"{reverse('channels:board')}?{_asked_again(request)}"
    if lesson_key is None:
        messages.error(request, "没有这一课，请刷新后再试。")
        return redirect(back)
    try:
        delivery, _ = requests.request_delivery(
            lesson_key=lesson_key,
            account_key=request.POST.get("channel", ""),
            action=Delivery.Action.PUBLISH,
            requested_by=request.user,  # type: ignore[arg-type]
        )
    except StudyhubError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, f"《{delivery.lesson_title}》交给“{delivery.account.name}”了。")
    return redirect(f"{back}#l-{lesson_key}")


def _asked_again(request: HttpRequest) -> str:
    asked = _asked(QueryDict(request.POST.get("back", "")[:500]))
    return urlencode({name: word for name, word in asked.items() if word})


@require_GET
@for_publishers
def compare(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """What was sent beside today's text."""
    rows = Delivery.objects.select_related("account")
    delivery = get_object_or_404(rows, pk=delivery_id)
    context = {
        "delivery": delivery,
        "comparison": comparisons.compared(delivery),
        "header_title": delivery.lesson_title,
        "page_title": f"发出的和现在的：{delivery.lesson_title}",
        "page_subtitle": str(delivery.account),
        "header_icon": ICON,
    }
    return render(request, "channels/compare.html", context)
