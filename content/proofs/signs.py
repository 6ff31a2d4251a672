"""Punctuation and spaces, as GB/T 15834 and the press have them."""

import re
from collections.abc import Iterable, Iterator

from content.proofs.values import HAN, Hit, Text

_FULL = dict(zip(",;:?!()", "，；：？！（）", strict=True))
_HALF = re.compile(rf"(?<=[{HAN}”》）])[,;:?!()]|[,;:?!()](?=[{HAN}“《（])")
_SPACE = re.compile(rf"(?<=[{HAN}])[ \t\u3000\xa0]+(?=[{HAN}])")
_REPEATED = re.compile(
    r"。{2,}|、{2,}|，{2,}|；{2,}|：{2,}|\.{3,}|(?<![-\w])-{2,}(?![-\w])|(?<=["
    rf"{HAN}])-{{2,}}"
)
_INSTEAD = {".": "……", "-": "——"}
_BETWEEN_QUOTES = re.compile(r"”、(?=“)|》、(?=《)")
_WORKS = re.compile(r"《[^《》\n]{1,30}?(?:活动|课程|培训班|座谈会)》")
_NUMBERED = re.compile(
    r"(?:(?<=\n)|^|(?<=[\s；;。，,、：:]))[0-9a-zA-Z一二三四五六七八九十]{1,3}）"
)
PAIRS = {"”": "“", "》": "《", "）": "（"}


def half_width_signs(text: Text) -> Iterator[Hit]:
    for match in _HALF.finditer(text.text):
        yield Hit(*match.span(), _FULL[match.group()])


def spaces_between_han(text: Text) -> Iterator[Hit]:
    """A title may be set apart by one."""
    if text.name not in ("title", "heading"):
        yield from (Hit(*match.span(), "去掉空格") for match in _SPACE.finditer(text.text))


def repeated_signs(text: Text) -> Iterator[Hit]:
    for match in _REPEATED.finditer(text.text):
        sign = match.group()
        instead = "……" if set(sign) == {"。"} and len(sign) > 2 else sign[0]
        yield Hit(*match.span(), _INSTEAD.get(sign[0], instead))


def signs_between_quotes(text: Text) -> Iterator[Hit]:
    for match in _BETWEEN_QUOTES.finditer(text.text):
        yield Hit(*match.span(), match.group()[0])


def titles_of_no_work(text: Text) -> Iterator[Hit]:
    for match in _WORKS.finditer(text.text):
        yield Hit(*match.span(), f"“{match.group()[1:-1]}”")


def unbalanced_signs(text: Text) -> Iterator[Hit]:
    """“”, 《》, （）, paragraph by paragraph."""
    start = 0
    paragraphs = text.text.split("\n")
    for number, paragraph in enumerate(paragraphs):
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else ""
        for place in _unpaired(paragraph, goes_on=following.startswith("“")):
            yield Hit(start + place, start + place + 1)
        start += len(paragraph) + 1


def _unpaired(paragraph: str, *, goes_on: bool) -> Iterable[int]:
    """Speech over several paragraphs opens each of them and closes the last alone."""
    counted = {match.end() - 1 for match in _NUMBERED.finditer(paragraph)}
    for closing, opening in PAIRS.items():
        opened: list[int] = []
        for place, sign in enumerate(paragraph):
            if sign == opening:
                opened.append(place)
            elif sign == closing and opened:
                opened.pop()
            elif sign == closing and place not in counted:
                yield place
        yield from opened[:1] if not (opening == "“" and goes_on) else opened[1:2]
