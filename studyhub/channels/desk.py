"""What channels show on the first page of the desk."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from wagtail.admin.ui.components import Component

from content.desk_panels import DeskPanel, Line, all_of
from content.planned import Planned
from studyhub.channels import corrections
from studyhub.channels.accounts import may_send
from studyhub.channels.models import Delivery
from studyhub.channels.models.deliveries import DeliveryQuerySet

MOST_SHOWN = 10


class DeliveriesPanel(Component):
    """Deliveries that go no further without a person, for those who may send."""

    name = "deliveries"
    template_name = "channels/desk_deliveries.html"
    order = 40

    def waiting(self, user: Any) -> DeliveryQuerySet:
        rows = Delivery.objects.for_a_person()
        return rows if may_send(user) else rows.none()

    def count(self, user: Any) -> int:
        return self.waiting(user).count()

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        rows = self.waiting(parent_context["request"].user).select_related("account")
        return {"deliveries": rows.newest_first().defer("post")[:MOST_SHOWN]}


class StalePanel(DeskPanel):
    """Old texts that still stand on platforms after a correction, for those who may send."""

    name, order, heading = "stale-channels", 42, "过期渠道"
    empty = "各渠道上都没有留着更正以前的文字。"

    def is_for(self, user: Any) -> bool:
        return may_send(user)

    def more(self, user: Any) -> str:
        return reverse("channels:corrections")

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        return all_of([_line(task) for task in corrections.open_tasks()] if may_send(user) else [])


def _line(task: corrections.Task) -> Line:
    place = f"{reverse('channels:corrections')}#{task.anchor}"
    return Line(f"{task.title} → {task.account.name}", place, f"改了{task.kind}。{task.next_step}")


def planned_deliveries(until: datetime) -> Iterator[Planned]:
    """What waits for its hour."""
    rows = Delivery.objects.filter(state=Delivery.State.QUEUED, publish_at__lt=until)
    for row in rows.select_related("account").defer("post"):
        address = reverse("channels:delivery", args=[row.pk])
        if row.publish_at:
            yield Planned(row.publish_at, f"发到{row.account.name}", row.lesson_title, address)
