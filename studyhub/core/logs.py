"""Logs: one line of JSON per event. No addresses, no browser names, no query strings, no bodies.

And no words of people: what a database says of an error quotes the row that it was about.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from typing import Any

import structlog
from django.db import Error
from structlog.typing import EventDict

# Who reads what from where is nobody's business, least of all a log's.
DROPPED = ("ip", "user_agent")


def drop_personal(logger: Any, name: str, event: EventDict) -> EventDict:
    """A structlog processor: without ``DROPPED`` and without what was asked after the ``?``."""
    for key in DROPPED:
        event.pop(key, None)
    request = event.get("request")
    if isinstance(request, str):
        event["request"] = without_codes(request.split("?", 1)[0])
    return event


# The one address that holds a secret.
CODE = re.compile(r"(/join/)[^/\s\"']+", re.IGNORECASE)


def without_codes(text: str) -> str:
    """Personal codes stand in no log, however the address that holds one was spelled."""
    return CODE.sub(r"\1…", text)


# Where PostgreSQL begins to quote: details, the statement, and values that it cannot read.
QUOTES = re.compile(
    r"(?s)(?:(?:\\n|\n|^)\s*(?:DETAIL|CONTEXT|HINT|LINE \d+|QUERY):"
    r"|(?<=invalid input syntax for type )|(?<=invalid byte sequence for encoding )).*"
)


def without_rows(text: str) -> str:
    """What is said of an error, up to where the row begins."""
    return QUOTES.sub("…", text)


def tell_error(error: BaseException) -> str:
    """An error with all that led to it; of the database's the first line, and none of its quotes.

    The frames are told as ever: they hold code, and no values.
    """
    told = []
    for one in reversed(list(_chain(error))):
        frames = "".join(traceback.format_tb(one.__traceback__))
        told.append(f"{frames}{type(one).__module__}.{type(one).__qualname__}: {_said(one)}")
    return "\n\n".join(told)


def _said(error: BaseException) -> str:
    from_database = isinstance(error, Error) or hasattr(error, "sqlstate")
    return without_rows(str(error)).split("\n", 1)[0] if from_database else str(error)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def exception_without_rows(logger: Any, name: str, event: EventDict) -> EventDict:
    """A structlog processor in place of its own ``format_exc_info``."""
    wanted = event.pop("exc_info", None)
    error = wanted[1] if isinstance(wanted, tuple) else wanted
    error = sys.exc_info()[1] if error is True else error
    if isinstance(error, BaseException):
        event["exception"] = tell_error(error)
    return event


class WithoutRows(logging.Formatter):
    """The same for all that is logged in the standard way: Django, Celery, the server."""

    def format(self, record: logging.LogRecord) -> str:
        """Whatever another handler has made of the error before is not taken over."""
        record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's own name
        """Celery puts what an error says into the message itself."""
        return without_codes(without_rows(super().formatMessage(record)))

    def formatException(self, ei: Any) -> str:  # noqa: N802  logging's own name
        return tell_error(ei[1]) if ei[1] else ""


def configure_logs(level: str) -> None:
    """Set up structlog for this process; ``level`` is a name such as WARNING."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            drop_personal,
            exception_without_rows,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )
