"""A lesson as a post: what a channel can show of it, and what it drops on the way."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.template.loader import render_to_string

from content import catalogue
from content.catalogue import LessonContent
from content.document import Document
from content.elements import Figure, Run, SelfCheck, Sources, with_runs
from content.plain_text import plain_text
from studyhub.channels import drawn, registry
from studyhub.channels.ports import Form, Look, Picture, Post
from studyhub.organisation.models import Organisation

DIGEST_LENGTH = 120
PICTURE_WIDTHS = (1080, 800, 640, 480)
# As it stands in a post. No text can be one: there ``<`` is written as an entity, and so is a
# quotation mark within an attribute.
_PICTURE = re.compile(r'(<img(?:\s[\w-]+="[^"]*")*?\ssrc=")picture:((?:drawn-)?[0-9]+)(?=")')
PICTURE_BYTES = 1024 * 1024 - 1
LATER = ("drawings", "video")  # what posts did not always hold
TAGS = {
    "section", "h2", "h3", "p", "span", "strong", "em", "br", "img", "blockquote", "ul", "ol", "li",
    "table", "thead", "tbody", "tr", "th", "td", "a",
}  # fmt: skip


def build_post(lesson: LessonContent, *, kind: str, marker: str, look: Look | None = None) -> Post:
    """The lesson for one kind of channel; by its ``marker`` it is found again at the platform."""
    form = registry.form_of(kind)
    look = look or Look()
    document, outside = _without_outside_links(lesson.document, form.own_hosts)
    document, drawings = drawn.with_drawings(document, form, look)
    card = drawn.add_card(drawings, lesson.card, form, look)
    return Post(
        title=lesson.card.title,
        digest=lesson.card.summary[:DIGEST_LENGTH],
        author=Organisation.current().name_within(form.author),
        html=_article(form, look, lesson, document, card) if form.folder else "",
        text=f"{lesson.card.summary}\n\n{plain_text(document.elements)}",
        source_url=_source_url(lesson.card.url, marker),
        pictures=tuple(dict.fromkeys(f.image_id for f in document.of_type(Figure))),
        cover=lesson.cover_image_id,
        lost=_lost(form.losses, document, outside),
        drawings=drawings,
    )


def post_to_json(post: Post) -> dict[str, Any]:
    """What the version before does not know stands in it only where there is any."""
    stored = {**asdict(post), "pictures": list(post.pictures), "lost": list(post.lost)}
    return {name: value for name, value in stored.items() if value or name not in LATER}


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


def _article(form: Form, look: Look, lesson: LessonContent, document: Document, card: str) -> str:
    """HTML that carries its looks in ``style`` attributes only, on few elements to stay short."""
    import css_inline  # only workers make articles
    import nh3

    quiz = lesson.outline.quiz
    shown = [e for e in document.elements if not isinstance(e, SelfCheck | Sources)]
    context = {
        "lesson": lesson.card,
        "body": catalogue.elements_html(shown, lesson.media, f"{form.folder}/elements"),
        "look": look,
        "card": card,
        "sources": document.sources,
        "questions": quiz.questions if quiz else (),
    }
    html: str = render_to_string(f"{form.folder}/article.html", context)
    html = re.sub(r"<(/?)b>", r"<\1strong>", html)
    colours = {"colour": form.colour_of(look)}
    css = render_to_string(f"{form.folder}/article.css", colours)
    styled = css_inline.inline_fragment(html, css)
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


def with_addresses(html: str, addresses: Mapping[int | str, str]) -> str:
    """The pictures of a post under these addresses; one without an address stays as it is."""

    def addressed(found: re.Match[str]) -> str:
        name: int | str = int(found[2]) if found[2].isdecimal() else found[2]
        return f"{found[1]}{addresses.get(name, f'picture:{found[2]}')}"

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
