"""What is asked of a lesson as a whole: lengths of channels, pictures, links."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from content.exhibits import KIND, LONGEST, SHORTEST
from content.proofs.values import Text

MOST_TITLE, GOOD_TITLE, MOST_DIGEST, MOST_WECHAT = 64, 30, 120, 20_000
LONG_SENTENCE = 90


@dataclass(frozen=True)
class Picture:
    """``words`` and ``place`` tell which of its unit it is, where that has several."""

    unit: str
    alt: str
    source: str
    words: str = ""
    place: str = ""


@dataclass(frozen=True)
class Link:
    """A link to a page of ours, as the words that carry it."""

    unit: str
    words: str
    leads_somewhere: bool


@dataclass(frozen=True)
class Material:
    """A lesson as proof-reading sees it."""

    texts: tuple[Text, ...]
    pictures: tuple[Picture, ...] = ()
    links: tuple[Link, ...] = ()

    def field(self, name: str) -> str:
        return next((t.text for t in self.texts if not t.unit and t.field == name), "")


Told = tuple[str, str, str]  # unit, the words, what to do


def title_lengths(lesson: Material) -> Iterator[Told]:
    title = lesson.field("title")
    if len(title) > MOST_TITLE:
        yield "", title, f"标题有 {len(title)} 字，公众号最多 {MOST_TITLE} 字，请缩短"
    elif len(title) > GOOD_TITLE:
        yield "", title, f"标题有 {len(title)} 字，手机上超过 {GOOD_TITLE} 字会折成几行，请缩短"


def digest_length(lesson: Material) -> Iterator[Told]:
    summary = lesson.field("summary")
    if len(summary) > MOST_DIGEST:
        yield "", summary, f"摘要有 {len(summary)} 字，公众号最多 {MOST_DIGEST} 字，请缩短"


def whole_length(lesson: Material) -> Iterator[Told]:
    total = sum(len(text.text) for text in lesson.texts)
    if total > MOST_WECHAT:
        yield "", "", f"全课有 {total} 字，公众号一篇最多 {MOST_WECHAT} 字，请分成几课"


def pictures_without_source(lesson: Material) -> Iterator[Told]:
    bare = (p for p in lesson.pictures if not p.source.strip())
    return ((p.unit, p.words, f"{p.place}请写上图片来源") for p in bare)


def pictures_without_words(lesson: Material) -> Iterator[Told]:
    """Those who see no picture hear them."""
    bare = (p for p in lesson.pictures if not p.alt.strip())
    return ((p.unit, p.words, f"{p.place}请写上画面说明") for p in bare)


def dead_links(lesson: Material) -> Iterator[Told]:
    dead = (link for link in lesson.links if not link.leads_somewhere)
    return ((link.unit, link.words, "链接的页面已经不在或没有发布，请改链接") for link in dead)


def narration_lengths(page: Material) -> Iterator[Told]:
    """One listens standing: too short says nothing, too long loses its listeners."""
    for text in page.texts:
        count = len("".join(text.text.split()))
        is_good = SHORTEST <= count <= LONGEST
        if (text.kind, text.field) == (KIND, "narration") and not is_good:
            advice = f"讲解词有 {count} 字，{SHORTEST}–{LONGEST} 字为宜"
            yield text.unit, text.text, advice


WHOLE: dict[str, Callable[[Material], Iterable[Told]]] = {
    "title_length": title_lengths,
    "digest_length": digest_length,
    "whole_length": whole_length,
    "picture_source": pictures_without_source,
    "picture_words": pictures_without_words,
    "dead_link": dead_links,
    "narration_length": narration_lengths,
}
