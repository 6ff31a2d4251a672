"""The HTTP face of emulated Kuaishou: HTTP 200 always, ``result`` 1 or a number."""

import io
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from PIL import Image, UnidentifiedImageError

from studyhub.sandbox import faults, films
from studyhub.sandbox.film_models import FilmApp, FilmGrant, FilmPart, FilmPost, FilmUpload
from studyhub.sandbox.models import Clock
from studyhub.sandbox.platform import Refusal

MARK = "X-Studyhub-Sandbox"
KIND = FilmApp.Kind.KUAISHOU
ACCESS, REFRESH = timedelta(hours=48), timedelta(days=180)
BAD, BAD_APP, BAD_TOKEN, OLD_TOKEN = 100200100, 100200101, 100200102, 100200108
BAD_GRANT, BAD_CODE, NO_SCOPE, REVOKED, REFRESH_OVER = (
    100200104,
    100200105,
    100200106,
    100200109,
    100200113,
)
MISSING_COVER, NO_VIDEO, NOT_WHOLE, BROKEN = 100100400, 100120001, 100120002, 100120003
PART_BYTES, COVER_BYTES, CAPTION = 10 * 1024 * 1024, 10 * 1000**2, 1000
Answer = dict[str, Any]


@csrf_exempt
def call(request: HttpRequest, path: str) -> HttpResponseBase:
    """One call, marked as the sandbox's, with whatever fault the script asks for."""
    name, account = f"kuaishou/{path}", request.GET.get("app_id", "")[:64]
    fault = faults.take(name, account)
    if fault and faults.comes_before(fault):
        faults.note_call(account, name, faults.number_of(fault), fault.kind)
        response = faults.fail_before(fault, _json(_refused(fault.errcode, "scripted fault")))
    else:
        answer = _answer(request, path)
        number = 0 if answer["result"] == 1 else answer["result"]
        faults.note_call(account, name, number, fault.kind if fault else "")
        response = faults.fail_after(fault, _json(answer)) if fault else _json(answer)
    response[MARK] = "1"
    return response


def _answer(request: HttpRequest, path: str) -> Answer:
    method, endpoint = ENDPOINTS.get(path, ("", None))
    try:
        if endpoint is None or request.method != method:
            raise Refusal(BAD, f"the sandbox does not know {request.method} {path}")
        with transaction.atomic():
            return {"result": 1, **endpoint(request)}
    except Refusal as refusal:
        return _refused(refusal.errcode, refusal.errmsg)


def _refused(number: int, said: str) -> Answer:
    return {"result": number, "error": said, "error_msg": said}


def _json(answer: Answer) -> HttpResponse:
    return HttpResponse(json.dumps(answer, ensure_ascii=False), content_type="application/json")


# --- who let whom post ---


def _app(request: HttpRequest) -> FilmApp:
    given = request.GET
    return films.app_of(KIND, given.get("app_id", ""), given.get("app_secret", ""), BAD_APP)


def _access_token(request: HttpRequest) -> Answer:
    app = _app(request)
    if request.GET.get("grant_type") != "authorization_code":
        raise Refusal(BAD_GRANT, "invalid grant_type")
    return _tokens(films.grant_by_code(app, request.GET.get("code", ""), BAD_CODE))


def _refresh_token(request: HttpRequest) -> Answer:
    app, value = _app(request), request.GET.get("refresh_token", "")
    grant = app.grants.select_for_update().filter(refresh=value).first() if value else None
    if grant is None:
        raise Refusal(REFRESH_OVER, "refreshToken.discarded")
    if grant.revoked:
        raise Refusal(REVOKED, "user revoked")
    if grant.refresh_until is None or grant.refresh_until <= Clock.now():
        raise Refusal(REFRESH_OVER, "refresh token expired")
    return _tokens(grant)


def _tokens(grant: FilmGrant) -> Answer:
    films.renew(grant, ACCESS, REFRESH)
    return {
        "access_token": grant.access,
        "expires_in": int(ACCESS.total_seconds()),
        "refresh_token": grant.refresh,
        "refresh_token_expires_in": int(REFRESH.total_seconds()),
        "open_id": grant.open_id,
        "scopes": grant.scopes,
    }


def _grant(request: HttpRequest, scope: str) -> FilmGrant:
    value = request.GET.get("access_token", "")
    mine = FilmGrant.objects.filter(app__kind=KIND, app__app_id=request.GET.get("app_id", ""))
    grant = mine.filter(access=value).select_related("app").first() if value else None
    if grant is None:
        raise Refusal(BAD_TOKEN, "access token rejected")
    if grant.revoked:
        raise Refusal(REVOKED, "user revoked")
    if grant.access_until is None or grant.access_until <= Clock.now():
        raise Refusal(OLD_TOKEN, "access token expired")
    if scope not in grant.scopes:
        raise Refusal(NO_SCOPE, "ACCESS_DENIED")
    return grant


# --- the upload ---


def _start_upload(request: HttpRequest) -> Answer:
    upload = films.begin_upload(_grant(request, "user_video_publish"))
    host = settings.PUBLIC_URL.partition("://")[2]
    return {"upload_token": upload.token, "endpoint": f"{host}/sandbox/kuaishou"}


