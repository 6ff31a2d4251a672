"""The lists on the first page of the desk, and the place where apps add theirs.

A new list is one line in its app's ``wagtail_hooks``: ``add_panel(MyPanel)``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localtime
from wagtail.admin.ui.components import Component

MOST_SHOWN = 5
Context = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One thing in a list: what it is called, where it is done, and what there is to say of it."""

    title: str
    address: str
    note: str = ""


class DeskPanel(Component):
    """One list: how many there are, the first five, the way to all, a sentence where it is empty.

    Made anew for each request. Subclasses say ``_find``.
    """

    template_name = "content/desk_list.html"
    name = heading = empty = ""
    order = 100
    is_task = True  # whether what it lists waits for this person
    is_urgent = False
    _found: tuple[int, list[Line]] | None = None

    def is_for(self, user: Any) -> bool:
        """Whether this person is told, too, that the list is empty."""
        return True

    def more(self, user: Any) -> str:
        """The address of the whole list; empty where there is none."""
        return ""

    def count(self, user: Any) -> int:
        return self.found(user)[0]

    def found(self, user: Any) -> tuple[int, list[Line]]:
        """How many, and the first of them; looked for once."""
        if self._found is None:
            self._found = self._find(user)
        return self._found

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        raise NotImplementedError

    def get_context_data(self, parent_context: Context) -> Context:
        user = parent_context["request"].user
        count, lines = self.found(user)
        return {
            "panel": self,
            "count": count,
            "lines": lines,
            "more": self.more(user),
            "left": count - len(lines),
            "shown": bool(count) or self.is_for(user),
        }


PANELS: list[type[DeskPanel]] = []


def add_panel(panel: type[DeskPanel]) -> type[DeskPanel]:
    """Show it on everybody's first page from now on; also as a decorator."""
    PANELS.append(panel)
    return panel


def first_of(rows: QuerySet[Any]) -> tuple[int, list[Any]]:
    """How many rows there are and the first of them; one query where there are few."""
    first = list(rows[: MOST_SHOWN + 1])
    count = rows.count() if len(first) > MOST_SHOWN else len(first)
    return count, first[:MOST_SHOWN]


def all_of(lines: Sequence[Line]) -> tuple[int, list[Line]]:
    """As ``first_of``, of a list that is there already."""
    return len(lines), list(lines[:MOST_SHOWN])


def editor_of(page_id: int) -> str:
    """The address of the form in which a page is written."""
    return reverse("wagtailadmin_pages:edit", args=[page_id])


def day_and_hour(moment: datetime) -> str:
    """In Beijing, as people at the desk read it."""
    return f"{localtime(moment):%-m月%-d日 %H:%M}"
