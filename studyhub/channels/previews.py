"""Forms of a draft that channels make: the article and the text for a group's chat."""

from base64 import b64encode
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from content.drafts import draft_content
from content.previews import add_preview, in_frame
from studyhub.channels import registry, rendering
from studyhub.channels.ports import Handover, Kit, Post

MARKER = "preview"  # in the link of the text; it belongs to no delivery
GOOD_LENGTH = 200  # signs that are read in a chat


def _post(page: Any, kind: str) -> Post:
    return rendering.build_post(draft_content(page), kind=kind, marker=MARKER)


@add_preview("wechat", "公众号文章", 20)
def preview_article(request: HttpRequest, page: Any) -> HttpResponse:
    """With the pictures that would be uploaded."""
    post = _post(page, "wechat")
    html = post.html
    for image_id in post.pictures:
        html = html.replace(f"picture:{image_id}", _picture(image_id))
    context = {"post": post, "article": html, "cover": _picture(post.cover) if post.cover else ""}
    return in_frame(request, "channels/preview_article.html", form="公众号文章", **context)


def _picture(image_id: int) -> str:
    """Within the page; empty where its file is missing."""
    try:
        data = rendering.load_picture(image_id).data
    except LookupError:
        return ""
    return f"data:image/jpeg;base64,{b64encode(data).decode()}"


@add_preview("group", "群里转发的话", 30)
def preview_group_text(request: HttpRequest, page: Any) -> HttpResponse:
    kit = Kit(settings={}, base="", tokens=cast(Any, None))
    group = cast(Handover, registry.adapter_class("group")(kit))
    text = group.pack(_post(page, "group")).text
    context = {"text": text, "length": len(text), "good": GOOD_LENGTH}
    return in_frame(request, "channels/preview_group.html", form="群里转发的话", **context)
