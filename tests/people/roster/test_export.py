"""The ledger goes out as the office's own roster, and what comes back changes nothing."""

import io
import random
from datetime import date, timedelta

import openpyxl
import pytest

from studyhub.core.clock import today
from studyhub.core.sheets.reading import Sheet, read_sheet
from studyhub.people.models import (
    Branch,
    BranchMembership,
    GroupMembership,
    LedgerChange,
    Member,
    RecordView,
    RosterExport,
    StudyGroup,
)
from studyhub.people.roster.comparison import compare
from studyhub.people.roster.export import LOOK, export_roster
from studyhub.people.roster.intake import take_in
from studyhub.people.roster.lines import Status
from tests import factories as make
from tests.people.roster.files import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
YESTERDAY = timedelta(days=1)
FAMILY = ["张", "王", "欧阳", "䶮", "𬭎", "𠮷", "𪚥", "包", "Ba", "ᠪᠠ"]
GIVEN = ["三", "其其格", "阿拉坦·乌云", "𬍛", "海 山", "𰻝", "tu", "说明", "2号", "=1", "-", "ᠲᠤ"]
PLACES = [("110105", "北京市朝阳区"), ("", "工地上"), ("", ""), ("440306", "广东省深圳市宝安区")]
PHONES = ["", "13800000001", "0475-7220000", "12"]


@pytest.fixture(autouse=True)
def root():
    make.a_tree()
    return make.a_branch("旗委")


