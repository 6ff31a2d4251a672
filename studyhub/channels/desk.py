"""What channels show on the first page of the desk."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component

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

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        rows = self.waiting(parent_context["request"].user).select_related("account")
        return {"deliveries": rows.newest_first().defer("post")[:MOST_SHOWN]}
