"""A lesson as a post: what a channel can show of it, and what it drops on the way."""

import io
import re
from collections import Counter
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

import css_inline
import nh3
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from PIL import Image, ImageDraw

from content import catalogue
from content.catalogue import LessonContent, Piece
from studyhub.channels import registry
from studyhub.channels.ports import Picture, Post

DIGEST_LENGTH = 120
PICTURE_WIDTHS = (1080, 800, 640, 480)
PICTURE_BYTES = 1024 * 1024 - 1
LINK = re.compile(r'<a\s[^>]*href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
INSIDE_HOSTS = ("mp.weixin.qq.com",)

# What a platform drops, as an editor reads it on the board.
LOST_WORDS = {
    "audio": "{n} 段音频改成了收听提示",
    "video": "{n} 段视频改成了观看提示",
    "route": "{n} 幅路线图改成了地点列表",
    "links": "{n} 个外部链接只留下文字",
    "quiz": "自测只有题目，作答要回到课程页",
    "pictures": "{n} 张图片需要人工插入",
    "layout": "排版样式",
}
TAGS = {
    "section", "p", "span", "strong", "em", "br", "img", "blockquote", "ul", "ol", "li",
    "table", "tbody", "tr", "td", "a",
}  # fmt: skip


def build_post(lesson: LessonContent, *, kind: str, marker: str) -> Post:
    """The lesson for one kind of channel. ``marker`` lets us find the post again at the
    platform."""
    drops = registry.drops_of(kind)
    pieces, outside = _without_outside_links(lesson.pieces)
    html = "" if "layout" in drops else _article(lesson, pieces)
    return Post(
        title=lesson.card.title,
        digest=lesson.card.summary[:DIGEST_LENGTH],
        author=settings.WAGTAIL_SITE_NAME,
        html=html,
        text=_plain(lesson, pieces),
        source_url=_source_url(lesson.card.url, marker),
        pictures=tuple(dict.fromkeys(p.value["picture"].image_id for p in _pictures(pieces))),
        cover=lesson.cover_image_id,
        lost=_lost(lesson, drops, outside),
    )


def post_to_json(post: Post) -> dict[str, Any]:
    return {**asdict(post), "pictures": list(post.pictures), "lost": list(post.lost)}


def _source_url(url: str, marker: str) -> str:
    path = url if urlsplit(url).scheme else f"{settings.PUBLIC_URL}{url}"
    return f"{path}?p={marker}"


def _pictures(pieces: list[Piece]) -> list[Piece]:
    return [piece for piece in pieces if piece.kind == "picture"]


def _without_outside_links(pieces: list[Piece]) -> tuple[list[Piece], int]:
    """Platforms refuse links to elsewhere; their words stay. Also counts them."""
    outside = 0

    def keep_or_unwrap(found: re.Match[str]) -> str:
        nonlocal outside
        if urlsplit(found[1]).hostname in INSIDE_HOSTS:
            return found[0]
        outside += 1
        return found[2]

    cleaned = []
    for piece in pieces:
        if piece.kind == "section":
            html = LINK.sub(keep_or_unwrap, piece.value["html"])
            piece = Piece(piece.id, piece.kind, {**piece.value, "html": html})
        cleaned.append(piece)
    return cleaned, outside


def _article(lesson: LessonContent, pieces: list[Piece]) -> str:
    """HTML that carries its looks in ``style`` attributes only, on few elements to stay short."""
    quiz = lesson.outline.quiz
    context = {
        "lesson": lesson.card,
        "pieces": [p for p in pieces if p.kind != "sources"],
        "sources": lesson.sources,
        "questions": quiz.questions if quiz else (),
    }
    html: str = render_to_string("channels/wechat_article.html", context)
    html = re.sub(r"<(/?)b>", r"<\1strong>", html)
    styled = css_inline.inline_fragment(html, render_to_string("channels/wechat_article.css"))
    clean = nh3.clean(
        styled,
        tags=TAGS,
        attributes={"*": {"style"}, "img": {"src", "alt"}, "a": {"href"}},
        url_schemes={"https", "http", "picture"},
        link_rel=None,
    )
    return re.sub(r">\s+<", "><", clean).strip()


def _plain(lesson: LessonContent, pieces: list[Piece]) -> str:
    """Text to paste where nothing but text is taken."""
    context = {"lesson": lesson.card, "pieces": pieces, "sources": lesson.sources}
    text = strip_tags(_broken_lines(render_to_string("channels/plain_text.txt", context)))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _broken_lines(html: str) -> str:
    html = re.sub(r"</(p|li|ul|ol)>|<br ?/?>", "\n", html)
    return html.replace("<li>", "· ")


def _lost(lesson: LessonContent, drops: frozenset[str], outside: int) -> tuple[str, ...]:
    counts = Counter(piece.kind for piece in lesson.pieces)
    counts["links"] = outside
    counts["quiz"] = 1 if lesson.outline.quiz else 0
    counts["pictures"] = counts["picture"]
    return tuple(
        words.format(n=counts[name])
        for name, words in LOST_WORDS.items()
        if name in drops and counts[name]
    )


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
