"""A lesson as a post: what a channel can show of it, and what it drops on the way."""

import io
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.template.loader import render_to_string
from PIL import Image, ImageDraw

from content import catalogue
from content.catalogue import LessonContent
from content.document import Document
from content.elements import Figure, Run, SelfCheck, Sources, with_runs
from content.plain_text import plain_text
from studyhub.channels import registry
from studyhub.channels.ports import Picture, Post
from studyhub.organisation.models import Organisation

DIGEST_LENGTH = 120
PICTURE_WIDTHS = (1080, 800, 640, 480)
# As it stands in a post. No text can be one: there ``<`` is written as an entity, and so is a
# quotation mark within an attribute.
_PICTURE = re.compile(r'(<img(?:\s[\w-]+="[^"]*")*?\ssrc=")picture:([0-9]+)(?=")')
PICTURE_BYTES = 1024 * 1024 - 1
TAGS = {
    "section", "h2", "h3", "p", "span", "strong", "em", "br", "img", "blockquote", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td", "a",
}  # fmt: skip


def build_post(lesson: LessonContent, *, kind: str, marker: str) -> Post:
    """The lesson for one kind of channel; by its ``marker`` it is found again at the platform."""
    form = registry.form_of(kind)
    document, outside = _without_outside_links(lesson.document, form.own_hosts)
    return Post(
        title=lesson.card.title,
        digest=lesson.card.summary[:DIGEST_LENGTH],
        author=Organisation.current().name_within(form.author),
        html=_article(form.folder, lesson, document) if form.folder else "",
        text=f"{lesson.card.summary}\n\n{plain_text(document.elements)}",
        source_url=_source_url(lesson.card.url, marker),
        pictures=tuple(dict.fromkeys(f.image_id for f in document.of_type(Figure))),
        cover=lesson.cover_image_id,
        lost=_lost(form.losses, document, outside),
    )


def post_to_json(post: Post) -> dict[str, Any]:
    return {**asdict(post), "pictures": list(post.pictures), "lost": list(post.lost)}


def _source_url(url: str, marker: str) -> str:
    path = url if urlsplit(url).scheme else f"{settings.PUBLIC_URL}{url}"
    return f"{path}?p={marker}"


def _without_outside_links(document: Document, own_hosts: Collection[str]) -> tuple[Document, int]:
    """Platforms refuse links to elsewhere; their words stay. Also counts them."""
    outside: list[str] = []
    before = ""  # where the run before leads: a link half in bold is two runs and one link

    def keep_or_unlink(run: Run) -> Run:
        nonlocal before
        goes_on, before = run.href == before, run.href
        if not run.href or urlsplit(run.href).hostname in own_hosts:
            return run
        if not goes_on:
            outside.append(run.href)
        return replace(run, href="")

    elements = tuple(with_runs(element, keep_or_unlink) for element in document.elements)
    return Document(elements), len(outside)


def _article(folder: str, lesson: LessonContent, document: Document) -> str:
    """HTML that carries its looks in ``style`` attributes only, on few elements to stay short."""
    import css_inline  # only workers make articles
    import nh3

    quiz = lesson.outline.quiz
    shown = [e for e in document.elements if not isinstance(e, SelfCheck | Sources)]
    context = {
        "lesson": lesson.card,
        "body": catalogue.elements_html(shown, lesson.media, f"{folder}/elements"),
        "sources": document.sources,
        "questions": quiz.questions if quiz else (),
    }
    html: str = render_to_string(f"{folder}/article.html", context)
    html = re.sub(r"<(/?)b>", r"<\1strong>", html)
    styled = css_inline.inline_fragment(html, render_to_string(f"{folder}/article.css"))
    clean = nh3.clean(
        styled,
        tags=TAGS,
        attributes={"*": {"style"}, "img": {"src", "alt"}, "a": {"href"}},
        url_schemes={"https", "http", "picture"},
        link_rel=None,
    )
    return re.sub(r">\s*\n\s*<", "><", clean).strip()


def _lost(losses: Mapping[str, str], document: Document, outside: int) -> tuple[str, ...]:
    counts = Counter(element.kind for element in document.elements)
    counts["links"] = outside
    losses_found = ((words, counts[kind]) for kind, words in losses.items())
    return tuple(words.format(n=count) for words, count in losses_found if count)


def with_addresses(html: str, addresses: Mapping[int, str]) -> str:
    """The pictures of a post under these addresses; one without an address stays as it is."""

    def addressed(found: re.Match[str]) -> str:
        return f"{found[1]}{addresses.get(int(found[2]), f'picture:{found[2]}')}"

    return _PICTURE.sub(addressed, html)


def load_picture(image_id: int) -> Picture:
    """As JPEG below one megabyte. Raises LookupError when the picture is no longer there."""
    data = b""
    for width in PICTURE_WIDTHS:
        try:
            data = catalogue.image_jpeg(image_id, width=width)
        except (ObjectDoesNotExist, OSError) as error:
            raise LookupError(image_id) from error
        if len(data) <= PICTURE_BYTES:
            break
    return Picture(f"picture-{image_id}.jpg", data)


def plain_cover() -> Picture:
    """For lessons without any picture: the house's red with a line of gold."""
    image = Image.new("RGB", (900, 383), "#9f2a1f")
    draw = ImageDraw.Draw(image)
    draw.rectangle((24, 24, 875, 358), outline="#c9a25b", width=3)
    draw.line((330, 191, 570, 191), fill="#c9a25b", width=5)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88)
    return Picture("cover.jpg", file.getvalue())
