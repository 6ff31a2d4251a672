"""The shape of each kind of record.

Adding a kind: its choice in ``Record.Kind``, its check here, and what it amounts to in
``learning.progress_rules`` if it moves progress.
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from studyhub.core.errors import Invalid
from studyhub.core.ids import parse_uuid
from studyhub.core.numbers import is_whole
from studyhub.core.outside_json import clean_text, is_storable
from studyhub.records.models import Record

MAX_SECTIONS = 200
MAX_REFLECTION = 2000  # characters
MAX_MARK_BYTES = 4096
MAX_ANSWERS = 50
MAX_ANSWER_CHARS = 500
MAX_REVISION = 2**31 - 1
CORRECTION_SEEN = "correction_seen"  # a mark: "我看过了" under a corrected lesson

Data = dict[str, Any]


class BadData(Invalid):
    """The record's ``data`` is not of its kind's shape."""

    def __init__(self, detail: str) -> None:
        super().__init__("bad_data", detail)


# Kinds of the contract whose feature is not switched on yet. The phone keeps them and sends again.
LATER = {"attendance_claim": "活动签到", "visit": "上门走访"}


def read_data(kind: str, data: Data) -> Data:
    """The data as it is stored; raises BadData in words a learner's liaison can act on.

    ``kind`` is one of ``Record.Kind``. Stored data is normal: equal records have equal data.
    """
    return _READERS[kind](data)


def needs_lesson(kind: str) -> bool:
    """Whether such a record is about one lesson; a bookmark may stand outside any."""
    return kind != Record.Kind.MARK


def _only(data: Data, *names: str) -> None:
    if unknown := sorted(set(data) - set(names)):
        raise BadData(f"这条记录里有不认识的内容：{'、'.join(unknown)[:80]}。请更新页面后再试。")


def _read_sections(data: Data) -> Data:
    _only(data, "section_ids")
    ids = data.get("section_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= MAX_SECTIONS:
        raise BadData(f"section_ids 应是 1 到 {MAX_SECTIONS} 个小节标识。")
    return {"section_ids": sorted({str(read_uuid(value, "section_ids")) for value in ids})}


def _read_nothing(data: Data) -> Data:
    _only(data)
    return {}


def _read_attempt(data: Data) -> Data:
    _only(data, "quiz_id", "attempt_id", "answers")
    answers = data.get("answers")
    if not isinstance(answers, dict) or len(answers) > MAX_ANSWERS:
        raise BadData("answers 应是题目标识到答案的对照。")
    return {
        "quiz_id": str(read_uuid(data.get("quiz_id"), "quiz_id")),
        "attempt_id": str(read_uuid(data.get("attempt_id"), "attempt_id")),
        "answers": {
            clean_text(str(key)[:64]): _read_answer(value) for key, value in answers.items()
        },
    }


def _read_answer(value: Any) -> str | bool | list[str] | None:
    """Any answer a person could have given; what fits no question is simply wrong later."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return clean_text(value[:MAX_ANSWER_CHARS])
    if isinstance(value, list) and len(value) <= MAX_ANSWERS and not _nests(value):
        return sorted({clean_text(str(item)[:MAX_ANSWER_CHARS]) for item in value})
    raise BadData("答案只能是文字、对错或选项列表。")


def _nests(values: list[Any]) -> bool:
    return any(isinstance(value, list | dict) for value in values)


def _read_reflection(data: Data) -> Data:
    _only(data, "text")
    text = data.get("text")
    if not isinstance(text, str) or not text.strip():
        raise BadData("心得是空的，请写几句再提交。")
    if len(text) > MAX_REFLECTION:
        raise BadData(f"心得最多 {MAX_REFLECTION} 字，现在有 {len(text)} 字，请删减后再提交。")
    return {"text": clean_text(text)}


def _read_mark(data: Data) -> Data:
    if data.get("kind") == CORRECTION_SEEN:
        return _read_correction_seen(data)
    if not is_storable(data):
        raise BadData("书签或笔记里有无法保存的内容，请删掉后再保存。")
    if len(json.dumps(data, ensure_ascii=False).encode()) > MAX_MARK_BYTES:
        raise BadData("书签或笔记太长，请删减后再保存。")
    return data


def _read_correction_seen(data: Data) -> Data:
    _only(data, "kind", "lesson", "revision")
    revision = data.get("revision")
    if not is_whole(revision, 1, MAX_REVISION):
        raise BadData("revision 应是正整数。")
    return {
        "kind": CORRECTION_SEEN,
        "lesson": str(read_uuid(data.get("lesson"), "lesson")),
        "revision": revision,
    }


def read_uuid(value: Any, name: str) -> UUID:
    """The identifier; raises BadData that calls the field by ``name``."""
    found = parse_uuid(value)
    if found is None:
        raise BadData(f"{name} 不是有效的标识。")
    return found


_READERS: dict[str, Callable[[Data], Data]] = {
    Record.Kind.SECTIONS_READ: _read_sections,
    Record.Kind.LESSON_FINISHED: _read_nothing,
    Record.Kind.QUIZ_ATTEMPT: _read_attempt,
    Record.Kind.REFLECTION: _read_reflection,
    Record.Kind.MARK: _read_mark,
}
