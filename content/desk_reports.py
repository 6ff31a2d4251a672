"""Reports at the desk: plain rows with Chinese headings, on a page and as a file.

A new report is one line in its app's ``wagtail_hooks``: ``add_report(MyReport)``.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from studyhub.core.spreadsheets import safe_cell

Row = dict[str, Any]


class DeskReport(ReportView):
    """``headings`` are the columns by their names in a row; a row's ``address``, if it has one, is
    where its first column leads."""

    slug = page_title = empty = ""
    of_questions = False  # whether the bank leads there; ``lesson`` in the address asks for one
    header_icon = "list-ul"
    template_name = "content/desk_report.html"
    headings: dict[str, str] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.list_export = list(cls.headings)
        cls.export_headings = cls.headings
        cls.export_filename = f"report-{cls.slug}"
        cls.index_url_name = f"desk_reports:{cls.slug}"

    @classmethod
    def is_for(cls, user: Any) -> bool:
        """Who may open it; all who work on content."""
        return True

    def rows(self) -> list[Row]:
        raise NotImplementedError

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.is_for(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> list[Row]:
        return self.rows()

    @property
    def columns(self) -> list[Column]:
        (first, heading), *others = self.headings.items()
        leads = TitleColumn(first, label=heading, get_url=lambda row: row.get("address"))
        return [leads, *(Column(name, label=label) for name, label in others)]

    @property
    def no_results_message(self) -> str:
        return self.empty

    def to_row_dict(self, item: Row) -> Row:
        return {name: safe_cell(item[name]) for name in self.headings}

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        """Excel takes a file for Chinese only where it begins with this mark."""
        yield "\ufeff".encode()
        yield from super().stream_csv(queryset)


class ReportMenuItem(MenuItem):
    def __init__(self, report: type[DeskReport], order: int) -> None:
        self.report = report
        address = reverse(f"desk_reports:{report.slug}")
        super().__init__(
            report.page_title,
            address,
            name=f"report-{report.slug}",
            icon_name=report.header_icon,
            order=order,
        )

    def is_shown(self, request: Any) -> bool:
        return self.report.is_for(request.user)


_reports: list[type[DeskReport]] = []


def add_report(report: type[DeskReport]) -> type[DeskReport]:
    """Show it in the menu of reports; also as a decorator."""
    order = 100 + len(_reports)
    _reports.append(report)
    hooks.register("register_reports_menu_item", lambda: ReportMenuItem(report, order))
    return report


def question_reports(user: Any, lesson_key: Any = None) -> list[tuple[str, str]]:
    """Title and address of what reports tell of questions: of every lesson, or of this one."""
    asked = f"?lesson={lesson_key}" if lesson_key else ""
    return [
        (one.page_title, reverse(f"desk_reports:{one.slug}") + asked)
        for one in _reports
        if one.of_questions and one.is_for(user)
    ]


def report_urls() -> list[URLPattern | URLResolver]:
    """The screens below ``/cms/reports/desk/``."""
    urls = [path(f"{one.slug}/", one.as_view(), name=one.slug) for one in _reports]
    return [path("reports/desk/", include((urls, "desk_reports")))]


hooks.register("register_admin_urls", report_urls)
