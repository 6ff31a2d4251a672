"""Answers as people write them into a cell: letters, numbers, words, signs."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

RIGHT = {"√", "✓", "✔", "☑", "对", "正确", "是", "T", "TRUE", "Y", "YES", "1", "同意"}
WRONG = {"×", "✗", "✘", "X", "错", "错误", "否", "F", "FALSE", "N", "NO", "0", "不同意", "不对"}
_KINDS = {
    "single": "单选 单项选择 单项选择题 单选题 单项 选择题 选择",
    "multi": "多选 多选题 多项选择 多项选择题 多项 不定项 不定项选择题 不定项选择",
    "truefalse": "判断 判断题 是非 是非题 对错题 判断正误",
    "blank": "填空 填空题",
}
KINDS = {name: kind for kind, names in _KINDS.items() for name in names.split()}
_BETWEEN = re.compile(r"[\s,，、;；/|和与及.。]+")
_OWN_LETTER = re.compile(r"^[(（]?([A-Za-zＡ-Ｚａ-ｚ])\s*[.、．:：)）。]\s*")
_MARKED = re.compile(r"(?:^|(?<=[\s;；]))[(（]?([A-Z])\s*[.、．:：)）]\s*")


def kind_of(text: str) -> str:
    """``single`` and so on; empty where the words mean none of ours."""
    return KINDS.get(re.sub(r"[\s（(].*$", "", text.strip()), "")


def truth_of(text: str) -> str:
    """``true``, ``false`` or empty."""
    word = unicodedata.normalize("NFKC", text).strip().rstrip("。.").upper()
    return "true" if word in RIGHT else "false" if word in WRONG else ""


def without_own_letter(text: str, place: int) -> str:
    """ "A.北京" in the column of A is 北京; another letter is part of the words."""
    found = _OWN_LETTER.match(text)
    if not found:
        return text
    letter = unicodedata.normalize("NFKC", found[1]).upper()
    return text[found.end() :].strip() if ord(letter) - ord("A") == place else text


def options_in(text: str) -> list[str]:
    """Options in one cell: one a line, or each behind its letter, A, B, C and on."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return [without_own_letter(line, place) for place, line in enumerate(lines)]
    found = list(_MARKED.finditer(text))
    if not found or [one[1] for one in found] != [chr(ord("A") + n) for n in range(len(found))]:
        return lines
    ends = [one.start() for one in found[1:]] + [len(text)]
    return [text[one.end() : end].strip(" ;；") for one, end in zip(found, ends, strict=True)]


def chosen(answer: str, options: Sequence[str]) -> list[int] | None:
    """Places of the right options, from 0; None where the cell names something else.

    Letters first, where there are so many options; then the options' own words, then their numbers.
    """
    said = unicodedata.normalize("NFKC", answer).strip()
    letters = _BETWEEN.sub("", said).upper()
    if re.fullmatch(r"[A-Z]+", letters):
        places = _places([ord(letter) - ord("A") for letter in letters], len(options))
        if places is not None:
            return places
    words = [unicodedata.normalize("NFKC", one).strip() for one in options]
    if said in words:
        return [words.index(said)]
    parts = [part for part in re.split(r"[\n;；]", said) if part.strip()]
    if parts and all(part.strip() in words for part in parts):
        return sorted({words.index(part.strip()) for part in parts})
    numbers = _BETWEEN.split(said)
    if all(re.fullmatch(r"[1-9][0-9]?", one) for one in numbers):
        return _places([int(one) - 1 for one in numbers], len(options))
    return None


def _places(places: list[int], count: int) -> list[int] | None:
    return sorted(set(places)) if all(place < count for place in places) else None


def spellings(answer: str) -> tuple[str, ...]:
    """Of a blank: one a line, or parted by ``;``. One that holds a ``;`` stands on two lines."""
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    if len(lines) == 1:
        lines = [part.strip() for part in re.split(r"[;；]", answer) if part.strip()]
    return tuple(dict.fromkeys(lines))


def written(accepted: Sequence[str]) -> str:
    """As ``spellings`` reads it back."""
    lone = len(accepted) == 1 and re.search(r"[;；]", accepted[0])
    return "\n".join([*accepted, *accepted] if lone else accepted)


def has_gap(options: Sequence[str]) -> int | None:
    """The place of an empty option in front of a filled one."""
    for place, (one, later) in enumerate(pairwise(options)):
        if not one and later:
            return place
    return None
