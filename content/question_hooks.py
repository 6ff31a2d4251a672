"""What the bank of questions adds to the desk: its pages, its place in the menu, what waits."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button

from content.models import LessonPage
from content.question_bank import desk, rights, transfer

FIRST = 5


class BankMenuItem(MenuItem):
    """For those who may read it."""

    def is_shown(self, request: Any) -> bool:
        return rights.may_read(request.user)


class DuePanel(Component):
    """待复核: questions whose sections were worded anew."""

    name, order = "questions_due", 35
    template_name = "content/questions/due_panel.html"

    def waiting(self, user: Any) -> Any:
        return desk.due_for(user)

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        rows = self.waiting(parent_context["request"].user)
        return {"rows": rows[:FIRST], "count": rows.count()}


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
        path("sample/", transfer.sample, name="sample"),
        path("<int:question_id>/", desk.edit, name="edit"),
        path("lesson/<int:page_id>/", desk.lesson, name="lesson"),
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
