"""Forty rosters as forty offices write them, each read right."""

import pytest

from studyhub.core.clock import today
from studyhub.core.sheets.reading import read_sheet
from studyhub.people.models import Member
from studyhub.people.roster.intake import take_in
from tests import factories as make
from tests.people.roster.files import separated, workbook

pytestmark = pytest.mark.django_db
SHORT = ("姓名", "电话", "党支部")
QIQIGE = {"name": "其其格", "phone": "13800000001"}
PERSON = ("其其格", "13800000001", "一支部")


def one(heading, cell, **expected):
    """A column of an office's own, with what is understood of one cell."""
    return workbook(("姓名", "党支部", heading), ("其其格", "一支部", cell)), [expected]


def named(cell, name):
    return workbook(SHORT, (cell, "", "一支部")), [{"name": name}]


FILES = {
    # As they are saved
    "gb18030": (separated(SHORT, PERSON), [QIQIGE]),
    "utf-8": (separated(SHORT, PERSON, encoding="utf-8"), [QIQIGE]),
    "utf-8-bom": (separated(SHORT, PERSON, encoding="utf-8-sig"), [QIQIGE]),
    "utf-16": (separated(SHORT, PERSON, encoding="utf-16"), [QIQIGE]),
    "tabs": (separated(SHORT, PERSON, mark="\t"), [QIQIGE]),
    "semicolons": (separated(SHORT, PERSON, mark=";"), [QIQIGE]),
    "full-width-commas": (separated(SHORT, PERSON, mark="，"), [QIQIGE]),
    "quoted": (separated(SHORT, tuple(f'"{cell}"' for cell in PERSON)), [QIQIGE]),
    "second-sheet": (workbook(SHORT, PERSON, sheets=("封面", "说明")), [QIQIGE]),
    # Above, between and below
    "no-title": (workbook(SHORT, PERSON, title=""), [QIQIGE]),
    "notes-above": (workbook(("填报单位：某镇", "", "2026年"), (), SHORT, PERSON), [QIQIGE]),
    "head-again": (workbook(SHORT, PERSON, SHORT), [QIQIGE]),
    "head-of-two-rows": (workbook(SHORT, ("", "", "名称"), PERSON, merged=["A3:A4"]), [QIQIGE]),
    "spaced-head": (workbook(("姓  名", "电　话*", "党支部（全称）"), PERSON), [QIQIGE]),
    "other-names": (workbook(("党员姓名", "联系方式", "所属党组织"), PERSON), [QIQIGE]),
    "numbers-in-front": (workbook(("序号", *SHORT), ("1", *PERSON), ("2", "", "", "")), [QIQIGE]),
    "sum-below": (workbook(SHORT, PERSON, ("合 计", "1人", "")), [QIQIGE]),
    "signed-below": (workbook(SHORT, PERSON, ("填表人：高娃", "审核：", "")), [QIQIGE]),
    "blank-rows": (workbook(SHORT, (), PERSON, (), ()), [QIQIGE]),
    "as-above": (
        workbook(SHORT, PERSON, ("巴图", "13800000002", "同上"), ("乌云", "", "〃")),
        [{"name": "乌云"}, {"name": "其其格"}, {"name": "巴图"}],
    ),
    "merged-branch": (
        workbook(SHORT, PERSON, ("巴图", "13800000002", ""), merged=["C4:C5"]),
        [{"name": "其其格"}, {"name": "巴图"}],
    ),
    # Phones
    "phone-of-spaces": one("手机", "138 0000 0001", phone="13800000001"),
    "phone-full-width": one("手机号码", "１３８００００００01", phone="13800000001"),
    "phone-abroad": one("联系电话", "+86-138-0000-0001", phone="13800000001"),
    "phone-two": one("电话", "13800000001、13900000002", phone="13800000001"),
    "phone-number": one("电话", 13800000001, phone="13800000001"),
    "phone-float": one("电话", 13800000001.0, phone="13800000001"),
    "phone-none": one("电话", "无", phone=""),
    # Days and months
    "day-point": one("外出时间", "2021.9", left_on="2021-09-01"),
    "day-words": one("流出时间", "2021年9月", left_on="2021-09-01"),
    "day-compact": one("外出日期", "202109", left_on="2021-09-01"),
    "day-slash": one("外出时间", "2021/9/3", left_on="2021-09-03"),
    "day-serial": one("外出时间", 44442, left_on="2021-09-03"),
    "month": one("预计返乡时间", "2027年1月", return_month="2027-01"),
    # Places and work
    "place-short": one("流向", "广东深圳宝安", host_place_code="440306"),
    "place-street": one("现居住地", "深圳市宝安区西乡街道某路3号", host_place_code="440306"),
    "trade": one("从事职业", "工地瓦工", trade="construction"),
    # Names
    "name-spaced": named("张　三", "张三"),
    "name-point": named("阿拉坦•其其格", "阿拉坦·其其格"),
    "name-rare": named("𬭎 䶮", "𬭎䶮"),
    "name-broken-line": named("其其\n格", "其其格"),
    "not-stored": (
        workbook((*SHORT, "身份证号", "家庭住址"), (*PERSON, "150526199001010011", "某街")),
        [QIQIGE],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_an_office_is_understood(name):
    make.a_branch("旗委")
    data, expected = FILES[name]
    compared = take_in(read_sheet(data), on=today(), create_missing=True)
    assert not [line.words for line in compared.lines if not line.clear]
    found = sorted(Member.objects.all(), key=lambda member: member.name)
    told = [
        {key: str(getattr(member, key)) for key in one}
        for member, one in zip(found, expected, strict=True)
    ]
    assert told == expected
    assert all(member.branches.get().branch.name == "一支部" for member in found)


def test_they_are_as_many_as_were_promised():
    assert len(FILES) >= 40
