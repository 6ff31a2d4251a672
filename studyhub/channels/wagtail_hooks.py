"""Channels in the editors' screens: ticks that are kept, and the list of deliveries."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from content.desk_panels import add_panel
from content.desk_reports import add_report
from content.planned import add_source
from studyhub.channels import (
    account_pages,
    accounts,
    board_pages,
    correction_views,
    figure_pages,
    look_pages,
    views,
)
from studyhub.channels.desk import DeliveriesPanel, StalePanel, planned_deliveries
from studyhub.channels.panels import FIELD, SHOWN
from studyhub.channels.reports import StaleReport


def keep_ticks(request: HttpRequest, page: Page) -> None:
    """Before publishing, so that one press of 发布 is enough; otherwise with the saved draft."""
    if SHOWN in request.POST and request.user.has_perm("studyhub_channels.send_delivery"):
        user: Any = request.user
        accounts.set_picks(page.translation_key, request.POST.getlist(FIELD), by=user)


class DeliveriesMenuItem(MenuItem):
    """渠道发布 in the menu, for those who may send."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("studyhub_channels.send_delivery"))


def deliveries_menu_item() -> MenuItem:
    """The way from the menu to the list of deliveries."""
    url = reverse("channels:deliveries")
    return DeliveriesMenuItem("渠道发布", url, name="channels", icon_name="upload", order=250)


def deliveries_urls() -> list[URLPattern | URLResolver]:
    """The screens of this app below ``/cms/channels/``."""
    urls = [
        path("", views.list_deliveries, name="deliveries"),
        path("corrections/", correction_views.show_tasks, name="corrections"),
        path("corrections/act/", correction_views.act, name="act_on_correction"),
        path("<uuid:delivery_id>/", views.show_delivery, name="delivery"),
        path("<uuid:delivery_id>/act/", views.act, name="act"),
        path("board/", board_pages.show_board, name="board"),
        path("board/send/", board_pages.send, name="board_send"),
        path("<uuid:delivery_id>/package.zip", views.download_package, name="package"),
        path("<uuid:delivery_id>/compare/", board_pages.compare, name="compare"),
        path("accounts/", account_pages.list_accounts, name="accounts"),
        path("authorised/", account_pages.authorised, name="authorised"),
        path("accounts/add/", account_pages.add, name="add_account"),
        path("accounts/<slug:key>/", account_pages.show, name="account"),
        path("accounts/<slug:key>/look/", look_pages.edit, name="look"),
        path("accounts/<slug:key>/look/preview/", look_pages.preview, name="look_preview"),
        path("accounts/<slug:key>/stats/", figure_pages.show_stats, name="stats"),
        path("accounts/<slug:key>/quota/", figure_pages.show_quota, name="quota"),
        path("accounts/<slug:key>/act/", account_pages.act, name="act_on_account"),
    ]
    return [path("channels/", include((urls, "channels")))]


def name_log_actions(actions: Any) -> None:
    """What the history of an account says."""
    for action, (label, said) in account_pages.LOGGED.items():
        actions.register_action(action, label, said)


def show_deliveries(request: HttpRequest, panels: list[Any]) -> None:
    """Those that wait for a person, on the first page of whoever may send."""
    panels.append(DeliveriesPanel())


add_panel(StalePanel)
add_report(StaleReport)
add_source(planned_deliveries)
for _moment in ("before_publish_page", "after_create_page", "after_edit_page"):
    hooks.register(_moment, keep_ticks)
hooks.register("register_log_actions", name_log_actions)
hooks.register("register_admin_menu_item", deliveries_menu_item)
hooks.register("register_admin_urls", deliveries_urls)
hooks.register("construct_homepage_panels", show_deliveries)
