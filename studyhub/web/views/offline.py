"""What a phone needs to open the product without a network: worker, shell, manifest."""

import hashlib
import json
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from studyhub.web.sharing import KEEP, share

# The documents and files of the shell: with them every stored lesson opens without a network.
DOCUMENTS = {"/offline/": "web/offline.html", "/offline/lesson/": "web/lesson_shell.html"}
STATIC_FILES = ("style.css", "icon.svg")
SCRIPTS = (
    *("me.js", "store.js", "rows.js", "queue.js", "packs.js", "keep.js", "reader.js"),
    *("page.js", "lesson.js", "look.js", "listen.js", "offline.js", "search.js", "logout.js"),
    *("receipt.js", "vendor/qr.js"),
)
FRESH = 60  # seconds for which a worker's list may be reused


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker with the list of its shell in front; never used without asking."""
    name = "sw_gone.js" if settings.SERVICE_WORKER_KILLED else "sw.js"
    source = files("studyhub.web").joinpath("worker", name).read_text("utf-8")
    body = f"const SHELL = {json.dumps(_shell())};\n{source}"
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    # Asked anew every time, but not sent anew: a phone asks at each visit.
    return share(request, response, keep="no-cache")


def _shell() -> dict[str, Any]:
    """``version`` changes when any file or document of the shell does."""
    known = caches["process"].get("web.shell")
    if known:
        return dict(known)
    names = [f"web/{name}" for name in (*STATIC_FILES, *SCRIPTS)]
    # Addresses hold the contents of their files; the documents name the same addresses.
    addresses = [static(name) for name in names]
    digest = hashlib.sha256("\n".join(addresses).encode())
    for template in DOCUMENTS.values():
        digest.update(render_to_string(template).encode())
    shell = {"version": digest.hexdigest()[:16], "files": [*DOCUMENTS, *addresses]}
    caches["process"].set("web.shell", shell, FRESH)
    return shell


@require_safe
def worker_config(request: HttpRequest) -> HttpResponse:
    """Whether phones are to do without the worker: the emergency switch of operations."""
    response = JsonResponse({"kill": settings.SERVICE_WORKER_KILLED})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def web_manifest(request: HttpRequest) -> HttpResponse:
    """What a phone shows after "添加到主屏幕"."""
    manifest = {
        "name": "指尖课堂",
        "short_name": "指尖课堂",
        "lang": "zh-Hans",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf6ee",
        "theme_color": "#9f2a1f",
        "icons": [
            {"src": static("web/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("web/icon-512.png"), "sizes": "512x512", "type": "image/png"},
            {"src": static("web/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    response = JsonResponse(manifest, content_type="application/manifest+json")
    response["Cache-Control"] = KEEP
    return response


@require_safe
def offline_page(request: HttpRequest) -> HttpResponse:
    """已存到本机: what this phone keeps; the same bytes for everybody, painted by the script."""
    return share(request, render(request, "web/offline.html"))


@require_safe
def lesson_shell(request: HttpRequest) -> HttpResponse:
    """A lesson page without its lesson: the worker puts a stored one into it."""
    return share(request, render(request, "web/lesson_shell.html"))
