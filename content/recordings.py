"""A recording as it is kept, without the place and the phone it was made with; its hash.

Phones write them into boxes of their own in MP4 files (m4a, mp4, mov, 3gp). Such a box becomes free
space of the same length, so that nothing else in the file moves and every player plays it.
"""

import hashlib
import re
from collections.abc import Iterator
from os.path import basename
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.core.files import File

WITHIN = frozenset({b"moov", b"trak", b"moof", b"traf"})
BESIDE = frozenset({b"udta", b"meta", b"uuid"})  # what is told beside sound and picture
MOST_BOXES = 10_000
IN_MEMORY = 10 * 1024 * 1024  # bytes; a longer recording is copied through a file
CHUNK = 1024 * 1024
ID3_HEAD, ID3_TAIL = 10, 128  # bytes of what MP3 files tell of themselves, first and last
NAME_BYTES, NAME_ENDING = 70, 10  # file systems count bytes, and a Chinese character has three
RECORDING_STAYS = (
    "录音和视频不能原地换文件：审过的、登记了口述历史的，认的都是这个文件。"
    "请另外上传新的，再到页面里换上。这个文件没有动。"
)
_MARKED = re.compile(r"-[0-9a-f]{12}\Z")
Span = tuple[int, int]


def short_name(name: str, mark: str = "") -> str:
    """Without its folder, and with the mark before its ending."""
    stem, ending = _split(name)
    cut = stem.encode()[: NAME_BYTES - len(mark)].decode(errors="ignore")
    return f"{cut}{mark}{ending[:NAME_ENDING]}"


def named_by_contents(file: Any) -> str:
    """Its name with twelve digits of its hash: what is signed knows a recording by its name, and
    another sound never has the name of one that was deleted."""
    digest = hashlib.sha256()
    for data in file.chunks(CHUNK):
        digest.update(data)
    file.seek(0)
    stem, ending = _split(file.name)
    return short_name(_MARKED.sub("", stem) + ending, f"-{digest.hexdigest()[:12]}")


def _split(name: str) -> tuple[str, str]:
    """Also of a name that is nothing but dots before its ending, for which libraries find none."""
    stem, dot, ending = basename(name).rpartition(".")
    return (stem, f".{ending}") if dot else (ending, "")


def without_place(file: File) -> File:  # type: ignore[type-arg]  # not subscriptable at run time
    """The same file where there is nothing to take out, also where it is no MP4."""
    file.seek(0)
    spans = list(_told_beside(file, (0, file.size)))
    file.seek(0)
    if not spans:
        return file
    kept = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  as long-lived as what is made of it
    copyfileobj(file, kept)
    for start, end in spans:
        _make_free(kept, start, end)
    kept.seek(0)
    return File(kept, name=file.name)


def _told_beside(file: Any, span: Span) -> Iterator[Span]:
    """Type and contents of each such box."""
    for kind, start, end in _boxes(file, span):
        if kind in BESIDE:
            yield start - 4, end
        elif kind in WITHIN:
            yield from _told_beside(file, (start, end))


def _boxes(file: Any, span: Span) -> Iterator[tuple[bytes, int, int]]:
    """Kind, where its contents begin, and where it ends; stops at what is no box."""
    place, end = span
    for _ in range(MOST_BOXES):
        file.seek(place)
        head = file.read(16)
        size, kind = int.from_bytes(head[:4], "big"), head[4:8]
        start = place + 8
        if size == 1:  # a long box says its size after its kind
            size, start = int.from_bytes(head[8:16], "big"), place + 16
        size = end - place if size == 0 else size
        if len(head) < 8 or size < start - place or place + size > end:
            return
        yield kind, start, place + size
        place += size


def _make_free(file: IO[bytes], start: int, end: int) -> None:
    file.seek(start)
    file.write(b"free" + b"\0" * (end - start - 4))


def sound_hash(file: Any) -> str:
    """SHA-256 of what is heard, 64 hexadecimal digits: names and dates that a program writes beside
    the sound (boxes of MP4, ID3 of MP3) do not make it another. What is no such file is hashed
    whole; a sound that was cut or encoded anew is another.
    """
    digest = hashlib.sha256()
    for start, end in _sound(file, file.size):
        file.seek(start)
        while start < end and (data := file.read(min(CHUNK, end - start))):
            digest.update(data)
            start += len(data)
    file.seek(0)
    return digest.hexdigest()


def _sound(file: Any, size: int) -> list[Span]:
    media = [(start, end) for kind, start, end in _boxes(file, (0, size)) if kind == b"mdat"]
    if any(start < end for start, end in media):
        return media
    return [_without_id3(file, size)]


def _without_id3(file: Any, size: int) -> Span:
    file.seek(0)
    head = file.read(ID3_HEAD)
    start = 0
    if head[:3] == b"ID3" and len(head) == ID3_HEAD:
        length = 0
        for byte in head[6:]:  # seven bits of each
            length = length << 7 | byte & 0x7F
        start = ID3_HEAD + length
    file.seek(max(size - ID3_TAIL, 0))
    end = size - ID3_TAIL if file.read(3) == b"TAG" else size
    return (start, end) if start < end else (0, size)
