"""The writer of study receipts that phone and reader are held against (decision 0006).

In the product only the phone writes receipts (``static/web/receipt.js``); the server reads them
(``studyhub.records.receipts``). This one says the same in Python, for tests.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from content.catalogue import Outline, Question
from studyhub.records.receipt_code import ALPHABET, DATA, group_check
from studyhub.records.receipt_data import Data, choices_of
from studyhub.records.receipts import (
    AS_JSON,
    KINDS,
    MAC_SYMBOLS,
    NO_LESSON,
    START,
    TIME_BITS,
    VERSION,
    Writer,
    lesson_digest,
    prove,
)


def make_groups(symbols: Sequence[int]) -> list[str]:
    """Groups as they are read out; ``symbols`` are a multiple of four numbers below 32."""
    parts = [list(symbols[i : i + DATA]) for i in range(0, len(symbols), DATA)]
    return [
        "".join(ALPHABET[value] for value in (*part, group_check(part, number)))
        for number, part in enumerate(parts, start=1)
    ]


class BitWriter:
    """Numbers one after another, high bit first."""

    def __init__(self) -> None:
        self._bits: list[int] = []

    def put(self, value: int, size: int) -> None:
        self._bits += [value >> place & 1 for place in reversed(range(size))]

    def number(self, value: int, step: int) -> None:
        """``step`` bits at a time, lowest first, each after a bit that says "and more"."""
        while True:
            rest = value >> step
            self.put(int(rest > 0), 1)
            self.put(value & ((1 << step) - 1), step)
            if not rest:
                return
            value = rest

    def append(self, other: "BitWriter") -> None:
        self._bits += other._bits

    def text(self, text: str) -> None:
        data = text.encode()
        self.number(len(data), 6)
        for byte in data:
            self.put(byte, 8)

    def symbols(self, spare: int) -> list[int]:
        """Filled up with zeros so that ``spare`` more symbols complete a group."""
        bits = list(self._bits)
        while len(bits) % 5 or (len(bits) // 5 + spare) % DATA:
            bits.append(0)
        return [int("".join(map(str, bits[i : i + 5])), 2) for i in range(0, len(bits), 5)]


class NotShort(Exception):
    """This data has no short form; it travels as JSON."""


@dataclass(frozen=True)
class _Short:
    """A record that has a short form. ``own_id`` only where it does not follow the rule."""

    seq: int
    seconds: int
    kind: int
    own_id: UUID | None
    data: BitWriter


def write_receipt(
    writer: Writer,
    key: bytes,
    records: Iterable[dict[str, Any]],
    *,
    lesson_key: UUID | None = None,
    revision: int = 0,
    outline: Outline | None = None,
) -> str:
    """The code, groups spaced. ``outline`` is that of the lesson and revision, if it is known."""
    ordered = sorted(records, key=lambda record: record.get("seq") or 0)
    shorts = [_short(writer, outline, record) for record in ordered]
    _keep_ascending(shorts)
    first = next(filter(None, shorts), None)
    bits = BitWriter()
    bits.put(VERSION, 3)
    bits.number(len(ordered), 3)
    bits.put(writer.device_id.int & 0xFFFFFFFF, 32)
    bits.put(first.seconds if first else 0, TIME_BITS)
    bits.number(first.seq if first else 0, 5)
    bits.put(int(lesson_key is not None), 1)
    if lesson_key is not None:
        bits.put(lesson_digest(lesson_key), 32)
        bits.number(revision, 3)
    last: _Short | None = None
    for record, short in zip(ordered, shorts, strict=True):
        if short is None:
            bits.put(AS_JSON, 3)
            bits.text(_as_json(record))
        else:
            _write(bits, short, last)
            last = short
    payload = bits.symbols(MAC_SYMBOLS)
    proof = prove(key, lesson_key or NO_LESSON, payload)
    return " ".join(make_groups([*payload, *proof]))


def _keep_ascending(shorts: list[_Short | None]) -> None:
    """A second record under the same number (two histories of one device) travels as JSON."""
    last = 0
    for place, short in enumerate(shorts):
        if short and short.seq <= last:
            shorts[place] = None
        elif short:
            last = short.seq


def _short(writer: Writer, outline: Outline | None, record: dict[str, Any]) -> _Short | None:
    seq, kind = record.get("seq"), record["kind"]
    at = datetime.fromisoformat(record["at"])
    seconds = (at - START) // timedelta(seconds=1)
    if kind not in KINDS or not seq or at.microsecond or not 0 <= seconds < 2**TIME_BITS:
        return None
    own_id, data = UUID(record["id"]), BitWriter()
    try:
        write_short(data, kind, record["data"], own_id, outline)
    except NotShort:
        return None
    by_rule = own_id == writer.rule_id(seconds, seq)
    return _Short(seq, seconds, KINDS.index(kind), None if by_rule else own_id, data)


def _as_json(record: dict[str, Any]) -> str:
    kept = {name: record[name] for name in ("id", "seq", "kind", "at", "data") if name in record}
    try:
        text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        text.encode()
    except UnicodeEncodeError:  # half a character: escaped, as the phone does it
        text = json.dumps(kept, separators=(",", ":"))
    return text


def _write(bits: BitWriter, short: _Short, last: _Short | None) -> None:
    bits.put(short.kind, 3)
    bits.put(int(short.own_id is not None), 1)
    if short.own_id is not None:
        bits.put(short.own_id.int, 128)
    if last:
        step = short.seconds - last.seconds
        bits.number(short.seq - last.seq - 1, 2)
        bits.put(int(step < 0), 1)
        bits.number(abs(step), 8)
    bits.append(short.data)


def write_short(
    bits: BitWriter, kind: str, data: Data, own_id: UUID, outline: Outline | None
) -> None:
    """Raises NotShort; what was written until then is void."""
    writers = {
        "sections_read": _write_sections,
        "lesson_finished": _write_nothing,
        "quiz_attempt": _write_attempt,
        "reflection": _write_reflection,
    }
    if kind not in writers:
        raise NotShort
    writers[kind](bits, data, own_id, outline)


def _write_sections(bits: BitWriter, data: Data, own_id: UUID, outline: Outline | None) -> None:
    ids = data.get("section_ids")
    places = [str(section.id) for section in outline.sections] if outline else []
    if set(data) != {"section_ids"} or not _all_among(ids, places):
        raise NotShort
    assert isinstance(ids, list)
    for place in places:
        bits.put(int(place in ids), 1)


def _all_among(values: Any, known: Sequence[Any]) -> bool:
    return isinstance(values, list) and all(isinstance(v, str) and v in known for v in values)


def _write_nothing(bits: BitWriter, data: Data, own_id: UUID, outline: Outline | None) -> None:
    if data:
        raise NotShort


def _write_reflection(bits: BitWriter, data: Data, own_id: UUID, outline: Outline | None) -> None:
    if set(data) != {"text"}:
        raise NotShort
    bits.text(_whole_text(data["text"]))


def _whole_text(value: Any) -> str:
    """A text without half characters, which UTF-8 cannot carry."""
    try:
        value.encode()
    except (AttributeError, UnicodeEncodeError):
        raise NotShort from None
    return str(value)


def _write_attempt(bits: BitWriter, data: Data, own_id: UUID, outline: Outline | None) -> None:
    quiz = outline.quiz if outline else None
    if quiz is None or set(data) != {"quiz_id", "attempt_id", "answers"}:
        raise NotShort
    answers = data["answers"]
    known = [question.id for question in quiz.questions]
    if data["quiz_id"] != quiz.id or not isinstance(answers, dict):
        raise NotShort
    if not _all_among(list(answers), known):
        raise NotShort
    own_attempt = data["attempt_id"] == str(own_id)
    bits.put(int(not own_attempt), 1)
    if not own_attempt:
        bits.put(_uuid(data["attempt_id"]).int, 128)
    for question in quiz.questions:
        if question.kind == "multi":
            _write_several(bits, question, answers)
        else:
            _write_one(bits, question, answers)


def _uuid(text: str) -> UUID:
    """Only in the one spelling that comes back."""
    try:
        value = UUID(text)
    except (ValueError, AttributeError, TypeError):
        raise NotShort from None
    if str(value) != text:
        raise NotShort
    return value


def _write_one(bits: BitWriter, question: Question, answers: Data) -> None:
    """A place among the choices; one past them: not answered; two past them: in its own words."""
    choices = choices_of(question)
    size = (len(choices) + 1).bit_length()
    if question.id not in answers:
        bits.put(len(choices), size)
        return
    answer = answers[question.id]
    places = [n for n, c in enumerate(choices) if type(c) is type(answer) and c == answer]
    if places:
        bits.put(places[0], size)
    else:
        text = _whole_text(answer)
        bits.put(len(choices) + 1, size)
        bits.text(text)


def _write_several(bits: BitWriter, question: Question, answers: Data) -> None:
    """1 and one bit for each option; 0 0: not answered; 0 1: in its own words."""
    choices = choices_of(question)
    answer = answers.get(question.id)
    if isinstance(answer, list):
        if not _all_among(answer, choices) or len(answer) != len(set(answer)):
            raise NotShort
        bits.put(1, 1)
        for choice in choices:
            bits.put(int(choice in answer), 1)
        return
    bits.put(0, 1)
    bits.put(int(question.id in answers), 1)
    if question.id in answers:
        bits.text(_whole_text(answer))
