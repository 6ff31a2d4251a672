"""Dates, numbers and ranges, as GB/T 15835 has them; telephone and identity card numbers."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from content.proofs.values import Hit, Text

MOST = 500  # of a kind in one text
_HAN_DIGITS = "〇零一二三四五六七八九"
_DATE = re.compile(
    r"(?<!\d)(?:(\d{4})\s?年\s?)?(?<![\d个])(\d{1,3})\s?月(?!\d{3})(?:\s?(\d{1,3})\s?(?:日|号))?"
)
_HAN_DATE = re.compile(
    rf"([{_HAN_DIGITS}]{{4}})年([一二三四五六七八九十]{{1,3}})月(?:([一二三四五六七八九十]{{1,3}})日)?"
)
_OLD_CALENDAR = re.compile(r"[农阴旧夏]历.{0,8}$")
_YEAR = re.compile(r"(?<!\d)(\d{4})\s?年")
_MIXED = re.compile(
    rf"\d{{2,4}}\s?年\s?[一二三四五六七八九十]{{1,3}}月|[{_HAN_DIGITS}]{{4}}年\s?\d{{1,2}}\s?月"
    r"|(?<!\d)\d{1,2}\s?月\s?[一二三四五六七八九十]{1,3}日"
    r"|[一二三四五六七八九十]{1,3}月\s?\d{1,2}\s?日"
)
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{2})\s?年(?=\s?(?:\d{1,2}\s?月|春|夏|秋|冬|初|底))")
_RANGE = re.compile(
    r"(?<![A-Za-z0-9./\-])(\d{1,4})-(\d{1,4})(?=\s?(?:年|月|日|号|人|个|名|天|岁|次|元|米|里|小时|分钟|%))"
)
_PERCENT = re.compile(r"(?<![\d.%\-])(\d+(?:\.\d+)?)([～~\-—])(\d+(?:\.\d+)?)%")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{9}[\dXx](?!\d)")
_FULL_DIGITS = re.compile(r"[０-９]+")
_NUMERAL = r"[\d〇零一二两三四五六七八九十百千万亿]"
_MEASURE = r"(?:天|岁|个|人|里|次|倍|元|百|千|万|十|亿|分|小时|公里|千米|米|名|位|家|户|条|斤)"
_APPROXIMATE = re.compile(
    rf"(?<![第、一二三四五六七八九十])(十?)([一二三四五六七八])、([二三四五六七八九])(?={_MEASURE}|年(?!级))(?!个?(?:方面|问题))"
)
_TWICE = re.compile(
    rf"(?<![条节公契相制合签大特])约(?:为|有)?\s?{_NUMERAL}{{1,12}}\s?"
    r"(?:[多余](?![数次种半])|[^，。；！？、约\n]{0,6}?(?:左右|上下))"
    rf"|近{_NUMERAL}{{1,8}}[多余](?![数次种半])"
)
_PLACES = re.compile(r"(?:台湾|香港|澳门)[^。！？；\n]{0,20}等国(?!家和地区)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def impossible_dates(text: Text) -> Iterator[Hit]:
    """Month 13, 2月30日. The old calendar has its own."""
    for match in (*_DATE.finditer(text.text), *_HAN_DATE.finditer(text.text)):
        before = text.text[max(match.start() - 12, 0) : match.start()]
        if not _OLD_CALENDAR.search(before) and not _is_date(*map(_number, match.groups())):
            yield Hit(*match.span())


def _number(word: str | None) -> int | None:
    if not word:
        return None
    if word.isdecimal():
        return int(word)
    return _of_han(word)


def _of_han(word: str) -> int:
    """十三, 二十八, 一九三五; 0 for what is no number."""
    if "十" in word:
        tens, _, units = word.partition("十")
        return (_digits(tens) if tens else 1) * 10 + (_digits(units) if units else 0)
    return _digits(word)


def _digits(word: str) -> int:
    values = [max(_HAN_DIGITS.find(sign) - 1, 0) for sign in word]
    return int("".join(map(str, values)))


def _is_date(year: int | None, month: int | None, day: int | None) -> bool:
    try:
        date(year or 2000, month or 0, 1 if day is None else day)
    except ValueError:
        return False
    return True


def years_to_come(text: Text, today: date) -> Iterator[Hit]:
    for match in _YEAR.finditer(text.text):
        if int(match.group(1)) > today.year:
            yield Hit(*match.span())


def mixed_numerals(text: Text) -> Iterator[Hit]:
    yield from _each(_MIXED, text)


def short_years(text: Text) -> Iterator[Hit]:
    for match in _SHORT_YEAR.finditer(text.text):
        yield Hit(*match.span(), f"19{match.group(1)}年或20{match.group(1)}年")


def hyphen_ranges(text: Text) -> Iterator[Hit]:
    for match in _RANGE.finditer(text.text):
        yield Hit(*match.span(), f"{match.group(1)}—{match.group(2)}")


def percent_ranges(text: Text) -> Iterator[Hit]:
    for match in _PERCENT.finditer(text.text):
        yield Hit(*match.span(), f"{match.group(1)}%～{match.group(3)}%")


def mobile_numbers(text: Text) -> Iterator[Hit]:
    yield from _each(_MOBILE, text)


def identity_numbers(text: Text) -> Iterator[Hit]:
    """Those whose check digit is right: other long numbers are codes."""
    for match in _IDENTITY.finditer(text.text):
        if has_check_digit(match.group()):
            yield Hit(*match.span())


def has_check_digit(number: str) -> bool:
    """GB 11643: the last of eighteen signs follows from the others."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def full_width_digits(text: Text) -> Iterator[Hit]:
    for match in _FULL_DIGITS.finditer(text.text):
        yield Hit(*match.span(), "".join(chr(ord(sign) - 0xFEE0) for sign in match.group()))


def commas_in_approximations(text: Text) -> Iterator[Hit]:
    """三、四天. Not 第三、四天, and only where one number follows the other."""
    numerals = _HAN_DIGITS[1:]
    for match in _APPROXIMATE.finditer(text.text):
        _, first, second = match.groups()
        if numerals.index(second) == numerals.index(first) + 1:
            yield Hit(*match.span(), match.group().replace("、", ""))


def approximate_twice(text: Text) -> Iterator[Hit]:
    yield from _each(_TWICE, text)


def places_called_countries(text: Text) -> Iterator[Hit]:
    yield from _each(_PLACES, text)


def _each(pattern: re.Pattern[str], text: Text) -> Iterator[Hit]:
    for match in islice(pattern.finditer(text.text), MOST):
        yield Hit(*match.span())
