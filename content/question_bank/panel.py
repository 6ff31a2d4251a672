"""题库 in the lesson's editor."""

from typing import Any

from wagtail.admin.panels import Panel

from content.models import LessonQuestion
from content.question_bank import rights


class QuestionsPanel(Panel):
    """Below the body: how the questions of the saved draft stand with the bank."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/questions/panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            rows = LessonQuestion.objects.filter(page_id=self.instance.pk).select_related("bank")
            newer = [row for row in rows if row.bank and row.bank.newest > (row.version or 0)]
            return {
                **context,
                "page_id": self.instance.pk,
                "newer": newer,
                "due": [row for row in rows if row.is_due],
                "may_read": rights.may_read(self.request.user),
            }
