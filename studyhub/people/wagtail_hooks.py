"""People at the desk: called by their name, the office's roster, what becomes of accounts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, include, path
from wagtail import hooks
from wagtail.admin.telepath import register
from wagtail.admin.ui.sidebar import BaseSidebarAdapter, MainMenuModule
from wagtail.admin.utils import get_user_display_name

from studyhub.people import branch_tree, passkeys
from studyhub.people import staff as staff_accounts
from studyhub.people.access import keeps_branches, keeps_ledger, opens_ledger
from studyhub.people.desk import (
    branches,
    groups,
    join_requests,
    ledger_reports,
    member,
    members,
    rosters,
    staff,
)
from studyhub.people.desk.menu import menu_item
from studyhub.people.models import User
from studyhub.people.second_factor import SET_UP, TAKEN_AWAY, TURNED_OFF

BRANCH_ACTS = {
    branch_tree.ADDED: "建党组织",
    branch_tree.RENAMED: "改党组织的名称",
    branch_tree.MOVED: "移动党组织",
    branch_tree.MERGED: "合并党组织",
    branch_tree.ENDED: "撤销党组织",
}


def name_log_actions(actions: Any) -> None:
    actions.register_action(SET_UP, "设两步登录", "设好了两步登录")
    actions.register_action(TURNED_OFF, "关掉两步登录", "自己关掉了两步登录")
    actions.register_action(TAKEN_AWAY, "取消两步登录", "两步登录被取消，下次登录重新设")
    actions.register_action(passkeys.ADDED, "加安全密钥", "加了一把安全密钥")
    actions.register_action(passkeys.REMOVED, "删安全密钥", "删掉了一把安全密钥")
    actions.register_action(passkeys.COPIED, "拦下安全密钥", "安全密钥的次数倒退，没有让它登录")
    for action, (label, said) in staff_accounts.ACTS.items():
        actions.register_action(action, label, said)
    for action, label in BRANCH_ACTS.items():
        actions.register_action(action, label, label)


class MainMenuAdapter(BaseSidebarAdapter):
    """Wagtail's menu asks for ``first_name`` only, and else shows the login."""

    js_constructor = "wagtail.sidebar.MainMenuModule"

    def js_args(self, menu: MainMenuModule) -> list[Any]:
        *items, user = menu.js_args()
        return [*items, {**user, "name": get_user_display_name(menu.user)}]


def accounts_in_bulk(
    request: HttpRequest, action_type: str, objects: Any, action: Any
) -> HttpResponse | None:
    """Wagtail's acts on many accounts at once pass by our rules: one account after the other."""
    return redirect("staff:accounts") if User in action.models else None


MENU = (
    menu_item("党员", "ledger:members", opens_ledger, "ledger", "user", 258),
    menu_item("党组织", "branches:branches", keeps_branches, "branches", "site", 259),
    menu_item("花名册", "rosters:rosters", keeps_branches, "rosters", "table", 260),
    menu_item("学习小组", "study_groups:groups", keeps_branches, "study-groups", "group", 261),
    menu_item("加入申请", "join_requests:requests", keeps_branches, "join-requests", "mail", 263),
    menu_item("台账统计", "ledger_reports:reports", keeps_branches, "counts", "list-ul", 265),
)
STAFF = menu_item("工作人员账号", "staff:accounts", keeps_ledger, "staff", "key", 600)


def people_urls() -> list[URLPattern | URLResolver]:
    """The screens below ``/cms/members/``, ``branches/``, ``rosters/``, ``study-groups/``,
    ``join-requests/``, ``ledger-reports/`` and ``staff/``."""
    of_members = [
        path("", members.members, name="members"),
        path("add/", members.add, name="add"),
        path("<uuid:public_id>/", member.member_page, name="member"),
        path("<uuid:public_id>/edit/", members.edit, name="edit"),
        path("<uuid:public_id>/alike/", members.alike, name="alike"),
        path("<uuid:public_id>/act/", member.act, name="act"),
        path("<uuid:public_id>/<str:kind>/<row:pk>/", member.correct, name="correct"),
    ]
    of_branches = [
        path("", branches.branches, name="branches"),
        path("<uuid:public_id>/", branches.branch_page, name="branch"),
        path("<uuid:public_id>/act/", branches.act, name="act"),
    ]
    of_rosters = [
        path("", rosters.rosters, name="rosters"),
        path("export/", rosters.export, name="export"),
        path("<uuid:public_id>/", rosters.roster, name="roster"),
        path("<uuid:public_id>/take/", rosters.take, name="take"),
        path("<uuid:public_id>/undo/", rosters.undo, name="undo"),
    ]
    of_groups = [
        path("", groups.study_groups, name="groups"),
        path("<uuid:public_id>/", groups.study_group, name="group"),
        path("<uuid:public_id>/act/", groups.act, name="act"),
    ]
    of_staff = [
        path("", staff.accounts, name="accounts"),
        path("add/", staff.add, name="add"),
        path("<uuid:account_id>/", staff.account, name="account"),
        path("<uuid:account_id>/act/", staff.act, name="act"),
    ]
    of_requests = [path("", join_requests.requests, name="requests")]
    of_reports = [
        path("", ledger_reports.reports, name="reports"),
        path("xlsx/", ledger_reports.workbook, name="workbook"),
    ]
    return [
        path("members/", include((of_members, "ledger"))),
        path("branches/", include((of_branches, "branches"))),
        path("rosters/", include((of_rosters, "rosters"))),
        path("study-groups/", include((of_groups, "study_groups"))),
        path("staff/", include((of_staff, "staff"))),
        path("join-requests/", include((of_requests, "join_requests"))),
        path("ledger-reports/", include((of_reports, "ledger_reports"))),
    ]


for item in MENU:
    hooks.register("register_admin_menu_item", item)
hooks.register("register_settings_menu_item", STAFF)
hooks.register("before_create_user", staff.instead_of_wagtails)
hooks.register("before_edit_user", staff.instead_of_wagtails)
hooks.register("before_delete_user", staff.instead_of_wagtails)
hooks.register("before_bulk_action", accounts_in_bulk)
hooks.register("register_admin_urls", people_urls)
hooks.register("register_log_actions", name_log_actions)
register(MainMenuAdapter(), MainMenuModule)
