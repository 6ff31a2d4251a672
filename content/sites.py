"""Heritage sites that are open, and where their exhibits are."""

from typing import Any

from content.exhibits import exhibits_of
from content.models import HeritageSitePage
from content.units import certificate_of, units_of


def sites() -> list[HeritageSitePage]:
    return list(HeritageSitePage.objects.live().public().order_by("path"))


def exhibit_addresses() -> list[str]:
    """Paths of the exhibits of open sites, site by site in the order of their routes."""
    found = [(site.get_url(), exhibits_of(site.body)) for site in sites()]
    return [f"{address}{one.code}/" for address, shown in found if address for one in shown]


def site_version(page: Any) -> str:
    """Another one whenever a visitor would see something else: phones that keep the site ask."""
    return certificate_of(units_of(page))
