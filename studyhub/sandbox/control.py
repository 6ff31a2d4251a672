"""Steering the sandbox from outside: JSON in, JSON out. POST changes, GET shows."""

import json
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from studyhub.sandbox import callbacks, platform, pushes
from studyhub.sandbox.film_models import FilmApp, FilmPost
from studyhub.sandbox.models import App, Call, Clock, Draft, Fault, Job, Material, Robot, Token

SETTABLE: dict[str, tuple[type, ...]] = {
    "secret": (str,),
    "capabilities": (list,),
    "ip_allowed": (bool,),
    "publish_delay": (int, float),
    "list_lag": (int, float),
    "outcome": (int,),
    "quotas": (dict,),
    "callback": (dict,),
}
HIDDEN = ("secret", "callback")


def _told(request: HttpRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ValidationError("请求体要是 JSON 对象")
    return body


def told_or_none(request: HttpRequest) -> dict[str, Any] | None:
    """The object that was sent; None for anything else."""
    try:
        return _told(request)
    except ValidationError:
        return None


def reply(data: dict[str, Any], status: int = 200) -> JsonResponse:
    """An answer of the sandbox."""
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response["X-Studyhub-Sandbox"] = "1"
    return response


def _refuse(error: ValidationError) -> JsonResponse:
    return reply({"error": "；".join(error.messages)}, 400)


@csrf_exempt
@require_POST
def set_account(request: HttpRequest) -> JsonResponse:
    """Change an emulated account, or make it.

    ``{app_id, secret?, capabilities?, ip_allowed?, publish_delay?, list_lag?, outcome?, quotas?,
    callback?: {url, token, aes_key?, mode?: plain|compat|safe, form?: xml|json}}``
    """
    try:
        body = _told(request)
        app_id = str(body.pop("app_id", ""))
        wrong = [n for n, v in body.items() if not isinstance(v, SETTABLE.get(n, ()))]
        if not app_id or wrong:
            raise ValidationError(f"app_id 必填；不认识或类型不对：{wrong}")
        if faults := callbacks.faults_of(body.get("callback", {})):
            raise ValidationError(faults)
    except ValidationError as error:
        return _refuse(error)
    defaults = {"secret": "sandbox", "capabilities": list(App.CAPABILITIES)}
    app, _ = App.objects.get_or_create(app_id=app_id, defaults=defaults)
    for name, value in body.items():
        setattr(app, name, value)
    app.save()
    return reply(
        {"app_id": app.app_id, **{n: getattr(app, n) for n in SETTABLE if n not in HIDDEN}}
    )


@csrf_exempt
@require_POST
def set_robot(request: HttpRequest) -> JsonResponse:
    """Change a robot of a group, or make it: ``{kind, key, secret?, removed?}``."""
    try:
        body = _told(request)
        robot = Robot(kind=body.get("kind", ""), key=body.get("key", ""))
        robot.full_clean(validate_constraints=False)
    except ValidationError as error:
        return _refuse(error)
    values = {"secret": str(body.get("secret", "")), "removed": body.get("removed") is True}
    Robot.objects.update_or_create(kind=robot.kind, key=robot.key, defaults=values)
    return reply({"kind": robot.kind, "key": robot.key, "removed": values["removed"]})


@csrf_exempt
@require_POST
def add_fault(request: HttpRequest) -> JsonResponse:
    """Let the next calls to a path go wrong.

    ``{path, kind, times?, errcode?, seconds?, app_id?}``; path like ``freepublish/submit``.
    """
    try:
        body = _told(request)
        fault = Fault(
            path=str(body.get("path", "")).removeprefix("/").removeprefix("cgi-bin/"),
            kind=body.get("kind", ""),
            times_left=body.get("times", 1),
            errcode=body.get("errcode", -1),
            seconds=body.get("seconds", 0),
            app_id=body.get("app_id", ""),
        )
        fault.full_clean()
    except ValidationError as error:
        return _refuse(error)
    fault.save()
    return reply({"fault": fault.pk}, 201)


@csrf_exempt
@require_POST
def write_message(request: HttpRequest) -> JsonResponse:
    """A follower writes ``{app_id, text}`` or presses ``{app_id, click}``; what is answered."""
    try:
        body = _told(request)
        app = App.objects.filter(app_id=str(body.get("app_id", ""))).exclude(callback={}).first()
        if app is None:
            raise ValidationError("没有这个账号，或者它还没有设置 callback")
    except ValidationError as error:
        return _refuse(error)
    return reply({"answer": pushes.follower_writes(app, _message(body))})


def _message(body: dict[str, Any]) -> dict[str, Any]:
    if "click" in body:
        return {"MsgType": "event", "Event": "CLICK", "EventKey": str(body["click"])}
    number = secrets.randbits(62)
    return {"MsgType": "text", "Content": str(body.get("text", "")), "MsgId": number}


@csrf_exempt
@require_POST
def advance_clock(request: HttpRequest) -> JsonResponse:
    """Move the sandbox's time on by ``{seconds}``."""
    try:
        seconds = float(_told(request).get("seconds", 0))
    except (ValidationError, TypeError, ValueError):
        return reply({"error": "seconds 要是数字"}, 400)
    return reply({"now": Clock.advance(seconds).isoformat()})


@csrf_exempt
@require_POST
def expire_tokens(request: HttpRequest) -> JsonResponse:
    """Every token given out so far is worthless from now on."""
    return reply({"expired": Token.objects.update(expires_at=Clock.now())})


@csrf_exempt
@require_POST
def reset(request: HttpRequest) -> JsonResponse:
    """Forget everything."""
    with transaction.atomic():
        for model in (App, FilmApp, Robot, Fault, Call, Clock):
            model.objects.all().delete()
    return reply({"reset": True})


@require_GET
def show_state(request: HttpRequest) -> JsonResponse:
    """All there is, the journal's newest two hundred calls included; no secrets, no tokens."""
    apps = list(App.objects.order_by("app_id"))
    for app in apps:
        platform.settle_due_jobs(app)
    return reply(
        {
            "now": Clock.now().isoformat(),
            "accounts": [_account(app) for app in apps],
            "robots": [_robot(robot) for robot in Robot.objects.order_by("kind", "key")],
            "films": list(
                FilmPost.objects.values("post_id", "caption", "state", "deleted", "app__kind")
            ),
            "faults": list(Fault.objects.filter(times_left__gt=0).values()),
            "calls": list(Call.objects.values("app_id", "path", "errcode", "fault")[:200]),
        }
    )


def _account(app: App) -> dict[str, Any]:
    return {
        "app_id": app.app_id,
        "capabilities": app.capabilities,
        "tokens": app.tokens.count(),
        "materials": Material.objects.filter(app=app).count(),
        "drafts": [_draft(draft) for draft in app.drafts.all()],
        "jobs": [_job(job) for job in app.jobs.all()],
        "articles": [
            {
                "article_id": a.article_id,
                "title": a.title,
                "content_source_url": a.first.get("content_source_url", ""),
                "is_deleted": a.is_deleted,
            }
            for a in app.articles.all()
        ],
        "callback": {n: v for n, v in app.callback.items() if n in ("url", "mode", "form")},
        "pushes": list(app.pushes.values("event", "tries", "status")[:50]),
    }


def _robot(robot: Robot) -> dict[str, Any]:
    words = [{"title": said.title, "url": said.url} for said in robot.words.all()]
    return {"kind": robot.kind, "key": robot.key, "removed": robot.removed, "words": words}


def _draft(draft: Draft) -> dict[str, Any]:
    url = draft.articles[0].get("content_source_url", "")
    return {"media_id": draft.media_id, "title": draft.title, "content_source_url": url}


def _job(job: Job) -> dict[str, Any]:
    return {"publish_id": job.publish_id, "title": job.title, "status": job.status}
