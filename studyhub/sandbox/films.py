"""The rules that platforms of films share: who let whom post, what an upload is, when it is out."""

import secrets
from datetime import timedelta

from django.db.models import Q

from studyhub.sandbox.film_models import FilmApp, FilmGrant, FilmPost, FilmUpload
from studyhub.sandbox.models import Clock
from studyhub.sandbox.platform import Refusal

CODE_LIFE, UPLOAD_LIFE = timedelta(minutes=10), timedelta(hours=2)


def app_of(kind: str, app_id: str, secret: str, wrong: int) -> FilmApp:
    """The application. The first secret ever used is the right one from then on."""
    app = FilmApp.objects.filter(kind=kind, app_id=app_id).first() if app_id else None
    if app is None or not secret:
        raise Refusal(wrong, "invalid app")
    if not app.secret:
        FilmApp.objects.filter(pk=app.pk).update(secret=secret)
    elif app.secret != secret:
        raise Refusal(wrong, "invalid app secret")
    return app


def give_code(app: FilmApp, open_id: str, scopes: list[str]) -> str:
    """The invented person has agreed: a code for ten minutes, once."""
    code = secrets.token_hex(16)
    given = [s for s in scopes if not app.scopes or s in app.scopes]
    FilmGrant.objects.create(
        app=app, open_id=open_id, scopes=given, code=code, code_until=Clock.now() + CODE_LIFE
    )
    return code


def grant_by_code(app: FilmApp, code: str, wrong: int) -> FilmGrant:
    """What the code stands for; it is used up by this."""
    fresh = app.grants.filter(code=code, code_until__gt=Clock.now(), revoked=False)
    grant = fresh.first() if code else None
    if grant is None or not app.grants.filter(pk=grant.pk, code=code).update(code=""):
        raise Refusal(wrong, "invalid code")
    grant.code = ""
    return grant


def renew(grant: FilmGrant, access: timedelta, refresh: timedelta) -> FilmGrant:
    """New tokens; those before are worthless at once."""
    now = Clock.now()
    grant.access, grant.access_until = f"SANDBOX{secrets.token_hex(16)}", now + access
    grant.refresh, grant.refresh_until = f"SANDBOX{secrets.token_hex(16)}", now + refresh
    grant.save()
    return grant


def settle(app: FilmApp) -> None:
    """Time has passed: what was under review is out."""
    due = app.posts.filter(state=FilmPost.State.PENDING, due_at__lte=Clock.now())
    due.update(state=FilmPost.State.OPEN)


def begin_upload(grant: FilmGrant) -> FilmUpload:
    """A place for the parts of a file."""
    token = secrets.token_hex(20)
    return FilmUpload.objects.create(grant=grant, token=token, until=Clock.now() + UPLOAD_LIFE)


def usable_upload(token: str, wrong: int) -> FilmUpload:
    """One that is not too old and was not used."""
    found = FilmUpload.objects.filter(token=token, used=False, until__gt=Clock.now())
    upload = found.select_related("grant__app").first()
    if upload is None:
        raise Refusal(wrong, "upload token invalid")
    return upload


def make_post(upload: FilmUpload, post_id: str, caption: str, cover: bytes) -> FilmPost:
    """Of an upload that is whole; it is used up by this."""
    grant, now = upload.grant, Clock.now()
    FilmUpload.objects.filter(pk=upload.pk).update(used=True)
    return FilmPost.objects.create(
        app=grant.app,
        open_id=grant.open_id,
        post_id=post_id,
        caption=caption,
        cover=cover,
        film=upload.data,
        made_at=now,
        due_at=now + timedelta(seconds=grant.app.review_delay),
    )


def listed(grant: FilmGrant) -> list[FilmPost]:
    """What the list may show by now, the newest first."""
    settle(grant.app)
    seen = Clock.now() - timedelta(seconds=grant.app.list_lag)
    mine = Q(open_id=grant.open_id, deleted=False, made_at__lte=seen)
    return list(grant.app.posts.filter(mine))
