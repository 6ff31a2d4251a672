"""A long list of inputs for one rule: whole on the first database, every sixth on the second."""

from collections.abc import Iterable
from typing import Any

import pytest

EVERY = 6


def thinned(cases: Iterable[Any]) -> list[Any]:
    """For ``parametrize``. A tuple is a case of several arguments."""
    return [
        case if place % EVERY == 0 else pytest.param(*_arguments(case), marks=pytest.mark.once)
        for place, case in enumerate(cases)
    ]


def _arguments(case: Any) -> tuple[Any, ...]:
    return case if isinstance(case, tuple) else (case,)
