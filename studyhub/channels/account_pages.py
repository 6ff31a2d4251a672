"""渠道账号 at the desk: who holds the keys sets them here; who sends sees how each stands."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin.utils import get_user_display_name
from wagtail.log_actions import log

from studyhub.channels import accounts, authorising, registry
from studyhub.channels.account_forms import AccountForm, kinds_offered
from studyhub.channels.callback_facts import callback_of
from studyhub.channels.errors import ChannelError
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.ports import Capability, Token
from studyhub.channels.views import for_publishers
from studyhub.core.errors import StudyhubError
from studyhub.core.guards import only_for
from studyhub.core.transactions import writes_by_itself

ICON = "upload"
MADE, CHANGED, DELETED = (
    "studyhub.channel_made",
    "studyhub.channel_changed",
    "studyhub.channel_gone",
)
AUTHORISED = "studyhub.channel_authorised"
STOPPED, RESUMED = "studyhub.channel_stopped", "studyhub.channel_resumed"
DRESSED = "studyhub.channel_dressed"
LOGGED = {
    MADE: ("建渠道账号", "建了这个渠道账号"),
    CHANGED: ("改渠道账号", "改了设置或密钥"),
    DELETED: ("删渠道账号", "删除了这个渠道账号"),
    DRESSED: ("改文章的样子", "改了文章的样子"),
    AUTHORISED: ("授权渠道账号", "在平台上给了授权"),
    STOPPED: ("暂停渠道账号", "暂停了这个账号"),
    RESUMED: ("恢复渠道账号", "恢复了这个账号"),
}


def may_keep(user: Any) -> bool:
    """Whether this person may set keys: administrators, and whom they gave the right."""
    return bool(user.has_perm("studyhub_channels.change_channelaccount"))


for_keepers = only_for(may_keep)


@require_GET
@for_publishers
def list_accounts(request: HttpRequest) -> HttpResponse:
    """Every account, how it stands, and when something last went out."""
    last = Max("deliveries__published_at", filter=Q(deliveries__state=Delivery.State.PUBLISHED))
    rows = ChannelAccount.objects.annotate(last_out=last).order_by("key")
    standings = [(row, authorising.standing_of(row)) for row in rows]
    context = {"accounts": standings, "may_keep": may_keep(request.user)}
    return render_page(request, "channels/accounts.html", "渠道账号", context)


@require_http_methods(["GET", "POST"])
@for_keepers
def add(request: HttpRequest) -> HttpResponse:
    """First which platform, then its settings."""
    kind = request.GET.get("kind", "")
    if kind not in registry.ADAPTERS:
        context = {"kinds": kinds_offered()}
        return render_page(request, "channels/account_kinds.html", "加一个渠道账号", context)
    form = AccountForm(kind, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _saved(
            form, lambda: accounts.put_account(kind, accounts.new_key(kind), form.values())
        )
        if made:
            log(made, MADE, user=request.user)
            messages.success(request, f"“{made.name}”设好了。")
            return redirect("channels:account", made.key)
    title = f"加一个渠道账号：{registry.label_of(kind)}"
    return render_page(request, "channels/account_add.html", title, {"form": form})


@require_http_methods(["GET", "POST"])
@for_publishers
def show(request: HttpRequest, key: str) -> HttpResponse:
    """One account: how it stands, its buttons, and its settings for who may set them."""
    account = _account(key)
    if request.method == "POST" and not may_keep(request.user):
        raise PermissionDenied
    form = AccountForm(account.kind, account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        values, cleared, seen = form.values(), form.cleared(), request.POST.get("seen", "")
        change = partial(accounts.change_account, account, values, seen=seen, cleared=cleared)
        if _saved(form, change):
            log(account, CHANGED, user=request.user)
            messages.success(request, f"“{form.cleaned_data['name']}”的设置改好了。")
            return redirect("channels:account", key)
    return _page(request, account, form)


def _page(request: HttpRequest, account: ChannelAccount, form: AccountForm) -> HttpResponse:
    context = {
        "account": account,
        "seen": accounts.version_of(account),
        "form": form if may_keep(request.user) else None,
        "callback": callback_of(account),
        "has_stats": Capability.STATS in registry.capabilities_of(account.kind),
        "has_quota": registry.rations(account.kind),
        "has_look": bool(registry.form_of(account.kind).colours),
        "authorisation": authorising.standing_of(account),
        "way_back": authorising.way_back(),
        "probe": registry.probe_of(account.kind),
        "last": account.deliveries.order_by("-pk").defer("post").first(),
        "waiting": account.deliveries.filter(state__in=Delivery.MOVING).count(),
    }
    return render_page(request, "channels/account.html", account.name, context)


def _saved(form: AccountForm, save: Callable[[], ChannelAccount]) -> ChannelAccount | None:
    """What was refused stands above the form, and nothing typed is lost."""
    try:
        return save()
    except StudyhubError as error:
        form.add_error(None, error.detail)
        return None


@writes_by_itself  # a platform may be asked: no row is held meanwhile
@require_POST
@for_publishers
def act(request: HttpRequest, key: str) -> HttpResponse:
    """One of the buttons."""
    account = _account(key)
    do = ACTS.get(request.POST.get("act", ""))
    if do is None:
        messages.error(request, "没有这个操作，请刷新后再试。")
        return redirect("channels:account", key)
    try:
        return do(request, account) or redirect("channels:account", key)
    except StudyhubError as error:
        messages.error(request, error.detail)
    return redirect("channels:account", key)


@transaction.atomic
def _stop(request: HttpRequest, account: ChannelAccount) -> None:
    who = get_user_display_name(request.user)
    rows = ChannelAccount.objects.filter(pk=account.pk)
    accounts.pause(rows, reason=f"{who}按了“暂停”。", needs="要再用的时候，按“恢复”。")
    log(account, STOPPED, user=request.user)
    messages.success(request, f"“{account.name}”暂停了，排着队的都停在原处，恢复以后继续。")


@transaction.atomic
def _resume(request: HttpRequest, account: ChannelAccount) -> None:
    accounts.resume(account)
    log(account, RESUMED, user=request.user)
    messages.success(request, f"“{account.name}”已恢复，停下的发布会自动继续。")


def _try(request: HttpRequest, account: ChannelAccount) -> None:
    if not registry.probe_of(account.kind):
        raise Http404
    try:
        accounts.try_out(account)
    except ChannelError as error:
        messages.error(request, f"没有通：{error.detail}{error.action}")
    else:
        messages.success(request, "通了，设置是对的。")


def _authorise(request: HttpRequest, account: ChannelAccount) -> HttpResponse:
    """Off to the platform, which asks the person."""
    if not may_keep(request.user):
        raise PermissionDenied
    if not registry.is_authorised(account.kind):
        raise Http404
    return redirect(authorising.address_of_question(account, request.session))


@writes_by_itself  # the platform is asked: no row is held meanwhile
@require_GET
@for_keepers
def authorised(request: HttpRequest) -> HttpResponse:
    """Back from the platform with a code; the address is left at once, for it holds the code."""
    try:
        account = authorising.asked_account(request.session, request.GET.get("state", ""))
    except StudyhubError as error:
        messages.error(request, error.detail)
        return redirect("channels:accounts")
    try:
        token = authorising.fetch_token(account, request.GET.get("code", ""))
        _keep_grant(request, account, token)
    except StudyhubError as error:
        messages.error(request, f"没有授权成：{error.detail}")
    except ChannelError as error:
        messages.error(request, f"没有授权成：{error.detail}{error.action}")
    return redirect("channels:account", account.key)


@transaction.atomic
def _keep_grant(request: HttpRequest, account: ChannelAccount, token: Token) -> None:
    authorising.keep_grant(account, token)
    log(account, AUTHORISED, user=request.user)
    messages.success(request, f"“{account.name}”授权好了，停下的发布会自动继续。")


@transaction.atomic
def _delete(request: HttpRequest, account: ChannelAccount) -> HttpResponse:
    """The log says it only where it was done."""
    if not may_keep(request.user):
        raise PermissionDenied
    log(account, DELETED, user=request.user, deleted=True)
    accounts.delete_account(account)
    messages.success(request, f"“{account.name}”删除了。")
    return redirect("channels:accounts")


ACTS: dict[str, Callable[[HttpRequest, ChannelAccount], HttpResponse | None]] = {
    "stop": _stop,
    "resume": _resume,
    "try": _try,
    "delete": _delete,
    "authorise": _authorise,
}


def _account(key: str) -> ChannelAccount:
    return get_object_or_404(ChannelAccount, key=key)


def render_page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    heads = {"header_title": title, "page_title": title, "header_icon": ICON}
    return render(request, template, {**context, **heads})
