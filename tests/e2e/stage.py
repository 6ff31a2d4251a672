"""The phone's scripts as they are written, before a server of a few lines.

For rules of the phone alone: no product has to start, storage can be taken away at any moment and
the clock can be turned. What product and phone do together is walked in the other modules.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Route

WEB = Path(__file__).resolve().parents[2] / "studyhub/web/static/web"
ORIGIN = "http://localhost"
LESSON = "0198c0de-0000-7000-8000-000000000001"
LESSON_PATH = "/courses/road/first/"
SECTIONS = ["0198c0de-0000-7000-8000-00000000000a", "0198c0de-0000-7000-8000-00000000000b"]
QUIZ = {
    "id": "0198c0de-0000-7000-8000-00000000000c",
    "required": True,
    "pass_mark": 60,
    "questions": [
        {"id": "q1", "kind": "truefalse", "answer": True, "explanation": "对。", "section": None}
    ],
}

_BODY = """<article class="lesson-page"><h1>一课</h1><p id="lesson-state"></p>
<div id="sync" hidden></div><div id="changed-note"></div>%s
<form method="post" action="/study/x/" id="study">
%s
<div class="row"><button type="submit" name="do" value="quiz">交卷</button></div>
<div id="check-note"></div><div style="height:1500px"></div>
<div><button type="submit" name="do" value="finish">学完了</button></div>
<div id="finish-note"></div></form></article>
<script type="application/json" id="lesson-data">%s</script>"""
_CHECK = """<fieldset id="f-q1"><input type="radio" name="q-q1" value="true">
<input type="radio" name="q-q1" value="false"></fieldset>"""
_SECTION = '<section id="s-%s"><h2>一节</h2><p data-toc="%s">%s</p>%s<span data-end="%s"></span>'
_TALL = '<div style="height:1500px"></div>'
_HOME = """<section id="today"><p id="plan-line"></p><div id="next-lesson"></div></section>"""
_LOGOUT = """<form method="post"><button>退出登录</button></form><div id="said"></div>"""
_PAGE = """<!DOCTYPE html><meta charset="utf-8"><body><p id="lead-place" hidden></p>
<main id="main"><div class="wrap">%s</div></main><div id="update"></div>
<script type="module" src="/static/web/%s"></script>"""


def lesson_data(**changes):
    data = {"lesson": LESSON, "revision": 1, "title": "一课", "sections": SECTIONS}
    return {**data, "required": SECTIONS, "quiz": QUIZ, "following": []} | changes


@contextmanager
def a_stage(browser: Browser, account: str, *scripts: str) -> Iterator["Stage"]:
    """A phone without a worker on which this account has signed in; ``scripts`` run before ours."""
    context = browser.new_context(service_workers="block")
    for script in scripts:
        context.add_init_script(script)
    stage = Stage(context)
    stage.sign_in(account)
    yield stage
    context.close()


class Stage:
    """One phone, its network and the server; what the server holds is in ``records``."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.reader = ""
        self.down = False
        self.silent = False  # the API takes what is asked and never answers
        self.knows_now = True  # a server of the version before has no /me/now
        self.unanswered: list[Route] = []
        self.refusal: tuple[int, dict[str, str]] | None = None
        self.lesson = lesson_data()
        self.check = _CHECK
        self.progress: dict[str, list[dict[str, object]]] = {}
        self.told: list[dict[str, object]] = []  # of the lessons a batch touched
        self.records: dict[str, list[dict[str, object]]] = {}
        self.uploads = 0
        self.tickets: list[str] = []
        context.route("**/*", self._answer)

    def sign_in(self, account: str) -> None:
        """As the product does: the token of the forms changes with who is signed in."""
        self.reader = account
        token = f"token-of-{account}-{len(self.tickets)}"
        self.context.add_cookies([{"name": "csrftoken", "value": token, "url": ORIGIN}])

    def sign_out(self) -> None:
        self.reader = ""
        self.context.clear_cookies(name="csrftoken")

    def open(self, path: str = LESSON_PATH) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(8000)
        page.goto(ORIGIN + path)
        if self.reader:
            page.wait_for_selector("#lesson-state .state, #today .sum, #blank", state="attached")
        return page

    def kinds(self, account: str) -> list[object]:
        return [record["kind"] for record in self.records.get(account, [])]

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        if path.startswith("/static/web/"):
            source = (WEB / path.removeprefix("/static/web/")).read_bytes()
            route.fulfill(body=source, content_type="text/javascript; charset=utf-8")
        elif self.down:
            route.abort()
        elif self.silent and path.startswith("/api/"):
            self.unanswered.append(route)
        elif path.startswith("/api/v1/"):
            self._api(route, path.removeprefix("/api/v1/"))
        else:
            route.fulfill(body=self._page(path), content_type="text/html; charset=utf-8")

    def _page(self, path: str) -> str:
        if path == LESSON_PATH:
            sections = "".join(_SECTION % (one, one, "", _TALL, one) for one in SECTIONS)
            return _PAGE % (_BODY % (sections, self.check, json.dumps(self.lesson)), "lesson.js")
        others = {"/": (_HOME, "personal.js"), "/logout/": (_LOGOUT, "logout.js")}
        return _PAGE % others.get(path, ('<p id="blank"></p>', "base.js"))

    def _api(self, route: Route, path: str) -> None:
        if path == "me/records":
            self._take(route)
        elif path == "me/now" and not self.knows_now:
            route.fulfill(status=404, json={})
        elif path in ("me", "me/now") and self.reader:
            lists = {"progress": self.progress.get(self.reader, [])} if path == "me/now" else {}
            route.fulfill(json=self._me() | lists)
        elif path.startswith("offline/"):
            route.fulfill(json={"cursor": "c", "lessons": [], "removed": []})
        elif not self.reader:
            route.fulfill(status=401, json={})
        elif path == "me/devices":
            self.tickets.append(self.reader)
            route.fulfill(json=self._ticket())
        else:
            route.fulfill(json={"items": [], "next": None})

    def _me(self) -> dict[str, object]:
        known = {"account_id": self.reader, "epoch": 1, "ticket_mark": "m"}
        return known | {"member": {"id": self.reader}, "roles": ["member"]}

    def _ticket(self) -> dict[str, str]:
        expires = datetime.now(UTC) + timedelta(days=30)
        ticket = {"upload_ticket": self.reader, "receipt_key": "k"}
        return ticket | {"expires_at": expires.isoformat()}

    def _take(self, route: Route) -> None:
        self.uploads += 1
        sent = route.request.post_data_json
        ticket = route.request.headers.get("authorization", "").removeprefix("Ticket ")
        if self.refusal:
            route.fulfill(status=self.refusal[0], headers=self.refusal[1], json={})
        elif sent["account_id"] != (ticket or self.reader):
            route.fulfill(status=409, json={"code": "account_mismatch"})
        else:
            kept = self.records.setdefault(sent["account_id"], [])
            known = {record["id"] for record in kept}
            kept += [record for record in sent["records"] if record["id"] not in known]
            results = [{"id": record["id"], "status": "accepted"} for record in sent["records"]]
            reply = {"results": results, "epoch": 1, "device": {}}
            reply["progress"] = [] if ticket else self.told
            route.fulfill(json=reply | {"server_time": datetime.now(UTC).isoformat()})
