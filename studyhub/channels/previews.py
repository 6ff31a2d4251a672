"""Forms of a draft that channels make: an article, or the text that a person passes on.

Which kinds of channel show one, and what editors call it, is said by their ``Form``.
"""

from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from content.drafts import draft_content
from content.previews import Preview, add_previews, in_frame
from studyhub.channels import drawn, registry, rendering
from studyhub.channels.ports import Handover, Kit, Picture, Post

MARKER = "preview"  # in the link of the text; it belongs to no delivery
FIRST = 20  # place in the list of forms


def channel_previews() -> Iterator[Preview]:
    for order, kind in enumerate(registry.ADAPTERS, start=FIRST):
        form = registry.form_of(kind)
        if form.preview:
            make = preview_article if form.folder else preview_text
            yield Preview(kind, form.preview, order, partial(make, kind))


def preview_article(kind: str, request: HttpRequest, page: Any) -> HttpResponse:
    """With the pictures that would be uploaded."""
    return in_frame(request, "channels/preview_article.html", **shown(kind, _post(page, kind)))


def shown(kind: str, post: Post) -> dict[str, Any]:
    """What the template of an article wants."""
    return {
        "form": registry.form_of(kind).preview,
        "channel": registry.label_of(kind),
        "post": post,
        "article": article_shown(post),
        "cover": _picture(post.cover) if post.cover else "",
    }


def article_shown(post: Post) -> str:
    """With its pictures within the page."""
    pictures: dict[int | str, str] = {image_id: _picture(image_id) for image_id in post.pictures}
    pictures |= {name: _inline(drawn.picture_of(name, post)) for name in post.drawings}
    return rendering.with_addresses(post.html, pictures)


def preview_text(kind: str, request: HttpRequest, page: Any) -> HttpResponse:
    form = registry.form_of(kind)
    adapter = registry.adapter_class(kind)(Kit(settings={}, base="", tokens=cast(Any, None)))
    text = cast(Handover, adapter).pack(_post(page, kind)).text
    context = {"form": form.preview, "text": text, "length": len(text), "good": form.good_length}
    return in_frame(request, "channels/preview_text.html", **context)


def _post(page: Any, kind: str) -> Post:
    return rendering.build_post(draft_content(page), kind=kind, marker=MARKER)


def _picture(image_id: int) -> str:
    """Within the page; empty where its file is missing."""
    try:
        return _inline(rendering.load_picture(image_id))
    except LookupError:
        return ""


def _inline(picture: Picture) -> str:
    return f"data:{picture.content_type};base64,{b64encode(picture.data).decode()}"


add_previews(channel_previews)
