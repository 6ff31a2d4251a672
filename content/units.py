"""What one signs of a page: its head, each block, each question, the order of the blocks, and what
readers are told of the change.

A unit's hash changes exactly when a reader would see something else: it is made of what the body
says and of the files it shows, never of ids within, keys of the editor or line ends.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.document import Document, document_of
from content.element_json import said
from content.elements import (
    CitedQuestion,
    Element,
    Figure,
    Film,
    SelfCheck,
    Sound,
    with_inner,
)
from content.exhibits import KIND as EXHIBIT
from content.outline import Question
from content.text_diff import texts_of

HEAD, ORDER, CHANGE = "head", "order", "change"
ADDRESS = "地址"


@dataclass(frozen=True)
class Unit:
    """``id`` is ``head``, ``order`` or the id of a block or question; ``title`` and ``text`` are
    what a reviewer reads, ``images`` and ``recordings`` the numbers of what is seen and heard."""

    id: str
    title: str
    text: str
    facts: Any
    images: tuple[int, ...] = field(default=(), compare=False)
    recordings: tuple[int, ...] = field(default=(), compare=False)

    @cached_property
    def hash(self) -> str:
        """SHA-256, 64 hexadecimal digits."""
        written = json.dumps(self.facts, sort_keys=True, ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


Files = Mapping[str, Mapping[int, str]]  # by kind, number of the file -> hash of its bytes
NO_FILES: Files = {"image": {}, "media": {}}


def units_of(page: Any) -> list[Unit]:
    """Of a page as it stands in memory, in reading order, head first, order last; of one without a
    body the head."""
    if not hasattr(page, "body"):
        return [_head(page, NO_FILES)]
    document = document_of(page.body)
    files = _files_of(page, document)
    words = texts_of(page.translation_key, page.title, page.summary, document)
    units = [_head(page, files)]
    by_block: dict[str, list[Element]] = {str(child.id): [] for child in page.body}
    for element in document.elements:
        by_block[element.block].append(element)
    for block, elements in by_block.items():
        units += _units_of_block(block, elements, words, files, document)
    units.append(_order(page))
    return [*units, *_change(page, units)]


def _head(page: Any, files: Files) -> Unit:
    head = page.head_lines()
    values = [value for _, value in head]
    shown = [(name, f"/{value}/" if name == ADDRESS else value) for name, value in head if value]
    lines = [f"{name}：{value}" for name, value in shown]
    number = getattr(page, "cover_id", None)
    cover = files["image"].get(number, "") if number else ""
    return Unit(
        HEAD, "标题、摘要等", "\n".join(lines), [*values, cover], (number,) if number else ()
    )


def _order(page: Any) -> Unit:
    blocks = [str(child.id) for child in page.body]
    names = "、".join(map(_name_of, page.body))
    return Unit(ORDER, "各块的次序", names, blocks)


def _name_of(child: Any) -> str:
    """The kind of the block; an exhibit with its code, since their order is the route."""
    code = child.value.get("code") if child.block_type == EXHIBIT else ""
    return f"{child.block.label} {code}" if code else str(child.block.label)


def _change(page: Any, units: list[Unit]) -> Iterable[Unit]:
    """What the next publication says of itself (改了什么), where it says anything: signed together
    with the text it speaks of, so that the same sentence is signed anew the next time."""
    if not hasattr(page, "change_note"):
        return
    note, hides = page.change_note.strip(), page.change_hides_words
    usual = page._meta.get_field("change_kind").get_default()
    if page.change_kind == usual and not note and not hides:
        return
    lines = [f"这次改动：{page.get_change_kind_display()}", note]
    lines += ["更正记录里不写原来的文字"] * hides
    facts = [page.change_kind, note, hides, certificate_of(units)]
    yield Unit(CHANGE, "这次改了什么", "\n".join(filter(None, lines)), facts)


def _units_of_block(
    block: str,
    elements: list[Element],
    words: Mapping[str, Mapping[str, Any]],
    files: Files,
    document: Document,
) -> Iterable[Unit]:
    check = next((e for e in elements if isinstance(e, SelfCheck)), None)
    if check is not None:
        yield _self_check(block, check)
        for cited in check.questions:
            yield _question(cited, words, files)
        return
    told = words.get(block, {"title": "还没有写的一块", "text": ""})
    facts = [_with_files(said(element), files) for element in elements]
    shown = list(with_inner(elements))
    images = tuple(e.image_id for e in shown if isinstance(e, Figure))
    recordings = tuple(e.media_id for e in shown if isinstance(e, Sound | Film))
    yield Unit(block, told["title"], told["text"], facts, images, recordings)


def _self_check(block: str, check: SelfCheck) -> Unit:
    marks = [check.title, check.required, check.pass_mark]
    asked = [cited.question.id for cited in check.questions]
    must = "学完须通过" if check.required else "不要求通过"
    text = f"{check.title}\n{must}，通过线 {check.pass_mark}%，共 {len(asked)} 题"
    text += f"，每次抽 {check.draw} 题" if check.draw else ""
    text += "，选项打乱" if check.shuffle else ""
    varies = [[check.draw, check.shuffle]] if check.draw or check.shuffle else []
    return Unit(block, "自测", text, [*marks, asked, *varies])


def _question(cited: CitedQuestion, words: Mapping[str, Mapping[str, Any]], files: Files) -> Unit:
    asked = cited.question
    options = [option.text for option in asked.options]
    facts = [asked.kind, asked.stem, options, _right(asked), list(asked.accepted)]
    told = words.get(asked.id, {"title": asked.stem, "text": ""})
    text = f"{told['text']}\n出自：{cited.heading or '原来的小节已删除'}"
    text += "\n选项的次序不打乱" if asked.fixed_order else ""
    place = [cited.section or cited.heading, *([True] if asked.fixed_order else [])]
    picture = [_with_files(said(cited.picture), files)] if cited.picture else []
    images = (cited.picture.image_id,) if cited.picture else ()
    facts += [asked.explanation, asked.source, *place, *picture]
    return Unit(asked.id, told["title"], text, facts, images)


def _right(asked: Question) -> Any:
    """The answer in words: ids of options are no content."""
    if isinstance(asked.answer, bool):
        return asked.answer
    given = [asked.answer] if isinstance(asked.answer, str) else list(asked.answer)
    texts = {option.id: option.text for option in asked.options}
    return [texts.get(one, one) for one in given]


def _with_files(facts: Any, files: Files) -> Any:
    """Numbers of files become hashes of what is in them."""
    if isinstance(facts, list):
        return [_with_files(one, files) for one in facts]
    if not isinstance(facts, dict):
        return facts
    kept = {key: _with_files(value, files) for key, value in facts.items() if key != "block"}
    for key, kind in (("image_id", "image"), ("media_id", "media")):
        if key in kept:
            kept[key] = files[kind].get(int(kept[key]), "")
    return kept


def _files_of(page: Any, document: Document) -> Files:
    shown = files_shown(page, document)
    return {"image": _image_hashes(shown["image"]), "media": _media_hashes(shown["media"])}


def files_shown(page: Any, document: Document) -> dict[str, set[int]]:
    """By kind, the numbers of the files in a body and of the cover."""
    shown = list(with_inner(document.elements))
    images = {e.image_id for e in shown if isinstance(e, Figure)}
    if cover := getattr(page, "cover_id", None):
        images.add(cover)
    return {"image": images, "media": {e.media_id for e in shown if isinstance(e, Sound | Film)}}


def _image_hashes(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    rows = get_image_model().objects.filter(pk__in=ids).values_list("pk", "file_hash", "file")
    return {pk: digest or name for pk, digest, name in rows}


def _media_hashes(ids: set[int]) -> dict[int, str]:
    """A storage gives every upload a name of its own, and no file is put in another's place."""
    if not ids:
        return {}
    return dict(get_media_model().objects.filter(pk__in=ids).values_list("pk", "file"))


def hashes_of(units: Iterable[Unit]) -> dict[str, str]:
    return {unit.id: unit.hash for unit in units}


def certificate_of(units: Iterable[Unit]) -> str:
    """Twelve digits that stand for all that readers see of the lesson: the number of the 审核表."""
    digests = sorted(f"{unit.id} {unit.hash}" for unit in units if unit.id != CHANGE)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:12]