def _upload(request: HttpRequest) -> FilmUpload:
    return films.usable_upload(request.GET.get("upload_token", ""), NOT_WHOLE)


def _number(request: HttpRequest, name: str) -> int:
    try:
        return int(request.GET.get(name, ""))
    except ValueError:
        raise Refusal(BAD, f"invalid {name}") from None


def _fragment(request: HttpRequest) -> Answer:
    upload, number = _upload(request), _number(request, "fragment_id")
    data = request.read(PART_BYTES + 1)  # a part may be larger than what is kept in memory
    if request.content_type != "video/mp4" or not 0 < len(data) <= PART_BYTES:
        raise Refusal(BAD, "invalid fragment")
    if upload.complete or not 0 <= number <= upload.parts.count():
        raise Refusal(BAD, "fragment_id not contiguous")
    FilmPart.objects.update_or_create(upload=upload, number=number, defaults={"data": data})
    return {"checksum": "", "size": len(data)}


def _resume(request: HttpRequest) -> Answer:
    upload = _upload(request)
    numbers = list(upload.parts.order_by("number").values_list("number", flat=True))
    return {"existed": bool(numbers), "fragment_index": len(numbers) - 1, "fragment_list": numbers}


def _complete(request: HttpRequest) -> Answer:
    upload = _upload(request)
    if _number(request, "fragment_count") != upload.parts.count():
        raise Refusal(NOT_WHOLE, "upload incomplete")
    FilmUpload.objects.filter(pk=upload.pk).update(complete=True)
    return {}


# --- the post ---


def _publish(request: HttpRequest) -> Answer:
    grant, upload = _grant(request, "user_video_publish"), _upload(request)
    caption, cover = request.POST.get("caption", ""), _cover(request)
    if not caption or len(caption) > CAPTION:
        raise Refusal(BAD, "invalid caption")
    if upload.grant.app_id != grant.app_id or not upload.complete:
        raise Refusal(NOT_WHOLE, "upload incomplete")
    if upload.data[4:8] != b"ftyp":
        raise Refusal(BROKEN, "publish failed")
    post = films.make_post(upload, f"3x{secrets.token_hex(7)}", caption, cover)
    return {"video_info": _info(post)}


def _cover(request: HttpRequest) -> bytes:
    file = request.FILES.get("cover")
    data = file.read() if file else b""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError):
        raise Refusal(MISSING_COVER, "cover missing") from None
    if len(data) >= COVER_BYTES:
        raise Refusal(MISSING_COVER, "cover too large")
    return data


def _info(post: FilmPost) -> Answer:
    return {
        "photo_id": post.post_id,
        "caption": post.caption,
        "cover": f"{settings.PUBLIC_URL}/sandbox/film/{post.post_id}/cover.jpg",
        "play_url": f"{settings.PUBLIC_URL}/sandbox/film/{post.post_id}/film.mp4",
        "create_time": int(post.made_at.timestamp() * 1000),
        "like_count": 0,
        "comment_count": 0,
        "view_count": 0,
        "pending": post.state == FilmPost.State.PENDING,
    }


def _show(request: HttpRequest) -> Answer:
    grant, photo_id = _grant(request, "user_video_info"), request.GET.get("photo_id", "")
    post = next((p for p in films.listed(grant) if p.post_id == photo_id), None)
    if post is None:
        raise Refusal(NO_VIDEO, "video_not_exist")
    return {"video_info": _info(post)}


def _list(request: HttpRequest) -> Answer:
    posts = films.listed(_grant(request, "user_video_info"))
    cursor = request.GET.get("cursor", "")
    if cursor:
        after = [n for n, post in enumerate(posts) if post.post_id == cursor]
        posts = posts[after[0] + 1 :] if after else []
    count = _number(request, "count") if "count" in request.GET else 20
    if not 1 <= count <= 200:
        raise Refusal(BAD, "invalid count")
    return {"video_list": [_info(post) for post in posts[:count]]}


def _delete(request: HttpRequest) -> Answer:
    grant, photo_id = _grant(request, "user_video_delete"), request.GET.get("photo_id", "")
    mine = grant.app.posts.filter(open_id=grant.open_id, post_id=photo_id, deleted=False)
    if not mine.update(deleted=True):
        raise Refusal(NO_VIDEO, "video_not_exist")
    return {}


ENDPOINTS: dict[str, tuple[str, Callable[[HttpRequest], Answer]]] = {
    "oauth2/access_token": ("GET", _access_token),
    "oauth2/refresh_token": ("GET", _refresh_token),
    "openapi/photo/start_upload": ("POST", _start_upload),
    "api/upload/fragment": ("POST", _fragment),
    "api/upload/resume": ("GET", _resume),
    "api/upload/complete": ("POST", _complete),
    "openapi/photo/publish": ("POST", _publish),
    "openapi/photo/info": ("GET", _show),
    "openapi/photo/list": ("GET", _list),
    "openapi/photo/delete": ("POST", _delete),
}
