"""Ids of blocks: the same for the same text, so that what was read stays read when a file is
imported again."""

import re
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID, uuid5

from content.word_files.blocks import Block, texts_of, without_marks

ALIKE = 0.8
_LISTS = ("items",)  # fields whose entries have ids of their own


def first_ids(blocks: list[Block], lesson_key: UUID) -> list[Block]:
    """By kind and heading, or text, and how often that came before."""
    seen: dict[str, int] = {}
    made = []
    for block in blocks:
        name = f"{block['type']}:{_normal(_name_of(block))}"
        seen[name] = seen.get(name, 0) + 1
        made.append({**block, "id": str(uuid5(lesson_key, f"{name}:{seen[name]}"))})
    return made


def kept_ids(blocks: list[Block], before: list[Block]) -> list[Block]:
    """``blocks`` with the id of the block of before that each one is: by id, by heading, or because
    four fifths of the text are the same. Each id of before is used once."""
    left = {block["id"]: block for block in before}
    made: dict[int, Block] = {}
    for same in (_same_id, _same_heading, _same_text):
        for place, block in enumerate(blocks):
            if place not in made:
                found = next((one for one in left.values() if same(block, one)), None)
                if found:
                    made[place] = {**block, "id": found["id"]}
                    del left[found["id"]]
    taken = {block["id"] for block in made.values()} | set(left)
    for place, block in enumerate(blocks):
        if place not in made:
            made[place] = {**block, "id": _free(block["id"], taken)}
    return [made[place] for place in range(len(blocks))]


def with_inner_ids(block: Block) -> Block:
    """Entries of lists need ids, too; they follow from the block's and their place."""
    value = {
        name: _items(UUID(block["id"]), held) if name in _LISTS else held
        for name, held in block["value"].items()
    }
    return {**block, "value": value}


def _items(block: UUID, held: list[Any]) -> list[dict[str, Any]]:
    return [
        {"type": "item", "id": str(uuid5(block, str(place))), "value": value}
        for place, value in enumerate(held)
    ]


def _free(key: str, taken: set[str]) -> str:
    while key in taken:
        key = str(uuid5(UUID(key), "again"))
    taken.add(key)
    return key


def _same_id(new: Block, old: Block) -> bool:
    return new["id"] == old["id"] and new["type"] == old["type"]


def _same_heading(new: Block, old: Block) -> bool:
    if new["type"] != old["type"] or new["type"] not in ("section", "sources"):
        return False
    if new["type"] == "sources":  # a lesson has one
        return True
    return _normal(new["value"]["heading"]) == _normal(old["value"]["heading"])


def _same_text(new: Block, old: Block) -> bool:
    if new["type"] != old["type"]:
        return False
    if new["type"] == "picture":
        return new["value"]["image"] == old["value"]["image"]
    mine, theirs = _text_of(new), _text_of(old)
    if not mine or not theirs:
        return False
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE <= matcher.quick_ratio() and matcher.ratio() >= ALIKE


def _text_of(block: Block) -> str:
    if block["type"] == "section":  # whatever its heading says now
        return _normal(without_marks(block["value"]["text"]))[:3000]
    return _normal("".join(texts_of(block)))[:3000]


def _name_of(block: Block) -> str:
    value = block["value"]
    if block["type"] == "picture":
        return f"{value.get('image')}"
    return str(value.get("heading") or "".join(texts_of(block)))


def _normal(text: str) -> str:
    return re.sub(r"\s+", "", text)
