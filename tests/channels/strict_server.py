"""api.weixin.qq.com as its documents describe it and no friendlier, for an adapter in live mode.

Written from the documents alone, by somebody who has not read our sandbox. It refuses what they
refuse, keeps in memory what they say is kept, and lets one call go wrong in a named way.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import httpx

HOST = "api.weixin.qq.com"
BASE = f"https://{HOST}"
APP_ID, SECRET = "wx-strict", "strict-secret"
PAGE = 20
IMAGE = re.compile(r'<img\b[^>]*?src="([^"]*)"[^>]*>')
LINK = re.compile(r'<a\b[^>]*?href="([^"]*)"')
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
LIMITS = {
    "title": (32, 45003),
    "author": (16, 45110),
    "digest": (128, 45004),
    "content": (19_999, 45002),
}
BYTES = {"content": (1024 * 1024 - 1, 45002), "content_source_url": (1024, 45005)}
NEWS = (
    "title",
    "author",
    "digest",
    "content",
    "content_source_url",
    "thumb_media_id",
    "need_open_comment",
    "only_fans_can_comment",
    "article_type",
    "pic_crop_235_1",
    "pic_crop_1_1",
)
Json = dict[str, Any]
OTHER: Json = {"title": "别的文章", "content": "<p>别的</p>", "content_source_url": ""}


class Refused(Exception):
    """The platform's number for no."""

    def __init__(self, errcode: int, errmsg: str = "refused") -> None:
        super().__init__(errcode)
        self.errcode, self.errmsg = errcode, errmsg


@dataclass
class Job:
    """A draft on its way to the public; ``status`` is 1 until the review is over."""

    news: list[Json]
    due: int
    media_id: str = ""
    ends_in: int = 0
    status: int = 1
    article_id: str = ""


@dataclass
class Public:
    """An article that is out."""

    news: list[Json]
    deleted: bool = False
    at: int = field(default_factory=lambda: int(time.time()))


@dataclass
class Fault:
    """The ``skip``-th call from now to this path goes wrong, ``times`` in a row."""

    path: str
    kind: str
    press: str = ""
    times: int = 1
    skip: int = 0


