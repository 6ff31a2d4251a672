"""Cells as offices fill them in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.people.models import Member
from studyhub.people.places import places_named
from studyhub.people.roster import values


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("张 三", "张三"),
        ("张　三", "张三"),
        ("阿拉坦•其其格", "阿拉坦·其其格"),
        ("阿拉坦 · 其其格", "阿拉坦·其其格"),
        ("䶮𬭎", "䶮𬭎"),
        ("𬭎 文", "𬭎文"),
        ("Ba Tu", "Ba Tu"),
    ],
)
def test_a_name_has_one_spelling(cell, name):
    assert values.name_of(cell) == name
    assert values.name_of(name) == name


@pytest.mark.parametrize("cell", ["张三、李四", "张三2", "三" * 41])
def test_two_people_in_one_cell_are_refused(cell):
    with pytest.raises(ValueError, match="姓名"):
        values.name_of(cell)


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "13800000001",
            "138 0000 0001",
            "138-0000-0001",
            "１３８００００００01",
            "+8613800000001",
        ),
        *(
            "86 138 0000 0001",
            "008613800000001",
            "13800000001/13900000002",
            "13800000001 13900000002",
        ),
        *("家里 0475-7220000，手机13800000001", "13800000001（微信同号）"),
    ],
)
def test_a_phone_is_its_eleven_digits(cell):
    assert values.phone_of(cell) == "13800000001"


@pytest.mark.parametrize(
    "cell", ["1380000000", "0475-7220000", "23800000001", "没有", "138000000012"]
)
def test_what_is_no_mobile_number_is_refused(cell):
    with pytest.raises(ValueError, match="11 位"):
        values.phone_of(cell)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021.9", date(2021, 9, 1)),
        ("2021年9月", date(2021, 9, 1)),
        ("2021 年 9 月", date(2021, 9, 1)),
        ("202109", date(2021, 9, 1)),
        ("20210903", date(2021, 9, 3)),
        ("2021/9/3", date(2021, 9, 3)),
        ("2021-09-03", date(2021, 9, 3)),
        ("2021．9．3", date(2021, 9, 3)),
        ("２０２１年９月３日", date(2021, 9, 3)),
        ("2021年9月至今", date(2021, 9, 1)),
        ("44442", date(2021, 9, 3)),
    ],
)
def test_a_day_as_offices_write_it(cell, day):
    assert values.day_of(cell) == day


@pytest.mark.parametrize(
    "cell", ["去年", "2021", "21.9", "2021.13", "2021.2.30", "1899-01-01", "9月3日"]
)
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(ValueError, match="请"):
        values.day_of(cell)


@given(st.dates(min_value=date(1954, 11, 1), max_value=date(2099, 12, 31)))
def test_every_day_comes_back_from_how_it_is_written(day):
    serial = (day - date(1899, 12, 30)).days
    for cell in (f"{day}", f"{day:%Y%m%d}", f"{day.year}.{day.month}.{day.day}", str(serial)):
        assert values.day_of(cell) == day


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("广东深圳宝安", "440306"),
        ("深圳市宝安区西乡街道某路3号", "440306"),
        ("北京朝阳", "110105"),
        ("内蒙古自治区通辽市扎鲁特旗鲁北镇", "150526"),
        ("呼和浩特", "150100"),
        ("上海浦东", "310115"),
        ("新疆", "650000"),
        ("香港", "810000"),
    ],
)
def test_a_place_is_its_code_down_to_the_county(words, code):
    assert values.place_of(words).code == code


def test_a_place_of_many_is_asked_for_and_one_of_none_too():
    assert len(places_named("鼓楼区")) > 3
    with pytest.raises(ValueError, match="写上省和市"):
        values.place_of("鼓楼区")
    with pytest.raises(ValueError, match="写到县区"):
        values.place_of("火星")


@given(st.text(max_size=60))
def test_no_words_break_the_list_of_places(words):
    assert all(len(place.code) == 6 for place in places_named(words))


@pytest.mark.parametrize(
    ("cell", "trade"),
    [("工地瓦工", "construction"), ("送外卖", "delivery"), ("开饭店", "catering"), ("玩", "other")],
)
def test_a_trade_is_one_of_the_list(cell, trade):
    assert values.trade_of(cell) == trade


@pytest.mark.parametrize("trade", Member.Trade)
def test_the_words_of_the_ledger_come_back(trade):
    assert values.trade_of(trade.label) == trade
