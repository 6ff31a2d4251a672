"""Logs: one line of JSON per event. No addresses, no browser names, no query strings, no bodies."""

import logging
from typing import Any

import structlog
from structlog.typing import EventDict

# Who reads what from where is nobody's business, least of all a log's.
DROPPED = ("ip", "user_agent")


def drop_personal(logger: Any, name: str, event: EventDict) -> EventDict:
    """A structlog processor: without ``DROPPED`` and without what was asked after the ``?``."""
    for key in DROPPED:
        event.pop(key, None)
    request = event.get("request")
    if isinstance(request, str):
        event["request"] = request.split("?", 1)[0]
    return event


def configure_logs(level: str) -> None:
    """Set up structlog for this process; ``level`` is a name such as WARNING."""
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
