"""复制到另一课: blocks of one lesson at the end of another's draft, under ids of their own."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import uuid4

from django.db import transaction

from content.models import LessonPage, UnitAuthor
from content.models.page_state import lock_page
from content.models.reviews import authors_of, levels
from content.question_wording import MOST_QUESTIONS
from content.units import units_of
from studyhub.core.errors import Conflict, Invalid

Raw = dict[str, Any]
ONCE = {"self_check": "自测", "sources": "资料来源"}  # of which a lesson has one


@transaction.atomic
def copy_blocks(source: Any, chosen: Collection[str], target: LessonPage, by: Any) -> list[str]:
    """Into the newest draft of ``target``; returns what its editor has to see to, in sentences.

    All of them or none. Raises Invalid ``nothing_chosen``, Conflict ``lesson_locked``,
    ``too_many``, ``same_heading``.
    """
    lock_page(target.pk)
    target.refresh_from_db()
    if target.locked:
        raise Conflict("lesson_locked", "那一课锁定了，不能改。请先请锁定的人解锁。")
    draft = target.get_latest_revision_as_object()
    taken = [block for block in source.body.get_prep_value() if block["id"] in chosen]
    if not taken:
        raise Invalid("nothing_chosen", "还没有勾选要复制的块。请勾选以后再按。")
    raw = list(draft.body.get_prep_value())
    _refuse_same_heading(raw, taken)
    ids = {block["id"]: str(uuid4()) for block in taken}
    notes = list(_put(raw, taken, ids))
    draft.body = draft.body.stream_block.to_python(raw)
    _name_authors(source, draft, ids)
    draft.save_revision(user=by, log_action=True)
    return notes


def _refuse_same_heading(raw: list[Raw], taken: list[Raw]) -> None:
    """Sections of a lesson are told apart by their headings."""
    there = {block["value"]["heading"].strip() for block in raw if block["type"] == "section"}
    new = {block["value"]["heading"].strip() for block in taken if block["type"] == "section"}
    if both := there & new:
        named = "、".join(f"“{one}”" for one in sorted(both))
        detail = f"那一课里已经有小节{named}。请先改一边的标题，或者取消勾选它，再复制。"
        raise Conflict("same_heading", detail)


def _put(raw: list[Raw], taken: list[Raw], ids: dict[str, str]) -> Iterator[str]:
    for block in taken:
        copy = _with_new_ids(block, ids)
        if block["type"] == "self_check":
            yield from _cite(copy, block, ids)
        before = next((one for one in raw if one["type"] == block["type"]), None)
        if block["type"] in ONCE and before:
            yield _joined(before, copy)
        else:
            raw.insert(_place(raw, block["type"]), copy)


def _place(raw: list[Raw], kind: str) -> int:
    """Self-check and sources stand last."""
    kinds = [block["type"] for block in raw]
    behind = [one for one in ("self_check", "sources") if one != kind and kind != "sources"]
    return min([len(kinds), *(kinds.index(one) for one in behind if one in kinds)])


def _joined(before: Raw, copy: Raw) -> str:
    """A second self-check or list of sources goes on with the first."""
    name = "questions" if copy["type"] == "self_check" else "items"
    items = before["value"][name]
    if name == "questions" and len(items) + len(copy["value"][name]) > MOST_QUESTIONS:
        detail = f"一课的自测最多 {MOST_QUESTIONS} 题，那一课现在有 {len(items)} 题。请少复制几题。"
        raise Conflict("too_many", detail)
    items += copy["value"][name]
    return f"那一课本来就有{ONCE[copy['type']]}，复制来的接在后面。"


def _cite(copy: Raw, block: Raw, ids: dict[str, str]) -> Iterator[str]:
    """A section that came along is cited in its new place; the others were left behind."""
    lost = []
    pairs = zip(copy["value"]["questions"], block["value"]["questions"], strict=True)
    for number, (item, before) in enumerate(pairs, start=1):
        item["value"]["section"] = ids.get(before["value"]["section"], "")
        if not item["value"]["section"]:
            lost.append(str(number))
    if lost:
        numbers = "、".join(lost)
        yield f"第 {numbers} 题出自的小节没有一起复制，请在“出自哪一小节”里重新选，才能送审。"


def _with_new_ids(block: Raw, ids: dict[str, str]) -> Raw:
    return {**block, "id": ids[block["id"]], "value": _fresh(block["value"], ids)}


def _fresh(value: Any, ids: dict[str, str]) -> Any:
    """Entries of lists get ids of their own, as deep as they stand; which, ``ids`` remembers."""
    if isinstance(value, list):
        return [_fresh(one, ids) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "item" and "id" in value:
        ids[value["id"]] = str(uuid4())
        return {**value, "id": ids[value["id"]], "value": _fresh(value["value"], ids)}
    return {name: _fresh(one, ids) for name, one in value.items()}


def _name_authors(source: Any, draft: Any, ids: dict[str, str]) -> None:
    """Who copies has not written it: nobody signs their own words in another lesson either."""
    if not levels():
        return
    wrote = {ids[unit]: by for unit, by in authors_of(source, units_of(source)) if unit in ids}
    named = {"lesson_key": draft.lesson_key}
    new = [unit for unit in units_of(draft) if wrote.get(unit.id)]
    UnitAuthor.objects.bulk_create(
        (
            UnitAuthor(**named, unit=unit.id, unit_hash=unit.hash, person_id=wrote[unit.id])
            for unit in new
        ),
        ignore_conflicts=True,
    )
