"""A roster is compared, then taken in: nothing overwritten unseen, nobody entered twice."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from studyhub.core.clock import today
from studyhub.core.errors import Invalid
from studyhub.core.sheets.reading import read_sheet
from studyhub.people.groups import join_group, move_branch
from studyhub.people.models import Branch, BranchMembership, Member, StudyGroup
from studyhub.people.roster.columns import Column, find_head
from studyhub.people.roster.comparison import compare
from studyhub.people.roster.intake import take_in
from studyhub.people.roster.lines import Status
from tests import factories as make
from tests.people.roster.files import HEAD, PEOPLE, workbook

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def root():
    return make.a_branch("旗委")


def rows_of(*people, head=HEAD):
    return read_sheet(workbook(head, *people))


def taken(*people, head=HEAD, create_missing=True, on=None):
    return take_in(rows_of(*people, head=head), on=on or today(), create_missing=create_missing)


def statuses(compared):
    return [str(line.status) for line in compared.lines]


def test_looking_changes_nothing_and_tells_what_would_be():
    compared = compare(rows_of(*PEOPLE), on=today(), create_missing=False)
    assert statuses(compared) == ["unclear"] * 3
    assert compared.missing == ["鲁北镇党支部", "香山镇党支部"]
    assert not Member.objects.exists()
    assert Branch.objects.count() == 1


def test_people_of_a_roster_are_on_the_ledger_with_their_organisations():
    assert statuses(taken(*PEOPLE)) == ["new"] * 3
    batu = Member.objects.get(name="巴图")
    assert (batu.phone, batu.host_place_code, batu.trade) == ("13800000002", "120110", "delivery")
    assert str(batu.left_on) == "2021-09-01"
    home = batu.branches.get()
    assert (home.branch.name, home.kind, home.starts_on) == ("鲁北镇党支部", "home", today())
    assert Branch.objects.get(name="香山镇党支部").get_parent() == Branch.objects.get(depth=1)


def test_the_same_roster_again_changes_nothing():
    taken(*PEOPLE, on=today() - YESTERDAY)
    before = list(Member.objects.values_list("pk", "confirmed_at"))
    assert statuses(taken(*PEOPLE)) == ["unchanged"] * 3
    assert list(Member.objects.values_list("pk", "confirmed_at")) == before
    assert BranchMembership.objects.count() == 3


def test_a_change_is_shown_cell_by_cell_and_a_blank_takes_nothing_away():
    taken(*PEOPLE, on=today() - YESTERDAY)
    person = ("其其格", "13800000001", "香山镇党支部", "", "", "")
    [line] = taken(person).lines
    assert [(c.column, c.old, c.new) for c in line.changes] == [
        (Column.HOME, "鲁北镇党支部", "香山镇党支部")
    ]
    member = Member.objects.get(name="其其格")
    assert member.host_place_code == "110105"
    ties = member.branches.order_by("starts_on").values_list("branch__name", "ends_on")
    assert list(ties) == [("鲁北镇党支部", today() - YESTERDAY), ("香山镇党支部", None)]


def test_a_group_is_joined_and_made_where_it_is_missing():
    head = (*HEAD[:3], "学习小组")
    taken(("其其格", "13800000001", "鲁北镇党支部", "北京小组"), head=head)
    group = StudyGroup.objects.get(name="北京小组")
    assert group.branch.name == "鲁北镇党支部"
    assert group.memberships.get().member.name == "其其格"


def a_member(name, phone="", home="鲁北镇党支部"):
    member = make.a_member(name, phone=phone)
    branch = Branch.objects.filter(name=home).first() or make.a_branch(home)
    move_branch(member=member, branch=branch, kind="home", on=today() - YESTERDAY)
    return member


@pytest.mark.parametrize(
    ("known", "person", "status", "words"),
    [
        (("巴图", "13800000001"), ("其其格", "13800000001", ""), "unclear", "另一个人"),
        (("其其格", "13900000009"), ("其其格", "13800000001", "鲁北镇党支部"), "changed", ""),
        (("其其格", "13900000009"), ("其其格", "13800000001", "香山镇党支部"), "new", ""),
        (("其其格", ""), ("其其格", "", "香山镇党支部"), "unclear", "同名"),
        (("其其格", ""), ("其其格", "", ""), "unchanged", ""),
        (("其其格", ""), ("其其格", "13800000001", ""), "unclear", "同名"),
        (("巴图", ""), ("其其格", "13800000001", ""), "refused", "所在党组织"),
    ],
)
def test_who_somebody_is_follows_from_phone_then_name_and_organisation(
    known, person, status, words
):
    a_member(*known)
    [line] = compare(rows_of(person), on=today(), create_missing=True).lines
    assert line.status == status, line.words
    assert words in line.words


def test_two_of_one_name_in_one_organisation_are_asked_about():
    a_member("其其格", "13900000001")
    a_member("其其格", "13900000002")
    [line] = compare(rows_of(("其其格", "", "鲁北镇党支部")), on=today(), create_missing=True).lines
    assert line.status == Status.UNCLEAR


def test_one_person_twice_is_taken_once():
    compared = taken(PEOPLE[0], PEOPLE[0])
    assert statuses(compared) == ["new", "refused"]
    assert "第 4 行" in compared.lines[1].words
    assert Member.objects.count() == 1


def test_as_above_is_the_organisation_above_and_blank_where_it_is_merged():
    head = ("姓名", "所在支部", "流入地")
    taken(("甲", "一支部", "北京"), ("乙", "同上", "〃"), ("丙", "", ""), head=head)
    assert {m.name: m.host_place_name for m in Member.objects.all()} == {
        "甲": "北京市",
        "乙": "北京市",
        "丙": "",
    }
    assert BranchMembership.objects.filter(branch__name="一支部").count() == 3


def test_a_bad_cell_keeps_its_row_out_and_no_other():
    compared = taken(("甲", "1380", "一支部"), PEOPLE[0])
    assert statuses(compared) == ["refused", "new"]
    assert "手机" in compared.lines[0].words
    assert [m.name for m in Member.objects.all()] == ["其其格"]


def test_what_must_not_be_stored_is_not_read():
    head = ("序号", "姓名", "公民身份号码", "家庭住址", "支部", "星座")
    compared = taken(("1", "甲", "150526199001010011", "某街某号", "一支部", "狮子"), head=head)
    assert compared.head.never_read == ["公民身份号码", "家庭住址"]
    assert compared.head.unknown == ["星座"]
    assert "150526199001010011" not in repr(compared.lines)


def test_titles_sums_and_signatures_are_nobody():
    notes = [("填报单位：某镇",), ("", "", "")]
    rows = read_sheet(workbook(*notes, HEAD, PEOPLE[0], ("合计", "1"), ("填表人：高娃",)))
    assert [line.name for line in compare(rows, on=today(), create_missing=True).lines] == [
        "其其格"
    ]


def test_without_a_head_or_with_two_of_one_meaning_it_is_refused():
    with pytest.raises(Invalid, match="表头"):
        find_head([["其其格", "13800000001"]])
    with pytest.raises(Invalid, match="两列"):
        find_head([["姓名", "手机", "联系电话"]])


def test_a_tie_that_cannot_begin_today_is_said_and_the_rest_goes_in():
    taken(*PEOPLE[:1])
    compared = taken(("其其格", "13800000001", "香山镇党支部"), PEOPLE[2])
    assert statuses(compared) == ["refused", "new"]
    assert Member.objects.get(name="其其格").branches.get().branch.name == "鲁北镇党支部"


def test_who_is_in_a_group_moves_to_the_one_of_the_roster():
    member = a_member("其其格", "13800000001")
    old = make.a_group(name="老组")
    join_group(member=member, group=old, on=today() - YESTERDAY)
    taken(("其其格", "13800000001", "新组"), head=("姓名", "电话", "学习小组"))
    assert [tie.group.name for tie in member.groups.in_force(today())] == ["新组"]


def test_the_command_shows_first_and_writes_when_told(tmp_path, capsys):
    file = tmp_path / "花名册.xlsx"
    file.write_bytes(workbook(HEAD, *PEOPLE))
    call_command("import_roster", str(file), create_missing=True)
    assert "什么都没有改" in capsys.readouterr().out
    assert not Member.objects.exists()
    call_command("import_roster", str(file), create_missing=True, commit=True)
    said = capsys.readouterr().out
    assert "新增 3" in said
    assert "已经写进台账" in said
    assert "13800000001" not in said
    assert Member.objects.count() == 3
    with pytest.raises(CommandError, match="路径"):
        call_command("import_roster", str(tmp_path / "没有.xlsx"))
