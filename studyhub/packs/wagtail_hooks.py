"""What an editor hears about the weight of a lesson."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from wagtail import hooks

from content import catalogue
from studyhub.core.errors import NotFound

HEAVY = 600_000  # bytes of text and pictures; above it a slow phone waits too long
TOO_HEAVY = 1_500_000


def tell_the_weight(request: HttpRequest, page: Any) -> None:
    try:
        lesson = catalogue.content(page.translation_key)
    except NotFound:
        return  # not a lesson, or not open
    weight = lesson.text_bytes + lesson.image_bytes
    if weight <= HEAVY:
        return
    size = f"{weight / 1_000_000:.1f} MB"
    if weight > TOO_HEAVY:
        words = f"这一课的文字和图片有 {size}，超过 1.5 MB，信号差的手机存不下来。请换小图再发布。"
    else:
        words = f"这一课的文字和图片有 {size}，超过 600 KB，信号差的地方打开会慢。能换小图最好。"
    messages.warning(request, words)


hooks.register("after_publish_page", tell_the_weight)
