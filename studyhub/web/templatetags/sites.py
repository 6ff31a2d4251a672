"""What templates ask for about a heritage site: its route, one exhibit, what a phone keeps."""

import json
from dataclasses import dataclass
from mimetypes import guess_type
from typing import Any

from django import template
from django.utils.safestring import SafeString

from content import catalogue
from content.document import Document
from content.walks import draw_walk
from studyhub.web.embedded import embedded_json

register = template.Library()


@dataclass(frozen=True)
class SiteView:
    """A site's own page: ``document`` is the ``whole`` without the exhibits, which have pages of
    their own; ``media`` are all files."""

    page: Any
    address: str
    whole: Document
    document: Document
    media: catalogue.Media
    exhibits: list[catalogue.Exhibit]

    @property
    def drawing(self) -> SafeString:
        return draw_walk(self.exhibits)

    @property
    def previewed(self) -> SafeString:
        """The exhibits one below the other: a draft has no pages for them yet."""
        blocks = {one.block for one in self.exhibits}
        shown = [element for element in self.whole.elements if element.block in blocks]
        return catalogue.elements_html(shown, self.media, "elements/page")

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.exhibits)

    @property
    def data(self) -> SafeString:
        """What a phone needs to keep the whole site: addresses of pages and files, a version."""
        pages = [self.address, *(f"{self.address}{one.code}/" for one in self.exhibits)]
        kept = {
            "site": self.address,
            "title": self.page.title,
            "version": catalogue.site_version(self.page),
            "pages": pages,
            "former": catalogue.former_addresses(self.page),
            "files": _files(self.media),
        }
        return embedded_json("site-data", json.dumps(kept, ensure_ascii=False))


def _files(media: catalogue.Media) -> list[dict[str, Any]]:
    shown: list[Any] = [*media.pictures.values(), *media.recordings.values()]
    return [{"url": one.url, "bytes": one.bytes, "type": _type_of(one.name)} for one in shown]


def _type_of(name: str) -> str:
    return guess_type(name)[0] or "application/octet-stream"


@register.simple_tag
def site_view(page: Any) -> SiteView:
    whole = catalogue.document_of(page.body)
    exhibits = catalogue.exhibits_of(page.body)
    blocks = {one.block for one in exhibits}
    document = Document(tuple(e for e in whole.elements if e.block not in blocks))
    address = page.get_url() or ""
    return SiteView(page, address, whole, document, catalogue.media_of(whole), exhibits)


@dataclass(frozen=True)
class ExhibitView:
    """One exhibit among the others of its route."""

    number: int
    count: int
    media: catalogue.Media
    before: catalogue.Exhibit | None
    following: catalogue.Exhibit | None


@register.simple_tag
def exhibit_view(page: Any, exhibit: catalogue.Exhibit) -> ExhibitView:
    shown = catalogue.exhibits_of(page.body)
    place = [one.block for one in shown].index(exhibit.block)
    return ExhibitView(
        number=place + 1,
        count=len(shown),
        media=catalogue.media_of(Document(exhibit.presentation)),
        before=shown[place - 1] if place else None,
        following=shown[place + 1] if place + 1 < len(shown) else None,
    )
