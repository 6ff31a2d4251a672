"""The first look at a file, in the web process: nothing is unpacked but its table of contents.

The limits are those of real documents with much room: of 699 real files the largest had 65 entries
and no part packed more than 42 times.
"""

import re
from io import BytesIO
from zipfile import ZipFile, ZipInfo

from content.word_files.refusals import Refused

MOST_BYTES = 20 * 2**20
MOST_ENTRIES = 2000
MOST_UNPACKED = 200 * 2**20
MOST_OF_A_PART = 6 * 2**20  # some six seconds and 250 MB later
MOST_RATIO = 100
RATIO_FROM = 200_000
TYPES = "[Content_Types].xml"
MAIN = "wordprocessingml.document.main+xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LOCKED = 0x1  # flag of an entry that asks for a password
_OTHER_PACKAGES = {
    "spreadsheetml": "Excel 表格",
    "presentationml": "演示文稿",
    "wordprocessingml.template": "Word 模板",
}
_STARTS = (
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF 文件"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
)
_MARKUP = re.compile(rb"^\s*(<!doctype html|<html|<\?xml|<head|<meta|<body)", re.IGNORECASE)


def admit(data: bytes) -> None:
    """Raises Refused for what is no document of Word, or more than can be handled."""
    if len(data) > MOST_BYTES:
        raise Refused("too_large", what=f"超过 {MOST_BYTES // 2**20} MB")
    if not data.startswith(_ZIP):
        raise _no_package(data)
    try:
        with ZipFile(BytesIO(data)) as package:
            _look_at_entries(package.infolist())
            _look_at_types(package)
    except Refused:
        raise
    # Damaged archives make the library raise whatever it likes.
    except Exception as error:
        raise Refused("incomplete") from error


def _no_package(data: bytes) -> Refused:
    if data.startswith(_OLE):
        return Refused("encrypted" if _ENCRYPTED in data else "old_format")
    for start, kind in _STARTS:
        if data.startswith(start):
            return Refused("not_word", kind=kind)
    if _MARKUP.match(data[:500].removeprefix(b"\xef\xbb\xbf")):
        return Refused("not_word", kind="网页")
    return (
        Refused("not_word", kind="纯文字或 Markdown") if _is_text(data) else Refused("incomplete")
    )


def _is_text(data: bytes) -> bool:
    if not data.strip() or b"\0" in data:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _look_at_entries(entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Refused("too_large", what=f"里面的零件多于 {MOST_ENTRIES} 个")
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) < len(names):
        raise Refused("incomplete")
    if any(entry.flag_bits & _LOCKED for entry in entries):
        raise Refused("encrypted")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Refused("too_large", what=f"解开以后超过 {MOST_UNPACKED // 2**20} MB")
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            _look_at_part(entry)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused("macros")


def _look_at_part(entry: ZipInfo) -> None:
    if entry.file_size > MOST_OF_A_PART:
        raise Refused("too_large", what="文字和表格太多")
    packed = max(1, entry.compress_size)
    if entry.file_size > RATIO_FROM and entry.file_size / packed > MOST_RATIO:
        raise Refused("too_complex")


def _look_at_types(package: ZipFile) -> None:
    names = set(package.namelist())
    if TYPES not in names:
        raise Refused("not_word", kind=_package_kind(names))
    with package.open(TYPES) as file:
        said = file.read(MOST_OF_A_PART + 1).replace(b"\0", b"").decode("utf-8", "replace")
    if "macroEnabled" in said:
        raise Refused("macros")
    if MAIN not in said:
        kind = next((name for sign, name in _OTHER_PACKAGES.items() if sign in said), "压缩包")
        raise Refused("not_word", kind=kind)


def _package_kind(names: set[str]) -> str:
    return "OpenDocument 文件（.odt）" if "content.xml" in names else "压缩包"
