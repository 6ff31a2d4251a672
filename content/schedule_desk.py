"""今天和本周要发: one page and one list on the first page; and the anniversaries (纪念日)."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from content.desk_panels import DeskPanel, Line, add_panel, all_of
from content.models import FeaturedDay
from content.planned import Planned, planned, start_of
from studyhub.core.clock import beijing_day

ICON = "calendar"
WEEKDAYS = "一二三四五六日"


@require_safe
def show_week(request: HttpRequest) -> HttpResponse:
    """By day, what is overdue first; with what stands in the way of each."""
    now = timezone.now()
    days = [
        (day_in_words(day, now), list(same))
        for day, same in groupby(planned(now), key=lambda one: max(one.day, yesterday(now)))
    ]
    title = "今天和本周要发"
    context = {"days": days, "header_title": title, "page_title": title, "header_icon": ICON}
    return render(request, "content/schedule.html", context)


def yesterday(now: datetime) -> Any:
    return beijing_day(now) - timedelta(days=1)


def day_in_words(day: Any, now: datetime) -> str:
    """As people at a desk say it."""
    ahead = (day - beijing_day(now)).days
    if ahead < 0:
        return "早就到点的"
    near = {0: "今天，", 1: "明天，"}.get(ahead, "")
    return f"{near}{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


@add_panel
class SchedulePanel(DeskPanel):
    """What goes out by itself today and in the days to come."""

    name, order, heading = "schedule", 38, "今天和本周要发"
    empty = "今天和往后六天没有定时发布、到期下架和纪念日。"
    is_task = False

    def more(self, user: Any) -> str:
        return reverse("schedule:week")

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        now = timezone.now()
        return all_of([_line(one, now) for one in planned(now)])


def _line(one: Planned, now: datetime) -> Line:
    hour = "" if one.is_whole_day else f" {localtime(one.at):%H:%M}"
    day = "早就到点" if one.at < start_of(beijing_day(now)) else day_in_words(one.day, now)
    return Line(
        one.title, one.address, f"{day}{hour} {one.what}{'：' if one.note else ''}{one.note}"
    )


class FeaturedDayViewSet(SnippetViewSet):
    """纪念日: on which day of the year a lesson is put forward."""

    model = FeaturedDay
    icon = ICON
    menu_label = "纪念日"
    menu_name = "featured-days"
    menu_order = 265
    add_to_admin_menu = True
    list_display = ["__str__", Column("page", label="课"), Column("note", label="什么日子")]
    search_fields = ["note", "page__title"]
    search_backend_name = None  # some dozens of rows: the database looks itself
    ordering = ["month", "day"]
    list_per_page = 50


def schedule_urls() -> list[URLPattern | URLResolver]:
    return [path("schedule/", include(([path("", show_week, name="week")], "schedule")))]


def menu_item() -> MenuItem:
    address = reverse("schedule:week")
    return MenuItem("本周要发", address, name="schedule", icon_name=ICON, order=215)


register_snippet(FeaturedDayViewSet)
hooks.register("register_admin_urls", schedule_urls)
hooks.register("register_admin_menu_item", menu_item)
