"""What the set-up shows on the first page of the desk, to administrators."""

from collections.abc import Mapping
from typing import Any

from wagtail import hooks
from wagtail.admin.ui.components import Component

from studyhub.core.version import version
from studyhub.setup.doctor import glance


class DoctorPanel(Component):
    """The list of ``manage.py doctor``, as far as it is quickly made."""

    name = "doctor"
    template_name = "setup/desk_doctor.html"
    order = 30

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"findings": glance(), "version": version()}


def show_doctor(request: Any, panels: list[Any]) -> None:
    if request.user.is_superuser:
        panels.append(DoctorPanel())


hooks.register("construct_homepage_panels", show_doctor)
