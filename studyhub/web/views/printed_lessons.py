"""The printed sheet of a lesson: set once for each revision, then handed out from storage."""

import hashlib
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_safe

from content import catalogue, printed_lesson
from content.elements import Figure, with_inner
from studyhub.core.errors import NotFound
from studyhub.web.private import not_found


@require_safe
def printed_lesson_of(request: HttpRequest, lesson_key: UUID) -> HttpResponse:
    try:
        card = catalogue.lesson(lesson_key)
    except NotFound as problem:
        return not_found(request, problem)
    tag = _tag(card)
    answer = get_conditional_response(request, etag=f'"{tag}"')
    if not isinstance(answer, HttpResponse):
        answer = HttpResponse(_sheet(card, tag), content_type="application/pdf")
    name = get_valid_filename(f"{card.title}-第{card.revision}版.pdf")
    answer["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    answer["ETag"] = f'"{tag}"'
    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
    return answer


def _tag(card: catalogue.LessonCard) -> str:
    """Everything the sheet depends on besides the revision's own contents."""
    parts = f"{printed_lesson.form()}:{card!r}"
    return f"{card.revision}-{hashlib.sha256(parts.encode()).hexdigest()[:16]}"


def _sheet(card: catalogue.LessonCard, tag: str) -> bytes:
    folder = f"sheets/{card.lesson_key}"
    name = f"{folder}/{tag}.pdf"
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            return bytes(file.read())
    lesson = catalogue.content(card.lesson_key)
    built = printed_lesson.build_printed_lesson(lesson)
    shown = [one for one in with_inner(lesson.document.elements) if isinstance(one, Figure)]
    if any(figure.image_id not in lesson.media.pictures for figure in shown):
        return built  # a picture cannot be shown today; perhaps tomorrow
    older = _names_in(folder)
    default_storage.save(name, ContentFile(built))
    for other in older:
        default_storage.delete(f"{folder}/{other}")
    return built


def _names_in(folder: str) -> list[str]:
    """In a bucket a folder is no thing of its own, and is empty instead of missing."""
    try:
        return list(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return []
