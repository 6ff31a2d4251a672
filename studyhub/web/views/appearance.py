"""Reading settings: a plain form, and the style sheet for browsers without JavaScript."""

import hashlib
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from studyhub.web.appearance import COOKIE, KEPT_FOR, Appearance
from studyhub.web.same_origin import proves_same_origin
from studyhub.web.signed_in import PERSONAL

WORDS: dict[str, list[tuple[str, str]]] = {
    "elder": [("", "普通版"), ("1", "长辈版")],
    "size": [("", "小"), ("22", "中"), ("26", "大"), ("30", "特大")],
    "theme": [("", "跟手机一样"), ("light", "浅色"), ("dark", "深色")],
    "saver": [("", "直接显示"), ("1", "点了才看（省流量）")],
    "mongolian": [("", "只看汉文"), ("1", "汉文和蒙文")],
}


# No token: it would plant a cookie on readers who never signed in. A stranger's page proves no
# origin and changes nothing.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    refused = False
    if request.method == "POST":
        if proves_same_origin(request):
            return _remember(request, Appearance.of(request.POST.dict()))
        refused = True
    response = render(request, "web/settings.html", _context(request, refused))
    response["Cache-Control"] = PERSONAL
    return response


def _context(request: HttpRequest, refused: bool) -> dict[str, Any]:
    appearance = Appearance.read(request.COOKIES.get(COOKIE, ""))
    shown = {**asdict(appearance), "size": appearance.shown_size}
    questions = {
        name: [(value, words, shown[name] == value) for value, words in choices]
        for name, choices in WORDS.items()
    }
    back = request.POST.get("next") or _path_of(request.headers.get("Referer", ""), request)
    return {"questions": questions, "next": own_path(back), "refused": refused}


def _remember(request: HttpRequest, appearance: Appearance) -> HttpResponse:
    response = HttpResponseRedirect(own_path(request.POST.get("next", "")))
    response.set_cookie(
        COOKIE,
        appearance.cookie(),
        max_age=KEPT_FOR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    response["Cache-Control"] = PERSONAL
    return response


def own_path(path: str) -> str:
    """Only a path of this site; the home page for anything else."""
    own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if own else "/"


def _path_of(referer: str, request: HttpRequest) -> str:
    try:
        parts = urlsplit(referer)
    except ValueError:
        return "/"
    if parts.netloc != request.get_host() or parts.path == request.path:
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")


@require_safe
def appearance_css(request: HttpRequest) -> HttpResponse:
    """Asked for by browsers without JavaScript alone."""
    css = Appearance.read(request.COOKIES.get(COOKIE, "")).css()
    tag = f'"{hashlib.sha256(css.encode()).hexdigest()[:32]}"'
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = tag
    patch_vary_headers(response, ["Cookie"])
    answer = get_conditional_response(request, etag=tag, response=response)
    return answer if isinstance(answer, HttpResponse) else response
