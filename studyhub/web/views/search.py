"""The search page: the same bytes for everybody who asks the same."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from content import catalogue
from studyhub.web.sharing import share

MOST = 20
LONGEST = 60


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The form, and the lessons found for ``q``, at most ``MOST``."""
    asked = printable(request.GET.get("q", ""))
    q = asked[:LONGEST]
    hits = catalogue.search(q, limit=MOST + 1) if q else []
    context = {
        "q": q,
        "hits": hits[:MOST],
        "more": len(hits) > MOST,
        "partly": bool(hits) and hits[0].partly,
        "only_signs": bool(q) and not catalogue.ways_to_ask(q),
        "cut": len(asked) > LONGEST,
        "longest": LONGEST,
    }
    return share(request, render(request, "web/search.html", context))


def printable(text: str) -> str:
    """What may stand in a page: no control signs, no halves of characters."""
    kept = (c if c.isprintable() else " " for c in text[:1000])
    return " ".join("".join(kept).split())
