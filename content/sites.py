"""Heritage sites that are open, and where their exhibits are."""

from typing import Any

from wagtail.contrib.redirects.models import Redirect

from content.exhibits import exhibits_of
from content.models import ExhibitCode, HeritageSitePage
from content.units import certificate_of, units_of


def sites() -> list[HeritageSitePage]:
    return list(HeritageSitePage.objects.live().public().order_by("path"))


def exhibit_addresses() -> list[str]:
    """Paths of the exhibits of open sites, site by site in the order of their routes."""
    found = [(site.get_url(), exhibits_of(site.body)) for site in sites()]
    return [f"{address}{one.code}/" for address, shown in found if address for one in shown]


def site_version(page: Any) -> str:
    """Another one whenever a visitor would see something else, or a label leads here that did not:
    phones that keep the site ask."""
    labels = len(former_addresses(page))
    return certificate_of(units_of(page)) + (f"+{labels}" if labels else "")


def former_addresses(page: Any) -> dict[str, str]:
    """Paths that stand on labels from before the site or an exhibit was renamed, each with where
    it leads today; of what is still shown."""
    site, now = page.get_url() or "", {one.block: one.code for one in exhibits_of(page.body)}
    codes = {code: now[block] for code, block in ExhibitCode.of(page).items() if block in now}
    codes |= {code: code for code in now.values()}
    found = {f"{site}{old}/": f"{site}{code}/" for old, code in codes.items() if old != code}
    moved = Redirect.objects.filter(redirect_page=page.pk, automatically_created=True)
    for path, route in moved.values_list("old_path", "redirect_page_route_path"):
        code = codes.get(route.strip("/"))
        if code or not route.strip("/"):
            found[f"{path}/"] = f"{site}{code}/" if code else site
    return {path: today for path, today in found.items() if path != today}
