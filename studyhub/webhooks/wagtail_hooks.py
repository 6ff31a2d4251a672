"""事件通知 in the editors' screens."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from studyhub.webhooks import pages


class EndpointsMenuItem(MenuItem):
    """For those who may keep receivers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return pages.may_keep(request.user)


def menu_item() -> MenuItem:
    url = reverse("webhooks:endpoints")
    return EndpointsMenuItem("事件通知", url, name="webhooks", icon_name="link", order=900)


def urls() -> list[URLPattern | URLResolver]:
    """The screens of this app below ``/cms/webhooks/``."""
    screens = [
        path("", pages.list_endpoints, name="endpoints"),
        path("add/", pages.add, name="add"),
        path("<row:endpoint_id>/", pages.show, name="endpoint"),
        path("<row:endpoint_id>/act/", pages.act, name="act"),
        path("messages/<uuid:message_id>/", pages.show_message, name="message"),
        path("messages/<uuid:message_id>/again/", pages.send_again, name="again"),
    ]
    return [path("webhooks/", include((screens, "webhooks")))]


def name_log_actions(actions: Any) -> None:
    """What the history of a receiver says."""
    for action, (label, said) in pages.LOGGED.items():
        actions.register_action(action, label, said)


hooks.register("register_settings_menu_item", menu_item)
hooks.register("register_admin_urls", urls)
hooks.register("register_log_actions", name_log_actions)
