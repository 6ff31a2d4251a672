"""Questions of the bank written and worded anew: each wording is a version, none is changed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from content.models import Question, QuestionVersion
from content.question_wording import Wording, problem_of, stem_key
from studyhub.core.errors import Conflict, Invalid


@dataclass(frozen=True)
class Citation:
    """The section that answers it, as it was worded then; ids are unique within the lesson."""

    lesson_key: UUID | None = None
    section: str = ""
    section_hash: str = ""


@transaction.atomic
def add_question(
    wording: Wording, by: Any, *, category: str = "", cites: Citation | None = None
) -> Question:
    """Raises Invalid ``question`` (field and words) and Conflict ``question_known``."""
    _refuse_wrong(wording)
    if known := find_alike(wording.stem):
        raise Conflict(
            "question_known", f"题库里已经有这道题（编号 {known.pk}）。请打开那一题，在那里改。"
        )
    question = Question(
        stem=wording.stem,
        stem_key=stem_key(wording.stem),
        kind=wording.kind,
        category=category,
        newest=1,
    )
    _store(question)
    _write(question, wording, by, cites or Citation())
    return question


@transaction.atomic
def change_question(
    question_id: int,
    wording: Wording,
    by: Any,
    *,
    seen: int | None = None,
    cites: Citation | None = None,
) -> Question:
    """A new version, where anything is worded in another way. Copies in lessons stay as they are.

    ``seen`` is the version that was on the screen. Raises Conflict ``question_changed`` where there
    is a newer one, and what ``add_question`` raises.
    """
    _refuse_wrong(wording)
    question = Question.objects.select_for_update().get(pk=question_id)
    current = question.version
    if seen is not None and seen != question.newest:
        raise Conflict(
            "question_changed",
            f"别人刚把这道题改到了第 {question.newest} 版，您写的还在下面。请对照“各版”再存一次。",
        )
    known = find_alike(wording.stem)
    if known and known.pk != question.pk:
        raise Conflict("question_known", f"题库里另有一道一样的题（编号 {known.pk}）。")
    cites = cites or Citation(current.lesson_key, current.section, current.section_hash)
    if current.words == wording and cites.section == current.section:
        return question
    question.stem, question.stem_key = wording.stem, stem_key(wording.stem)
    question.kind, question.changed_at = wording.kind, timezone.now()
    question.newest += 1
    _store(question)
    _write(question, wording, by, cites)
    return question


def _store(question: Question) -> None:
    """Somebody may have written the same one since we looked."""
    try:
        with transaction.atomic():
            question.save()
    except IntegrityError as error:
        detail = "别人刚写了一道一样的题，您写的还在下面。请在题库里找到那一题，在那里改。"
        raise Conflict("question_known", detail) from error


def find_alike(stem: str) -> Question | None:
    """One whose stem differs in width, spaces and punctuation at most."""
    key = stem_key(stem)
    return Question.objects.filter(stem_key=key).first() if key else None


def _refuse_wrong(wording: Wording) -> None:
    if problem := problem_of(wording):
        field, words = problem
        raise Invalid("question", f"{words}。", field=field)


def _write(question: Question, wording: Wording, by: Any, cites: Citation) -> None:
    QuestionVersion.objects.create(
        question=question,
        number=question.newest,
        wording=wording.to_json(),
        lesson_key=cites.lesson_key,
        section=cites.section,
        section_hash=cites.section_hash,
        image_id=wording.picture.image_id if wording.picture else None,
        by=by if by and by.pk else None,
    )
