"""Every page there is, in every look, and what can be measured on one."""

import re

from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import sign_in

PUBLIC = [
    "/",
    "/courses/",
    "/courses/changzheng/",
    "/sites/",
    "/sites/paotaishan/",
    "/sites/paotaishan/PTS-01/",
    "/login/",
    "/join/",
    "/join/request/",
    "/join/23456789ABCD/",
    "/offline/",
    "/receipts/",
    "/search/",
    "/search/?q=zyhy",
    "/search/?q=长城",
]
PICTURES = "/courses/kaitian/zhonggong-yida/"  # a lesson with a picture and a sound
HISTORY = "/courses/kaitian/wusi-yundong/history/"  # of the lesson that the demo corrects
SANDBOX = "/sandbox/"
SERIOUS = ("serious", "critical")

SMALL = """([least, within]) => {
  const inSentence = (e) => {
    const around = e.closest('p, li, td, dd, figcaption');
    return getComputedStyle(e).display === 'inline' && around
      && around.textContent.trim() !== e.textContent.trim();
  };
  return [...document.querySelectorAll('a[href], button, summary, label.option, select, audio,'
      + 'input:not([type=hidden])')]
    .filter(e => e.closest(within) && e.getClientRects().length)
    .filter(e => !e.closest('.skip') && !inSentence(e))
    .filter(e => !(e.tagName === 'INPUT' && e.closest('label.option')))
    .map(e => [e, e.getBoundingClientRect()])
    .filter(([e, box]) => box.height < least - 0.5 || box.width < least - 0.5)
    .map(([e, box]) => e.tagName + ' ' + e.textContent.trim().slice(0, 16)
      + ' ' + Math.round(box.width) + 'x' + Math.round(box.height));
}"""


def a_lesson(page):
    card = page.request.get("/api/v1/lessons?course=changzheng").json()["items"][0]
    return "/" + card["url"].split("/", 3)[3]


def lesson_id(page):
    return page.request.get("/api/v1/lessons?course=changzheng").json()["items"][0]["id"]


def a_member_of(page, group):
    completion = page.request.get(f"/api/v1/groups/{group}/completion").json()
    return completion["members"][0]["id"]


def pages_of(page):
    """(who, path) of every page there is, one person's after the other."""
    yield from ((None, path) for path in PUBLIC)
    yield None, a_lesson(page)
    yield None, PICTURES
    yield None, HISTORY
    yield None, "/settings/"
    yield None, "/nothing-here/"
    yield "member02", "/me/"
    yield "member02", "/me/move/"
    yield "member02", "/me/paper-code/"
    yield "member02", "/me/receipts/"
    yield "member02", f"/c/{lesson_id(page)}/?v=1"
    yield "member03", "/me/corrections/"
    yield "editor", "/me/second-factor/"
    yield "editor", "/me/tokens/"
    yield "leader1", "/lead/"
    yield "leader1", "/lead/receipts/"
    yield "leader1", "/lead/returning/"
    sign_in(page, "leader1")
    group = page.request.get("/api/v1/groups").json()["items"][0]["id"]
    yield "leader1", f"/lead/groups/{group}/"
    yield "leader1", f"/lead/groups/{group}/bulletin/"
    yield "leader1", f"/lead/groups/{group}/codes/"
    yield "leader1", f"/lead/groups/{group}/invites/"
    yield "leader1", f"/lead/groups/{group}/requests/"
    yield "leader1", f"/lead/groups/{group}/members/{a_member_of(page, group)}/"
    yield "leader1", f"/lead/groups/{group}/members/{a_member_of(page, group)}/move/"
    yield "orgadmin", "/lead/"
    yield "editor", SANDBOX


def ledger_pages(page):
    """The screens of the ledger at the desk, for who is signed in as an administrator."""
    for folder in ("members", "branches", "study-groups", "study-plans", "staff"):
        yield f"/cms/{folder}/"
        page.goto(f"/cms/{folder}/", wait_until="domcontentloaded")
        links = page.locator(
            f".ledger table a[href^='/cms/{folder}/'], .ledger li a[href^='/cms/{folder}/']"
        )
        if links.count():
            yield links.first.get_attribute("href")
    yield from ("/cms/members/add/", "/cms/staff/add/", "/cms/study-plans/new/")
    yield from ("/cms/rosters/", "/cms/join-requests/", "/cms/ledger-reports/")
    yield from ("/cms/reviews/", "/cms/word/", "/cms/schedule/", "/cms/channels/corrections/")
    yield from (f"/cms/channels/{name}" for name in ("", "board/", "accounts/"))
    yield from (f"/cms/channels/accounts/add/?kind={kind}" for kind in ("wechat", "kuaishou_api"))
    yield "/cms/channels/accounts/wechat-demo/"
    yield "/cms/webhooks/"
    yield "/cms/webhooks/add/"
    yield from (
        f"/cms/channels/accounts/wechat-demo/{name}/" for name in ("look", "stats", "quota")
    )
    yield from (f"/cms/questions/{name}" for name in ("", "add/", "import/", "due/"))
    yield from ("/cms/twins/", "/cms/readings/")
    lesson = re.search(r"/cms/twins/([0-9]+)/", page.request.get("/cms/twins/").text())[1]
    yield f"/cms/videos/{lesson}/"
    yield from (f"/cms/proofs/{lesson}/", f"/cms/copy-blocks/{lesson}/", f"/cms/twins/{lesson}/")


def visits(page, product, look=""):
    """Every page in turn, signed in where needed and quiet; yields its path."""
    current = "nobody yet"
    for who, path in list(pages_of(page)):
        if who != current:
            page.context.clear_cookies()
            choose(page.context, product, look)
            if who:
                sign_in(page, who)
            current = who
        page.goto(path, wait_until="networkidle")
        yield path


def choose(context, product, look):
    if look:
        context.add_cookies([{"name": "look", "value": look, "url": product}])


def small_targets(page, least, within="body"):
    """What one can tap on the open page and is smaller than so many pixels."""
    return page.evaluate(SMALL, [least, within])


def too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


def overflows(page, within):
    """Whether this part of the page is wider than its place; the desk scrolls parts of itself."""
    parts = f"[...document.querySelectorAll('{within}, {within} .nice-padding')]"
    return page.evaluate(f"{parts}.some(e => e.scrollWidth > e.clientWidth + 1)")


def bad_findings(page, rules=()):
    """What axe finds; with rules, by those alone."""
    options = {"runOnly": {"type": "rule", "values": [*rules]}} if rules else None
    found = Axe().run(page, options=options).response["violations"]
    return [
        (item["id"], [node["target"] for node in item["nodes"]][:3])
        for item in found
        if item["impact"] in SERIOUS
    ]
