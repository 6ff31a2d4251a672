"""Groups at the desk that sign: the three levels of review (三审), and those who read Mongolian."""

from collections.abc import Iterable
from typing import Any

LEVELS = ("初审", "复审", "终审")
TRANSLATOR = "translator"


def groups_of(user: Any) -> frozenset[str]:
    """The names of the groups an account is in; asked once for as long as the object lives."""
    known = user.__dict__
    if "_group_names" not in known:
        known["_group_names"] = frozenset(user.groups.values_list("name", flat=True))
    names: frozenset[str] = known["_group_names"]
    return names


def remember_groups(user: Any, names: Iterable[str]) -> None:
    """For who has read them with something else."""
    user.__dict__["_group_names"] = frozenset(names)
