"""隐私说明: what is kept of people, in the organisation's own words or in ours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from studyhub.web.sharing import share


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The same for everybody."""
    return share(request, render(request, "web/privacy.html"))
