"""What may stand in a twin, and what is said where it may not. Plain values, no database.

Nothing is normalised: the narrow space (U+202F), the vowel separator (U+180E) and the variation
selectors say how the letter beside them is drawn, and stay as they were typed.
"""

import re
from collections.abc import Mapping

from studyhub.core.characters import clean
from studyhub.core.errors import Invalid

MOST_HEADING, MOST_TEXT = 200, 12_000
_EDGES = " \t\r\n\u3000"  # and no other spaces: those of the script belong to a word
_HUDUM = re.compile("[\u1820-\u1842]")
# Letters of Todo, Sibe, Manchu and Sanskrit, which the font of readers does not have.
_OTHER_LETTERS = re.compile("[\u1843-\u18aa]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def cleaned(fields: Mapping[str, str]) -> dict[str, str]:
    """``{heading, text}`` as they are stored: line ends of one kind, no space at the edges."""
    return {name: _tidied(fields.get(name, "")) for name in ("heading", "text")}


def _tidied(text: str) -> str:
    lines = clean(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return "\n".join(line.strip(_EDGES) for line in lines).strip("\n")


def refuse_unfit(fields: Mapping[str, str]) -> None:
    """Raises Invalid ``not_mongolian``, ``too_long`` with what to do."""
    heading, text = fields["heading"], fields["text"]
    if len(heading) > MOST_HEADING or len(text) > MOST_TEXT or "\n" in heading:
        words = f"标题写一行，最多 {MOST_HEADING} 个字符；正文最多 {MOST_TEXT} 个字符。请缩短再存。"
        raise Invalid("too_long", words)
    whole = heading + text
    if not _HUDUM.search(whole):
        raise Invalid("not_mongolian", "这里没有蒙古文字母。请用传统蒙古文（回鹘体）写，再存一次。")
    if _CYRILLIC.search(whole):
        raise Invalid("not_mongolian", "里面有西里尔字母。请改写成传统蒙古文（回鹘体），再存一次。")
    if found := _OTHER_LETTERS.search(whole):
        code = f"U+{ord(found[0]):04X}"
        words = f"字母 {code} 是托忒、锡伯或满文的，读者的字体里没有。请换成传统蒙古文的字母。"
        raise Invalid("not_mongolian", words)


def paragraphs(text: str) -> list[str]:
    """Each line is a paragraph."""
    return [line for line in text.split("\n") if line]


def why_not_sign(person: int, writers: set[int], signers: set[int | None]) -> str:
    """What keeps this person from signing, as a sentence; empty where nothing does."""
    if person in writers:
        return "这一段是您写的，或者您改过，自己不能签。请换一位懂蒙文的同事。"
    if person in signers:
        return "您已经签过这一段，还要另一位同事来签。"
    return ""
