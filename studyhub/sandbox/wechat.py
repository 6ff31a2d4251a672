"""The HTTP face of the emulated platform: /sandbox/wechat/cgi-bin/…"""

import io
import json
import re
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from PIL import Image, UnidentifiedImageError

from studyhub.sandbox import faults, figures, platform
from studyhub.sandbox.models import App, Article, Clock, Draft
from studyhub.sandbox.platform import Refusal
from studyhub.sandbox.tasks import settle

MARK = "X-Studyhub-Sandbox"
ESCAPED = re.compile(rb"\\u[0-9a-fA-F]{4}")
Answer = dict[str, Any]
Endpoint = Callable[[App, HttpRequest], Answer]


@csrf_exempt
def call(request: HttpRequest, path: str) -> HttpResponseBase:
    """One call, marked as the sandbox's, with whatever fault the script asks for."""
    app_id = _caller(request, path)
    fault = faults.take(path, app_id)
    if fault and faults.comes_before(fault):
        faults.note_call(app_id, path, faults.number_of(fault), fault.kind)
        refusal = {"errcode": fault.errcode, "errmsg": f"scripted fault rid: {_rid()}"}
        response = faults.fail_before(fault, _json(refusal))
    else:
        answer = _answer(request, path)
        faults.note_call(app_id, path, int(answer.get("errcode", 0)), fault.kind if fault else "")
        response = faults.fail_after(fault, _json(answer)) if fault else _json(answer)
    response[MARK] = "1"
    return response


@csrf_exempt
def call_datacube(request: HttpRequest, path: str) -> HttpResponseBase:
    """Figures stand beside the other calls, under a root of their own."""
    return call(request, f"datacube/{path}")


def _caller(request: HttpRequest, path: str) -> str:
    if path in ("stable_token", "token"):
        body = _body_or_empty(request) if path == "stable_token" else request.GET
        return str(body.get("appid", ""))[:64]
    try:
        return platform.app_by_token(request.GET.get("access_token", "")).app_id
    except Refusal:
        return ""


def _body_or_empty(request: HttpRequest) -> Answer:
    try:
        body = json.loads(request.body)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _answer(request: HttpRequest, path: str) -> Answer:
    try:
        with transaction.atomic():
            return _serve(request, path)
    except Refusal as refusal:
        return {"errcode": refusal.errcode, "errmsg": f"{refusal.errmsg} rid: {_rid()}"}


def _serve(request: HttpRequest, path: str) -> Answer:
    if path == "stable_token":
        return _stable_token(request)
    if path == "token":
        app = platform.app_of(request.GET.get("appid", ""), request.GET.get("secret", ""))
        return _token_answer(platform.plain_token(app))
    app = platform.app_by_token(request.GET.get("access_token", ""))
    endpoint = ENDPOINTS.get(path)
    if endpoint is None:
        raise Refusal(-1, f"the sandbox does not know {path}")
    if request.method != "POST":
        raise Refusal(43002, "require POST method")
    platform.require_capability(app, path)
    platform.require_quota(app, path)
    platform.settle_due_jobs(app)
    return endpoint(app, request)


def _rid() -> str:
    token = uuid.uuid4().hex
    return f"{token[:8]}-{token[8:16]}-{token[16:24]}"


def _json(answer: Answer) -> HttpResponse:
    text = json.dumps(answer, ensure_ascii=False)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


# --- calls ---


def _body(request: HttpRequest) -> Answer:
    if ESCAPED.search(request.body):
        raise Refusal(47001, "data format error: escaped characters would be shown as they are")
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Refusal(47001, "data format error") from None
    if not isinstance(body, dict):
        raise Refusal(47001, "data format error")
    return body


def _stable_token(request: HttpRequest) -> Answer:
    if request.method != "POST":
        raise Refusal(43002, "require POST method")
    body = _body(request)
    if body.get("grant_type") != "client_credential":
        raise Refusal(40002, "invalid grant_type")
    app = platform.app_of(str(body.get("appid", "")), str(body.get("secret", "")))
    return _token_answer(platform.stable_token(app, force=body.get("force_refresh") is True))


def _token_answer(token: Any) -> Answer:
    left = token.expires_at - Clock.now()
    return {"access_token": token.value, "expires_in": int(left.total_seconds())}


def _picture(request: HttpRequest, *, limit: int) -> tuple[bytes, str]:
    """The part ``media``, a real picture with a file name, no larger than allowed."""
    if not (request.content_type or "").startswith("multipart/form-data"):
        raise Refusal(41005, "media data missing")
    file = request.FILES.get("media")
    if file is None or not file.name:
        raise Refusal(41005, "media data missing")
    data = file.read()
    if not data:
        raise Refusal(44001, "empty media data")
    if len(data) >= limit:
        raise Refusal(40009, "invalid image size")
    try:
        with Image.open(io.BytesIO(data)) as image:
            form = image.format
    except (UnidentifiedImageError, OSError):
        form = None
    if form not in ("JPEG", "PNG"):
        raise Refusal(40005, "invalid file type")
    return data, f"image/{form.lower()}"


def _uploadimg(app: App, request: HttpRequest) -> Answer:
    data, content_type = _picture(request, limit=1024 * 1024)
    material = platform.keep_picture(app, data, content_type, permanent=False)
    return {"url": material.url, "errcode": 0, "errmsg": "ok"}


def _add_material(app: App, request: HttpRequest) -> Answer:
    if request.GET.get("type") != "image":
        raise Refusal(40004, "invalid media type")
    data, content_type = _picture(request, limit=10 * 1024 * 1024)
    material = platform.keep_picture(app, data, content_type, permanent=True)
    return {"media_id": material.media_id, "url": material.url, "item": []}


