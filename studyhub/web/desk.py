"""What the desk's views, which are Wagtail's own, say: in Chinese, and why a rule of ours holds."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from studyhub.core.errors import FilesAway, StudyhubError
from studyhub.people.access import opens_ledger, works_on_content
from studyhub.web.files_away import files_away

View = Callable[..., HttpResponse]
# What Wagtail and wagtailmedia write into their answers without asking a catalogue, or leave out.
UNASKED = {
    'id="fileupload"': 'id="fileupload" aria-label="选择文件"',
    'value="Search"': 'value="搜索"',
    r"value=\"Search\"": r"value=\"搜索\"",
    "Must upload a file": "请先选一个文件。",
    "Task type": "步骤的类型",
    '"Server Error"': '"服务器出错了"',
    "Report this error to your webmaster with the following information:": (
        "请把下面这些告诉管理员："
    ),
}


def explains_refusals(view: View) -> View:
    """Back to the page the editor came from, with the words of the error above it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except StudyhubError as problem:
            if request.method in ("GET", "HEAD"):
                raise
            return _refused(request, problem)

    return wrapped


def _refused(request: HttpRequest, problem: StudyhubError) -> HttpResponse:
    """In the form its caller reads: Wagtail's scripts read JSON, people the message on a page."""
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    if by_script or not request.accepts("text/html"):
        told = {"success": False, "error_code": problem.code, "error_message": problem.detail}
        return _for_scripts(problem, told)
    if isinstance(problem, FilesAway):
        return files_away(request, problem)  # its page leads back to the form as it was filled in
    messages.error(request, problem.detail)
    return HttpResponseRedirect(request.get_full_path())


def _for_scripts(problem: StudyhubError, told: dict[str, Any]) -> HttpResponse:
    if not isinstance(problem, FilesAway):
        return JsonResponse(told, status=409)
    headers = {"Retry-After": str(problem.RETRY_AFTER)}
    return JsonResponse(told, status=503, headers=headers)


# What the desk shows of itself to whoever may enter it; the addresses below the others are theirs.
LEDGER = frozenset(
    {
        *("ledger", "branches", "rosters", "study_groups", "join_requests", "study_plans"),
        "ledger_reports",
    }
)
OWN = ("wagtailadmin_account", "wagtailadmin_logout", "wagtailadmin_login")
DRAWN = ("wagtailadmin_javascript_catalog", "wagtailadmin_sprite")


def opens_by_right(view: View) -> View:
    """Who enters the desk for the ledger alone finds nothing else of it (decision 0028)."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if works_on_content(request.user) or not opens_ledger(request.user):
            return view(request, *args, **kwargs)
        match = request.resolver_match
        name = match.url_name or "" if match else ""
        if name == "wagtailadmin_home":
            return redirect("ledger:members")
        if match and (LEDGER & {*match.namespaces} or name.startswith(OWN + DRAWN)):
            return view(request, *args, **kwargs)
        raise Http404

    return wrapped


def speaks_chinese(view: View) -> View:
    """Also where a word stands fast in a template or a view that is not ours."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            response.add_post_render_callback(_put_in_chinese)
        else:
            _put_in_chinese(response)
        return response

    return wrapped


def _put_in_chinese(response: HttpResponse) -> None:
    kind = response.get("Content-Type", "")
    if not response.streaming and kind.startswith(("text/html", "application/json")):
        for english, chinese in UNASKED.items():
            response.content = response.content.replace(english.encode(), chinese.encode())
