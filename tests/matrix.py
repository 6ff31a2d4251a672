"""A long list of inputs for one rule: whole on the first database, every sixth on the second."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection

EVERY = 6


def thinned(cases: Iterable[Any]) -> list[Any]:
    """For ``parametrize``. A tuple is a case of several arguments."""
    return [
        case if place % EVERY == 0 else pytest.param(*_arguments(case), marks=pytest.mark.once)
        for place, case in enumerate(cases)
    ]


def examples(number: int) -> int:
    """For Hypothesis. How many on this run's database: a third on the second."""
    return number if connection.vendor == "sqlite" else number // 3


def _arguments(case: Any) -> tuple[Any, ...]:
    return case if isinstance(case, tuple) else (case,)
