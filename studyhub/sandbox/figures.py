"""Invented figures of emulated articles, and what is left of an account's calls."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from studyhub.core.clock import BEIJING, beijing_day
from studyhub.sandbox.models import App, Article, Call, Clock
from studyhub.sandbox.platform import Refusal

READY_AT = 8  # o'clock in Beijing: then the day before is reckoned
DAYS = 30
DEFAULT_LIMIT = 1000


def totals(app: App, body: dict[str, Any]) -> dict[str, Any]:
    """Articles of one day with each day since; refuses what is not over or not reckoned yet."""
    day = _day(body.get("begin_date"))
    now = Clock.now().astimezone(BEIJING)
    if day != _day(body.get("end_date")) or day >= now.date():
        raise Refusal(61501, "date range error")
    last = now.date() - timedelta(days=1)
    if now.hour < READY_AT and day == last:
        raise Refusal(61503, "data not ready")
    last = last if now.hour >= READY_AT else last - timedelta(days=1)
    shown = [a for a in app.articles.select_related("job") if beijing_day(a.published_at) == day]
    return {"list": [_article(article, day, last) for article in shown], "is_delay": False}


def _day(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise Refusal(61500, "date format error") from None


def _article(article: Article, day: date, last: date) -> dict[str, Any]:
    """The same numbers whenever they are asked for: they grow, ever slower."""
    span = min((last - day).days, DAYS - 1)
    rows = [
        {"stat_date": str(day + timedelta(days=n)), "read_user": reads, "share_user": reads // 9}
        for n in range(span + 1)
        for reads in [sum(60 // (k + 1) + article.job.pk % 7 for k in range(n + 1))]
    ]
    return {
        "ref_date": str(day),
        "msgid": f"{article.job.message_number}_1",
        "publish_type": 1,
        "title": article.title,
        "detail_list": rows,
    }


def quota(app: App, body: dict[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Of one path, by the journal."""
    told = str(body.get("cgi_path", ""))
    path = told.removeprefix("/cgi-bin/")
    if path == told:
        raise Refusal(76003, "invalid path prefix")
    if path not in (*known, "stable_token", "token"):
        raise Refusal(76021, "cgi_path not found")
    limit = int(app.quotas.get(path, DEFAULT_LIMIT))
    midnight = Clock.now().astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    used = Call.objects.filter(app_id=app.app_id, path=path, called_at__gte=midnight).count()
    told_quota = {"daily_limit": limit, "used": used, "remain": max(limit - used, 0)}
    return {"errcode": 0, "errmsg": "ok", "quota": told_quota}
