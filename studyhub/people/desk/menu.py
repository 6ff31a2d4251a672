"""Items of the desk's menu that are shown by what somebody keeps; their pages ask again."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem

from studyhub.people.access import Caller

May = Callable[[Caller], bool]


class MenuItemFor(MenuItem):
    """Shown to those of whom ``may`` is true."""

    def __init__(self, *args: Any, may: May, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may = may

    def is_shown(self, request: HttpRequest) -> bool:
        return self.may(request.user)


def menu_item(
    label: str, address: str, may: May, name: str, icon: str, order: int
) -> Callable[[], MenuItem]:
    """What a hook of Wagtail's menu calls, once addresses are known.

    Wagtail marks each item whose ``name`` begins the name of the one that is open.
    """
    return lambda: MenuItemFor(
        label, reverse(address), may=may, name=name, icon_name=icon, order=order
    )