def _draft_add(app: App, request: HttpRequest) -> Answer:
    articles = _body(request).get("articles")
    if not isinstance(articles, list) or not all(isinstance(a, dict) for a in articles):
        raise Refusal(44003, "empty news data")
    return {"media_id": platform.add_draft(app, articles).media_id, "item": []}


def _draft_get(app: App, request: HttpRequest) -> Answer:
    draft = platform.draft_of(app, str(_body(request).get("media_id", "")))
    url = _absolute(reverse("sandbox:draft", args=[draft.media_id]))
    return {"news_item": [{**article, "url": url} for article in draft.articles]}


def _draft_update(app: App, request: HttpRequest) -> Answer:
    body = _body(request)
    draft = platform.draft_of(app, str(body.get("media_id", "")))
    index = body.get("index", 0)
    if not isinstance(index, int) or not 0 <= index < len(draft.articles):
        raise Refusal(40114, "invalid index value")
    articles = list(draft.articles)
    articles[index] = platform.clean_article(app, body.get("articles") or {})
    Draft.objects.filter(pk=draft.pk).update(articles=articles, updated_at=Clock.now())
    return _OK


def _draft_delete(app: App, request: HttpRequest) -> Answer:
    platform.draft_of(app, str(_body(request).get("media_id", ""))).delete()
    return _OK


def _draft_count(app: App, request: HttpRequest) -> Answer:
    return {"total_count": app.drafts.count()}


def _page(body: Answer, rows: list[Any]) -> tuple[list[Any], bool]:
    offset, count = body.get("offset", 0), body.get("count", 20)
    if not isinstance(offset, int) or not isinstance(count, int) or not 1 <= count <= 20:
        raise Refusal(40097, "invalid args")
    return rows[offset : offset + count], body.get("no_content") == 1


def _draft_batchget(app: App, request: HttpRequest) -> Answer:
    rows = list(app.drafts.all())
    page, bare = _page(_body(request), rows)
    items = [
        {
            "media_id": d.media_id,
            "content": {"news_item": _news(d.articles, bare=bare)},
            "update_time": int(d.updated_at.timestamp()),
        }
        for d in page
    ]
    return {"total_count": len(rows), "item_count": len(items), "item": items}


def _news(
    articles: list[Answer], *, bare: bool, url: str = "", deleted: bool = False
) -> list[Answer]:
    own = {"url": url, "is_deleted": deleted}
    return [{**a, "content": "" if bare else a["content"], **own} for a in articles]


def _submit(app: App, request: HttpRequest) -> Answer:
    job = platform.submit(app, str(_body(request).get("media_id", "")))
    if app.callback:
        later = partial(settle.apply_async, (app.app_id,), countdown=app.publish_delay)
        transaction.on_commit(later)
    # Documented as strings, sent as numbers.
    return {**_OK, "publish_id": job.number, "msg_data_id": job.message_number}


def _publish_get(app: App, request: HttpRequest) -> Answer:
    number = str(_body(request).get("publish_id", ""))
    job = app.jobs.filter(pk=int(number) - 2_247_483_000).first() if number.isdecimal() else None
    if job is None:
        raise Refusal(40097, "invalid publish_id")
    answer: Answer = {"publish_id": int(number), "publish_status": job.status}
    if job.status == 0:
        article = job.article
        item = {"idx": 1, "article_url": article.url}
        answer |= {
            "article_id": article.article_id,
            "article_detail": {"count": 1, "item": [item]},
        }
    elif job.status in (2, 4):
        answer["fail_idx"] = [1]
    return answer


def _publish_delete(app: App, request: HttpRequest) -> Answer:
    platform.delete_article(app, str(_body(request).get("article_id", "")))
    return _OK


def _publish_batchget(app: App, request: HttpRequest) -> Answer:
    rows = platform.listed_articles(app)
    page, bare = _page(_body(request), rows)
    items = [
        {
            "article_id": a.article_id,
            "content": {"news_item": _news_of(a, bare=bare)},
            "update_time": int(a.published_at.timestamp()),
        }
        for a in page
    ]
    return {"total_count": len(rows), "item_count": len(items), "item": items}


def _publish_getarticle(app: App, request: HttpRequest) -> Answer:
    article = app.articles.filter(article_id=str(_body(request).get("article_id", ""))).first()
    if article is None:
        raise Refusal(53600, "invalid article id")
    return {"news_item": _news_of(article, bare=False)}


def _news_of(article: Article, *, bare: bool) -> list[Answer]:
    url = article.url
    return _news(article.items, bare=bare, url=url, deleted=article.is_deleted)


def _absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


_OK: Answer = {"errcode": 0, "errmsg": "ok"}
ENDPOINTS: dict[str, Endpoint] = {
    "media/uploadimg": _uploadimg,
    "material/add_material": _add_material,
    "draft/add": _draft_add,
    "draft/get": _draft_get,
    "draft/update": _draft_update,
    "draft/delete": _draft_delete,
    "draft/count": _draft_count,
    "draft/batchget": _draft_batchget,
    "freepublish/submit": _submit,
    "freepublish/get": _publish_get,
    "freepublish/delete": _publish_delete,
    "freepublish/getarticle": _publish_getarticle,
    "datacube/getarticletotaldetail": lambda app, request: figures.totals(app, _body(request)),
    "openapi/quota/get": lambda app, request: figures.quota(app, _body(request), list(ENDPOINTS)),
    "freepublish/batchget": _publish_batchget,
}
