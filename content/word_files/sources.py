"""Sources: what a list at the end names, and notes that only cite."""

import re

from content.word_files.losses import Losses

HEADINGS = re.compile(r"(主要)?(参考文献|参考资料|资料来源|参考书目|文献来源|来源)[：:]?")
TITLE, PUBLISHER, REFERENCE = 120, 80, 160  # characters, as the block has them
_NUMBER = re.compile(r"\s*(\[\d+\]|［\d+］|【\d+】|[（(]\d+[）)]|\d+[.、．])\s*")
_CITES = re.compile(
    r"(参见|见|引自|转引自)?[^。；]{0,30}《[^》]+》[^。]{0,60}"
    r"(出版社|第\s*\d+([-—～~]\d+)?\s*页|\d{4}\s*年|日报|晚报|网)[^。]{0,40}。?"
)


def source_of(text: str, losses: Losses) -> dict[str, str] | None:
    """The fields of one source; None for a text that fits into none."""
    numbered = _NUMBER.match(text)
    if numbered:
        losses.drop("来源前的编号", numbered[0], text)
        text = text[numbered.end() :]
    text = text.strip()
    if not text or len(text) > TITLE + REFERENCE:
        return None
    if len(text) <= TITLE:
        return {"title": text, "publisher": "", "reference": ""}
    return {"title": text[:TITLE], "publisher": "", "reference": text[TITLE:]}


def only_cites(note: str) -> bool:
    return len(note) <= TITLE and bool(_CITES.fullmatch(note.strip()))
