"""The reports of content: what the lessons cover, what they lack, how long reviews take."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from statistics import median
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from wagtail.models import Page, TaskState
from wagtail.permissions import policy_registry

from content.desk_panels import DeskPanel, Line, add_panel, editor_of, first_of
from content.desk_reports import DeskReport, Row, add_report
from content.models import CoursePage, LessonPage, MissingSource, ReviewTask
from studyhub.core.review_levels import LEVELS

LOOKED_BACK = timedelta(days=365)
LEAST = 5  # reviews: of fewer a median would tell of somebody


@add_report
class CoverageReport(DeskReport):
    """类别覆盖: the seven kinds of content of the regulation, each with what there is of it."""

    slug, page_title = "coverage", "各类别有多少课"
    header_icon = "folder-open-1"
    empty = "还没有课程。"
    headings = {
        "category": "类别",
        "courses": "课程",
        "live": "公开的课",
        "drafts": "还没公开的课",
    }

    def rows(self) -> list[Row]:
        courses = dict(CoursePage.objects.values_list("path", "category"))
        lessons = LessonPage.objects.values_list("path", "live")
        steps = LessonPage.steplen
        counted = Counter((courses.get(path[:-steps]), live) for path, live in lessons)
        of_kind = Counter(courses.values())
        return [
            {
                "category": words,
                "courses": of_kind[kind],
                "live": counted[kind, True],
                "drafts": counted[kind, False],
            }
            for kind, words in CoursePage.Category.choices
        ]


class _Lacks(DeskReport):
    """What lessons do not say the source of: pictures, or the facts."""

    of_pictures = False

    def rows(self) -> list[Row]:
        found = _missing(of_pictures=self.of_pictures)
        return [
            {
                "lesson": row.page.get_admin_display_title(),
                "what": row.detail,
                "state": "公开" if row.page.live else "草稿",
                "since": f"{localtime(row.since):%Y-%m-%d}",
                "address": editor_of(row.page_id),
            }
            for row in found.order_by("page__path", "pk")
        ]


def _missing(*, of_pictures: bool) -> QuerySet[MissingSource]:
    rows = MissingSource.objects.select_related("page")
    return rows.exclude(block="") if of_pictures else rows.filter(block="")


@add_report
class PictureSourcesReport(_Lacks):
    slug, page_title, header_icon = "pictures", "缺来源的图片", "image"
    empty = "每张图片都写了来源。"
    of_pictures = True
    headings = {"lesson": "课", "what": "图片", "state": "状态", "since": "从什么时候起"}


@add_report
class SourcesReport(_Lacks):
    slug, page_title, header_icon = "sources", "查不到出处的课", "openquote"
    empty = "每一课都写了查得到的资料来源。"
    headings = {"lesson": "课", "what": "缺什么", "state": "状态", "since": "从什么时候起"}


@add_report
class ReviewTimesReport(DeskReport):
    """审核用时: the median of a level over a year; never of a person."""

    slug, page_title, header_icon = "review-times", "各级审核用多久", "history"
    empty = "一年里还没有审过课。"
    headings = {"level": "审级", "count": "一年里审过几次", "median": "一半的审核用时不超过"}

    def rows(self) -> list[Row]:
        taken = _taken()
        return [
            {"level": name, "count": len(taken[level]), "median": in_words(taken[level])}
            for level, name in enumerate(LEVELS, start=1)
            if level in taken
        ]


def _taken() -> dict[int, list[timedelta]]:
    """By level how long each review took that was finished within a year."""
    levels = dict(ReviewTask.objects.values_list("pk", "level"))
    done = (TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED)
    states = TaskState.objects.filter(
        task__in=levels, status__in=done, finished_at__gt=timezone.now() - LOOKED_BACK
    )
    found: dict[int, list[timedelta]] = {}
    for task, began, ended in states.values_list("task", "started_at", "finished_at"):
        found.setdefault(levels[task], []).append(max(ended - began, timedelta()))
    return found


def in_words(taken: Iterable[timedelta]) -> str:
    """The median in days and hours; of a few nothing is told."""
    known = sorted(taken)
    if len(known) < LEAST:
        return f"不到 {LEAST} 次，不算"
    hours = round(median(one.total_seconds() for one in known) / 3600)
    days, rest = divmod(hours, 24)
    words = [f"{days} 天"] * bool(days) + [f"{rest} 小时"] * bool(rest)
    return " ".join(words) or "不到 1 小时"


@add_panel
class PictureSourcesPanel(DeskPanel):
    """Pictures without a source, in the lessons that this person may change."""

    name, order, heading = "picture-sources", 44, "缺来源的图片"
    empty = "您能改的课里，每张图片都写了来源。"

    def more(self, user: Any) -> str:
        return reverse("desk_reports:pictures")

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        policy = policy_registry.get_by_type(Page)
        mine = policy.instances_user_has_any_permission_for(user, {"change", "publish"})
        count, first = first_of(_missing(of_pictures=True).filter(page__in=mine))
        return count, [_line(row) for row in first]


def _line(row: MissingSource) -> Line:
    return Line(row.page.get_admin_display_title(), editor_of(row.page_id), row.detail)
