"""The part of the lesson editor where one ticks the channels a lesson goes to."""

from typing import Any

from wagtail.admin.panels import Panel

from studyhub.channels import accounts, board
from studyhub.channels.models import ChannelAccount, ChannelPick, Delivery

FIELD = "channel_pick"
SHOWN = "channel_picks_shown"  # tells a form with no tick from a form without the panel


class ChannelPanel(Panel):
    """发布到渠道: a tick per account and how the last delivery stands, in words."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "channels/lesson_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            key = getattr(self.instance, "translation_key", None)
            return {**context, "rows": _rows(key), "field": FIELD, "shown": SHOWN, **self._may()}

        def _may(self) -> dict[str, bool]:
            return {"may_tick": self.request.user.has_perm("studyhub_channels.send_delivery")}


def _rows(lesson_key: Any) -> list[dict[str, Any]]:
    picks = ChannelPick.objects.filter(lesson_key=lesson_key).select_related("picked_by")
    counts = {pick.account_id: accounts.may_send(pick.picked_by) for pick in picks}
    latest = {
        delivery.account_id: delivery
        for delivery in Delivery.objects.filter(lesson_key=lesson_key).defer("post").order_by("pk")
    }
    stale = board.stale_ones(latest.values())
    return [
        {
            "account": account,
            "ticked": counts.get(account.pk, False),
            "lapsed": not counts.get(account.pk, True),
            "delivery": (delivery := latest.get(account.pk)),
            "stale": delivery is not None and delivery.pk in stale,
        }
        for account in ChannelAccount.objects.order_by("key")
    ]
