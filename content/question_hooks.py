"""What the bank of questions adds to the desk: its pages, its place in the menu, what waits."""

from collections.abc import Iterator
from typing import Any

from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from content.desk_panels import DeskPanel, Line, add_panel, first_of
from content.models import LessonPage
from content.question_bank import desk, rights, transfer


class BankMenuItem(MenuItem):
    """For those who may read it."""

    def is_shown(self, request: Any) -> bool:
        return rights.may_read(request.user)


@add_panel
class DuePanel(DeskPanel):
    """待复核: questions whose sections were worded anew."""

    name, order, heading = "questions-due", 35, "待复核的题"
    empty = "没有要复核的题：题目出自的小节都没有改过。"

    def is_for(self, user: Any) -> bool:
        return rights.may_read(user)

    def more(self, user: Any) -> str:
        return reverse("questions:due")

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        count, rows = first_of(desk.due_for(user))
        return count, [_line(row) for row in rows]


def _line(row: Any) -> Line:
    title = f"{row.page.draft_title}，自测第 {row.number} 题"
    return Line(title, reverse("questions:due"), "复核完，最后一级才能签")


def menu_item() -> MenuItem:
    address = reverse("questions:list")
    return BankMenuItem("题库", address, name="questions", icon_name=desk.ICON, order=257)


def urls() -> list[Any]:
    """The screens below ``/cms/questions/``."""
    screens = [
        path("", desk.questions, name="list"),
        path("add/", desk.add, name="add"),
        path("due/", desk.due, name="due"),
        path("import/", transfer.import_questions, name="import"),
        path("export/", transfer.export, name="export"),
        path("gift/", transfer.gift, name="gift"),
        path("sample/", transfer.sample, name="sample"),
        path("<row:question_id>/", desk.edit, name="edit"),
        path("lesson/<row:page_id>/", desk.lesson, name="lesson"),
    ]
    return [path("questions/", include((screens, "questions")))]


def lesson_button(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if isinstance(page.specific, LessonPage) and page.permissions_for_user(user).can_edit():
        address = reverse("questions:lesson", args=[page.pk])
        yield Button("题库", address, icon_name=desk.ICON, priority=67)


hooks.register("register_admin_urls", urls)
hooks.register("register_admin_menu_item", menu_item)
hooks.register("register_page_header_buttons", lesson_button)
