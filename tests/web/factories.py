"""A lesson with every kind of block, and the files behind its picture and its sound."""

from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from PIL import Image as Drawing
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.media import PHONE_SPEC
from content.models import LessonPage
from tests import factories as make


def a_picture() -> Any:
    buffer = BytesIO()
    Drawing.new("RGB", (64, 36), "#9f2a1f").save(buffer, "PNG")
    file = ContentFile(buffer.getvalue(), name="pass.png")
    image = get_image_model().objects.create(title="山口", file=file)
    image.get_rendition(PHONE_SPEC)
    return image


def a_sound(data: bytes = b"") -> Any:
    """Another each time, unless its bytes are given."""
    file = ContentFile(data or uuid4().bytes + b"\0" * 2984, name="story.m4a")
    return get_media_model().objects.create(title="讲述", file=file, duration=95, type="audio")


def listed(*values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "item", "id": str(uuid4()), "value": value} for value in values]


def block(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid4()), "value": value}


def stop(name: str, lon: float, lat: float) -> dict[str, Any]:
    return {"name": name, "lon": lon, "lat": lat, "when": "1935年", "text": "走过这里"}


def every_block() -> list[dict[str, Any]]:
    picture = {"image": a_picture().pk, "alt": "雪山下的队伍", "caption": "翻山"}
    sound = {"media": a_sound().pk, "title": "听老兵讲", "voice": "machine"}
    return [
        make.section("第一节"),
        block("picture", {**picture, "source": "自绘", "licence": "CC BY 4.0"}),
        block("audio", {**sound, "transcript": "那一年雪很大。"}),
        make.section("第二节", required=False),
        block("timeline", {"title": "两年", "items": listed(*_dates())}),
        block("artefact", {"name": "马灯", "description": "夜里照路。", "question": "几个提手？"}),
        block("quotation", {"text": "红军不怕远征难", "speaker": "毛泽东", "source": "《七律》"}),
        block(
            "route",
            {
                "title": "走过的地方",
                "note": "示意",
                "line": True,
                "stops": listed(stop("于都", 115.4, 25.9), stop("会宁", 105.1, 35.7)),
            },
        ),
        make.self_check(),
        block("sources", {"items": listed({"title": "史实卡", "publisher": "演示"})}),
    ]


def _dates() -> list[dict[str, str]]:
    return [{"date": "1934年", "text": "出发"}, {"date": "1936年", "text": "会师"}]


def a_full_lesson(**fields: Any) -> LessonPage:
    return make.a_lesson(body=every_block(), **fields)
