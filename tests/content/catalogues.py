"""Catalogues of words (.po files) read, and what of them is still in another language."""

import re
from ast import literal_eval
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r'(?:(msgid_plural|msgid|msgstr)(?:\[0\])? )?(".*")')
_PLACES = re.compile(r"%\(\w+\)\w|\{\w+\}|%\w")


@dataclass(frozen=True)
class Entry:
    english: str
    plural: str
    chinese: str


def read_catalogue(path: Path) -> list[Entry]:
    """Every entry but the head."""
    blocks = re.split(r"\n\s*\n", path.read_text("utf-8"))
    entries = [_entry(block) for block in blocks]
    return [entry for entry in entries if entry.english]


def _entry(block: str) -> Entry:
    texts = {"msgid": "", "msgid_plural": "", "msgstr": ""}
    now = ""
    for line in block.splitlines():
        if found := _LINE.fullmatch(line):
            now = found[1] or now
            texts[now] += literal_eval(found[2])
        else:
            now = "msgstr" if now else ""
    return Entry(texts["msgid"], texts["msgid_plural"], texts["msgstr"])


def places_in(text: str) -> set[str]:
    return set(_PLACES.findall(text))


def words_of(text: str) -> str:
    """Without what is filled in and without tags."""
    return re.sub(r"<[^>]*>", " ", _PLACES.sub(" ", text))
