"""A file imported again into its lesson: what editors added since stays."""

from typing import Any

from content.word_files.blocks import Block, texts_of
from content.word_files.ids import first_ids, kept_ids, with_inner_ids
from content.word_files.losses import Losses
from content.word_files.report import KINDS, first_words

# What editors fill in, by kind of block; a file has none of it.
_EDITORS_FIELDS = {
    "picture": ("alt", "caption", "source", "licence"),
    "quotation": ("speaker", "source"),
}


def merged(
    blocks: list[Block],
    before: list[Block],
    *,
    key: Any,
    imported: set[str],
    losses: Losses,
) -> list[Block]:
    """``before`` are the lesson's raw blocks, ``imported`` the ids that an earlier import made.

    What no file can hold, and what editors wrote between, keeps its place.
    """
    own = [block for block in before if _is_editors(block, imported)]
    old = [block for block in before if block not in own]
    made = [with_inner_ids(block) for block in kept_ids(first_ids(blocks, key), old)]
    by_id = {block["id"]: block for block in old}
    made = [_with_editors_words(block, by_id.get(block["id"])) for block in made]
    _say_what_is_gone(made, old, losses)
    if any(block["type"] == "sources" for block in made):
        own = [block for block in own if block["type"] != "sources"]
    result = _put_in(made, own, before)
    _say_which_citations_are_lost(result, losses)
    return result


def _is_editors(block: Block, imported: set[str]) -> bool:
    if block["type"] not in KINDS:
        return True
    return bool(imported) and block["id"] not in imported


def _with_editors_words(block: Block, before: Block | None) -> Block:
    if before is None:
        return block
    value = dict(block["value"])
    for name in _EDITORS_FIELDS.get(block["type"], ()):
        value[name] = value.get(name) or before["value"].get(name, "")
    if block["type"] == "section":
        value["required"] = before["value"].get("required", True)
    return {**block, "value": value}


def _say_what_is_gone(made: list[Block], old: list[Block], losses: Losses) -> None:
    stays = {block["id"] for block in made}
    for block in old:
        if block["id"] not in stays:
            words = first_words(" ".join(texts_of(block)))
            losses.warn(f"新文件里没有了：{KINDS[block['type']]} {words}")


def _put_in(made: list[Block], own: list[Block], before: list[Block]) -> list[Block]:
    """Each behind the block it stood behind; the last of them in front of the sources."""
    result = list(made)
    order = [block["id"] for block in before]
    for block in own:
        places = {one["id"]: place for place, one in enumerate(result)}
        ahead = order[: order.index(block["id"])]
        behind = next((places[one] for one in reversed(ahead) if one in places), None)
        result.insert(0 if behind is None else behind + 1, block)
    last = [block for block in result if block["type"] in ("self_check", "sources")]
    return [block for block in result if block not in last] + sorted(
        last, key=lambda block: block["type"] == "sources"
    )


def _say_which_citations_are_lost(blocks: list[Block], losses: Losses) -> None:
    """A question cites a section by its id, which stays while the section does."""
    ids = {block["id"] for block in blocks if block["type"] == "section"}
    for check in (block for block in blocks if block["type"] == "self_check"):
        for number, question in enumerate(check["value"]["questions"], start=1):
            if question["value"]["section"] not in ids:
                losses.warn(f"自测第 {number} 题出自的小节没有了，请改选现有的小节。")
