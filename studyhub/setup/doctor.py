"""Looks at the whole system: every check is made, whatever becomes of the others."""

import logging
from collections.abc import Collection, Iterator
from dataclasses import replace

from django.core.cache import caches
from django.db import DatabaseError

from studyhub.setup.checks import CHECKS, SLOW
from studyhub.setup.findings import Check, Finding, Level, error

logger = logging.getLogger(__name__)
KEPT, FRESH = "setup.findings", 60  # seconds


def examine(without: Collection[str] = ()) -> list[Finding]:
    """Everything that is not well, in the order in which to put it right."""
    return [
        replace(finding, check=name)
        for name, check in CHECKS.items()
        if name not in without
        for finding in _look(name, check)
    ]


def glance() -> list[Finding]:
    """What can be told while a page is made: nothing slow, and once in ``FRESH`` for a process."""
    known: list[Finding] | None = caches["process"].get(KEPT)
    if known is None:
        known = examine(without=SLOW)
        caches["process"].set(KEPT, known, FRESH)
    return known


def worst(findings: list[Finding]) -> Level:
    return max((finding.level for finding in findings), default=Level.WELL)


def _look(name: str, check: Check) -> Iterator[Finding]:
    try:
        yield from check()
    except DatabaseError as problem:
        if name == "database":  # the others need it too: said once
            yield error(
                f"数据库连不上或读不出（{type(problem).__name__}）",
                "没有数据库，什么都不能用",
                "看 PostgreSQL 是否开着，DATABASE_URL 是否写对，是否执行过 manage.py migrate",
            )
    except Exception as problem:
        logger.exception("The check %s cannot be made", name)
        yield error(
            f"“{name}”这一项查不了（{type(problem).__name__}）",
            "不知道它好不好",
            "看日志里的报错，或者告诉开发的人",
        )
