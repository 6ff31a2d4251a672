"""过期渠道: every copy that is out and older than what learners read, whatever the change was."""

from typing import Any

from django.urls import reverse

from content import catalogue
from content.desk_reports import DeskReport, Row
from studyhub.channels import board, corrections
from studyhub.channels.accounts import may_send
from studyhub.channels.models import Delivery


class StaleReport(DeskReport):
    """Corrections of fact and importance are tasks besides; typos stand here alone."""

    slug, page_title, header_icon = "stale-channels", "各渠道上过期的文章", "upload"
    empty = "各渠道上的文章都是现在的版次。"
    headings = {
        "lesson": "课",
        "channel": "渠道",
        "revision": "渠道上第几版",
        "current": "现在第几版",
        "matters": "差的是",
    }

    @classmethod
    def is_for(cls, user: Any) -> bool:
        return may_send(user)

    def rows(self) -> list[Row]:
        out = Delivery.objects.filter(state=Delivery.State.PUBLISHED, lesson_withdrawn_at=None)
        copies = list(out.select_related("account").defer("post").order_by("lesson_title", "pk"))
        stale = board.stale_ones(copies)
        current = catalogue.current_revisions({row.lesson_key for row in copies})
        told = catalogue.told_corrections()
        return [
            {
                "lesson": row.lesson_title,
                "channel": row.account.name,
                "revision": row.revision,
                "current": current[row.lesson_key],
                "matters": corrections.matters_since(told.get(row.lesson_key, {}), row.revision),
                "address": reverse("channels:delivery", args=[row.pk]),
            }
            for row in copies
            if row.pk in stale
        ]
