"""Lessons, courses and sites from TOML files: starter lessons and hand-written material.

Block ids are derived from slugs and keys, so that loading the same file again changes nothing and
loading a corrected file keeps the ids of what did not change.
"""

import tomllib
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.html import escape
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtailmedia.blocks import AbstractMediaChooserBlock

from content.blocks import ExhibitBodyBlock, LessonBodyBlock
from content.file_uploads import put_image, put_sound
from content.fixed_pages import Tree
from content.models import (
    CoursePage,
    HeritageSitePage,
    LessonPage,
    LessonRevision,
    Pronunciation,
    ReadingSignOff,
    SignOff,
)
from content.models.reviewed import Reviewed
from content.models.signing import sign_for_all

NAMESPACE = UUID("3c1f9a52-7c0e-5b1e-8f55-0d9b6c1a2e47")


def load_course(tree: Tree, data: dict[str, Any]) -> CoursePage:
    """Create or update one course; safe to repeat."""
    fields = {"title": data["title"], "summary": data["summary"], "category": data["category"]}
    return _put_page(CoursePage, tree.courses, data["slug"], fields)


def date_back(moment: datetime) -> None:
    """Let every first text count as there since then: it was read before it came in here."""
    first = LessonRevision.objects.filter(revision=1, published_at__gt=moment)
    first.update(published_at=moment)


def has_lesson(course: CoursePage, slug: str) -> bool:
    return LessonPage.objects.child_of(course).filter(slug=slug).exists()


@transaction.atomic
def load_lesson(
    course: CoursePage,
    path: Path,
    *,
    instead: tuple[str, str] | None = None,
    change: tuple[str, str] | None = None,
) -> UUID:
    """Create or update one lesson from a file and publish it; returns its lesson_key.

    ``instead`` puts one wording in place of another; ``change`` is the kind of the edit and its
    note for readers.
    """
    text = path.read_text("utf-8")
    data = tomllib.loads(text.replace(*instead) if instead else text)
    fields = _fields(data, path)
    if change:
        fields |= dict(zip(("change_kind", "change_note"), change, strict=True))
    page = _put_page(LessonPage, course, data["slug"], fields)
    page.save_revision().publish()
    return page.translation_key


@transaction.atomic
def load_draft(course: CoursePage, path: Path, author: Any) -> bool:
    """One lesson as a draft of ``author``'s, which nobody sees before it is reviewed.

    A lesson that is there is left as people made it: False.
    """
    data = tomllib.loads(path.read_text("utf-8"))
    if has_lesson(course, data["slug"]):
        return False
    fields = _fields(data, path) | {"live": False, "owner": author}
    _put_page(LessonPage, course, data["slug"], fields).save_revision(user=author)
    return True


def _fields(data: dict[str, Any], path: Path) -> dict[str, Any]:
    pictures = [block for block in data["blocks"] if block["type"] == "picture"]
    return {
        "title": data["title"],
        "summary": data["summary"],
        "minutes": data["minutes"],
        "credit_hours": Decimal(data["credit_hours"]),
        "cover": put_image(path.parent.parent / pictures[0]["file"]) if pictures else None,
        "body": _body(data, path),
    }


def load_pronunciations(items: list[dict[str, str]]) -> None:
    """Entries of the lexicon, in use at once; one whose term is known already is left as editors
    made it."""
    known = set(Pronunciation.objects.values_list("term", flat=True))
    for item in items:
        if item["term"] not in known:
            pronunciation = Pronunciation(**item)
            pronunciation.full_clean()
            pronunciation.save()
            ReadingSignOff.objects.create(reading=pronunciation)


@transaction.atomic
def load_site(tree: Tree, path: Path) -> HeritageSitePage:
    """Create or update one heritage site from a file and publish it."""
    data = tomllib.loads(path.read_text("utf-8"))
    page = _put_page(HeritageSitePage, tree.sites, data["slug"], _site_fields(data, path))
    page.save_revision().publish()
    return page


@transaction.atomic
def load_site_draft(tree: Tree, path: Path, author: Any) -> bool:
    """One heritage site as a draft, which nobody sees before it is reviewed.

    A site that is there is left as people made it: False.
    """
    data = tomllib.loads(path.read_text("utf-8"))
    if HeritageSitePage.objects.child_of(tree.sites).filter(slug=data["slug"]).exists():
        return False
    fields = _site_fields(data, path) | {"live": False, "owner": author}
    page = _put_page(HeritageSitePage, tree.sites, data["slug"], fields)
    page.save_revision(user=author)
    return True


def _site_fields(data: dict[str, Any], path: Path) -> dict[str, Any]:
    make = _Maker(ExhibitBodyBlock(), data["slug"], path.parent)
    picture = [{**data["picture"], "key": "view"}] if "picture" in data else []
    parts = {
        "picture": picture,
        "section": data["sections"],
        "exhibit": [{**one, "key": one["code"]} for one in data["exhibits"]],
        "to_verify": [
            {**one, "key": f"verify-{n}"} for n, one in enumerate(data.get("to_verify", []))
        ],
    }
    body = [make.block({**one, "type": kind}) for kind, all_ in parts.items() for one in all_]
    if sources := data.get("sources"):
        body.append(make.sources(sources))
    names = ("title", "summary", "town", "lon", "lat", "opening", "accessibility")
    return {name: data[name] for name in names if name in data} | {"body": body}


