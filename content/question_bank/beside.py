"""What other apps show beside a question of the bank: one line in their ``wagtail_hooks``."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.utils.safestring import SafeString

Places = list[tuple[UUID, str]]  # lessons in which copies stand, and the question's id there
_added: list[Callable[[Places], SafeString]] = []


def add_beside(render: Callable[[Places], SafeString]) -> None:
    """``render`` makes a piece of the page, empty where it has nothing to say."""
    _added.append(render)


def beside(places: Iterable[tuple[UUID, str]]) -> list[SafeString]:
    where = list(places)
    return [render(where) for render in _added]
