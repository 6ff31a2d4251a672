"""加入申请 at the desk: what waits in the groups one keeps; each is decided on its own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from studyhub.people.desk import for_branch_keepers
from studyhub.people.join_decisions import open_requests_for

MOST = 200


@require_GET
@for_branch_keepers
def requests(request: HttpRequest) -> HttpResponse:
    """In name order, with the group and how far each has come."""
    found = list(open_requests_for(request.user)[: MOST + 1])
    context = {
        "waiting": found[:MOST],
        "more": len(found) > MOST,
        "header_title": "加入申请",
        "page_title": "加入申请",
        "header_icon": "mail",
    }
    return render(request, "people/join_requests.html", context)
