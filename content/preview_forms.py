"""Forms of a draft that content makes itself: the printed sheet and the shots of a video."""

from base64 import b64encode
from typing import Any

from django.http import HttpRequest, HttpResponse

from content.drafts import draft_content
from content.previews import add_preview, in_frame
from content.printed_lesson import build_printed_pages
from content.storyboard import GOOD_LENGTH, seconds_of, storyboard


@add_preview("sheet", "打印稿", 50)
def preview_sheet(request: HttpRequest, page: Any) -> HttpResponse:
    """Its pages as pictures: what the printer gets, in a frame that every browser shows."""
    pages = [b64encode(one).decode() for one in build_printed_pages(draft_content(page))]
    return in_frame(request, "content/preview_sheet.html", form="打印稿", pages=pages)


@add_preview("storyboard", "视频分镜", 60)
def preview_storyboard(request: HttpRequest, page: Any) -> HttpResponse:
    lesson = draft_content(page)
    shots = storyboard(page.title, lesson.document, lesson.cover_image_id)
    context = {
        "shots": [(shot, lesson.media.pictures.get(shot.image_id or 0)) for shot in shots],
        "seconds": seconds_of(shots),
        "shortest": GOOD_LENGTH[0],
        "longest": GOOD_LENGTH[1],
    }
    return in_frame(request, "content/preview_storyboard.html", form="视频分镜", **context)
