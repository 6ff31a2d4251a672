"""Names of drafts in a page's history: what was sent to review, signed, and published.

The editor saves by itself every few seconds, over the draft it saved before; one that has a name
is never written over.
"""

from typing import Any

from wagtail.log_actions import LogFormatter, log
from wagtail.models import PageLogEntry

NAMED = "content.name_draft"


class NameFormatter(LogFormatter):
    label = "有名字的草稿"

    def format_message(self, log_entry: Any) -> str:
        return str(log_entry.data.get("name", ""))


def name_draft(page: Any, name: str, user: Any = None, draft: Any = None) -> None:
    """The newest one, unless another is meant. Safe to repeat."""
    draft = draft or page.get_latest_revision()
    known = PageLogEntry.objects.filter(revision=draft, action=NAMED)
    if draft and name not in {entry.data.get("name") for entry in known}:
        log(instance=page, action=NAMED, user=user, revision=draft, data={"name": name})


def has_name(draft: Any) -> bool:
    return PageLogEntry.objects.filter(revision=draft, action=NAMED).exists()
