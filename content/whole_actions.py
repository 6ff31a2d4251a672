"""Wagtail's own actions, each in one transaction, whoever calls them (decision 0014).

An action saves the page first and tells its receivers afterwards. The desk's views run in one
transaction each; the content API, the schedule, a command and a shell do not, and a crash in
between would leave a page live without its revision.
"""

from django.db import transaction
from wagtail import actions
from wagtail.actions.base import BaseAction


def make_actions_whole() -> None:
    """Call once, from ``AppConfig.ready()``."""
    for action in acting_classes():
        action.execute = transaction.atomic(action.execute)


def acting_classes() -> list[type[BaseAction]]:
    """Every class of Wagtail's that says itself what executing means."""
    named = (getattr(actions, name) for name in actions.__all__)
    classes = (one for one in named if isinstance(one, type) and issubclass(one, BaseAction))
    bases = dict.fromkeys(base for one in classes for base in one.__mro__)
    return [one for one in bases if issubclass(one, BaseAction) and "execute" in vars(one)]
