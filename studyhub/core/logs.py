"""Logs: one line of JSON per event. No addresses, no browser names, no query strings, no bodies."""

import logging
from typing import Any

import structlog
from structlog.typing import EventDict

# Who reads what from where is nobody's business, least of all a log's.
DROPPED = ("ip", "user_agent")


def drop_personal(logger: Any, name: str, event: EventDict) -> EventDict:
    for key in DROPPED:
        event.pop(key, None)
    request = event.get("request")
    if isinstance(request, str):
        event["request"] = request.split("?", 1)[0]
    return event


def configure_logs(level: str) -> None:
    """``level`` is a name of the logging module's, such as WARNING."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            drop_personal,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )
