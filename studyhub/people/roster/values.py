"""Cells as offices fill them in, understood or refused in words.

Each function takes the text of a cell that is not empty. Raises ValueError with what to do.
"""

import re
import unicodedata
from datetime import date, timedelta

from studyhub.core.characters import shows_nothing, without_unseen
from studyhub.people.models import Member
from studyhub.people.places import Place, places_named

LONGEST_NAME, LONGEST_ORGANISATION = 40, 60  # characters, as the ledger has room for
_AS_ABOVE = frozenset({"同上", "〃", "″", '"', "”", "“", "''", "..", "′′"})
_EMPTY = frozenset({"无", "-", "--", "—", "——", "/", "\\", "暂无", "不详", "未知"})
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER_OF_SOMEBODY = re.compile(r"\d{11}")
_BETWEEN = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_DATE = re.compile(r"(\d{4})[.年/\-。](\d{1,2})(?:[.月/\-。](\d{1,2})?日?)?(?:起|至今)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIALS = range(20_000, 80_000)  # days since 1899-12-30: 1954 to 2119
_EXCEL_BEGINS = date(1899, 12, 30)
_TRADES = (
    (Member.Trade.CONSTRUCTION, "建筑 工地 装修 瓦工 木工 钢筋 水电 泥瓦"),
    (Member.Trade.DELIVERY, "快递 外卖 骑手 配送 送餐"),
    (Member.Trade.CATERING, "餐饮 饭店 厨师 酒店 宾馆 住宿 服务员"),
    (Member.Trade.TRANSPORT, "运输 司机 货运 物流 开车 驾驶 网约车"),
    (Member.Trade.DOMESTIC, "家政 护理 保姆 月嫂 保洁 护工 养老"),
    (Member.Trade.FACTORY, "制造 工厂 电子厂 服装 车间 加工 工人 企业"),
    (Member.Trade.FARMING, "种植 养殖 种养殖 农业 牧业 放牧 务农 畜牧"),
    (Member.Trade.STUDY, "求学 学生 读书 在校 上学 大学"),
    (Member.Trade.TRADE, "经商 商业 个体 开店 销售 生意 零售 超市"),
)


def is_as_above(cell: str) -> bool:
    return cell in _AS_ABOVE


def is_nothing(cell: str) -> bool:
    """Whether a cell says in words that it is empty."""
    return cell in _EMPTY or shows_nothing(cell)


def spelled_name(text: str) -> str:
    """张 三 is 张三; 阿拉坦·其其格 keeps its point, in one spelling."""
    name = re.sub(r"\s*[·•・‧∙.]\s*", "·", unicodedata.normalize("NFKC", text))
    return _BETWEEN.sub("", name).strip()


def name_of(cell: str) -> str:
    """One person's name; two in a cell are told."""
    name = spelled_name(cell)
    if len(name) > LONGEST_NAME:
        raise ValueError("姓名太长，请检查是不是几个人写在一格里")
    if any(sign.isdecimal() or sign in "，,、;；/" for sign in name):
        raise ValueError("姓名里有数字或分隔符，一行只能写一个人")
    return name


def phone_of(cell: str) -> str:
    """The first mobile number of the cell, eleven digits; a second one is not kept."""
    plain = re.sub(r"[\s\-()（）]", "", unicodedata.normalize("NFKC", cell))
    plain = re.sub(r"(?<!\d)(?:\+|00)?86(?=1[3-9]\d{9}(?!\d))", " ", plain)
    if found := _MOBILE.search(plain):
        return found.group()
    digits = re.findall(r"\d+", plain)
    if digits and all(len(one) % 11 == 0 for one in digits) and _MOBILE.match(digits[0][:11]):
        return digits[0][:11]  # two numbers with nothing in between but a space
    raise ValueError("手机号应是 11 位数字，以 1 开头")


def day_of(cell: str) -> date:
    """2021.9, 2021年9月, 202109, 2021/9/3 or 44440, as Excel counts; a month is its first day."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell))
    if text.isdecimal() and len(text) == 5 and int(text) in _SERIALS:
        return _EXCEL_BEGINS + timedelta(days=int(text))
    match = _COMPACT.fullmatch(text) or _DATE.fullmatch(text)
    if match is None:
        raise ValueError("日期看不懂，请写成 2021年9月 或 2021-09-03")
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueError("没有这一天，请写成 2021年9月 或 2021-09-03") from None
    if not 1950 <= year <= 2100:
        raise ValueError("年份不对，请检查")
    return found


def month_of(cell: str) -> str:
    """As the ledger keeps it: 2027-01."""
    return f"{day_of(cell):%Y-%m}"


def place_of(cell: str) -> Place:
    """To the county, as near as the words say."""
    found = places_named(cell)
    if not found:
        raise ValueError("没有找到这个地方，请写到县区，例如 广东省深圳市宝安区")
    if len(found) > 1:
        some = "、".join(place.name for place in found[:3])
        raise ValueError(f"有 {len(found)} 个地方叫这个名字（{some}……），请写上省和市")
    return found[0]


def trade_of(cell: str) -> str:
    """The kind of work; what fits none is 其他."""
    for trade, words in _TRADES:
        if trade.label in cell or any(word in cell for word in words.split()):
            return trade.value
    return Member.Trade.OTHER.value


def organisation_of(cell: str) -> str:
    """An organisation or a group by its name, as it is written."""
    name = cell.strip()
    if len(name) > LONGEST_ORGANISATION:
        raise ValueError("名称太长，请用简称")
    if _NUMBER_OF_SOMEBODY.search(name):
        raise ValueError("这里不该有身份证号或手机号，请检查是不是选错了列")
    return name


def is_key(cell: str) -> bool:
    """Whether our own export may have called somebody so."""
    return bool(_KEY.fullmatch(cell))


def key_of(cell: str) -> str:
    """What our own export calls somebody by."""
    if is_key(cell):
        return cell
    raise ValueError("编号不完整，请清空这一格，或重新导出一份再改")


def organisation_key(name: str) -> str:
    """One for all spellings of a name: 党支部（一） and 党支部 (一) are the same organisation."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", without_unseen(name))).casefold()
