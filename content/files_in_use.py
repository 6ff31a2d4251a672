"""Pictures, recordings and documents that pages show: they are not deleted under them, and where
one is gone or broken all the same, its page's editor is told."""

from collections.abc import Iterator
from typing import Any

from wagtail.models import Page, ReferenceIndex
from wagtailmedia.models import get_media_model

from content.document import Document, document_of
from content.elements import Element, Figure, Film, Sound, with_inner
from content.media import Media, media_of
from content.models import BlockTwin, HeritageSitePage, LessonPage, PageProblem, QuestionVersion
from studyhub.core.errors import Conflict

MOST_NAMED = 5


def refuse_deletion_in_use(file: Any) -> None:
    """Raises Conflict ``in_use`` that names the places where the file is shown."""
    places = places_of(file)
    if not places:
        return
    named = "、".join(places[:MOST_NAMED])
    more = f"等 {len(places)} 处" if len(places) > MOST_NAMED else ""
    raise Conflict(
        "in_use", f"“{file}”还在用，不能删：{named}{more}。请先在这些地方换掉它，再来删除。"
    )


def refuse_swap_in_use(file: Any) -> None:
    """Raises Conflict ``signed_file``: no picture takes the place of one that was signed and is
    shown, or that a version of the bank has for good. A recording keeps its file anyhow."""
    shown = [owner for owner, _ in ReferenceIndex.get_grouped_references_to(file)]
    live = [_title_of(one) for one in shown if isinstance(one, Page) and one.live]
    if live:
        named = "、".join(live[:MOST_NAMED])
        raise Conflict(
            "signed_file",
            f"“{file}”在公开的页面里用着（{named}），是审过的，不能原地换文件。"
            "请另外上传新的，再到页面里换上、提交审核。",
        )
    kept = [_title_of(one) for one in shown if isinstance(one, QuestionVersion)]
    if kept:
        named = "、".join(kept[:MOST_NAMED])
        raise Conflict(
            "signed_file",
            f"“{file}”在{named}里用着，一版题不能原地换图。"
            "请另外上传新的，再到题库里给那一题换上，存成新的一版。",
        )


def places_of(file: Any) -> list[str]:
    """The titles of what refers to it, by Wagtail's index, and of lessons whose twins play it."""
    owners = ReferenceIndex.get_grouped_references_to(file)
    return [*(_title_of(owner) for owner, _ in owners), *_twins_with(file)]


def _twins_with(file: Any) -> list[str]:
    """Also drafts: what somebody has just signed is not to fall silent."""
    if not isinstance(file, get_media_model()):
        return []
    keys = BlockTwin.objects.at_work().filter(sound=file.pk).values("lesson_key")
    pages = LessonPage.objects.filter(translation_key__in=keys, alias_of=None)
    return [f"《{page.get_admin_display_title()}》的蒙文" for page in pages]


def _title_of(owner: Any) -> str:
    if isinstance(owner, Page):
        return f"《{owner.get_admin_display_title()}》"
    return f"{owner._meta.verbose_name}“{owner}”"


def look_at_all_files() -> None:
    """Every live page; what is well again is no longer a problem. Safe to repeat."""
    for model in (LessonPage, HeritageSitePage):
        for page in model.objects.live():
            look_at_files(page)


def look_at_files(page: Any) -> None:
    """Tell the editor of each block that readers see without its picture or recording."""
    gaps = dict(_gaps(page))
    kind = PageProblem.Kind.FILE
    PageProblem.objects.filter(page_id=page.pk, kind=kind).exclude(subject__in=gaps).delete()
    for block, detail in gaps.items():
        PageProblem.note(page.pk, kind, detail, block)


def _gaps(page: Any) -> Iterator[tuple[str, str]]:
    """The block's id, and what the editor can do."""
    document = document_of(page.body)
    media = media_of(document)
    broken = {e.block for e in with_inner(document.elements) if _is_gap(e, media)}
    shown = {element.block for element in document.elements} - broken
    yield from _gaps_of_questions(document, media)
    for number, child in enumerate(page.body, start=1):
        if child.block_type in _NAMES and child.id not in shown:
            name = _NAMES[child.block_type]
            yield (
                str(child.id),
                f"第 {number} 块的{name}已被删除或者文件坏了，读者看到的页面里没有它。"
                f"请打开页面，在这一块里重新选一{_COUNTED[child.block_type]}，再发布。",
            )


def _gaps_of_questions(document: Document, media: Media) -> Iterator[tuple[str, str]]:
    asked = document.self_check.questions if document.self_check else ()
    for number, cited in enumerate(asked, start=1):
        if cited.picture and _is_gap(cited.picture, media):
            yield (
                cited.question.id,
                f"自测第 {number} 题的图片已被删除或者文件坏了，读者看不到它，只看到画面说明。"
                "请打开页面，在这一题里重新选一张，再发布。",
            )


def _is_gap(element: Element, media: Media) -> bool:
    if isinstance(element, Figure):
        return element.image_id not in media.pictures
    if isinstance(element, Sound | Film):
        return element.media_id not in media.recordings
    return False


_NAMES = {"picture": "图片", "audio": "录音", "video": "视频", "exhibit": "图片或录音"}
_COUNTED = {"picture": "张", "audio": "段", "video": "段", "exhibit": "个"}