def written(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


def back(data, by):
    return compare(read_sheet(data), on=today(), create_missing=False, by=by)


def many_people(chance, root, count):
    """Of names that meet, numbers that meet, organisations of one name, and cells as no office
    would write them."""
    places = [make.a_branch(name, root) for name in ("一支部", "一支部", "（二）支部", "支" * 80)]
    group = make.a_group(name="组" * 60, branch=places[0])
    members = Member.objects.bulk_create(somebody(chance) for _ in range(count))
    BranchMembership.objects.bulk_create(tie(chance, places, one) for one in members)
    GroupMembership.objects.bulk_create(
        GroupMembership(member=one, group=group, starts_on=today()) for one in members[::3]
    )


def somebody(chance):
    code, place = chance.choice(PLACES)
    phone = chance.choice([*PHONES, f"139{chance.randrange(10**8):08}"])
    left = chance.choice([None, date(2021, 9, 3), today() + timedelta(days=9)])
    return Member(
        name=chance.choice(FAMILY) + chance.choice(GIVEN),
        phone=phone,
        host_place_code=code,
        host_place_name=place,
        trade=chance.choice(Member.Trade.values),
        left_on=left,
        return_month=chance.choice(["", "2027-01"]),
    )


def tie(chance, places, member):
    kind = chance.choice(BranchMembership.Kind.values)
    return BranchMembership(
        member=member, branch=chance.choice(places), kind=kind, starts_on=today()
    )


@pytest.mark.parametrize("seed", range(3))
def test_an_export_taken_in_again_changes_nothing(keeper, root, seed):
    many_people(random.Random(seed), root, 300)
    compared = back(export_roster(on=today(), by=keeper), keeper)
    assert compared.counts() == dict.fromkeys(Status, 0) | {Status.UNCHANGED: 300}


def test_so_it_is_for_who_keeps_one_tree(root):
    lubei = make.a_branch("鲁北镇党委", root)
    many_people(random.Random(1), lubei, 60)
    many_people(random.Random(2), make.a_branch("巨日合镇党委", root), 60)
    orgadmin = make.an_orgadmin(lubei)
    data = export_roster(on=today(), by=orgadmin)
    home = BranchMembership.objects.filter(kind="home", branch__path__startswith=lubei.path)
    assert len(written(data)) == home.count() + 1
    assert back(data, orgadmin).counts()[Status.UNCHANGED] == home.count()


def test_columns_stand_as_in_the_roster_taken_in_last(keeper):
    head = ["序号", "党支部", "身份证号", "党员姓名", "星座", "本人电话"]
    rows = [["1", "一支部", "150526199001010011", "其其格", "狮子", "13800000001"]]
    take_in(Sheet([head, *rows]), on=today(), create_missing=True, by=keeper)
    [first, person] = written(export_roster(on=today(), by=keeper))
    assert first[:4] == ["序号", "党支部", "党员姓名", "本人电话"]
    assert person[:4] == [1, "一支部", "其其格", "13800000001"]
    assert first[-1] == "台账编号"
    assert "150526199001010011" not in str(person)


def test_each_office_has_its_own_columns(keeper, root):
    orgadmin = make.an_orgadmin(make.a_branch("鲁北镇党委", root))
    rows = [["电话", "姓名", "党支部"], ["13800000001", "其其格", "鲁北镇党委"]]
    take_in(Sheet(rows), on=today(), create_missing=False, by=orgadmin)
    assert written(export_roster(on=today(), by=orgadmin))[0][:2] == ["电话", "姓名"]
    assert written(export_roster(on=today(), by=keeper))[0][:2] == ["序号", "姓名"]


def test_a_cell_changed_in_the_export_is_a_change_of_that_person(keeper, root):
    one, other = make.a_member("张三"), make.a_member("张三")
    rows = written(export_roster(on=today(), by=keeper))
    head, line = rows[0], next(row for row in rows if str(other.public_id) in row)
    line[head.index("手机")] = "13911112222"
    [found] = back(workbook(head, line, title=""), keeper).lines
    assert (found.status, found.member) == (Status.CHANGED, other)
    assert [change.column for change in found.changes] == ["phone"]
    one.refresh_from_db()
    assert one.phone == "13900001234"


@pytest.mark.parametrize(
    ("key", "name", "words"),
    [
        ("own", "李四", "改了名"),
        ("00000000-0000-4000-8000-000000000000", "张三", "没有这个台账编号"),
        ("1234", "张三", "编号不完整"),
    ],
)
def test_a_key_that_does_not_fit_is_asked_about(keeper, key, name, words):
    member = make.a_member("张三")
    key = str(member.public_id) if key == "own" else key
    sheet = Sheet([["姓名", "台账编号"], [name, key]])
    [line] = compare(sheet, on=today(), create_missing=False, by=keeper).lines
    assert not line.clear
    assert words in line.words


def test_a_copied_key_makes_no_second_person(keeper):
    key = str(make.a_member("张三").public_id)
    sheet = Sheet([["姓名", "台账编号", "电话"], ["张三", key, ""], ["张三", key, "13800000001"]])
    lines = compare(sheet, on=today(), create_missing=False, by=keeper).lines
    assert [line.status for line in lines] == [Status.UNCHANGED, Status.REFUSED]


def test_a_key_of_another_tree_tells_nothing(root):
    orgadmin = make.an_orgadmin(make.a_branch("鲁北镇党委", root))
    batu = make.a_member("巴图")
    make.BranchMembershipFactory(member=batu, branch=make.a_branch("巨日合镇党委", root))
    said = set()
    for key in (str(batu.public_id), "00000000-0000-4000-8000-000000000000"):
        for name in ("巴图", "乌云"):
            sheet = Sheet([["姓名", "台账编号"], [name, key]])
            [line] = compare(sheet, on=today(), create_missing=False, by=orgadmin).lines
            said.add((line.status, line.words))
    assert len(said) == 1


def test_who_left_elsewhere_is_not_told_of(root):
    orgadmin = make.an_orgadmin(make.a_branch("鲁北镇党委", root))
    batu = make.a_member("巴图", phone="13800005678", ended_on=today())
    far = make.a_branch("巨日合镇党委", root)
    make.BranchMembershipFactory(member=batu, branch=far, ends_on=today())
    sheet = Sheet([["姓名", "电话", "党支部"], ["巴图", "13800005678", "鲁北镇党委"]])
    [line] = compare(sheet, on=today(), create_missing=False, by=orgadmin).lines
    assert "离开" not in line.words


def test_who_took_it_is_noted_and_told_to_each(keeper, admin):
    qiqige = make.a_member("其其格", phone="13800000001")
    make.a_member("走了", ended_on=today())
    answer = admin.post("/cms/rosters/export/")
    assert "attachment" in answer["Content-Disposition"]
    assert [row[1] for row in written(answer.content)] == ["姓名", "其其格"]
    note = RosterExport.objects.get()
    assert (note.exported_by, note.people) == (keeper, 1)
    view = RecordView.objects.get()
    assert (view.member, view.viewer, view.page) == (qiqige, keeper, LOOK)
    assert "高娃" in admin.get("/cms/rosters/").content.decode()


def test_a_look_at_the_address_takes_nothing_along(admin, sign_in):
    assert admin.get("/cms/rosters/export/").status_code == 405
    liaison = sign_in(make.a_user("bayar"))
    assert liaison.post("/cms/rosters/export/").status_code in (302, 403)
    assert not RosterExport.objects.exists()


def test_exports_of_others_are_not_there(keeper, root, sign_in):
    export_roster(on=today(), by=keeper)
    client = sign_in(make.an_orgadmin(make.a_branch("鲁北镇党委", root)))
    assert "高娃" not in client.get("/cms/rosters/").content.decode()


def test_the_cost_does_not_grow_with_the_people(keeper, root, django_assert_max_num_queries):
    many_people(random.Random(3), root, 200)
    with django_assert_max_num_queries(12):
        export_roster(on=today(), by=keeper)
    assert StudyGroup.objects.count() == 1
    assert Branch.objects.count() == 5
    assert not LedgerChange.objects.exists()


def test_a_number_that_is_anothers_by_now_is_asked_about(keeper):
    make.a_member("李四", phone="13911112222")
    key = str(make.a_member("张三").public_id)
    sheet = Sheet([["姓名", "台账编号", "电话"], ["张三", key, "13911112222"]])
    [line] = compare(sheet, on=today(), create_missing=False, by=keeper).lines
    assert line.status is Status.UNCLEAR
