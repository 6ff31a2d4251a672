"""What a file would change in the bank, question by question; and the change."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from django.db import transaction

from content.cited_sections import section_hashes
from content.document import document_of
from content.models import LessonPage, Question
from content.question_bank.file_pictures import NOT_YET, is_in_file
from content.question_bank.keeping import (
    Citation,
    add_question,
    change_question,
    find_alike,
)
from content.question_bank.rows import Row, Standing
from content.question_wording import Wording, stem_key
from content.word_files.pictures import PictureShelf
from studyhub.core.errors import Conflict, StudyhubError


class Act(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


WORDS = {Act.NEW: "新题", Act.CHANGED: "改成新的一版", Act.SAME: "没有变", Act.REFUSED: "不导入"}


@dataclass(frozen=True)
class Verdict:
    """``why`` is what to do where a row is refused, or what one should know."""

    row: Row
    act: Act
    why: str = ""

    @property
    def words(self) -> str:
        return WORDS[self.act]


def judge(rows: Sequence[Row]) -> list[Verdict]:
    """The same for the same rows and the same bank; nothing is written."""
    seen: dict[str, Row] = {}
    verdicts = []
    for row in rows:
        verdict = _judged(row, seen)
        verdicts.append(verdict)
        if verdict.act is not Act.REFUSED:
            seen.setdefault(stem_key(row.stem), row)
    return verdicts


def _judged(row: Row, seen: dict[str, Row]) -> Verdict:
    if row.wording is None:
        return Verdict(row, Act.REFUSED, row.problem)
    if earlier := seen.get(stem_key(row.stem)):
        return Verdict(row, Act.REFUSED, f"和{earlier.place}是同一道题")
    notes = "；".join([*row.notes, *_lost_citation(row)])
    known = Question.objects.filter(pk=row.id).first() if row.id else None
    if row.id and known is None:
        return Verdict(row, Act.REFUSED, f"题库里没有编号 {row.id}：新题请把这一格空着")
    alike = find_alike(row.stem)
    if known is None and alike is None:
        return Verdict(row, Act.NEW, notes)
    if alike and known and alike.pk != known.pk:
        return Verdict(row, Act.REFUSED, f"题库里另有一道一样的题（编号 {alike.pk}）")
    question: Any = known or alike
    row = with_picture_of(question.version.words, _as_seen(row, question))
    if _is_same(question, row):
        return Verdict(row, Act.SAME, notes)
    if known is None:
        return Verdict(
            row,
            Act.REFUSED,
            f"题库里已有这道题（编号 {question.pk}），内容不一样："
            f"要改它，请在“题库编号”里写 {question.pk}",
        )
    return Verdict(row, Act.CHANGED, "；".join(filter(None, [_lost_picture(question, row), notes])))


def _lost_picture(question: Question, row: Row) -> str:
    wording: Any = row.wording
    is_lost = question.version.words.picture and not wording.picture
    return "原来的图片会去掉" if is_lost else ""


def with_picture_of(known: Wording, row: Row) -> Row:
    """The question keeps its picture where the file shows the same, or tells of none."""
    wording: Any = row.wording
    before = known.picture
    if wording.picture and before and is_in_file(before.image_id, row.digest):
        says_words = wording.picture.alt or wording.picture.source
        picture = replace(wording.picture, image_id=before.image_id) if says_words else before
    elif not wording.picture and not row.says_picture:
        picture = before
    else:
        return row
    return replace(row, wording=replace(wording, picture=picture))


def _is_same(question: Question, row: Row) -> bool:
    version = question.version
    cites = _citation(row)
    return (
        version.words == row.wording
        and question.category == row.category
        and (question.state == Question.State.RETIRED) == row.retired
        and (cites is None or cites.section == version.section)
    )


def _as_seen(row: Row, question: Question) -> Row:
    return replace(row, seen=row.seen or _standing(question))


def _standing(question: Question) -> Standing:
    return question.newest, question.category, question.state


def _lost_citation(row: Row) -> list[str]:
    if row.section and _citation(row) is None:
        return [f"没有找到课《{row.lesson}》里的小节“{row.section}”，不记出自哪一节"]
    return []


def _citation(row: Row) -> Citation | None:
    """By the titles of lesson and section, in the newest draft; None where they name none."""
    if not (row.lesson and row.section):
        return None
    found = LessonPage.objects.filter(title=row.lesson).order_by("pk").first()
    if found is None:
        return None
    draft = found.get_latest_revision_as_object()
    named = {one.title: str(one.id) for one in document_of(draft.body).sections}
    section = named.get(row.section, "")
    hashes = section_hashes(draft)
    return Citation(draft.lesson_key, section, hashes[section]) if section else None


def take_in(
    rows: Sequence[Row], by: Any, pictures: Mapping[str, bytes] | None = None
) -> list[Verdict]:
    """What became of each row; judged anew, since colleagues go on working. Safe to repeat.

    ``pictures`` as they are kept, by the digests of the rows.
    """
    return [_taken(verdict, by, pictures or {}) for verdict in judge(rows)]


def _taken(verdict: Verdict, by: Any, pictures: Mapping[str, bytes]) -> Verdict:
    if verdict.act not in (Act.NEW, Act.CHANGED):
        return verdict
    shelf = PictureShelf(f"题库 {verdict.row.stem[:40]}", by)
    try:
        with transaction.atomic():
            _write(verdict, _with_stored(verdict.row, pictures, shelf), by)
    except BaseException as error:
        shelf.clear()
        if isinstance(error, StudyhubError):
            return replace(verdict, act=Act.REFUSED, why=error.detail)
        raise
    return verdict


def _with_stored(row: Row, pictures: Mapping[str, bytes], shelf: PictureShelf) -> Wording:
    """Raises Conflict where the picture waited too long."""
    wording: Any = row.wording
    picture = wording.picture
    if picture is None or picture.image_id != NOT_YET:
        return wording
    if row.digest not in pictures:
        raise Conflict("picture_gone", "它的图片放得太久，已经不在了。请重新选一次文件")
    return replace(wording, picture=replace(picture, image_id=shelf.put(pictures[row.digest])))


def _write(verdict: Verdict, wording: Wording, by: Any) -> None:
    row = verdict.row
    if verdict.act is Act.NEW:
        question = add_question(wording, by, cites=_citation(row))
    else:
        _refuse_changed(row)
        question = change_question(row.id or 0, wording, by, cites=_citation(row))
    question.category = row.category
    question.state = Question.State.RETIRED if row.retired else Question.State.IN_USE
    question.save(update_fields=["category", "state"])


def _refuse_changed(row: Row) -> None:
    """Raises Conflict where the question is no longer as it stood when somebody looked."""
    question = Question.objects.select_for_update().get(pk=row.id or 0)
    if row.seen != _standing(question):
        raise Conflict(
            "question_changed",
            f"编号 {question.pk} 的题在您看过以后又有人改过，没有导入。"
            "请打开那一题看看，还要改就重新选一次文件",
        )


def rows_to_json(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def rows_from_json(stored: Sequence[dict[str, Any]]) -> list[Row]:
    return [
        Row(
            **{
                **one,
                "notes": tuple(one["notes"]),
                "seen": tuple(one["seen"]) if one.get("seen") else None,
                "wording": Wording.from_json(one["wording"]) if one["wording"] else None,
            }
        )
        for one in stored
    ]