@dataclass
class StrictWeChat:
    """One account. ``review`` is how many turns a review lasts; ``next_turn`` moves the clock."""

    review: int = 3
    console_review: int = 0
    ends_in: int = 0
    turn: int = 0
    calls: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    images: set[str] = field(default_factory=set)
    covers: set[str] = field(default_factory=set)
    drafts: dict[str, list[Json]] = field(default_factory=dict)
    jobs: dict[int, Job] = field(default_factory=dict)
    public: dict[str, Public] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    late: list[tuple[int, httpx.Request]] = field(default_factory=list)
    lateness: int = 1
    hand_is_out: bool = False
    went_wrong: int = 0
    numbers: "count[int]" = field(default_factory=lambda: count(2247483647))

    # --- the harness: time, a person at the console, things that go wrong

    @property
    def transport(self) -> httpx.MockTransport:
        """What stands in for the network."""
        return httpx.MockTransport(self.handle)

    def articles(self, marker: str = "") -> list[str]:
        """The articles that are out and carry the marker."""
        return [
            key for key, item in self.public.items() if not item.deleted and _has(item.news, marker)
        ]

    def next_turn(self) -> None:
        """Time passes: what came late arrives, reviews end."""
        self.turn += 1
        for item in [item for item in self.late if item[0] <= self.turn]:
            self.late.remove(item)
            self._answer(item[1])
        for job in list(self.jobs.values()):
            self._end_if_due(job)

    def press(self) -> None:
        """A person publishes the drafts in the box, one for each lesson, or the next to come."""
        busy = {job.media_id for job in self.jobs.values() if job.status == 1}
        free = {_source(news): key for key, news in self.drafts.items() if key not in busy}
        self.hand_is_out = not free and not busy
        for media_id in free.values():
            self._publish_by_hand(media_id)

    def publish_others(self, number: int) -> None:
        """So many articles that people have written and published themselves."""
        for _ in range(number):
            self.public[f"A{next(self.numbers)}"] = Public([dict(OTHER)])

    def add_others(self, number: int) -> None:
        """So many drafts that people have written themselves."""
        for _ in range(number):
            self.drafts[f"draft_{next(self.numbers)}"] = [dict(OTHER)]

    def _publish_by_hand(self, media_id: str) -> None:
        news = self.drafts.pop(media_id)
        job = Job(news, self.turn + self.console_review)
        self.jobs[next(self.numbers)] = job
        self._end_if_due(job)

    def _end_if_due(self, job: Job) -> None:
        if job.status != 1 or job.due > self.turn:
            return
        job.status = job.ends_in
        if job.status == 0:
            job.article_id = f"A{next(self.numbers)}"
            self.public[job.article_id] = Public(job.news)
            self.drafts.pop(job.media_id, None)

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer a call, or let it go wrong."""
        self.calls.append(_path(request))
        fault = self._next_fault(_path(request))
        if fault is None:
            return self._answer(request)
        if fault.press == "before":
            self.press()
        try:
            return FAULTS[fault.kind](self, request)
        finally:
            if fault.press == "after":
                self.press()

    def _next_fault(self, path: str) -> Fault | None:
        fault = next((f for f in self.faults if f.path == path), None)
        if fault is None:
            return None
        if fault.skip:
            fault.skip -= 1
            return None
        fault.times -= 1
        self.went_wrong += 1
        if not fault.times:
            self.faults.remove(fault)
        return fault

    # --- the platform

    def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            return _reply(self._do(request))
        except Refused as no:
            return self._no(no.errcode, no.errmsg)

    def _no(self, errcode: int, errmsg: str) -> httpx.Response:
        """Now and then the number is a string."""
        said = f"{errmsg} rid: 5f3f-{next(self.numbers)}"
        return _reply({"errcode": str(errcode) if self.turn % 2 else errcode, "errmsg": said})

    def _do(self, request: httpx.Request) -> Json:
        path = _path(request)
        if request.url.scheme != "https" or request.url.host != HOST or path not in CALLS:
            raise Refused(-404, "no such address")
        if request.method != "POST":
            raise Refused(43002, "require POST method")
        if path != "stable_token":
            self._check_token(request.url.params.get("access_token", ""))
        if path in UPLOADS:
            return UPLOADS[path](self, request)
        return CALLS[path](self, _body_of(request))

    def _check_token(self, token: str) -> None:
        if not token:
            raise Refused(41001, "access_token missing")
        if token not in self.tokens:
            raise Refused(40001, "invalid credential, access_token is invalid or not latest")
        if self.tokens[token] < self.turn:
            raise Refused(42001, "access_token expired")

    def stable_token(self, body: Json) -> Json:
        if body.get("grant_type") != "client_credential":
            raise Refused(40002, "invalid grant_type")
        if body.get("appid") != APP_ID:
            raise Refused(40013, "invalid appid")
        if body.get("secret") != SECRET:
            raise Refused(40125, "invalid appsecret")
        assert body.get("force_refresh") is False, "never by itself: twenty a day"
        alive = [token for token, until in self.tokens.items() if until >= self.turn]
        token = alive[-1] if alive else f"T{next(self.numbers)}"
        self.tokens.setdefault(token, self.turn + 5)
        return {"access_token": token, "expires_in": 7200}

    def uploadimg(self, request: httpx.Request) -> Json:
        data = _media(request)
        if not data.startswith((b"\xff\xd8\xff", b"\x89PNG")):
            raise Refused(40005, "invalid file type")
        if len(data) >= 1024 * 1024:
            raise Refused(40009, "invalid image size")
        url = f"http://mmbiz.qpic.cn/mmbiz_jpg/{next(self.numbers)}/0?from=appmsg"
        self.images.add(url)
        return {"url": url, "errcode": 0, "errmsg": "ok"}

    def add_material(self, request: httpx.Request) -> Json:
        if request.url.params.get("type") != "image":
            raise Refused(40004, "invalid media type")
        data = _media(request)
        if not data.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM")):
            raise Refused(40005, "invalid file type")
        if len(data) > 10 * 1024 * 1024:
            raise Refused(45001, "media size out of limit")
        media_id = f"cover_{next(self.numbers)}"
        self.covers.add(media_id)
        return {"media_id": media_id, "url": f"http://mmbiz.qpic.cn/{media_id}"}

    def draft_add(self, body: Json) -> Json:
        articles = body.get("articles")
        if not isinstance(articles, list) or not 1 <= len(articles) <= 8:
            raise Refused(44003, "empty news data")
        media_id = f"draft_{next(self.numbers)}"
        self.drafts[media_id] = [self._taken(article) for article in articles]
        if self.hand_is_out:
            self.press()
        return {"media_id": media_id}

    def _taken(self, article: Json) -> Json:
        """As it is kept, or a refusal: scripts and pictures from elsewhere go without a word."""
        _check_fields(article)
        content = str(article["content"])
        if any(urlsplit(link).hostname != "mp.weixin.qq.com" for link in LINK.findall(content)):
            raise Refused(45166, "invalid content")
        if article.get("thumb_media_id") not in self.covers:
            raise Refused(40007, "invalid media_id")
        return {**article, "content": self._filtered(content)}

    def _filtered(self, content: str) -> str:
        def ours(found: "re.Match[str]") -> str:
            return found[0] if found[1] in self.images else ""

        return IMAGE.sub(ours, SCRIPT.sub("", content))

    def draft_get(self, body: Json) -> Json:
        news = self._draft(body)
        preview = "http://mp.weixin.qq.com/s?tempkey=x"
        return {"news_item": [{**item, "url": preview} for item in news]}

    def _draft(self, body: Json) -> list[Json]:
        if body.get("media_id") not in self.drafts:
            raise Refused(40007, "invalid media_id")
        return self.drafts[body["media_id"]]

    def draft_delete(self, body: Json) -> Json:
        self._draft(body)
        del self.drafts[body["media_id"]]
        return {"errcode": 0, "errmsg": "ok"}

    def draft_batchget(self, body: Json) -> Json:
        rows = [
            {"media_id": key, "content": {"news_item": news}, "update_time": int(time.time())}
            for key, news in self.drafts.items()
        ]
        return _page(rows, body)

    def submit(self, body: Json) -> Json:
        """Queued only, and the draft lies in the box until it is out: a second time, a second."""
        news, number = self._draft(body), next(self.numbers)
        self.jobs[number] = Job(news, self.turn + self.review, body["media_id"], self.ends_in)
        return {
            "errcode": 0,
            "errmsg": "ok",
            "publish_id": number,
            "msg_data_id": next(self.numbers),
        }

    def publish_get(self, body: Json) -> Json:
        number = int(body.get("publish_id") or 0)
        if number not in self.jobs:
            raise Refused(40007, "invalid publish_id")
        job = self.jobs[number]
        answer: Json = {"publish_id": number, "publish_status": self._status(job)}
        if answer["publish_status"] == 0:
            item = {"idx": 1, "article_url": _url(job.article_id)}
            answer |= {"article_id": job.article_id, "fail_idx": []}
            answer["article_detail"] = {"count": 1, "item": [item]}
        elif job.status in (2, 4):
            answer["fail_idx"] = [1]
        return answer

    def _status(self, job: Job) -> int:
        gone = job.article_id and self.public[job.article_id].deleted
        return 5 if gone else job.status

    def publish_batchget(self, body: Json) -> Json:
        rows = [
            {
                "article_id": key,
                "content": {"news_item": _listed(key, item)},
                "update_time": item.at,
            }
            for key, item in self.public.items()
        ]
        return _page(rows, body)

    def getarticle(self, body: Json) -> Json:
        key = body.get("article_id", "")
        if key not in self.public:
            raise Refused(53600, "invalid article_id")
        return {"news_item": _listed(key, self.public[key])}

    def publish_delete(self, body: Json) -> Json:
        self.getarticle(body)
        self.public[body["article_id"]].deleted = True
        return {"errcode": 0, "errmsg": "ok"}

    # --- how a call goes wrong

    def lost_after(self, request: httpx.Request) -> httpx.Response:
        self._answer(request)
        return self.lost_before(request)

    def lost_before(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("nothing came back", request=request)

    def gateway(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(502, text="<html>502 Bad Gateway</html>")

    def gateway_after(self, request: httpx.Request) -> httpx.Response:
        self._answer(request)
        return self.gateway(request)

    def truncated(self, request: httpx.Request) -> httpx.Response:
        whole = self._answer(request).content
        return httpx.Response(200, content=whole[: len(whole) // 2])

    def empty(self, request: httpx.Request) -> httpx.Response:
        self._answer(request)
        return _reply({})

    def unknown(self, request: httpx.Request) -> httpx.Response:
        return self._no(85999, "nobody knows this one")

    def unknown_after(self, request: httpx.Request) -> httpx.Response:
        self._answer(request)
        return self.unknown(request)

    def busy(self, request: httpx.Request) -> httpx.Response:
        return self._no(-1, "system error")

    def comes_late(self, request: httpx.Request) -> httpx.Response:
        self.late.append((self.turn + self.lateness, request))
        return self.lost_before(request)


CALLS: dict[str, Callable[..., Json]] = {
    "stable_token": StrictWeChat.stable_token,
    "material/add_material": StrictWeChat.add_material,
    "media/uploadimg": StrictWeChat.uploadimg,
    "draft/add": StrictWeChat.draft_add,
    "draft/get": StrictWeChat.draft_get,
    "draft/delete": StrictWeChat.draft_delete,
    "draft/batchget": StrictWeChat.draft_batchget,
    "freepublish/submit": StrictWeChat.submit,
    "freepublish/get": StrictWeChat.publish_get,
    "freepublish/batchget": StrictWeChat.publish_batchget,
    "freepublish/getarticle": StrictWeChat.getarticle,
    "freepublish/delete": StrictWeChat.publish_delete,
}
UPLOADS = {path: CALLS[path] for path in ("material/add_material", "media/uploadimg")}
FAULTS: dict[str, Callable[[StrictWeChat, httpx.Request], httpx.Response]] = {
    "lost after it was done": StrictWeChat.lost_after,
    "lost before": StrictWeChat.lost_before,
    "502": StrictWeChat.gateway,
    "502 after it was done": StrictWeChat.gateway_after,
    "cut off": StrictWeChat.truncated,
    "an empty answer": StrictWeChat.empty,
    "85999": StrictWeChat.unknown,
    "85999 after it was done": StrictWeChat.unknown_after,
    "-1": StrictWeChat.busy,
    "late": StrictWeChat.comes_late,
}


def _path(request: httpx.Request) -> str:
    return request.url.path.removeprefix("/cgi-bin/")


def _reply(body: Json) -> httpx.Response:
    """JSON that does not say that it is."""
    text = json.dumps(body, ensure_ascii=False).encode()
    return httpx.Response(200, content=text, headers={"Content-Type": "text/plain"})


def _body_of(request: httpx.Request) -> Json:
    """JSON, said to be JSON, in raw UTF-8."""
    kind = request.headers.get("Content-Type", "").split(";")[0]
    raw = request.content.decode()
    if kind != "application/json" or "\\u" in raw or "\x00" in raw:
        raise Refused(47001, "data format error")
    try:
        body = json.loads(raw)
    except ValueError:
        raise Refused(47001, "data format error") from None
    assert isinstance(body, dict)
    return body


def _media(request: httpx.Request) -> bytes:
    """The file of a form: in the part ``media``, with a name and a type."""
    kind, _, boundary = request.headers.get("Content-Type", "").partition("; boundary=")
    if kind != "multipart/form-data":
        raise Refused(41005, "media data missing")
    for part in request.content.split(b"--" + boundary.encode()):
        head, _, data = part.partition(b"\r\n\r\n")
        if b'name="media"' in head and b'filename="' in head and b"Content-Type: image/" in head:
            return _not_empty(data.removesuffix(b"\r\n"))
    raise Refused(41005, "media data missing")


def _not_empty(data: bytes) -> bytes:
    if not data:
        raise Refused(44001, "empty media data")
    return data


def _page(rows: list[Json], body: Json) -> Json:
    """The newest first; without content if that is asked for."""
    size, start = body.get("count"), body.get("offset")
    if not isinstance(size, int) or not 1 <= size <= PAGE or not isinstance(start, int):
        raise Refused(40007 if start is None else 40097, "invalid args")
    chosen = rows[::-1][start : start + size]
    if body.get("no_content") == 1:
        chosen = [_without_content(row) for row in chosen]
    return {"total_count": len(rows), "item_count": len(chosen), "item": chosen}


def _check_fields(article: Json) -> None:
    if unknown := set(article) - set(NEWS):
        raise Refused(47003, f"unknown {unknown}")
    if not article.get("title") or not article.get("content"):
        raise Refused(44003, "empty news data")
    for name, (limit, errcode) in LIMITS.items():
        if len(article.get(name, "")) > limit:
            raise Refused(errcode, f"{name} size out of limit")
    for name, (limit, errcode) in BYTES.items():
        if len(article.get(name, "").encode()) > limit:
            raise Refused(errcode, f"{name} size out of limit")


def _without_content(row: Json) -> Json:
    news = [{**item, "content": ""} for item in row["content"]["news_item"]]
    return {**row, "content": {"news_item": news}}


def _listed(key: str, item: Public) -> list[Json]:
    return [{**news, "url": _url(key), "is_deleted": item.deleted} for news in item.news]


def _url(article_id: str) -> str:
    return f"http://mp.weixin.qq.com/s?__biz=x&mid={article_id}&idx=1#rd"


def _source(news: list[Json]) -> str:
    return str(news[0].get("content_source_url", ""))


def _has(news: list[Json], marker: str) -> bool:
    return _source(news).endswith(marker)
