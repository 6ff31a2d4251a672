"""The rules of the emulated platform: tokens, material, drafts, publishing.

Functions take plain values and raise ``Refusal`` with WeChat's own number.
"""

import re
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from studyhub.core.clock import BEIJING
from studyhub.sandbox import pushes
from studyhub.sandbox.models import App, Article, Call, Clock, Draft, Job, Material, Token

TOKEN_LIFE = timedelta(seconds=7200)
OVERLAP = timedelta(seconds=300)
FORCED_PER_DAY, FORCED_APART = 20, timedelta(seconds=30)
LIMITS = (("title", 32, 45003), ("author", 16, 45110), ("digest", 128, 45004))
CONTENT_CHARS, CONTENT_BYTES, SOURCE_URL_BYTES = 20_000, 1024 * 1024, 1024
PICTURE_HOST = "mmbiz.qpic.cn"
ARTICLE_HOST = "mp.weixin.qq.com"


class Refusal(Exception):
    """An answer with an errcode."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg


def app_of(app_id: str, secret: str) -> App:
    """The account. The first secret ever used is the right one from then on."""
    if not app_id:
        raise Refusal(41002, "appid missing")
    if not secret:
        raise Refusal(41004, "appsecret missing")
    app, _ = App.objects.get_or_create(
        app_id=app_id, defaults={"secret": secret, "capabilities": list(App.CAPABILITIES)}
    )
    if app.secret != secret:
        raise Refusal(40125, "invalid appsecret")
    if not app.ip_allowed:
        raise Refusal(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist")
    return app


def stable_token(app: App, *, force: bool) -> Token:
    """The same token until 300 s before its end; then old and new live side by side.

    A forced refresh kills the former at once, but not within 30 s of another and 20 times a day.
    """
    now = Clock.now()
    current = app.tokens.filter(family="stable").order_by("-issued_at", "-pk").first()
    if force and not (app.forced_at and now - app.forced_at < FORCED_APART):
        return _force_token(app)
    if current and current.expires_at - now > OVERLAP:
        return current
    return _issue(app, "stable")


def _force_token(app: App) -> Token:
    now = Clock.now()
    today = app.tokens.filter(forced=True, issued_at__gt=now - timedelta(days=1))
    if today.count() >= FORCED_PER_DAY:
        raise Refusal(45009, "reach max api daily quota limit")
    app.tokens.filter(family="stable").update(expires_at=now)
    App.objects.filter(pk=app.pk).update(forced_at=now)
    return _issue(app, "stable", forced=True)


def plain_token(app: App) -> Token:
    """The older call: a new token each time, the former one lives five minutes more."""
    soon = Clock.now() + OVERLAP
    app.tokens.filter(family="plain", expires_at__gt=soon).update(expires_at=soon)
    return _issue(app, "plain")


def _issue(app: App, family: str, *, forced: bool = False) -> Token:
    now = Clock.now()
    return Token.objects.create(
        app=app,
        family=family,
        value=f"SANDBOX_{secrets.token_urlsafe(60)}",
        forced=forced,
        issued_at=now,
        expires_at=now + TOKEN_LIFE,
    )


def app_by_token(value: str) -> App:
    """The account that a token belongs to. Refuses an unknown or old token."""
    if not value:
        raise Refusal(41001, "access_token missing")
    token = Token.objects.select_related("app").filter(value=value).first()
    if token is None:
        raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
    if token.expires_at <= Clock.now():
        raise Refusal(42001, "access_token expired")
    return token.app


def require_capability(app: App, path: str) -> None:
    """Refuse what the account has no right to, told from the first part of the path."""
    capability = path.split("/")[0]
    if capability in App.CAPABILITIES and not app.can(capability):
        raise Refusal(48001, "api unauthorized")


def require_quota(app: App, path: str) -> None:
    """Refuse what is beyond today's number of calls; a day begins at midnight in Beijing."""
    limit = app.quotas.get(path)
    if limit is None:
        return
    midnight = Clock.now().astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    used = Call.objects.filter(app_id=app.app_id, path=path, called_at__gte=midnight)
    if used.count() >= limit:
        raise Refusal(45009, "reach max api daily quota limit")


def new_id(prefix: str) -> str:
    """An id that cannot be guessed."""
    return prefix + secrets.token_urlsafe(24)


def keep_picture(app: App, data: bytes, content_type: str, *, permanent: bool) -> Material:
    """Store an upload. Only ``permanent`` ones may be covers."""
    return Material.objects.create(
        app=app,
        media_id=new_id("sbx-"),
        permanent=permanent,
        content_type=content_type,
        data=data,
        created_at=Clock.now(),
    )


