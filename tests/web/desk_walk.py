"""Every screen of the desk that a role can reach: all addresses, with what is there to look at."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.test import Client
from django.urls import URLResolver, get_resolver

SCREEN = ("text/html", "application/json")
PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
LINK = re.compile(r"/cms/[^\"'\s<>\\&]*(?:&amp;[^\"'\s<>\\&]*)*")
NOT_SCREENS = ("failwhale/", "logout/", "api/", "sprite/", "test404/", "login/")
NOT_SCREENS += ("editing-sessions/", "^.*/$")


def desk_routes() -> list[str]:
    """The addresses below ``/cms/`` as Django has them, with their places still empty."""
    found = _routes(get_resolver().url_patterns, "")
    below = sorted({route.removeprefix("cms/") for route in found if route.startswith("cms/")})
    return [route for route in below if not route.startswith(NOT_SCREENS)]


def _routes(patterns: list[Any], before: str) -> Iterator[str]:
    for one in patterns:
        whole = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, whole)
        else:
            yield whole


def addresses(known: dict[str, list[Any]]) -> Iterator[str]:
    """Each route once for each thing that may stand in its place."""
    for route in desk_routes():
        yield from _filled(route, known)


def _filled(route: str, known: dict[str, list[Any]]) -> Iterator[str]:
    found = PLACE.search(route)
    if found is None:
        yield "/cms/" + route.replace("^", "").replace("$", "").replace("\\.", ".")
        return
    name = found[1] or found[2]
    for value in _things_for(route, name, known):
        yield from _filled(f"{route[: found.start()]}{value}{route[found.end() :]}", known)


def _things_for(route: str, name: str, known: dict[str, list[Any]]) -> list[Any]:
    """What one word names in different places is told apart by the beginning of the address."""
    begins = route[: re.search("[<(]", route).start()].strip("/^").replace("/", "_")
    longer = f"{begins}_{name}" if name != "pk" else begins
    return known.get(longer, known.get(name, []))


def screens(client: Client, urls: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What this reader is shown at each address, and wherever else the pages shown lead to."""
    waiting = list(dict.fromkeys(urls))
    seen = {shape_of(url) for url in waiting}
    while waiting:
        url = waiting.pop()
        answer = client.get(url)
        text = answer.content.decode() if _is_screen(answer) else ""
        if text:
            yield url, text
        new = {shape_of(link): link for link in [answer.get("Location", ""), *links_in(text)]}
        waiting += [link for shape, link in new.items() if link and shape not in seen]
        seen |= set(new)


def _is_screen(answer: Any) -> bool:
    return answer.status_code == 200 and answer["Content-Type"].startswith(SCREEN)


def links_in(text: str) -> list[str]:
    links = [link.replace("&amp;", "&") for link in LINK.findall(text)]
    return [link for link in links if not link.removeprefix("/cms/").startswith(NOT_SCREENS)]


def shape_of(url: str) -> str:
    """Screens that differ in which thing they show, or in what order, are one."""
    path, _, query = url.partition("?")
    names = {part.partition("=")[0] for part in query.split("&")} - {"", "next"}
    return f"{re.sub('[0-9a-f]{8}-[0-9a-f-]+|[0-9]+', '0', path)}?{sorted(names)}"
