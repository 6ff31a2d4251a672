"""事件通知 at the desk: who is told, how it stands, what was sent, and sending it again."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.admin.utils import get_user_display_name
from wagtail.log_actions import log

from studyhub.core import crypto
from studyhub.core.guards import only_for
from studyhub.core.hints import hint_after_commit
from studyhub.webhooks import sending
from studyhub.webhooks.events import tell_to
from studyhub.webhooks.forms import EndpointForm
from studyhub.webhooks.models import Endpoint, EventType, Message
from studyhub.webhooks.tasks import send_message

PAGE = 30
SHOWN_ONCE = "webhook_secret"
MADE, CHANGED, ROTATED = "studyhub.hook_made", "studyhub.hook_changed", "studyhub.hook_rotated"
DELETED = "studyhub.hook_gone"
STOPPED, RESUMED = "studyhub.hook_stopped", "studyhub.hook_resumed"
LOGGED = {
    MADE: ("建事件接收方", "建了这个接收方"),
    CHANGED: ("改事件接收方", "改了设置"),
    ROTATED: ("换密钥", "换了密钥"),
    DELETED: ("删事件接收方", "删除了这个接收方"),
    STOPPED: ("暂停事件接收方", "暂停了这个接收方"),
    RESUMED: ("恢复事件接收方", "恢复了这个接收方"),
}


def may_keep(user: Any) -> bool:
    """Administrators, and whom they gave the right."""
    return bool(user.has_perm("webhooks.change_endpoint"))


for_keepers = only_for(may_keep)


@require_GET
@for_keepers
def list_endpoints(request: HttpRequest) -> HttpResponse:
    """Who is told, and whether it gets there."""
    counts = {
        "waiting": Count("messages", filter=Q(messages__state=Message.State.WAITING)),
        "given_up": Count("messages", filter=Q(messages__state=Message.State.GIVEN_UP)),
    }
    rows = Endpoint.objects.annotate(**counts)
    return _render(request, "webhooks/endpoints.html", "事件通知", {"endpoints": rows})


@require_http_methods(["GET", "POST"])
@for_keepers
def add(request: HttpRequest) -> HttpResponse:
    """A new receiver; its secret stands on the next page, once."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        log(made, MADE, user=request.user)
        _show_once(request, made)
        return redirect("webhooks:endpoint", made.pk)
    return _render(request, "webhooks/add.html", "加一个接收方", {"form": form})


def _show_once(request: HttpRequest, endpoint: Endpoint) -> None:
    if endpoint.kind == Endpoint.Kind.HOOK:
        request.session[SHOWN_ONCE] = crypto.seal(f"{endpoint.pk} {endpoint.secret}")


def _shown_now(request: HttpRequest, endpoint: Endpoint) -> str:
    """The secret, if it was made a moment ago and nobody has read it yet."""
    sealed = request.session.get(SHOWN_ONCE)
    if not sealed or request.method != "GET":
        return ""
    number, _, secret = crypto.unseal(sealed).partition(" ")
    if number != str(endpoint.pk):
        return ""
    del request.session[SHOWN_ONCE]
    return secret


@never_cache
@require_http_methods(["GET", "POST"])
@for_keepers
def show(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """One receiver: how it stands, its settings, what was sent."""
    endpoint = get_object_or_404(Endpoint, pk=endpoint_id)
    form = EndpointForm(request.POST or None, instance=endpoint)
    if request.method == "POST" and form.is_valid():
        form.save()
        log(endpoint, CHANGED, user=request.user)
        messages.success(request, "设置改好了。")
        return redirect("webhooks:endpoint", endpoint.pk)
    stored = get_object_or_404(Endpoint, pk=endpoint_id)  # the form has written into the other
    rows = endpoint.messages.select_related("event").order_by("-event_id")
    context = {
        "endpoint": stored,
        "form": form,
        "secret": _shown_now(request, stored),
        "page": Paginator(rows, PAGE).get_page(request.GET.get("p")),
    }
    return _render(request, "webhooks/endpoint.html", stored.name, context)


@require_POST
@for_keepers
def act(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """One of the buttons."""
    endpoint = get_object_or_404(Endpoint.objects.select_for_update(), pk=endpoint_id)
    do = ACTS.get(request.POST.get("act", ""))
    if do is None:
        messages.error(request, "没有这个操作，请刷新后再试。")
        return redirect("webhooks:endpoint", endpoint_id)
    return do(request, endpoint) or redirect("webhooks:endpoint", endpoint_id)


def _stop(request: HttpRequest, endpoint: Endpoint) -> None:
    endpoint.pause(f"{get_user_display_name(request.user)}按了“暂停”。")
    log(endpoint, STOPPED, user=request.user)
    messages.success(request, "暂停了；这期间的事件都留着，恢复以后补送。")


def _resume(request: HttpRequest, endpoint: Endpoint) -> None:
    endpoint.resume()
    log(endpoint, RESUMED, user=request.user)
    messages.success(request, "恢复了，攒下的会自动补送。")


def _rotate(request: HttpRequest, endpoint: Endpoint) -> None:
    endpoint.rotate()
    log(endpoint, ROTATED, user=request.user)
    _show_once(request, endpoint)


def _try(request: HttpRequest, endpoint: Endpoint) -> None:
    tell_to([endpoint], EventType.TEST, {"words": "这是一条试送的通知。"})
    messages.success(request, "试送的一条排上了，几秒钟以后刷新这一页看结果。")


def _delete(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    log(endpoint, DELETED, user=request.user, deleted=True)
    endpoint.delete()
    messages.success(request, f"“{endpoint.name}”删除了。")
    return redirect("webhooks:endpoints")


ACTS: dict[str, Callable[[HttpRequest, Endpoint], HttpResponse | None]] = {
    "stop": _stop,
    "resume": _resume,
    "rotate": _rotate,
    "try": _try,
    "delete": _delete,
}


@require_GET
@for_keepers
def show_message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """What was sent, and everything that was answered."""
    message = _message(message_id)
    title = f"{message.event.get_type_display()}，给{message.endpoint}"
    return _render(request, "webhooks/message.html", title, {"message": message})


@require_POST
@for_keepers
@transaction.atomic
def send_again(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The same event once more, under its own id: who has it already can tell."""
    message = _message(message_id)
    if sending.send_again(message):
        hint_after_commit(partial(send_message.delay, str(message.pk)))
        messages.success(request, "排上了，几秒钟以后刷新看结果。")
    else:
        messages.error(request, "这一条正在送，请过一会儿刷新。")
    return redirect("webhooks:message", message_id)


def _message(message_id: UUID) -> Message:
    return get_object_or_404(Message.objects.select_related("event", "endpoint"), pk=message_id)


def _render(
    request: HttpRequest, template: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    heads = {"header_title": title, "page_title": title, "header_icon": "link"}
    return render(request, template, {**context, **heads})
