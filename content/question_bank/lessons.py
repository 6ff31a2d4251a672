"""Between the bank and the newest draft of a lesson: copies in, questions out, newer versions.

A draft is saved as an editor would save it: its new words wait for their reviews like any others.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.db import transaction

from content.blocks.questions import reference_of, wording_of
from content.cited_sections import section_hashes
from content.models import LessonPage, LessonQuestion, Question, QuestionVersion
from content.models.page_state import lock_page
from content.models.reviews import authors_of
from content.question_bank.keeping import Citation, add_question, find_alike
from content.question_wording import MOST_QUESTIONS, QuestionPicture, Wording
from content.units import units_of
from studyhub.core.errors import Conflict, StudyhubError

Raw = dict[str, Any]


@dataclass(frozen=True)
class Copy:
    """A question of a draft. ``known`` is that of the bank, ``newer`` its newest version where the
    copy is of an older one, ``is_edited`` whether it is worded as no version of the bank."""

    item: str
    number: int
    wording: Wording
    known: Question | None
    newer: QuestionVersion | None
    is_edited: bool


def copies_in(page: LessonPage) -> list[Copy]:
    """Of the draft as it stands in memory."""
    items = _items_of(page)
    origins = {item.id: reference_of(item.value.get("bank")) for item in items}
    known = Question.objects.in_bulk([one[0] for one in origins.values() if one])
    found = []
    for number, item in enumerate(items, start=1):
        origin, wording = origins[item.id], wording_of(item.value)
        question = known.get(origin[0]) if origin else None
        newest = question.version if question else None
        newer = newest if newest and origin and newest.number > origin[1] else None
        edited = bool(question) and not _is_version(question, origin, wording)
        found.append(Copy(item.id, number, wording, question, newer, edited))
    return found


def _is_version(question: Any, origin: Any, wording: Wording) -> bool:
    version = question.versions.filter(number=origin[1]).first()
    return version is not None and version.words == wording


def _items_of(page: LessonPage) -> list[Any]:
    checks = [block for block in page.body if block.block_type == "self_check"]
    return [item for check in checks for item in check.value["questions"].bound_blocks]


@transaction.atomic
def take_into(page: LessonPage, questions: Collection[Question], by: Any) -> int:
    """Frozen copies of the newest versions behind the draft's own questions; returns how many.

    What is there already is not taken twice. Raises Conflict ``lesson_locked``, ``too_many``.
    """
    draft = _draft(page)
    there = {copy.known.pk for copy in copies_in(draft) if copy.known}
    new = [question for question in questions if question.pk not in there]
    raw = list(draft.body.get_prep_value())
    check = next((block for block in raw if block["type"] == "self_check"), None)
    if check is None:
        check = _empty_check()
        raw.insert(_place_of_check(raw), check)
    items = check["value"]["questions"]
    if len(items) + len(new) > MOST_QUESTIONS:
        raise Conflict(
            "too_many",
            f"一课的自测最多 {MOST_QUESTIONS} 题，现在有 {len(items)} 题，"
            f"这次选了 {len(new)} 题。请少选几题。",
        )
    sections = {block["id"] for block in raw if block["type"] == "section"}
    items += [_item(question.version, draft, sections) for question in new]
    if new:
        _save(draft, raw, by)
    return len(new)


def _empty_check() -> Raw:
    value = {"title": "学完自测", "required": True, "pass_mark": 60, "questions": []}
    return {"type": "self_check", "id": str(uuid4()), "value": value}


def _place_of_check(raw: list[Raw]) -> int:
    """In front of the sources, which stand last."""
    kinds = [block["type"] for block in raw]
    return kinds.index("sources") if "sources" in kinds else len(kinds)


def _item(version: QuestionVersion, draft: LessonPage, sections: set[str]) -> Raw:
    here = version.lesson_key == draft.lesson_key and version.section in sections
    value = {**_fields(version, {}), "section": version.section if here else ""}
    return {"type": "item", "id": str(uuid4()), "value": value}


def _fields(version: QuestionVersion, ids: dict[str, str]) -> Raw:
    """As a body stores them; options worded as before keep the ids that records know."""
    words = version.words
    options = [
        {
            "type": "item",
            "id": ids.get(one.text) or str(uuid4()),
            "value": {"text": one.text, "correct": one.correct},
        }
        for one in words.options
    ]
    return {
        "kind": words.kind,
        "stem": words.stem,
        **QuestionPicture.fields_of(words.picture),
        "options": options,
        "truth": words.truth,
        "accepted": "\n".join(words.accepted),
        "explanation": words.explanation,
        "source": words.source,
        "bank": f"{version.question_id}-{version.number}",
    }


@transaction.atomic
def renew_copies(page: LessonPage, items: Collection[str], by: Any) -> int:
    """Put the newest versions in place of these copies; returns how many were replaced."""
    draft = _draft(page)
    newer = {one.item: one.newer for one in copies_in(draft) if one.item in items and one.newer}

    def renewed(item: Raw) -> Raw:
        value = item["value"]
        ids = {one["value"]["text"]: one["id"] for one in value["options"]}
        return {**item, "value": {**value, **_fields(newer[item["id"]], ids)}}

    return _change_items(draft, newer, renewed, by)


@transaction.atomic
def store_questions(page: LessonPage, items: Collection[str], by: Any) -> tuple[int, list[str]]:
    """收进题库: returns how many, and a sentence for each that was not.

    A version is of who worded it in the lesson, not of who took it out: nobody reviews their own.
    """
    draft = _draft(page)
    stored: dict[str, Question] = {}
    refused = []
    hashes, writers = section_hashes(draft), _writers(draft)
    sections = {item.id: str(item.value["section"] or "") for item in _items_of(draft)}
    for copy in copies_in(draft):
        if copy.item in items and copy.known is None:
            section = sections[copy.item]
            cites = Citation(draft.lesson_key, section, hashes.get(section, ""))
            try:
                stored[copy.item] = _stored(copy.wording, cites, writers.get(copy.item))
            except StudyhubError as error:
                refused.append(f"第 {copy.number} 题：{error.detail}")

    def linked(item: Raw) -> Raw:
        bank = f"{stored[item['id']].pk}-{stored[item['id']].newest}"
        return {**item, "value": {**item["value"], "bank": bank}}

    return _change_items(draft, stored, linked, by), refused


def _writers(draft: LessonPage) -> dict[str, Any]:
    """Who worded each question as it is; None where that is not known."""
    units = units_of(draft)
    people = {unit: person for unit, person in authors_of(draft, units) if person}
    accounts = get_user_model().objects.in_bulk(people.values())
    return {unit: accounts.get(person) for unit, person in people.items()}


def _stored(wording: Wording, cites: Citation, by: Any) -> Question:
    """The bank's own where it is worded alike; another lesson may have brought it in."""
    known = find_alike(wording.stem)
    if known and known.version.words == wording:
        return known
    return add_question(wording, by, cites=cites)


def _change_items(
    draft: LessonPage, wanted: Collection[str], change: Callable[[Raw], Raw], by: Any
) -> int:
    raw = list(draft.body.get_prep_value())
    count = 0
    for block in (one for one in raw if one["type"] == "self_check"):
        for place, item in enumerate(block["value"]["questions"]):
            if item["id"] in wanted:
                block["value"]["questions"][place] = change(item)
                count += 1
    if count:
        _save(draft, raw, by)
    return count


def _draft(page: LessonPage) -> LessonPage:
    lock_page(page.pk)
    page.refresh_from_db()
    if page.locked:
        raise Conflict("lesson_locked", "这一课锁定了，不能改。请先请锁定的人解锁。")
    draft: LessonPage = page.get_latest_revision_as_object()
    return draft


def _save(draft: LessonPage, raw: list[Raw], by: Any) -> None:
    draft.body = draft.body.stream_block.to_python(raw)
    draft.save_revision(user=by, log_action=True)


def uses_of(question: Question) -> list[LessonQuestion]:
    """用在哪几课: where copies stand in newest drafts."""
    rows = LessonQuestion.objects.filter(bank=question).select_related("page")
    return list(rows.order_by("page__title"))
