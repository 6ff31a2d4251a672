"""Every block reaches every surface: what it says is shown there, or dropped by name."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.exceptions import ValidationError

from content import catalogue, printed_lesson, single_file
from content.blocks import ExhibitBodyBlock, LessonBodyBlock
from content.document import document_of
from content.elements import ELEMENTS, Aside, Element, Sources
from content.models import LessonPage, LessonRevision
from studyhub.channels import registry, rendering
from studyhub.web.views import feeds
from tests.content.samples import Sampler
from tests.factories import a_lesson, section

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]  # many inputs, one rule

BODY = LessonBodyBlock()
# What an import could not bring along, what is still to be found out: for editors only, and never
# on a live page.
UNSEEN = {"gap", "to_verify"}
KINDS = [kind for kind in BODY.child_blocks if kind not in UNSEEN]


def lesson_with(kind: str) -> LessonPage:
    sampler = Sampler()
    section = sampler.block("section", BODY.child_blocks["section"])
    body = [section]
    if kind != "section":
        body.append(sampler.block(kind, BODY.child_blocks[kind]))
    return a_lesson(body=body)


def page(lesson: LessonPage) -> str:
    return catalogue.lesson_html(lesson.lesson_key)


def one_file(lesson: LessonPage) -> str:
    return single_file.build_single_file(catalogue.content(lesson.lesson_key)).decode()


def sheet(lesson: LessonPage) -> str:
    content = catalogue.content(lesson.lesson_key)
    assert printed_lesson.build_printed_lesson(content).startswith(b"%PDF-")
    return json.dumps(printed_lesson._sheet_data(content, {}), ensure_ascii=False)


def feed(lesson: LessonPage) -> str:
    return feeds.whole_html(catalogue.content(lesson.lesson_key))


def search(lesson: LessonPage) -> str:
    return json.dumps(catalogue.pack_index(lesson.lesson_key), ensure_ascii=False)


def corrections(lesson: LessonPage) -> str:
    stored = LessonRevision.objects.get(lesson_key=lesson.lesson_key).texts
    return json.dumps(stored, ensure_ascii=False)


def voice(lesson: LessonPage) -> str:
    """What the phone's own voice reads, in the places that its script looks for."""
    script = (settings.BASE_DIR / "studyhub/web/static/web/listen.js").read_text("utf-8")
    [places] = re.findall(r'SPOKEN = "([^"]+)"', script)
    parts = BeautifulSoup(page(lesson), "html.parser").select(".part")
    return "\n".join(place.text for part in parts for place in part.select(places))


# What a surface does not show of an element although it shows the element.
# Headings are cited by number and link; the answer key travels as data.
PAGE_OMITS = {"citedquestion.heading", "question.source", "question.accepted"}
SURFACES: dict[str, tuple[Callable[[LessonPage], str], set[str]]] = {
    "page": (page, PAGE_OMITS),
    "single file": (one_file, PAGE_OMITS),
    "printed sheet": (sheet, PAGE_OMITS),
    "feed": (feed, {"selfcheck", "figure.alt"}),
    "search": (
        search,
        {
            "selfcheck",
            "sources",
            "paragraph.note.text",
            "figure.alt",
            "figure.source",
            "figure.licence",
        }
        | {"quotation.source", "route.note", "paragraph.note"},
    ),
    # Pictures are seen, recordings have a voice of their own, questions are answered by hand.
    "voice": (
        voice,
        {"figure", "sound", "film", "selfcheck", "sources", "paragraph.note", "paragraph.note.text"}
        | {"quotation.speaker", "quotation.source", "steps.title", "route.title", "route.note"},
    ),
    "corrections": (
        corrections,
        {"figure.licence", "route.note", "selfcheck.title", "citedquestion.heading"}
        | {"paragraph.note"},  # its mark; its words are told
    ),
}
CHANNEL_OMITS = {"figure.licence", "figure.alt"}


