"""Somebody who tells on a recording, and a lesson that plays it."""

from datetime import date
from typing import Any

from content.models import LessonPage, OralHistory
from tests import factories as make
from tests.web.factories import a_sound, block


def a_story(**fields: Any) -> OralHistory:
    agreed = {"on_site": True, "channels": ["wechat"], "consented_on": date(2026, 1, 5)}
    names = {"teller": "巴特尔", "shown_as": "巴老人"}
    return OralHistory.objects.create(media=a_sound(), **names | agreed | fields)


def told_in(story: OralHistory, media: Any = None, **fields: Any) -> LessonPage:
    """``media`` is another file than the one that the consent names."""
    sound = {
        "media": (media or story.media).pk,
        "title": "当年",
        "voice": "human",
        "transcript": "那一年。",
    }
    body = [make.section("第一节", text="<p>那一年。</p>"), block("audio", sound)]
    return make.a_lesson(body=body, **fields)
