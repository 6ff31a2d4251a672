"""Pictures without a source, and lessons whose sources nobody could find: noted whenever a draft is
saved, and looked at every night."""

from collections.abc import Iterator
from typing import Any

from content.document import Document, document_of
from content.elements import Figure, Source, with_inner
from content.models import LessonPage, MissingSource


def look_at_all_sources() -> None:
    """Of every lesson as it was saved last. Safe to repeat."""
    for page in LessonPage.objects.all():
        look_at_sources(page.get_latest_revision_as_object())


def look_at_sources(page: Any) -> None:
    """Note what this draft lacks; what is there by now is forgotten."""
    missing = dict(_missing(document_of(page.body)))
    known = dict(MissingSource.objects.filter(page_id=page.pk).values_list("block", "detail"))
    if gone := known.keys() - missing.keys():
        MissingSource.objects.filter(page_id=page.pk, block__in=gone).delete()
    for block, detail in missing.items():
        if known.get(block) != detail:
            MissingSource.objects.update_or_create(
                page_id=page.pk, block=block, defaults={"detail": detail}
            )


def _missing(document: Document) -> Iterator[tuple[str, str]]:
    for element in with_inner(document.elements):
        if isinstance(element, Figure) and not element.source.strip():
            yield element.block, element.alt or element.caption or "没有写说明的图"
    if document.elements and not any(map(can_be_found, document.sources)):
        yield "", "有来源，但只有题名" if document.sources else "没有写资料来源"


def can_be_found(source: Source) -> bool:
    """By more than its title: whose it is, or which edition, address or number."""
    return bool(source.title.strip() and (source.publisher.strip() or source.reference.strip()))
