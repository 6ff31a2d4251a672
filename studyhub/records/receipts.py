"""学习凭条: records a phone could not send, as a short code (format 1).

A receipt holds records of one lesson, one account, one device. What the server knows is left out:
ids that follow the phone's rule, section and option ids (their place in the outline tells them).
What fits no short form is carried as JSON, so that nothing is lost. A MAC under the device's own
key closes it. The phone writes receipts (``static/web/receipt.js``), the server only reads them.
Why it is done so: decision 0006.

    version 3 bits · count n3 · device (last 4 bytes) 32 · base time 30 · base seq n5
    lesson? 1 [first 4 bytes of SHA-256 of its id 32 · revision n3] · records · MAC 35
    record: kind 3 · id by rule? 0 | 1 and 128 bits · from the second on: seq step n2,
            back in time? 1, seconds n8 · data of its kind
    n<k>: k bits at a time, lowest first, each after a bit that says "and more"
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from content.catalogue import Outline
from studyhub.core.errors import Invalid
from studyhub.core.outside_json import read_json
from studyhub.records.receipt_code import BitReader, Unreadable, read_groups
from studyhub.records.receipt_data import read_short

VERSION = 1
START = datetime(2026, 1, 1, tzinfo=UTC)
TIME_BITS = 30  # seconds from START: until the year 2060
MAC_SYMBOLS = 7
KINDS = ("sections_read", "lesson_finished", "quiz_attempt", "reflection")
AS_JSON = 7
NO_LESSON = UUID(int=0)


@dataclass(frozen=True)
class Writer:
    """Who wrote the receipt. Ids made by the phone's rule can be made again from this."""

    account_id: UUID
    device_id: UUID

    def rule_id(self, seconds: int, seq: int) -> UUID:
        """The id a phone gives its record: a UUIDv7 of moment, device, account and number.

        ``seconds`` are counted from ``START``. Milliseconds stand first, then device and account
        mixed with the running number.
        """
        moment = int(START.timestamp()) + seconds
        head = (moment * 1000).to_bytes(6, "big")
        mixed = [a ^ b for a, b in zip(self.device_id.bytes, self.account_id.bytes, strict=True)]
        tail = bytearray(mixed[6:])
        for place, byte in enumerate((seq % 2**32).to_bytes(4, "big")):
            tail[6 + place] ^= byte
        raw = bytearray(head + tail)
        raw[6] = raw[6] & 0x0F | 0x70
        raw[8] = raw[8] & 0x3F | 0x80
        return UUID(bytes=bytes(raw))


# Proof ----------------------------------------------------------------------------------------
def prove(key: bytes, lesson_key: UUID, payload: Sequence[int]) -> list[int]:
    """The MAC symbols of a payload under a device's key.

    The lesson's whole id is under the MAC: four bytes in the header only find it.
    """
    signed = f"receipt {VERSION}:{lesson_key}:".encode() + bytes(payload)
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    value = int.from_bytes(digest[:5], "big") >> 5
    return [value >> 5 * place & 31 for place in reversed(range(MAC_SYMBOLS))]


def lesson_digest(lesson_key: UUID) -> int:
    """The four bytes that find the lesson among those published."""
    return int.from_bytes(hashlib.sha256(lesson_key.bytes).digest()[:4], "big")


# Reading --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Receipt:
    """A receipt whose groups are right; whose it is, and whether it is genuine, is not known yet.

    ``count`` records follow; the first was made ``seconds`` after ``START``, under the number
    ``seq``. ``device_suffix`` are the last four bytes of the device id. ``lesson_digest`` finds the
    lesson; it is None, and ``revision`` 0, for records outside any.
    """

    payload: list[int]
    proof: list[int]
    count: int
    device_suffix: int
    seconds: int
    seq: int
    lesson_digest: int | None
    revision: int

    def is_proved_by(self, key: bytes, lesson_key: UUID) -> bool:
        """Whether the phone that holds ``key`` wrote it, about this lesson."""
        return hmac.compare_digest(bytes(prove(key, lesson_key, self.payload)), bytes(self.proof))


def read_receipt(text: str) -> Receipt:
    """What the code says before anybody is known to have written it.

    Raises Invalid: ``bad_group``, or ``bad_receipt`` for a code that never was a receipt.
    """
    symbols = read_groups(text)
    payload, proof = symbols[:-MAC_SYMBOLS], symbols[-MAC_SYMBOLS:]
    try:
        return _read_head(BitReader(payload), payload, proof)
    except Unreadable:
        raise _no_receipt() from None


def _no_receipt() -> Invalid:
    detail = "这不是一张完整的学习凭条。请从第一组起核对，看有没有漏掉几组。"
    return Invalid("bad_receipt", detail)


def _read_head(bits: BitReader, payload: list[int], proof: list[int]) -> Receipt:
    if bits.take(3) != VERSION:
        raise Unreadable
    count, device = bits.number(3), bits.take(32)
    seconds, seq = bits.take(TIME_BITS), bits.number(5)
    has_lesson = bits.take(1)
    digest = bits.take(32) if has_lesson else None
    revision = bits.number(3) if has_lesson else 0
    return Receipt(payload, proof, count, device, seconds, seq, digest, revision)


def unpack_records(
    receipt: Receipt, writer: Writer, lesson_key: UUID | None, outline: Outline | None
) -> list[dict[str, Any]]:
    """The records as the phone would have sent them. Call for a proved receipt only.

    Raises Invalid ``bad_receipt`` where it was written with another outline than ours.
    """
    bits = BitReader(receipt.payload)
    _read_head(bits, [], [])
    reader = _Reader(bits, receipt, writer, outline)
    try:
        records = [reader.record() for _ in range(receipt.count)]
        bits.end()
    except (Unreadable, ValueError, OverflowError):
        raise _no_receipt() from None
    where: dict[str, Any] = {"lesson_id": str(lesson_key)} if lesson_key else {}
    if receipt.revision:
        where["revision"] = receipt.revision
    return [{**record, **where} for record in records]


class _Reader:
    """One record after another; each says only how it differs from the one before."""

    def __init__(
        self, bits: BitReader, receipt: Receipt, writer: Writer, outline: Outline | None
    ) -> None:
        self.bits, self.writer, self.outline = bits, writer, outline
        self.seq, self.seconds, self.first = receipt.seq, receipt.seconds, True

    def record(self) -> dict[str, Any]:
        """The next one, as the phone would have sent it, without its lesson."""
        kind = self.bits.take(3)
        if kind == AS_JSON:
            whole = read_json(self.bits.text())
            if not isinstance(whole, dict):
                raise Unreadable
            return whole
        if kind >= len(KINDS):
            raise Unreadable
        given = UUID(int=self.bits.take(128)) if self.bits.take(1) else None
        if not self.first:
            self._step()
        self.first = False
        own_id = given or self.writer.rule_id(self.seconds, self.seq)
        return {
            "id": str(own_id),
            "seq": self.seq,
            "kind": KINDS[kind],
            "at": (START + timedelta(seconds=self.seconds)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "data": read_short(self.bits, KINDS[kind], own_id, self.outline),
        }

    def _step(self) -> None:
        self.seq += self.bits.number(2) + 1
        back = self.bits.take(1)
        self.seconds += self.bits.number(8) * (-1 if back else 1)
        if not 0 <= self.seconds < 2**TIME_BITS:
            raise Unreadable
