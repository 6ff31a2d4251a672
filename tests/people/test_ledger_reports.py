"""台账统计: counts of one's own tree, none about one or two; file and screen agree."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from studyhub.people.ledger_reports import ledger_report
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("root")]
ADDRESS = "/cms/ledger-reports/"
MOST_QUERIES = 8


@pytest.fixture
def juriha(root):
    return make.a_branch("巨日合镇党委", root)


def people(count, branch, **fields):
    fields.setdefault("confirmed_at", timezone.now())
    for _ in range(count):
        member = make.a_member(**fields)
        make.BranchMembershipFactory(member=member, branch=branch)


def rows(report, title):
    table = next(table for table in report.tables if table.title == title)
    return {str(row[0]).strip("　"): row[1:] for row in table.rows}


def test_branches_count_what_is_below_and_are_fresh_or_not(keeper, root, lubei, juriha):
    people(4, lubei)
    old = timezone.now() - timedelta(days=91)
    people(4, juriha, confirmed_at=old)
    people(4, juriha, confirmed_at=None)
    assert rows(ledger_report(keeper), "党组织") == {
        "旗委": (12, 4, "33%"),
        "鲁北镇党委": (4, 4, "100%"),
        "巨日合镇党委": (8, 0, "0%"),
    }


def test_how_many_days_are_fresh_is_a_setting(keeper, settings, lubei):
    people(3, lubei, confirmed_at=timezone.now() - timedelta(days=91))
    settings.LEDGER_FRESH_DAYS = 100
    assert rows(ledger_report(keeper), "党组织")["鲁北镇党委"] == (3, 3, "100%")


def test_trade_place_and_months(keeper, lubei):
    people(3, lubei, trade="factory", host_place_code="440306", left_on=date(2025, 3, 9))
    people(3, lubei, trade="catering", host_place_code="440106", return_month="2027-01")
    people(3, lubei, trade="catering", host_place_code="110101", left_on=date(2025, 3, 31))
    report = ledger_report(keeper)
    counts = {
        title: {name: row[0] for name, row in rows(report, title).items()}
        for title in ("行业", "流入地", "外出月份", "预计返乡月份")
    }
    assert counts["行业"] == {"合计": 9, "制造": 3, "餐饮住宿": 6}
    assert counts["流入地"] == {"合计": 9, "北京市": 3, "广东省": 6, "广州市": 3, "深圳市": 3}
    assert counts["外出月份"] == {"合计": 9, "2025 年 3 月": 6, "没有写": 3}
    assert counts["预计返乡月份"] == {"合计": 9, "2027 年 1 月": 3, "没有写": 6}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("659001", {"新疆维吾尔自治区", "石河子市"}),
        ("440000", {"广东省"}),
        ("810000", {"香港特别行政区"}),
        ("", {"没有写"}),
        ("990101", {"没有写"}),
    ],
)
def test_a_place_is_counted_as_near_as_it_is_known(keeper, lubei, code, names):
    people(3, lubei, host_place_code=code)
    assert rows(ledger_report(keeper), "流入地").keys() == {"合计", *names}


def test_one_or_two_are_told_of_nowhere_and_not_by_subtraction(keeper, lubei, juriha):
    people(6, lubei, trade="factory")
    people(2, juriha, trade="study")
    report = ledger_report(keeper)
    assert rows(report, "党组织")["巨日合镇党委"][0] == "不单列"
    assert rows(report, "党组织")["鲁北镇党委"][0] == "不单列"  # 8 less 6 would be two
    assert rows(report, "行业") == {"合计": (8, 8, "100%")}


def test_of_too_few_nothing_is_told(sign_in, lubei, juriha):
    people(2, lubei, trade="factory")
    people(9, juriha)
    report = ledger_report(make.an_orgadmin(lubei))
    assert [table.title for table in report.tables] == ["党组织"]
    assert rows(report, "党组织") == {"鲁北镇党委": ("不单列", "不单列", "")}
    assert "人太少" in report.notes[-1]


def test_a_department_is_told_of_its_own_tree(lubei, juriha):
    people(3, lubei, trade="factory")
    people(5, juriha, trade="study")
    report = ledger_report(make.an_orgadmin(lubei))
    assert rows(report, "党组织") == {"鲁北镇党委": (3, 3, "100%")}
    assert rows(report, "行业").keys() == {"合计", "制造"}


def test_who_left_or_is_somebody_else_is_not_counted(keeper, lubei):
    people(3, lubei)
    make.BranchMembershipFactory(branch=lubei, ended=True)
    make.BranchMembershipFactory(branch=lubei, host=True)
    kept = make.a_member("巴图")
    make.BranchMembershipFactory(branch=lubei, member=make.a_member("巴图", merged_into=kept))
    assert rows(ledger_report(keeper), "党组织")["鲁北镇党委"][0] == 3


def test_who_keeps_all_is_told_of_those_that_belong_nowhere(keeper, lubei):
    people(3, lubei)
    make.a_member("巴图")
    make.a_member("苏和", ended_on=date(2026, 1, 1))
    assert ledger_report(keeper).homeless is None
    make.a_member("乌兰")
    make.a_member("格日勒")
    assert "另有 3 人在册" in ledger_report(keeper).notes[-1]


def test_the_file_holds_what_the_screen_shows(admin, lubei, juriha):
    people(4, lubei, trade="factory", host_place_code="440306", left_on=date(2025, 3, 9))
    people(5, juriha, trade="catering", return_month="2027-01")
    people(1, juriha, trade="study")
    page = admin.get(ADDRESS).content.decode()
    screen = [
        [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", page)
    ]
    book = load_workbook(BytesIO(admin.get(f"{ADDRESS}xlsx/").content))
    file = [
        ["" if cell is None else str(cell) for cell in row]
        for sheet in book.worksheets[1:]
        for row in sheet.values
    ]
    assert len(file) > 12
    assert file == screen
    notes = [row[0] for row in book.worksheets[0].values]
    assert notes
    assert all(note in page for note in notes)


def test_an_empty_ledger_says_what_to_do(admin):
    assert "/cms/members/add/" in admin.get(ADDRESS).content.decode()


@pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}xlsx/"])
def test_more_people_and_branches_cost_no_more(admin, sign_in, root, lubei, path):
    for number in range(20):
        people(3, make.a_branch(f"支部{number}", lubei), trade="study")
    for client in (admin, sign_in(make.an_orgadmin(lubei))):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        own = [one["sql"] for one in queries if ' FROM "people_' in one["sql"]]
        assert len(own) <= MOST_QUERIES + 1, own  # and the account
