"""待复核: a question whose section was worded anew, until somebody has looked at the question.

It keeps nothing from readers and no draft from being saved; the last level signs nothing before.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from content.blocks import lost_words, questions_without_section
from content.blocks.questions import reference_of
from content.cited_sections import section_hashes
from content.document import document_of
from content.models.questions import LessonQuestion, Question, QuestionVersion
from content.units import hashes_of, units_of

MOST_NAMED = 5


@transaction.atomic
def note_questions(page: Any) -> None:
    """Bring the rows of a lesson up to its draft as it stands in memory; safe to repeat.

    The first time, what is live is what the questions were written against. The row of a question
    that is gone stays with what it was compared with: an earlier draft may bring it back.
    """
    known = {row.item: row for row in LessonQuestion.objects.filter(page_id=page.pk)}
    if not known:
        live = type(page).objects.filter(pk=page.pk, live=True).first()
        known = {row.item: row for row in (_rows_of(live) if live else ())}
    rows = [_carried_on(row, known.get(row.item)) for row in _rows_of(page)]
    gone = LessonQuestion.objects.filter(page_id=page.pk).exclude(
        item__in=[row.item for row in rows]
    )
    gone.update(number=LessonQuestion.GONE, is_due=False, bank=None, version=None)
    fields = [f.name for f in LessonQuestion._meta.concrete_fields if f.name not in ("id", "item")]
    LessonQuestion.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["page", "item"],
        update_fields=[name for name in fields if name != "page"],
    )


def writers_in_bank(page: Any) -> set[tuple[str, int | None]]:
    """(item, person) of each copy in the body: nobody signs here what they wrote in the bank."""
    origins = _origins(page)
    versions = QuestionVersion.objects.filter(
        question__in={one["bank_id"] for one in origins.values()}
    )
    rows = versions.values_list("question", "number", "by")
    by = {(question, number): person for question, number, person in rows}
    return {
        (item, by[one["bank_id"], one["version"]])
        for item, one in origins.items()
        if (one["bank_id"], one["version"]) in by
    }


def _rows_of(page: Any) -> list[LessonQuestion]:
    check = document_of(page.body).self_check
    if check is None:
        return []
    units = units_of(page)
    hashes, sections = hashes_of(units), section_hashes(page, units)
    origins = _origins(page)
    return [
        LessonQuestion(
            page_id=page.pk,
            item=cited.question.id,
            number=number,
            stem=cited.question.stem[:200],
            question_hash=hashes[cited.question.id],
            section=cited.section,
            section_hash=sections.get(cited.section, ""),
            **origins.get(cited.question.id, {}),
        )
        for number, cited in enumerate(check.questions, start=1)
    ]


def _origins(page: Any) -> dict[str, dict[str, int]]:
    """Of which questions that are in the bank the questions of the body are copies, by item."""
    found = {}
    for block in getattr(page, "body", ()):
        if block.block_type == "self_check":
            for item in block.value["questions"].bound_blocks:
                if origin := reference_of(item.value.get("bank")):
                    found[item.id] = origin
    numbers = {number for number, _ in found.values()}
    there = set(Question.objects.filter(pk__in=numbers).values_list("pk", flat=True))
    return {
        item: {"bank_id": number, "version": version}
        for item, (number, version) in found.items()
        if number in there
    }


def _carried_on(row: LessonQuestion, before: LessonQuestion | None) -> LessonQuestion:
    """Who words a question anew has its section before them; else it waits for a look."""
    if before and before.question_hash == row.question_hash:
        row.is_due = before.section_hash != row.section_hash
        row.section_hash = before.section_hash
    return row


def looks_of(page: Any) -> dict[str, str]:
    """By item what one sees on the screen, as 64 hexadecimal digits: the question and its section
    as they stand in memory."""
    return {row.item: _look(row) for row in _rows_of(page)}


def _look(row: LessonQuestion) -> str:
    return hashlib.sha256(f"{row.question_hash} {row.section_hash}".encode()).hexdigest()


def confirm_questions(page: Any, seen: Mapping[str, str]) -> tuple[int, list[int]]:
    """题目仍然对: these were looked at beside their sections, ``seen`` as ``looks_of`` told then.

    Returns how many that settles, and the numbers of those that were changed since.
    """
    now = {row.item: row for row in _rows_of(page)}
    waiting = LessonQuestion.objects.filter(page_id=page.pk, is_due=True).order_by("number")
    rows = [row for row in waiting if row.item in seen and row.item in now]
    settled = [row for row in rows if seen[row.item] == _look(now[row.item])]
    for row in settled:
        row.section_hash, row.is_due = now[row.item].section_hash, False
    LessonQuestion.objects.bulk_update(settled, ["section_hash", "is_due"])
    return len(settled), [row.number for row in rows if row not in settled]


def due_words(page: Any) -> str:
    """What waits, for a reviewer; empty where nothing does."""
    if lost := questions_without_section(getattr(page, "body", ())):
        return f"自测{lost_words(lost.values())}，再签。"
    rows = LessonQuestion.objects.filter(page_id=page.pk, is_due=True)
    numbers = [str(number) for number in rows.values_list("number", flat=True)[:MOST_NAMED]]
    if not numbers:
        return ""
    return (
        f"自测第 {'、'.join(numbers)} 题出自的小节改过，还没有人复核。"
        "请先在“题库 → 待复核”里看过，再签。"
    )