def texts_of(value: Any, kind: str = "") -> Iterator[tuple[str, str]]:
    """Every text of an element by ``kind.field``, those inside it by their own names."""
    for field in fields(value):
        held = getattr(value, field.name)
        name = f"{kind or type(value).__name__.lower()}.{field.name}"
        if getattr(value, "role", None) == "note":
            kind, name = "paragraph.note", "paragraph.note"
        for one in held if isinstance(held, tuple) else [held]:
            if is_dataclass(one):
                yield from texts_of(one, kind if kind == "paragraph.note" else "")
            elif isinstance(one, tuple):
                yield from ((name, cell) for cell in one)
            elif isinstance(one, str) and one.startswith("样"):
                yield name, one


def missing(element: Element, shown: str, omitted: set[str]) -> list[str]:
    if element.kind in omitted:
        return []
    told = unescape(shown)
    return [name for name, text in texts_of(element) if name not in omitted and text not in told]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_block_says_is_shown_on_every_surface_or_dropped_by_name(kind):
    lesson = lesson_with(kind)
    elements = document_of(lesson.body).elements
    assert [e for e in elements if kind == "section" or not isinstance(e, type(elements[0]))]
    for name, (render, omitted) in SURFACES.items():
        shown = render(lesson)
        assert (name, [missing(e, shown, omitted) for e in elements]) == (
            name,
            [[]] * len(elements),
        )


@pytest.mark.parametrize("channel", sorted(registry.ADAPTERS))
@pytest.mark.parametrize("kind", KINDS)
def test_what_a_channel_cannot_show_of_a_block_is_told_to_the_editor(kind, channel):
    lesson = lesson_with(kind)
    post = rendering.build_post(catalogue.content(lesson.lesson_key), kind=channel, marker="m")
    losses = registry.form_of(channel).losses
    for element in document_of(lesson.body).elements:
        if missing(element, post.html or post.text, CHANNEL_OMITS):
            assert element.kind in losses
        if element.kind in losses:
            assert losses[element.kind].format(n=1) in post.lost


@pytest.mark.parametrize("body", [LessonBodyBlock(), ExhibitBodyBlock()], ids=["lesson", "site"])
def test_every_block_says_itself_in_elements(body):
    sampler = Sampler()
    seen = [(kind, child) for kind, child in body.child_blocks.items() if kind not in UNSEEN]
    raw = [sampler.block(kind, child) for kind, child in seen]
    for child in body.to_python(raw):
        told = list(child.block.document(child.value))
        assert told
        assert {type(element) for element in told} <= set(ELEMENTS)


def test_what_an_import_could_not_bring_says_nothing_and_is_not_published():
    gap = Sampler().block("gap", BODY.child_blocks["gap"])
    page = a_lesson(body=[section("第一节"), gap], publish=False)
    assert [e.kind for e in document_of(page.body).elements] == ["heading", "paragraph"]
    with pytest.raises(ValidationError, match="缺的内容"):
        page.save_revision().publish()
    assert not LessonPage.objects.live().exists()


def test_each_element_knows_the_block_it_came_from():
    lesson = lesson_with("artefact")
    for child in lesson.body:
        inner = [e for e in document_of([child]).elements if isinstance(e, Aside)]
        every = [*document_of([child]).elements, *(e for a in inner for e in a.elements)]
        assert {UUID(element.block) for element in every} == {UUID(child.id)}


def test_a_lesson_of_all_elements_names_each_kind_once():
    assert len({element.__name__.lower() for element in ELEMENTS}) == len(ELEMENTS)
    assert Sources in ELEMENTS


def test_a_link_half_in_bold_is_one_link_to_whoever_counts_what_was_lost():
    text = '<p><a href="https://example.org/">看<b>原文</b></a>，<a href="/sites/">红色资源</a></p>'
    lesson = a_lesson(body=[section("第一节", text=text)])
    post = rendering.build_post(catalogue.content(lesson.lesson_key), kind="wechat", marker="m")
    assert "2 个外部链接只留下文字" in post.lost


@pytest.mark.parametrize(("kind", "stays"), [("wechat", True), ("folder", False)])
def test_a_link_stays_where_the_platform_opens_it(kind, stays):
    link = '<p><a href="https://mp.weixin.qq.com/s/x">上一篇</a></p>'
    page = a_lesson(body=[section("一", text=link)])
    post = rendering.build_post(catalogue.content(page.lesson_key), kind=kind, marker="m")
    assert ('href="https://mp.weixin.qq.com/s/x"' in post.html) is stays
    assert "上一篇" in post.html + post.text
