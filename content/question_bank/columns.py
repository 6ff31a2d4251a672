"""Which column of a spreadsheet says what: found by name, in whatever order they stand."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

DEEPEST = 5  # rows in which the names of the columns are looked for
_NOISE = re.compile(r"[\s*＊:：_]|[（(\[【].*?[）)\]】]")
_OPTION = re.compile(r"(?:选项|答案选项|备选项|备选答案)?([A-Z]|[1-9]|1[0-9])")
_NAMES = """
id           题库编号
kind         题型 类型 试题类型 题目类型
stem         题干 题目 试题 问题 题目内容 试题内容 题干内容 试题题干
answer       答案 正确答案 标准答案 参考答案 正确选项
explanation  解析 答案解析 试题解析 题目解析 解释 说明
source       依据 出处 来源 出题依据
category     类别 分类 知识点 题目分类 试题分类
state        状态
lesson       课 课名 课程 所在课
section      小节 章节 所在小节
options      选项 备选项 备选答案
picture      图片 插图 配图 题图
alt          图片说明 画面说明
image_source 图片来源 图片出处
"""
NAMES = {
    name: column for column, *names in map(str.split, _NAMES.strip().splitlines()) for name in names
}
NEEDED = ("stem", "answer")


@dataclass(frozen=True)
class Head:
    """``row`` and places count from 0; ``options`` are the places of the option columns in their
    order, ``unknown`` the names of columns that are not read."""

    row: int
    places: dict[str, int]
    options: tuple[int, ...]
    unknown: tuple[str, ...] = field(default=())


def find_head(rows: Sequence[Sequence[str]]) -> Head | None:
    """The first row that names question and answer; None where none of the first five does."""
    for number, row in enumerate(rows[:DEEPEST]):
        head = _head_of(number, row)
        if all(name in head.places for name in NEEDED):
            return head
    return None


def _head_of(number: int, row: Sequence[str]) -> Head:
    places: dict[str, int] = {}
    options: dict[int, int] = {}
    unknown = []
    for place, text in enumerate(row):
        name = plain(text)
        if name in NAMES:
            places.setdefault(NAMES[name], place)
        elif option := _OPTION.fullmatch(name):
            options.setdefault(_rank(option[1]), place)
        elif name:
            unknown.append(text.strip())
    return Head(number, places, tuple(options[rank] for rank in sorted(options)), tuple(unknown))


def _rank(mark: str) -> int:
    return ord(mark) - ord("A") if mark.isalpha() else int(mark) - 1


def plain(text: str) -> str:
    """A column's name without advice in brackets, stars and spaces; letters in capitals."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()
