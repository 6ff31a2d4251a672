"""What a phone needs to open the product without a network: worker, shell, manifest."""

import hashlib
import json
from importlib.resources import files
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from studyhub.organisation.models import Organisation
from studyhub.web.sharing import KEEP, share
from studyhub.web.storage import StaticStorage, served_within

# The documents of the shell: with them and its files every stored lesson opens without a network.
DOCUMENTS = {
    "offline": "web/offline.html",
    "lesson_shell": "web/lesson_shell.html",
    "page_shell": "web/page_shell.html",
}
WEB = files("studyhub.web").joinpath("static", "web")
ONLINE_ONLY = {"receipt_page.js"}  # a leader's page, of no use without a network
# Where an address begins that a worker never looks at: personal, for staff, or never to be kept.
NOT_FOR_WORKERS = (
    *(
        "api",
        "cms",
        "me",
        "lead",
        "login",
        "logout",
        "study",
        "join",
        "setup",
        "hooks",
        "sandbox",
        "admin",
    ),
    *(
        "packs",
        "feeds",
        "sw",
        "sw-config",
        "receipts",
        "c",
        "settings",
        "look",
        "documents",
        "_util",
    ),
    *("healthz", "readyz", "metrics", "__debug__", "__reload__"),
)
FRESH = 60  # seconds for which a worker's list may be reused


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker with the list of its shell in front; never used without asking."""
    name = "sw_gone.js" if settings.SERVICE_WORKER_KILLED else "sw.js"
    source = files("studyhub.web").joinpath("worker", name).read_text("utf-8")
    head = f"const SHELL = {json.dumps(_shell())};\nconst ROUTES = {json.dumps(_routes())};\n"
    response = HttpResponse(head + source, content_type="text/javascript; charset=utf-8")
    # Asked anew every time, but not sent anew: a phone asks at each visit.
    return share(request, response, keep="no-cache")


def _shell() -> dict[str, Any]:
    """``version`` changes when any file or document of the shell does."""
    known = caches["process"].get("web.shell")
    if known:
        return dict(known)
    # Addresses hold the contents of their files; the documents name the same addresses.
    addresses = [static(f"web/{name}") for name in ("style.css", "icon.svg", *scripts())]
    digest = hashlib.sha256("\n".join(addresses).encode())
    for template in DOCUMENTS.values():
        digest.update(render_to_string(template).encode())
    documents = [reverse(name) for name in DOCUMENTS]
    shell = {"version": digest.hexdigest()[:16], "files": [*documents, *addresses]}
    caches["process"].set("web.shell", shell, FRESH)
    return shell


def scripts() -> list[str]:
    """Every script a page may load without a network, below ``static/web``."""
    own = {path.name for path in WEB.iterdir()} - ONLINE_ONLY
    if isinstance(staticfiles_storage, StaticStorage):
        own -= served_within()
    vendored = {f"vendor/{path.name}" for path in WEB.joinpath("vendor").iterdir()}
    return sorted(name for name in own | vendored if name.endswith(".js"))


def _routes() -> dict[str, Any]:
    """The addresses the worker knows; pages have theirs in ``routes.js``."""
    return {
        "offline": reverse("offline"),
        "lessonShell": reverse("lesson_shell"),
        "pageShell": reverse("page_shell"),
        "static": settings.STATIC_URL,
        "media": settings.MEDIA_URL,
        "notHere": NOT_FOR_WORKERS,
        "without": [reverse("lead"), reverse("move")],
    }


@require_safe
def worker_config(request: HttpRequest) -> HttpResponse:
    """Whether phones are to do without the worker: the emergency switch of operations."""
    response = JsonResponse({"kill": settings.SERVICE_WORKER_KILLED})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def web_manifest(request: HttpRequest) -> HttpResponse:
    """What a phone shows after "添加到主屏幕"."""
    organisation = Organisation.current()
    manifest = {
        "name": organisation.shown_name,
        "short_name": organisation.mark or organisation.shown_name,
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


@require_safe
def page_shell(request: HttpRequest) -> HttpResponse:
    """Any other page without its words: the worker puts those of a kept heritage site into it."""
    return share(request, render(request, "web/page_shell.html"))
