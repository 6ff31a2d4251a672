"""Pages of the emulated platforms of films: the question to the person, and a post on a phone."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studyhub.sandbox import control, films
from studyhub.sandbox.film_models import FilmApp, FilmGrant, FilmPost
from studyhub.sandbox.views import marked

PERSON = "open-demo"
SETTABLE: dict[str, tuple[type, ...]] = {
    "secret": (str,),
    "review_delay": (int, float),
    "list_lag": (int, float),
    "scopes": (list,),
}


@csrf_exempt  # the person's phone, not ours
@require_http_methods(["GET", "POST"])
def authorise(request: HttpRequest, kind: str) -> HttpResponse:
    """An invented person is asked whether the application may post for them."""
    given, back = request.GET, request.GET.get("redirect_uri", "")
    ours = urlsplit(settings.PUBLIC_URL)
    if not given.get("app_id") or urlsplit(back)[:2] != ours[:2]:
        raise Http404
    if request.method == "POST":
        app, _ = FilmApp.objects.get_or_create(kind=kind, app_id=given["app_id"][:128])
        open_id = request.POST.get("open_id", "")[:64] or PERSON
        code = films.give_code(app, open_id, given.get("scope", "").split(","))
        answer = urlencode({"code": code, "state": given.get("state", "")})
        return marked(HttpResponseRedirect(f"{back}?{answer}"))
    label = FilmApp.Kind(kind).label
    context = {"label": label, "kind": kind, "person": PERSON, "app_id": given["app_id"]}
    return marked(render(request, "sandbox/film_authorise.html", context))


@require_GET
def show(request: HttpRequest, post_id: str) -> HttpResponse:
    """A post as the application on a phone shows it; 410 once it is deleted."""
    post = get_object_or_404(FilmPost.objects.select_related("app"), post_id=post_id)
    films.settle(post.app)
    post.refresh_from_db(fields=["state"])
    context = {"post": None if post.deleted else post, "app": post.app}
    return marked(
        render(request, "sandbox/film.html", context, status=410 if post.deleted else 200)
    )


@require_GET
def film(request: HttpRequest, post_id: str) -> HttpResponse:
    """The file that was uploaded."""
    post = get_object_or_404(FilmPost, post_id=post_id, deleted=False)
    return marked(HttpResponse(bytes(post.film), content_type="video/mp4"))


@require_GET
def cover(request: HttpRequest, post_id: str) -> HttpResponse:
    """Its cover."""
    post = get_object_or_404(FilmPost, post_id=post_id, deleted=False)
    return marked(HttpResponse(bytes(post.cover), content_type="image/jpeg"))


@csrf_exempt
@require_POST
def set_account(request: HttpRequest) -> JsonResponse:
    """Change an application: ``{kind, app_id, secret?, review_delay?, list_lag?, scopes?}``."""
    body = control.told_or_none(request) or {}
    kind, app_id = body.pop("kind", ""), body.pop("app_id", "")
    wrong = [name for name, value in body.items() if not isinstance(value, SETTABLE.get(name, ()))]
    if kind not in FilmApp.Kind.values or not isinstance(app_id, str) or not app_id or wrong:
        return control.reply({"error": f"kind、app_id 必填；不认识或类型不对：{wrong}"}, 400)
    FilmApp.objects.update_or_create(kind=kind, app_id=app_id, defaults=body)
    return control.reply({"kind": kind, "app_id": app_id})


@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> JsonResponse:
    """Every person has taken back what they gave."""
    return control.reply({"revoked": FilmGrant.objects.update(revoked=True)})