def clean_article(app: App, given: dict[str, Any]) -> dict[str, Any]:
    """Checked as the platform checks it, and silently robbed of what it does not keep."""
    for name, limit, errcode in LIMITS:
        if len(str(given.get(name, ""))) > limit:
            raise Refusal(errcode, f"{name} size out of limit")
    content = str(given.get("content", ""))
    if not content:
        raise Refusal(44003, "empty news data")
    if len(content) >= CONTENT_CHARS or len(content.encode()) >= CONTENT_BYTES:
        raise Refusal(45002, "content size out of limit")
    if len(str(given.get("content_source_url", "")).encode()) > SOURCE_URL_BYTES:
        raise Refusal(41039, "invalid content_source_url")
    if not given.get("title"):
        raise Refusal(45003, "title size out of limit")
    thumb = app.materials.filter(permanent=True, media_id=str(given.get("thumb_media_id", "")))
    if not thumb.exists():
        raise Refusal(40007, "invalid media_id")
    kept = ("article_type", "title", "author", "digest", "content_source_url", "thumb_media_id")
    return {**{name: given.get(name, "") for name in kept}, "content": strip_content(content)}


TAGS = {
    "section", "p", "span", "strong", "em", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li",
    "blockquote", "table", "thead", "tbody", "tr", "th", "td", "img", "br", "hr", "a", "b", "i",
}  # fmt: skip
ALLOWED_HOSTS = {("img", "src"): PICTURE_HOST, ("a", "href"): ARTICLE_HOST}


def strip_content(html: str) -> str:
    """Scripts, handlers, style sheets, foreign pictures and links vanish without a word."""

    def keep(tag: str, name: str, value: str) -> str | None:
        host = ALLOWED_HOSTS.get((tag, name))
        return value if host is None or urlsplit(value).hostname == host else None

    import nh3  # only when an article comes

    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"*": {"style"}, "img": {"src", "alt", "width"}, "a": {"href"}},
        attribute_filter=keep,
        link_rel=None,
    )
    clean = re.sub(r"<img(?![^>]*\ssrc=)[^>]*>", "", clean)
    return re.sub(r"<a(?![^>]*\shref=)[^>]*>(.*?)</a>", r"\1", clean, flags=re.DOTALL)


def add_draft(app: App, articles: list[dict[str, Any]]) -> Draft:
    """Put a post of one to eight articles into the box."""
    if not 1 <= len(articles) <= 8:
        raise Refusal(44003, "empty news data")
    clean = [clean_article(app, article) for article in articles]
    return Draft.objects.create(
        app=app, media_id=new_id("sbx-draft-"), articles=clean, updated_at=Clock.now()
    )


def draft_of(app: App, media_id: str) -> Draft:
    """The account's draft. Refuses one that is not there."""
    draft = app.drafts.filter(media_id=media_id).first()
    if draft is None:
        raise Refusal(40007, "invalid media_id")
    return draft


def submit(app: App, media_id: str) -> Job:
    """Queued only. The same draft submitted twice is published twice: nothing protects anybody."""
    draft = draft_of(app, media_id)
    now = Clock.now()
    return Job.objects.create(
        app=app,
        media_id=draft.media_id,
        articles=draft.articles,
        outcome=app.outcome,
        due_at=now + timedelta(seconds=app.publish_delay),
        submitted_at=now,
    )


def settle_due_jobs(app: App) -> None:
    """Time has passed: what is due in the queue comes out of it."""
    due = app.jobs.filter(status=Job.RUNNING, due_at__lte=Clock.now())
    if not due.exists():
        return
    with transaction.atomic():
        for job in due.select_for_update().order_by("publish_id"):
            _settle(job)


def _settle(job: Job) -> None:
    job.status = job.outcome
    job.save(update_fields=["status"])
    if job.status in (0, 5, 6):
        Article.objects.create(
            app=job.app,
            job=job,
            article_id=new_id("sbx-art-"),
            items=job.articles,
            is_deleted=job.status != 0,
            published_at=job.due_at,
        )
        job.app.drafts.filter(media_id=job.media_id).delete()
    pushes.announce(job)


def delete_article(app: App, article_id: str) -> None:
    """Take a published article down; refuses the second time."""
    article = app.articles.filter(article_id=article_id, is_deleted=False).first()
    if article is None:
        raise Refusal(53600, "invalid article id")
    take_away(article, status=5)


def take_away(article: Article, *, status: int) -> None:
    """It was out and is no more: its author deleted it (5), or the platform banned it (6)."""
    Article.objects.filter(pk=article.pk).update(is_deleted=True)
    Job.objects.filter(article=article).update(status=status)


def listed_articles(app: App) -> list[Article]:
    """What freepublish/batchget may show by now."""
    visible = Clock.now() - timedelta(seconds=app.list_lag)
    return list(app.articles.filter(published_at__lte=visible))
