"""Several pages published or taken down at once at the desk: each by itself (decision 0014)."""

import logging
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.admin.views.pages.bulk_actions.unpublish import UnpublishBulkAction

from content.problems import in_words

logger = logging.getLogger(__name__)


class _EachByItself:
    """One that fails stops no other; the editor is told which, and why."""

    done = ""  # what did not happen to the page, in a word
    request: Any

    def execute_action(self, objects: Iterable[Any], **context: Any) -> tuple[int, int]:
        """How many pages, and how many below them."""
        counts = [self._execute_one(page, context) for page in objects]
        return sum(own for own, _ in counts), sum(below for _, below in counts)

    def _execute_one(self, page: Any, context: dict[str, Any]) -> tuple[int, int]:
        try:
            with transaction.atomic():
                counts: tuple[int, int] = super().execute_action([page], **context)  # type: ignore[misc]
                return counts
        except Exception as error:
            logger.exception("The page %s is left as it was", page.pk)
            title = page.get_admin_display_title()
            messages.error(self.request, f"《{title}》没有{self.done}：{in_words(error)}。")
            return 0, 0

    def get_success_message(self, own: int, below: int) -> Any:
        """None where there is nothing to be glad of."""
        return super().get_success_message(own, below) if own else None  # type: ignore[misc]


class PublishEach(_EachByItself, PublishBulkAction):
    done = "发布"


class UnpublishEach(_EachByItself, UnpublishBulkAction):
    done = "取消发布"
