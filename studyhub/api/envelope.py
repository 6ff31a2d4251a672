"""The envelope of ``POST /me/records``, read by hand.

One bad record must never block the others, and a body that is too large must be refused before it
is unpacked.
"""

import zlib
from dataclasses import dataclass
from typing import Any, NoReturn
from uuid import UUID

from django.http import HttpRequest

from studyhub.core.errors import Invalid
from studyhub.core.ids import parse_uuid
from studyhub.core.numbers import is_whole
from studyhub.core.outside_json import read_json

MAX_BODY = 256 * 1024  # bytes as sent without compression
MAX_PACKED = 128 * 1024
MAX_UNPACKED = 512 * 1024
MAX_RECORDS = 200
MAX_EPOCH = 2**31 - 1
FIELDS = {"device_id", "account_id", "epoch", "records"}


@dataclass(frozen=True)
class Envelope:
    """Who sends, from which device, in which life of the database; ``records`` are unread."""

    device_id: UUID
    account_id: UUID
    epoch: int
    records: list[Any]


def read_envelope(request: HttpRequest) -> Envelope:
    """The request's envelope, its records as they came.

    Raises Invalid with status 400 (unreadable), 413 (too large), 415 (packed otherwise than by
    gzip) or 422 (unknown field).
    """
    body = _parse(_unpack(request))
    if not isinstance(body, dict):
        _refuse(400, "malformed", "信封应是一个 JSON 对象，请更新页面后再试。")
    if unknown := sorted(map(str, set(body) - FIELDS)):
        named = "、".join(unknown)[:80]
        errors = [
            {"loc": [name[:80]], "code": "extra_forbidden", "message": "不认识这一项，请删掉。"}
            for name in unknown[:20]
        ]
        detail = f"信封里有不认识的字段：{named}。请删掉后再传。"
        raise Invalid("unknown_field", detail, status=422, errors=errors)
    records = body.get("records")
    if not isinstance(records, list):
        _refuse(400, "malformed", "信封里缺少 records 列表，请更新页面后再试。")
    if len(records) > MAX_RECORDS:
        _refuse(413, "too_large", f"一次最多传 {MAX_RECORDS} 条记录，请分成几次再传。")
    return Envelope(
        device_id=_read_uuid(body, "device_id"),
        account_id=_read_uuid(body, "account_id"),
        epoch=_read_epoch(body.get("epoch")),
        records=records,
    )


def _refuse(status: int, code: str, detail: str) -> NoReturn:
    raise Invalid(code, detail, status=status)


def _unpack(request: HttpRequest) -> bytes:
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        if len(request.body) > MAX_BODY:
            _refuse(413, "too_large", "一次传得太多（超过 256 KB），请分成几次再传。")
        return request.body
    if encoding != "gzip":
        _refuse(415, "bad_encoding", "只认识 gzip 压缩，请更新页面后再试。")
    if len(request.body) > MAX_PACKED:
        _refuse(413, "too_large", "一次传得太多（压缩后超过 128 KB），请分成几次再传。")
    return _gunzip(request.body)


def _gunzip(packed: bytes) -> bytes:
    """Never holds more than the limit, however well the bomb is packed."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(packed, MAX_UNPACKED + 1)
    except zlib.error:
        _refuse(400, "malformed", "压缩内容读不出来，请重新上传。")
    if len(unpacked) > MAX_UNPACKED:
        _refuse(413, "too_large", "解开后超过 512 KB，请分成几次再传。")
    if not unpacker.eof:
        _refuse(400, "malformed", "压缩内容不完整，请重新上传。")
    return unpacked


def _parse(body: bytes) -> Any:
    try:
        return read_json(body.decode("utf-8"))
    except ValueError:
        _refuse(400, "malformed", "内容不是有效的 JSON，请重新上传；多次失败请联系组长。")


def _read_uuid(body: dict[str, Any], name: str) -> UUID:
    found = parse_uuid(body.get(name))
    if found is None:
        _refuse(400, "malformed", f"信封里的 {name} 不是有效的标识，请更新页面后再试。")
    return found


def _read_epoch(value: Any) -> int:
    if not is_whole(value, 0, MAX_EPOCH):
        _refuse(400, "malformed", "信封里的 epoch 应是整数，请更新页面后再试。")
    return value
