"""A draft lesson made of an imported text: all of it or nothing, and never published."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page

from content.models import CoursePage, ImportReport, LessonPage
from content.models.page_state import lock_page
from content.word_files.blocks import Block, Built
from content.word_files.imported import ImportedText
from content.word_files.merging import merged
from content.word_files.pictures import PictureShelf
from content.word_files.report import Report
from studyhub.core.characters import one_line
from studyhub.core.errors import Conflict

LONGEST_SLUG = 60


def make_draft(
    text: ImportedText,
    course: CoursePage,
    *,
    accepted: set[int],
    by: Any = None,
    lesson: LessonPage | None = None,
) -> ImportReport:
    """A new lesson of the course, or a new draft of ``lesson``; its report, which knows the page.

    Raises Conflict for a lesson that is locked.
    """
    built, report = text.build(accepted)
    shelf = PictureShelf(built.title or text.name, by)
    try:
        with transaction.atomic():
            return _stored(text, built, report, shelf, course, by, lesson)
    except BaseException:
        shelf.clear()
        raise


def _stored(
    text: ImportedText,
    built: Built,
    report: Report,
    shelf: PictureShelf,
    course: CoursePage,
    by: Any,
    lesson: LessonPage | None,
) -> ImportReport:
    blocks = _with_pictures(built.blocks, text.pictures, shelf)
    if lesson is None:
        page = _new_page(text, built, course, by)
        before: list[Block] = []
    else:
        page, before = _page_to_change(lesson, built, report)
    blocks = merged(
        blocks,
        before,
        key=page.translation_key,
        imported=_imported(lesson),
        losses=report.losses,
    )
    page.body = page.body.stream_block.to_python(blocks)
    if lesson is None:
        course.add_child(instance=page)
    page.save_revision(user=by, log_action=True)
    report.blocks = [block["id"] for block in blocks]
    return ImportReport.objects.create(page=page, by=by, data=report.as_json())


def _with_pictures(
    blocks: list[Block], pictures: list[bytes | None], shelf: PictureShelf
) -> list[Block]:
    """With the numbers of stored images instead of places among the pictures of the file."""
    stored: dict[int, int] = {}
    made = []
    for block in blocks:
        if block["type"] == "picture":
            place = block["value"]["image"]
            data = pictures[place]
            assert data is not None  # noqa: S101  gaps stand for the others
            if place not in stored:
                stored[place] = shelf.put(data)
            block = {**block, "value": {**block["value"], "image": stored[place]}}
        made.append(block)
    return made


def _new_page(text: ImportedText, built: Built, course: CoursePage, by: Any) -> LessonPage:
    title = one_line(built.title or _stem(text.name)).strip() or "导入的课"
    return LessonPage(
        title=title,
        slug=_free_slug(course, title),
        summary=built.summary,
        minutes=built.minutes,
        live=False,
        owner=by,
        translation_key=uuid4(),
    )


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _free_slug(course: CoursePage, title: str) -> str:
    from pypinyin import lazy_pinyin  # its tables take a moment to load

    words = slugify("-".join(lazy_pinyin(title)))[:LONGEST_SLUG].strip("-") or "lesson"
    taken = set(Page.objects.child_of(course).values_list("slug", flat=True))
    slug, count = words, 1
    while slug in taken:
        count += 1
        slug = f"{words}-{count}"
    return slug


def _page_to_change(
    lesson: LessonPage, built: Built, report: Report
) -> tuple[LessonPage, list[Block]]:
    """The newest draft; its title stays."""
    lock_page(lesson.pk)
    lesson.refresh_from_db()
    if lesson.locked:
        raise Conflict("lesson_locked", "这一课锁定了，不能导入。请先请锁定的人解锁。")
    page = lesson.get_latest_revision_as_object()
    if built.title and built.title != page.title:
        report.losses.warn(f"文件的标题是“{built.title}”，课的标题没有改，还是“{page.title}”。")
    return page, list(page.body.get_prep_value())


def _imported(lesson: LessonPage | None) -> set[str]:
    last = ImportReport.objects.filter(page=lesson).order_by("pk").last() if lesson else None
    return set(last.data["blocks"]) if last else set()
