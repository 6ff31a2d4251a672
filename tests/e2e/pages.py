"""Every page there is, and what axe finds on one."""

from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import sign_in

PUBLIC = [
    "/",
    "/courses/",
    "/courses/changzheng/",
    "/sites/",
    "/sites/paotaishan/",
    "/login/",
    "/offline/",
    "/receipts/",
    "/search/",
    "/search/?q=zyhy",
    "/search/?q=长城",
]
SERIOUS = ("serious", "critical")


def a_lesson(page):
    card = page.request.get("/api/v1/lessons?course=changzheng").json()["items"][0]
    return "/" + card["url"].split("/", 3)[3]


def lesson_id(page):
    return page.request.get("/api/v1/lessons?course=changzheng").json()["items"][0]["id"]


def pages_of(page):
    """(who, path) of every page there is."""
    yield from ((None, path) for path in PUBLIC)
    yield None, a_lesson(page)
    yield None, "/nothing-here/"
    yield "member02", "/me/"
    yield "member02", "/me/receipts/"
    yield "member02", f"/c/{lesson_id(page)}/?v=1"
    yield "leader1", "/lead/"
    yield "leader1", "/lead/receipts/"
    sign_in(page, "leader1")
    group = page.request.get("/api/v1/groups").json()["items"][0]["id"]
    yield "leader1", f"/lead/groups/{group}/"
    yield "orgadmin", "/lead/"
    yield "editor", "/sandbox/"


def bad_findings(page):
    found = Axe().run(page).response["violations"]
    return [
        (item["id"], [node["target"] for node in item["nodes"]][:3])
        for item in found
        if item["impact"] in SERIOUS
    ]