def _put_page(model: Any, parent: Any, slug: str, fields: dict[str, Any]) -> Any:
    page = model.objects.child_of(parent).filter(slug=slug).first()
    if page is None:
        page = model(slug=slug, translation_key=uuid5(NAMESPACE, f"{parent.slug}/{slug}"))
    body = fields.pop("body", None)
    for name, value in fields.items():
        setattr(page, name, value)
    if body is not None:
        page.body = page.body.stream_block.to_python(body)
    if isinstance(page, Reviewed) and page.live:
        sign_for_all(page, SignOff.Kind.BEFORE)
    if page.pk is None:
        return parent.add_child(instance=page)
    page.save()
    return page


def _body(data: dict[str, Any], path: Path) -> list[dict[str, Any]]:
    make = _Maker(LessonBodyBlock(), data["slug"], path.parent.parent)
    body = [make.block(block) for block in data["blocks"]]
    body.append(make.self_check(data))
    body.append(make.sources(data["sources"]))
    return body


class _Maker:
    """Raw StreamField values of one page; ``folder`` is where its files lie.

    A block is written as its definition says: the file gives the fields by their names, lists get
    ids of their own, and ``file`` fills whatever chooses a picture or a recording.
    """

    def __init__(self, stream: Any, slug: str, folder: Path) -> None:
        self.stream = stream
        self.slug = slug
        self.folder = folder

    def block(self, data: dict[str, Any]) -> dict[str, Any]:
        kind, key = data["type"], data["key"]
        value = self._struct(self.stream.child_blocks[kind], data, key)
        return {"type": kind, "id": self._id(key), "value": value}

    def self_check(self, data: dict[str, Any]) -> dict[str, Any]:
        quiz = data["quiz"]
        value = {
            "title": quiz.get("title", "学完自测"),
            "required": data["quiz_required"],
            "pass_mark": data["pass_mark"],
            "questions": [self._question(q) for q in quiz["questions"]],
        }
        return {"type": "self_check", "id": self._id("quiz"), "value": value}

    def sources(self, sources: list[dict[str, str]]) -> dict[str, Any]:
        items = [
            self._item(f"source-{n}", self._struct(self._source_block, source, ""))
            for n, source in enumerate(sources)
        ]
        return {"type": "sources", "id": self._id("sources"), "value": {"items": items}}

    @property
    def _source_block(self) -> Any:
        return self.stream.child_blocks["sources"].child_blocks["items"].child_block

    def _id(self, key: str) -> str:
        return str(uuid5(NAMESPACE, f"{self.slug}#{key}"))

    def _item(self, key: str, value: dict[str, Any]) -> dict[str, Any]:
        return {"type": "item", "id": self._id(key), "value": value}

    def _struct(self, definition: Any, data: dict[str, Any], key: str) -> dict[str, Any]:
        return {
            name: self._field(child, data, name, key)
            for name, child in definition.child_blocks.items()
        }

    def _field(self, definition: Any, data: dict[str, Any], name: str, key: str) -> Any:
        if isinstance(definition, ImageChooserBlock):
            file = data.get("file")
            return put_image(self.folder / file).pk if file else None
        if isinstance(definition, AbstractMediaChooserBlock):
            if "seconds" not in data:
                return None
            return put_sound(self.folder / data["file"], data["title"], data["seconds"]).pk
        if isinstance(definition, blocks.RichTextBlock):
            return _rich(data[name])
        if isinstance(definition, blocks.ListBlock):
            child = definition.child_block
            items = enumerate(data[name])
            return [self._item(f"{key}-{n}", self._struct(child, it, "")) for n, it in items]
        if isinstance(definition, blocks.BooleanBlock | blocks.ChoiceBlock | blocks.IntegerBlock):
            return data.get(name, definition.get_default())
        return data.get(name, "")

    def _question(self, data: dict[str, Any]) -> dict[str, Any]:
        kind, answer = data["kind"], data["answer"]
        right = answer if isinstance(answer, list) else [answer]
        options = [
            self._item(
                f"{data['key']}-{option['key']}",
                {"text": option["text"], "correct": option["key"] in right},
            )
            for option in data.get("options", [])
        ]
        accepted = [answer, *data.get("accepted", [])] if kind == "blank" else []
        value = {
            "kind": kind,
            "stem": data["stem"],
            "options": options,
            "truth": str(answer).lower() if kind == "truefalse" else "",
            "accepted": "\n".join(map(str, accepted)),
            "explanation": data["explanation"],
            "section": self._id(data["section"]),
            "source": data.get("source", ""),
        }
        return self._item(data["key"], value)


def _rich(text: str) -> str:
    """Paragraphs split by blank lines; ``**…**`` is bold."""
    paragraphs = []
    for paragraph in text.strip().split("\n\n"):
        parts = escape(paragraph.replace("\n", "")).split("**")
        marked = [f"<b>{part}</b>" if n % 2 else part for n, part in enumerate(parts)]
        paragraphs.append(f"<p>{''.join(marked)}</p>")
    return "".join(paragraphs)
