"""What somebody asks of Wagtail's lists that no database can answer, and forms nobody can read."""

import logging
from collections.abc import Callable
from traceback import walk_tb

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.views.defaults import bad_request

logger = logging.getLogger(__name__)

WAGTAILS = ("/cms/", "/api/cms/")
# A number beyond 64 bits, a day of year 1 in another zone, words where a number belongs: found out
# by Python, by SQLite (which calls a huge offset a breach of integrity) or by PostgreSQL.
OUT_OF_REACH = (OverflowError, ValueError, DataError, IntegrityError, ValidationError)
# Where Django and Wagtail read the fields of a form; what fails there was no number.
READERS = {"value_from_datadict", "get_prep_value"}


class RefusesBadQuestions:
    """Middleware: the address was at fault, not the server, and the answer says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Only of what is not ours, and only where somebody asked for something."""
        if not isinstance(error, OUT_OF_REACH):
            return None
        if not (_asks_a_list(request) or (_sends_a_form(request) and _was_being_read(error))):
            return None
        logger.warning("question out of reach: %s", request.path, exc_info=error)
        return bad_request(request, error)


def _asks_a_list(request: HttpRequest) -> bool:
    below = request.path_info.startswith(WAGTAILS)
    return below and request.method in ("GET", "HEAD") and bool(request.GET)


def _sends_a_form(request: HttpRequest) -> bool:
    return request.path_info.startswith(WAGTAILS) and request.method == "POST"


def _was_being_read(error: Exception) -> bool:
    """Rather than worked with: then the fault would be ours."""
    return any(frame.f_code.co_name in READERS for frame, _ in walk_tb(error.__traceback__))
