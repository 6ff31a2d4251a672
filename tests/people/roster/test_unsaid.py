"""What a roster leaves unsaid is not made up: blanks, merged cells, brackets, one phone for two."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from studyhub.core.clock import today
from studyhub.core.sheets.reading import read_sheet
from studyhub.people.groups import move_branch
from studyhub.people.models import Branch, Member
from studyhub.people.roster.comparison import compare
from studyhub.people.roster.intake import take_in
from tests import factories as make
from tests.people.roster.files import HEAD, PEOPLE, separated, workbook

pytestmark = pytest.mark.django_db
SHORT = ("姓名", "电话", "党支部")
A, B = "一支部", "二支部"


@pytest.fixture(autouse=True)
def root():
    return make.a_branch("旗委")


def a_member(name, phone="", home=B, days=1):
    member = make.a_member(name, phone=phone)
    branch = Branch.objects.filter(name=home).first() or make.a_branch(home)
    move_branch(member=member, branch=branch, kind="home", on=today() - timedelta(days=days))
    return member


def looked(*rows, head=SHORT, **how):
    sheet = read_sheet(workbook(head, *rows, **how))
    return compare(sheet, on=today(), create_missing=True)


def taken(*rows, head=SHORT, **how):
    sheet = read_sheet(workbook(head, *rows, **how))
    return take_in(sheet, on=today(), create_missing=True)


def statuses(compared):
    return [str(line.status) for line in compared.lines]


def home_of(name):
    return Member.objects.get(name=name).branches.get(ends_on=None).branch.name


@pytest.mark.parametrize("kind", ["workbook", "separated"])
def test_a_blank_branch_never_moves_who_is_on_the_ledger(kind):
    a_member("巴图", "13800000002")
    rows = (SHORT, ("甲", "13800000001", A), ("巴图", "13800000002", ""))
    data = workbook(*rows) if kind == "workbook" else separated(*rows)
    compared = take_in(read_sheet(data), on=today(), create_missing=True)
    assert statuses(compared) == ["new", "unchanged"]
    assert home_of("巴图") == B


def test_a_blank_branch_of_somebody_new_is_the_one_above_and_is_said():
    compared = taken(("甲", "", A), ("乙", "", ""), ("丙", "", ""))
    assert statuses(compared) == ["new"] * 3
    assert home_of("丙") == A
    assert A in compared.lines[2].words
    assert not compared.lines[0].words


def test_a_blank_branch_makes_no_second_person_of_somebody_elsewhere():
    a_member("巴图", "13800000002")
    compared = looked(("甲", "", A), ("巴图", "13800000009", ""), ("巴图", "", ""))
    assert statuses(compared) == ["new", "unclear", "unclear"]


def test_a_blank_branch_tells_who_is_meant_in_the_branch_above():
    a_member("巴图", home=A)
    a_member("巴图", home=B)
    compared = looked(("甲", "", A), ("巴图", "13800000002", ""))
    [change] = compared.lines[1].changes
    assert change.column == "phone"


def test_a_merged_branch_is_said_of_everybody_it_covers():
    a_member("巴图", "13800000002")
    people = (("甲", "", A), ("巴图", "13800000002", ""), ("乙", "", ""))
    compared = looked(*people, merged=["C4:C5"])
    assert statuses(compared) == ["new", "changed", "new"]
    [change] = compared.lines[1].changes
    assert (change.old, change.new) == (B, A)
    assert not compared.lines[0].words


def test_a_head_of_two_merged_rows_is_nobody():
    below = ("", "", "", "省", "市")
    head = (*SHORT, "流入地", "")
    compared = looked(below, ("甲", "", A, "北京", ""), head=head, merged=["A3:A4", "D3:E3"])
    assert [line.name for line in compared.lines] == ["甲"]


@pytest.mark.parametrize("name", ["党支部（演示）", "党支部(演示)", "党支部 （演示）"])
def test_brackets_and_spaces_make_no_second_organisation(name):
    make.a_branch("党支部（演示）")
    compared = taken(("甲", "", name))
    assert compared.missing == []
    assert Branch.objects.count() == 2
    assert home_of("甲") == "党支部（演示）"
    assert statuses(taken(("甲", "", name))) == ["unchanged"]


def test_a_new_organisation_is_called_as_the_roster_calls_it():
    compared = taken(("甲", "", " 党支部（新） "), ("乙", "", "党支部(新)"))
    assert compared.missing == ["党支部（新）"]
    assert home_of("甲") == home_of("乙") == "党支部（新）"


def test_a_group_is_found_by_the_same_key():
    group = make.a_group(name="小组（一）")
    taken(("甲", "", A, "小组(一)"), head=(*SHORT, "学习小组"))
    assert group.memberships.get().member.name == "甲"


def test_a_row_without_a_name_is_said():
    compared = looked(("甲", "", A), ("", "13800000002", A), ('=A4&"乙"', "13800000003", A))
    assert statuses(compared) == ["new", "refused", "refused"]
    assert all("没有写姓名" in line.words for line in compared.lines[1:])


@pytest.mark.parametrize(
    "row", [("", "填表人：高娃", ""), ("", "合　计", "2"), ("合 计", "1", "2"), ("", "", "1")]
)
def test_foot_lines_and_single_cells_are_nobody(row):
    assert statuses(looked(("甲", "", A), row)) == ["new"]


def test_sheets_that_were_not_read_are_named(tmp_path, capsys):
    data = workbook(HEAD, *PEOPLE, more={"第二页": [HEAD, PEOPLE[0]], "空白": []}, name="第一页")
    sheet = read_sheet(data)
    assert (sheet.name, sheet.others) == ("第一页", ["第二页"])
    file = tmp_path / "花名册.xlsx"
    file.write_bytes(data)
    call_command("import_roster", str(file))
    said = capsys.readouterr().out
    assert "第一页" in said
    assert "第二页" in said
    assert "空白" not in said


def test_one_phone_for_two_names_is_asked_about():
    compared = looked(("甲", "13800000001", A), ("乙", "13800000001", A))
    assert statuses(compared) == ["new", "unclear"]
    assert "第 4 行" in compared.lines[1].words


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("13800000001", "", "unclear"),
        ("", "13800000001", "unclear"),
        ("13800000001", "13800000002", "new"),
        ("", "", "refused"),
    ],
)
def test_two_of_one_name_are_told_apart_by_their_phones_alone(first, second, status):
    compared = looked(("甲", first, A), ("甲", second, A))
    assert statuses(compared) == ["new", status]


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\u2066", "\ufeff", "\u00ad", "\u200d"])
def test_signs_that_show_nothing_are_no_part_of_a_name(sign):
    compared = looked((f"张{sign}三", "", f"一{sign}支部"))
    assert compared.lines[0].name == "张三"
    assert compared.missing == [A]


def test_what_mongolian_needs_stays_in_a_name():
    name = "\u182a\u1820\u180e\u1820\u180b\u200d"
    assert looked((name, "", A)).lines[0].name == name


def test_nobody_left_in_the_future():
    tomorrow, now = today() + timedelta(days=1), today()
    head = (*SHORT, "外出时间")
    compared = looked(("甲", "", A, str(tomorrow)), ("乙", "", A, str(now)), head=head)
    assert statuses(compared) == ["refused", "new"]
    assert "外出时间" in compared.lines[0].words


@pytest.mark.parametrize(("days", "status"), [(0, "refused"), (1, "changed")])
def test_the_look_says_what_the_taking_in_says(days, status):
    a_member("巴图", "13800000002", days=days)
    row = ("巴图", "13800000002", A)
    before, after = looked(row), taken(row)
    assert statuses(before) == statuses(after) == [status]
    assert before.lines[0].words == after.lines[0].words


def test_a_new_group_of_somebody_without_a_home_is_refused_in_words():
    make.a_member("巴图", phone="13800000002")
    head = ("姓名", "电话", "学习小组")
    assert statuses(taken(("巴图", "13800000002", "新组"), head=head)) == ["refused"]


def test_who_has_no_home_may_have_a_new_host():
    make.a_member("巴图", phone="13800000002")
    head = ("姓名", "电话", "流入地党组织")
    assert statuses(taken(("巴图", "13800000002", "北京支部"), head=head)) == ["changed"]
