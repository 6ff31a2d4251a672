"""Which column says what: found by the names offices use (domain rules 1.7).

What must not be stored is not read: those columns are named to whoever imports, and left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from studyhub.core.errors import Invalid

NUMBER = "序号"
DEEPEST = 30  # rows of titles and notes above the head
_NOISE = re.compile(r"[\s*＊:：]|[（(].*?[）)]")


class Column(StrEnum):
    """What a column may say, with the name people read."""

    label: str

    def __new__(cls, value: str, label: str) -> "Column":
        column = str.__new__(cls, value)
        column._value_ = value
        column.label = label
        return column

    NAME = "name", "姓名"
    PHONE = "phone", "手机"
    HOME = "home", "所在党组织"
    HOST = "host", "流入地党组织"
    GROUP = "group", "学习小组"
    PLACE = "place", "流入地"
    TRADE = "trade", "行业"
    LEFT_ON = "left_on", "外出时间"
    RETURN_MONTH = "return_month", "预计返乡"
    KEY = "key", "台账编号"  # of our own export: tells who is meant


Assigned = Column | Literal[""] | None  # "" is not to be read; None: nobody said


_NAMES = """
name          姓名 党员姓名 名字 流动党员姓名
phone         手机 手机号 手机号码 电话 联系电话 联系方式 电话号码 本人电话
home          所在党支部 所在支部 党支部 支部 支部名称 党支部名称 所属党支部 所在党组织 所属党组织
home          党组织 党组织名称 流出地党组织 流出地党支部 组织关系所在党支部 组织关系所在支部
host          流入地党组织 流入地党支部 流入党组织 流动党员党支部
group         学习小组 小组 党小组 所在小组
place         流入地 现居地 现居住地 流动去向 流向 外出地点 外出地 务工地点 流入地点 外出去向 去向
place         现工作地 流动地点
trade         行业 从事职业 职业 从事行业 从业类别 所从事职业
left_on       外出时间 流出时间 流动时间 外出日期 流出日期 离开时间
return_month  预计返乡 预计返乡时间 预计返回时间 返乡时间
key           台账编号
"""
NAMES: dict[str, Column] = {
    name: Column(column)  # type: ignore[call-arg]  # mypy takes __new__ for the call
    for column, *names in map(str.split, _NAMES.strip().splitlines())
    for name in names
}
# Personal beyond what the ledger needs; the beginning of a column's name is enough.
NEVER_READ = (
    *("身份证", "公民身份", "证件号", "家庭", "住址", "详细地址", "户籍", "籍贯", "配偶", "子女"),
    *("健康", "宗教", "党费", "照片", "银行", "工资", "收入", "性别", "民族", "出生", "年龄"),
    *("学历", "入党", "转正", "工作单位", "微信", "QQ", "邮箱"),
)


@dataclass(frozen=True)
class Head:
    """Where the head is (counted from 0), what stands in which column, and what is left out."""

    row: int
    places: dict[Column, int]
    never_read: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # and nobody said what they are
    assigned: dict[str, Assigned] = field(default_factory=dict)  # as the office said

    @property
    def strange(self) -> dict[str, Assigned]:
        """Columns that we do not know by name, each with what the office said of it."""
        return self.assigned | dict.fromkeys(self.unknown)

    @property
    def number(self) -> int:
        """As the office's program counts, from 1."""
        return self.row + 1


def find_head(
    rows: Sequence[Sequence[str]], assigned: Mapping[str, Assigned] | None = None
) -> Head:
    """The first row that names 姓名 and one thing more, be it one that is not known.

    ``assigned`` is what the office said of columns that we do not know by name.

    Raises Invalid ``roster_without_head``, or ``roster_column_twice`` for two of one meaning.
    """
    heads = [_head(number, row, assigned or {}) for number, row in enumerate(rows[:DEEPEST])]
    named = [head for head in heads if head and Column.NAME in head.places]
    for head in (*(one for one in named if len(one.places) > 1), *named):
        if len(head.places) > 1 or head.strange:
            return head
    raise Invalid(
        "roster_without_head",
        f"第一个有内容的工作表，前 {DEEPEST} 行里没有找到表头。"
        "请让一行写着“姓名”和“所在党支部”等列名，名字在它下面，并把这张工作表放在最前面。",
    )


def is_head_name(cell: str) -> bool:
    """Whether 姓名 stands here: the head again, on a further page or merged over two rows."""
    return NAMES.get(_NOISE.sub("", cell)) is Column.NAME


def _head(number: int, row: Sequence[str], assigned: Mapping[str, Assigned]) -> Head | None:
    """What the row says if it is the head, known names first."""
    head = Head(number, {})
    names = [_NOISE.sub("", cell) for cell in row]
    if not any(NAMES.get(name) is Column.NAME for name in names):
        return None
    for place, name in enumerate(names):
        _note(head, place, name)
    for name in [name for name in head.unknown if name in assigned]:
        _assign(head, names.index(name), name, assigned[name])
    return head


def _note(head: Head, place: int, name: str) -> None:
    column = NAMES.get(name)
    if column is None:
        known = head.never_read if name.startswith(NEVER_READ) else head.unknown
        known += [name] if name and name != NUMBER else []
    elif column in head.places:
        raise Invalid(
            "roster_column_twice", f"有两列都是“{column.label}”，请删去一列，或改它的列名。"
        )
    else:
        head.places[column] = place


def _assign(head: Head, place: int, name: str, column: Assigned) -> None:
    """Unless another column says so by its name."""
    head.unknown.remove(name)
    head.assigned[name] = None if column in head.places else column
    if column and column not in head.places:
        head.places[column] = place
