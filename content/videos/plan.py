"""The storyboard of a lesson: its scenes, and what editors made of them."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from content.document import Document, document_of
from content.elements import Figure, Film, Sound, with_inner
from content.media import media_of
from content.models import LessonPage, LessonRevision, Storyboard
from content.videos.painting import paint
from content.videos.scenes import (
    LABELS,
    LONGEST,
    SHORTEST,
    Kind,
    Scene,
    chosen,
    is_cut_from,
    scenes_of,
)
from studyhub.core.errors import Conflict, Invalid
from studyhub.core.numbers import whole_number

MOST_SIGNS = 300  # of a scene, as it is typed


@dataclass(frozen=True)
class Card:
    """A scene as it stands on the storyboard; ``lesson`` as the lesson would have it."""

    scene: Scene
    lesson: Scene
    is_removed: bool = False
    is_changed: bool = False  # the lesson's words are others than those it was made from

    @property
    def label(self) -> str:
        return "录音" if self.scene.media_id else LABELS[self.scene.kind]

    @property
    def version(self) -> str:
        """Of what is drawn: part of the address of its still."""
        return _hash(self.scene.to_json())[:12]

    @property
    def is_free(self) -> bool:
        """Its words are not only cut from the lesson's: a second person has to look at them."""
        return not is_cut_from(self.scene.words, self.lesson.words)

    @property
    def is_hurried(self) -> bool:
        return self.scene.media_id is None and self.scene.least_seconds > self.scene.seconds

    @property
    def may_have_picture(self) -> bool:
        return self.scene.kind in (Kind.TITLE, Kind.WORDS, Kind.FIGURE)

    @property
    def problem(self) -> str:
        """Why it cannot be drawn."""
        try:
            paint(self.scene)
        except Invalid as error:
            return error.detail
        return ""


@dataclass(frozen=True)
class Plan:
    """``revision`` is None where the lesson is not out: then nothing is rendered."""

    page: LessonPage
    revision: int | None
    cards: tuple[Card, ...]
    pictures: Mapping[int, Figure]
    row: Storyboard

    @property
    def taken(self) -> list[Card]:
        return [card for card in self.cards if not card.is_removed]

    @property
    def left(self) -> list[Card]:
        return [card for card in self.cards if card.is_removed]

    @property
    def seconds(self) -> int:
        return sum(card.scene.seconds for card in self.taken)

    @property
    def free(self) -> list[Card]:
        return [card for card in self.taken if card.is_free]

    @property
    def free_hash(self) -> str:
        return _hash([[card.scene.id, card.scene.words] for card in self.free])

    @property
    def waits_for_confirmation(self) -> bool:
        return bool(self.free) and self.row.confirmed != self.free_hash


def plan_of(page: LessonPage) -> Plan:
    """Of what is live; of the newest draft while nothing is."""
    shown = page if page.live else page.get_latest_revision_as_object()
    document = document_of(shown.body)
    scenes = scenes_of(shown.title, document, shown.cover_id, _lengths(document))
    row = Storyboard.objects.filter(page=page).first() or Storyboard(page=page)
    pictures = {e.image_id: e for e in with_inner(document.elements) if isinstance(e, Figure)}
    cards = tuple(_cards(scenes, row.scenes, {*pictures, shown.cover_id}))
    return Plan(page, _revision(page), cards, pictures, row)


def _revision(page: LessonPage) -> int | None:
    """A number is given once the three reviews have passed it, with its publication."""
    if not page.live:
        return None
    rows = LessonRevision.objects.of(page.translation_key).order_by("-revision")
    return rows.values_list("revision", flat=True).first()


def _lengths(document: Document) -> dict[int, int]:
    if not any(isinstance(e, Sound | Film) for e in with_inner(document.elements)):
        return {}
    return {number: one.seconds for number, one in media_of(document).recordings.items()}


def _cards(scenes: list[Scene], stored: list[Any], pictures: set[Any]) -> Iterable[Card]:
    """What was changed stays where its block is still there; what is new comes behind the scene
    before it."""
    lesson = {scene.id: scene for scene in scenes}
    edits = {edit["id"]: edit for edit in stored if edit["id"] in lesson}
    taken = chosen(scenes)
    for id in _in_order([scene.id for scene in scenes], list(edits)):
        scene = lesson[id]
        if edit := edits.get(id):
            yield _edited(scene, edit, pictures)
        else:
            yield Card(scene, scene, is_removed=bool(stored) or id not in taken)


