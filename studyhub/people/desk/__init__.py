"""Screens of those who keep the ledger, below ``/cms/``."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from studyhub.core.errors import NotFound
from studyhub.core.guards import only_for
from studyhub.people.access import Caller, keeps_branches, keeps_ledger, opens_ledger

View = Callable[..., HttpResponse]


def for_keepers(view: View) -> View:
    """A view for those who keep any lines of the ledger; for others it is forbidden."""
    return _for(opens_ledger, view)


def for_branch_keepers(view: View) -> View:
    """A view for those who keep a tree, or all of it."""
    return _for(keeps_branches, view)


def for_administrators(view: View) -> View:
    """A view for administrators alone."""
    return _for(keeps_ledger, view)


def _for(may: Callable[[Caller], bool], view: View) -> View:
    """What is not theirs to see is not there."""

    @only_for(may)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as missing:
            raise Http404 from missing

    return guarded
