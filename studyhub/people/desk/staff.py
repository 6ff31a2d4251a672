"""工作人员账号 at the desk, for administrators: who works here, in which roles, their way in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin.utils import get_user_display_name

from studyhub.core.characters import one_line
from studyhub.core.errors import StudyhubError
from studyhub.core.ids import parse_uuid
from studyhub.people import staff
from studyhub.people.desk import for_administrators
from studyhub.people.models import Branch, User
from studyhub.people.second_factor import factor_of

ICON = "user"


@require_GET
@for_administrators
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody who works at the desk, in name order."""
    found = staff.staff()
    offices = staff.offices_of(found)
    rows = [
        {"user": user, "roles": _words(user), "offices": offices[user.pk], "factor": _has(user)}
        for user in found
    ]
    return _render(request, "people/staff.html", "工作人员账号", {"rows": rows})


def _words(user: User) -> list[str]:
    return [staff.ROLES[role] for role in staff.roles_named(user)]


def _has(user: User) -> bool:
    return getattr(user, "second_factor", None) is not None


@require_http_methods(["GET", "POST"])
@for_administrators
def add(request: HttpRequest) -> HttpResponse:
    """A new account; its first password is shown once."""
    problem, form = "", request.POST
    if request.method == "POST":
        try:
            user, password = staff.add_staff(
                name=one_line(form.get("name", "")).strip(),
                login=one_line(form.get("login", "")).strip(),
                email=one_line(form.get("email", "")).strip(),
                roles=_roles(request),
                branch=_branch(request),
                by=request.user,  # type: ignore[arg-type]
            )
        except StudyhubError as error:
            problem = error.detail
        else:
            return _page(request, user, {"password": password})
    context = {"form": form, "problem": problem, "chosen": _roles(request), **_choices()}
    context["branch"] = form.get("branch", "")
    return _render(request, "people/staff_add.html", "加一个工作人员", context, bool(problem))


def _roles(request: HttpRequest) -> list[str]:
    return [role for role in request.POST.getlist("role") if role in staff.ROLES]


def _branch(request: HttpRequest) -> Branch | None:
    key = parse_uuid(request.POST.get("branch"))
    return Branch.objects.filter(public_id=key, ended_on=None).first() if key else None


def _choices() -> dict[str, Any]:
    branches = Branch.objects.filter(ended_on=None).order_by("path")
    return {"roles": staff.ROLES.items(), "branches": branches}


@require_GET
@for_administrators
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    return _page(request, get_object_or_404(User, account_id=account_id), {})


@require_POST
@for_administrators
def act(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One change by the word of its button; a refusal is said above the page."""
    user = get_object_or_404(User, account_id=account_id)
    change = ACTS.get(request.POST.get("act", ""))
    try:
        shown = change(request, user) if change else {"problem": "没有这个动作，请按页面上的按钮。"}
    except StudyhubError as error:
        shown = {"problem": error.detail}
    if shown:
        return _page(request, User.objects.get(pk=user.pk), shown)
    return redirect("staff:account", account_id)


def _change(request: HttpRequest, user: User) -> dict[str, Any]:
    seen, by = request.POST.get("seen", ""), request.user
    roles, branch = _roles(request), _branch(request)
    staff.change_roles(user, roles=roles, branch=branch, by=by, seen=seen)  # type: ignore[arg-type]
    messages.success(request, f"{user.get_full_name()}的角色改好了。")
    return {}


def _close(request: HttpRequest, user: User) -> dict[str, Any]:
    staff.close_account(user, by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{user.get_full_name()}的账号停用了，登录着的都退出了。")
    return {}


def _open(request: HttpRequest, user: User) -> dict[str, Any]:
    staff.open_account(user, by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{user.get_full_name()}的账号又能用了。")
    return {}


def _reset(request: HttpRequest, user: User) -> dict[str, Any]:
    return {"password": staff.reset_password(user, by=request.user)}  # type: ignore[arg-type]


def _sign_out(request: HttpRequest, user: User) -> dict[str, Any]:
    staff.sign_out(user, by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{user.get_full_name()}在各处都退出登录了。")
    return {}


ACTS = {
    "roles": _change,
    "close": _close,
    "open": _open,
    "reset": _reset,
    "sign_out": _sign_out,
}


def _page(request: HttpRequest, user: User, more: dict[str, Any]) -> HttpResponse:
    offices = staff.offices_of([user])[user.pk]
    context = {
        "account": user,
        "chosen": staff.roles_named(user),
        "offices": offices,
        "branch": str(offices[0].branch.public_id) if offices and offices[0].branch else "",
        "seen": staff.version_of(user),
        "factor": factor_of(user),
        "is_own": user.pk == request.user.pk,
        **_choices(),
        **more,
    }
    title = get_user_display_name(user)
    return _render(request, "people/staff_account.html", title, context, "problem" in more)


def _render(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], bad: bool = False
) -> HttpResponse:
    frame = {"header_title": title, "page_title": title, "header_icon": ICON}
    response = render(request, template, {**frame, **context}, status=422 if bad else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def instead_of_wagtails(request: HttpRequest, user: User | None = None) -> HttpResponse:
    """Wagtail's forms for accounts know none of our rules; its list stays."""
    if user is None:
        return redirect("staff:add")
    messages.info(request, "账号在这里改。")
    return redirect(reverse("staff:account", args=[user.account_id]))