def _in_order(ids: list[str], kept: list[str]) -> list[str]:
    order = list(kept)
    for number, id in enumerate(ids):
        if id not in order:
            before = order.index(ids[number - 1]) + 1 if number else 0
            order.insert(before, id)
    return order


def _edited(scene: Scene, edit: Mapping[str, Any], pictures: set[Any]) -> Card:
    image = edit["image_id"] if edit["image_id"] in pictures else scene.image_id
    changed = replace(scene, words=edit["words"], image_id=image)
    if scene.media_id is None:
        changed = replace(changed, seconds=edit["seconds"])
    if scene.kind in (Kind.WORDS, Kind.FIGURE):
        changed = replace(changed, kind=Kind.FIGURE if image else Kind.WORDS)
    is_changed = edit["source"] != _hash(scene.words)
    return Card(changed, scene, edit["removed"], is_changed)


@transaction.atomic
def save_plan(plan: Plan, typed: Mapping[str, Mapping[str, str]], by: Any, *, version: int) -> None:
    """What was typed, by scene; an order and what is removed are as ``plan`` has them. Raises
    Conflict where somebody else saved meanwhile."""
    row, _ = Storyboard.objects.get_or_create(page=plan.page)
    row = Storyboard.objects.select_for_update().get(pk=row.pk)
    if row.version != version:
        detail = "刚才有别的同事改了这份分镜。下面是他改过的，您的改动没有存，请对照着再改一次。"
        raise Conflict("storyboard_changed", detail)
    row.scenes = [_stored(card, typed.get(card.scene.id, {})) for card in plan.cards]
    row.version, row.changed_by = version + 1, by
    row.save()
    plan.row.__dict__.update(row.__dict__)


def _stored(card: Card, typed: Mapping[str, str]) -> dict[str, Any]:
    words = typed.get("words", card.scene.words).replace("\r\n", "\n").strip()[:MOST_SIGNS]
    is_seen = words != card.scene.words or not card.is_changed
    return {
        "id": card.scene.id,
        "words": words or card.lesson.words,
        "seconds": _seconds(typed.get("seconds", ""), card.scene.seconds),
        "image_id": _picture(typed.get("picture"), card.scene.image_id),
        "source": _hash(card.lesson.words) if is_seen else "",  # stays marked until somebody looks
        "removed": card.is_removed,
    }


def _seconds(typed: str, before: int) -> int:
    number = whole_number(typed)
    return before if number is None else max(SHORTEST, min(LONGEST, number))


def _picture(typed: str | None, before: int | None) -> int | None:
    if typed is None:
        return before
    return whole_number(typed)


def moved(plan: Plan, id: str, places: int) -> Plan:
    """Among those that are taken."""
    order = [card.scene.id for card in plan.taken]
    if id not in order:
        return plan
    place = max(0, min(len(order) - 1, order.index(id) + places))
    order.remove(id)
    order.insert(place, id)
    cards = {card.scene.id: card for card in plan.cards}
    return replace(plan, cards=(*(cards[one] for one in order), *plan.left))


def taken_or_not(plan: Plan, id: str, *, removed: bool) -> Plan:
    cards = (replace(c, is_removed=removed) if c.scene.id == id else c for c in plan.cards)
    return replace(plan, cards=tuple(cards))


def as_in_lesson(plan: Plan, id: str) -> Plan:
    """One scene as the lesson has it."""
    cards = (Card(c.lesson, c.lesson) if c.scene.id == id else c for c in plan.cards)
    return replace(plan, cards=tuple(cards))


def confirm(plan: Plan, by: Any, *, seen: str) -> None:
    """Free words are read by somebody who may publish and did not write them."""
    if not plan.page.permissions_for_user(by).can_publish():
        raise Invalid("no_right", "要有发布权限的同事来确认。")
    if plan.row.changed_by_id == by.pk:
        raise Invalid("own_words", "自己写的要别的同事确认：请有发布权限的另一位同事来看。")
    if seen != plan.free_hash:
        raise Conflict("words_changed", "这些话刚才又改过了，请看过现在的再确认。")
    Storyboard.objects.filter(pk=plan.row.pk).update(confirmed=seen, confirmed_by=by)


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]
