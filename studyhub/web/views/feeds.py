"""Feeds: lessons whole (RSS, JSON Feed), sound and film (Media RSS). The same for everybody."""

import json
import logging
import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from content import catalogue
from content.catalogue import LessonContent, Recording
from content.elements import Element, Film, SelfCheck, Sound
from studyhub.core.characters import clean_all
from studyhub.organisation.models import Organisation
from studyhub.web.sharing import share
from studyhub.webhooks.models import Endpoint

logger = logging.getLogger(__name__)
DESCRIPTION = "几分钟一课，能读能听。"
LANGUAGE = "zh-Hans"
ITEMS = 20
NEVER = datetime.fromtimestamp(0, UTC)
CONTENT_NS = "http://purl.org/rss/1.0/modules/content/"
MEDIA_NS = "http://search.yahoo.com/mrss/"
_LOCAL = re.compile(r'(href|src)="(/[^"]*)"')


class CleanFeed(Rss201rev2Feed):
    """RSS 2.0. Text pasted from elsewhere may hold characters that no XML document can."""

    def add_item(self, *args: Any, **fields: Any) -> None:
        super().add_item(*args, **clean_all(fields))

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """With the hubs that tell of changes (WebSub)."""
        super().add_root_elements(handler)
        for hub in Endpoint.hubs():
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": hub})

    def latest_post_date(self) -> datetime:
        """Of a feed without items Django says "now": other bytes each second, for nothing new."""
        newest: datetime = super().latest_post_date() if self.items else NEVER
        return newest


class LessonFeed(CleanFeed):
    """With the whole text of each lesson."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:content": CONTENT_NS}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content_html"])


class MediaFeed(CleanFeed):
    """Media RSS: one item for each sound or film, with its transcript."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:media": MEDIA_NS}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.startElement("media:content", item["media"])
        handler.addQuickElement("media:title", item["title"])
        handler.addQuickElement("media:text", item["transcript"], {"type": "plain"})
        handler.endElement("media:content")


@require_safe
def lessons_rss(request: HttpRequest) -> HttpResponse:
    feed = LessonFeed(
        Organisation.current().shown_name,
        absolute("/"),
        DESCRIPTION,
        language=LANGUAGE,
        feed_url=absolute("/feeds/lessons.rss"),
    )
    for item in each(newest_lessons(), lambda lesson: [_rss_item(lesson)]):
        feed.add_item(**item)
    return _answer(request, feed.writeString("utf-8").encode(), "application/rss+xml")


def _rss_item(lesson: LessonContent) -> dict[str, Any]:
    return {
        "title": lesson.card.title,
        "link": absolute(lesson.card.url),
        "description": escape(lesson.card.summary),
        "unique_id": f"urn:uuid:{lesson.card.lesson_key}",
        "unique_id_is_permalink": False,
        "pubdate": published_at(lesson),
        "categories": [lesson.card.course_title],
        "content_html": whole_html(lesson),
    }


@require_safe
def lessons_json(request: HttpRequest) -> HttpResponse:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": Organisation.current().shown_name,
        "description": DESCRIPTION,
        "language": LANGUAGE,
        "home_page_url": absolute("/"),
        "feed_url": absolute("/feeds/lessons.json"),
        "items": list(each(newest_lessons(), lambda lesson: [_json_item(lesson)])),
    }
    if hubs := [{"type": "WebSub", "url": url} for url in Endpoint.hubs()]:
        feed["hubs"] = hubs
    body = json.dumps(feed, ensure_ascii=False).encode()
    return _answer(request, body, "application/feed+json")


def _json_item(lesson: LessonContent) -> dict[str, Any]:
    card = lesson.card
    item: dict[str, Any] = {
        "id": f"urn:uuid:{card.lesson_key}",
        "url": absolute(card.url),
        "title": card.title,
        "summary": card.summary,
        "content_html": whole_html(lesson),
        "date_published": published_at(lesson).isoformat(),
        "date_modified": card.updated_at.isoformat(),
        "tags": [card.course_title],
        "language": LANGUAGE,
    }
    attachments = [
        {
            "url": absolute(file.url),
            "mime_type": mime_type(file.url),
            "title": sound.title,
            "size_in_bytes": file.bytes,
            "duration_in_seconds": file.seconds,
        }
        for _, sound, file in sounds_of(lesson)
    ]
    return {**item, "attachments": attachments} if attachments else item


@require_safe
def videos_rss(request: HttpRequest) -> HttpResponse:
    feed = MediaFeed(
        f"{Organisation.current().shown_name}：音视频",
        absolute("/"),
        DESCRIPTION,
        language=LANGUAGE,
        feed_url=absolute("/feeds/videos.rss"),
    )
    for item in each(newest_lessons(), _media_items):
        feed.add_item(**item)
    return _answer(request, feed.writeString("utf-8").encode(), "application/rss+xml")


def _media_items(lesson: LessonContent) -> list[dict[str, Any]]:
    return [
        {
            "title": f"{lesson.card.title}：{sound.title}",
            "link": absolute(lesson.card.url),
            "description": escape(lesson.card.summary),
            "unique_id": absolute(file.url),
            "unique_id_is_permalink": True,
            "pubdate": published_at(lesson),
            "media": {
                "url": absolute(file.url),
                "fileSize": str(file.bytes),
                "type": mime_type(file.url),
                "medium": medium,
                "duration": str(file.seconds),
                "lang": LANGUAGE,
            },
            "transcript": sound.transcript,
        }
        for medium, sound, file in sounds_of(lesson)
    ]


def each(
    lessons: Iterable[LessonContent], items: Callable[[LessonContent], list[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    """What each lesson puts into a feed; one that cannot be shown never breaks the feed."""
    for lesson in lessons:
        try:
            yield from items(lesson)
        except Exception:
            logger.exception("The lesson %s is not in a feed", lesson.card.lesson_key)


def newest_lessons() -> list[LessonContent]:
    return catalogue.contents(catalogue.newest_lessons(ITEMS))


def published_at(lesson: LessonContent) -> datetime:
    return lesson.card.published_at


def sounds_of(lesson: LessonContent) -> Iterator[tuple[str, Sound | Film, Recording]]:
    """Each with its medium (audio, video) and its file; one whose file is gone is left out."""
    for element in lesson.document.elements:
        if isinstance(element, Sound | Film):
            file = lesson.media.recordings.get(element.media_id)
            if file:
                yield "audio" if isinstance(element, Sound) else "video", element, file


def whole_html(lesson: LessonContent) -> str:
    """The lesson as plain HTML that stands alone in a feed reader; every address is whole."""
    html = catalogue.elements_html(_shown(lesson), lesson.media)
    return _LOCAL.sub(lambda m: f'{m[1]}="{absolute(m[2])}"', html)


def _shown(lesson: LessonContent) -> list[Element]:
    """A feed reader cannot take answers: the self-check waits on the lesson's page."""
    return [e for e in lesson.document.elements if not isinstance(e, SelfCheck)]


def absolute(path: str) -> str:
    """Whole addresses come from the settings, never from what a request claims to have asked."""
    return urljoin(f"{settings.PUBLIC_URL}/", path)


def mime_type(url: str) -> str:
    return mimetypes.guess_type(url)[0] or "application/octet-stream"


def _answer(request: HttpRequest, body: bytes, kind: str) -> HttpResponse:
    return share(request, HttpResponse(body, content_type=f"{kind}; charset=utf-8"))
