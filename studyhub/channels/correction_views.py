"""``/cms/channels/corrections/``: old texts that still stand on platforms, and what was said."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from studyhub.channels import corrections
from studyhub.channels.models import CorrectionAnswer
from studyhub.channels.views import for_publishers
from studyhub.core.errors import StudyhubError
from studyhub.core.ids import parse_uuid
from studyhub.core.numbers import whole_number

MOST_ANSWERS = 30


@require_GET
@for_publishers
def show_tasks(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HttpRequest, problem: str = "", kept: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "tasks": corrections.open_tasks(),
        "answers": CorrectionAnswer.objects.select_related("account")[:MOST_ANSWERS],
        "outcomes": corrections.Outcome.choices,
        "most": corrections.MOST_WORDS,
        "problem": problem,
        "kept": kept,
        "kept_at": f"t-{kept['lesson']}-{kept['account']}" if kept else "",
        "header_title": "过期渠道",
        "page_title": "过期渠道",
        "header_icon": "upload",
    }
    return render(request, "channels/corrections.html", context, status=status)


@require_POST
@for_publishers
def act(request: HttpRequest) -> HttpResponse:
    """The corrected text is sent, or a person says what became of the old one. What was typed stays
    where it is refused."""
    words = request.POST
    key, revision = parse_uuid(words.get("lesson")), whole_number(words.get("revision"))
    try:
        task = corrections.task_at(key, words.get("account", ""), revision)
        if words.get("act") == "send":
            delivery = corrections.send_corrected(task, by=request.user)
            messages.success(request, "新版已交给渠道，发到哪一步看这里；发出以后，旧的还要撤回。")
            return redirect("channels:delivery", delivery.pk)
        said = {name: words.get(name, "") for name in ("outcome", "reason")}
        corrections.answer(task, **said, by=request.user)
    except StudyhubError as error:
        return _page(request, error.detail, _typed(words), 409)
    messages.success(request, "记下了。这一课再有更正，会重新提醒。")
    return redirect("channels:corrections")


def _typed(words: QueryDict) -> dict[str, str]:
    return {name: words.get(name, "") for name in ("lesson", "account", "reason")}
