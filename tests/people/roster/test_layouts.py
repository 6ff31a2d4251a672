"""What an office calls its columns is asked once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from studyhub.core.clock import today
from studyhub.core.errors import Invalid
from studyhub.core.sheets.reading import Sheet
from studyhub.people.models import Member, RosterLayout, RosterUpload
from studyhub.people.roster.columns import Column, find_head
from studyhub.people.roster.comparison import compare
from studyhub.people.roster.layouts import assign_columns, assigned_by
from tests import factories as make
from tests.people.roster.files import workbook

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "党支部", "在哪儿干活", "咋联系", "星座"]
PERSON = ["其其格", "旗委", "北京朝阳", "13800000001", "狮子"]


@pytest.fixture(autouse=True)
def root():
    make.a_tree()
    return make.a_branch("旗委")


def looked(by=None, *, head=HEAD, person=PERSON):
    return compare(Sheet([head, person]), on=today(), create_missing=False, by=by)


def upload(client):
    file = SimpleUploadedFile("花名册.xlsx", workbook(HEAD, PERSON))
    client.post("/cms/rosters/", {"file": file})
    return f"/cms/rosters/{RosterUpload.objects.latest('pk').public_id}/"


def test_columns_are_told_on_the_page_and_remembered(admin):
    address = upload(admin)
    assert "在哪儿干活" in admin.get(address).content.decode()
    said = {"columns": "1", "column-0": "place", "column-1": "phone", "column-2": ""}
    shown = admin.post(address, said, follow=True).content.decode()
    assert '<option value="place" selected>' in shown
    admin.post(f"{upload(admin)}take/")
    member = Member.objects.get()
    assert (member.host_place_code, member.phone) == ("110105", "13800000001")


def test_what_is_left_out_is_not_asked_about_again(keeper):
    assign_columns({"星座": ""}, by=keeper)
    assert looked(keeper).head.unknown == ["在哪儿干活", "咋联系"]
    assign_columns({"星座": None}, by=keeper)
    assert "星座" in looked(keeper).head.unknown


def test_each_office_has_its_own_words(keeper, root):
    orgadmin = make.an_orgadmin(make.a_branch("鲁北镇党委", root))
    assign_columns({"咋联系": Column.PHONE}, by=orgadmin)
    assert assigned_by(keeper) == {}
    assert Column.PHONE in looked(orgadmin).head.places
    assert Column.PHONE not in looked(keeper).head.places


@pytest.mark.parametrize("head", [["姓名", "咋联系", "电话"], ["电话", "咋联系", "姓名"]])
def test_a_name_that_is_known_goes_before(keeper, head):
    assign_columns({"咋联系": Column.PHONE}, by=keeper)
    found = looked(keeper, head=head).head
    assert found.places[Column.PHONE] == head.index("电话")
    assert found.assigned == {"咋联系": None}


def test_what_is_never_read_cannot_be_told_to_be_something(keeper):
    assign_columns({"身份证号": Column.GROUP}, by=keeper)
    found = looked(keeper, head=["姓名", "身份证号", "党支部"])
    assert found.head.never_read == ["身份证号"]
    assert Column.GROUP not in found.head.places


def test_a_number_under_a_wrong_heading_is_not_stored(keeper):
    assign_columns({"星座": Column.GROUP}, by=keeper)
    [line] = looked(keeper, person=[*PERSON[:4], "150526199001010011"]).lines
    assert "选错了列" in line.words
    assert "150526199001010011" not in repr(line)


def test_a_head_of_names_nobody_knows_can_be_told(keeper):
    assert find_head([["花名册"], ["姓名", "哪儿的"]]).unknown == ["哪儿的"]
    with pytest.raises(Invalid):
        find_head([["姓名"], ["其其格"]])


def test_the_command_is_told_by_name(tmp_path):
    file = tmp_path / "花名册.xlsx"
    file.write_bytes(workbook(HEAD, PERSON))
    how = {"column": ["咋联系=手机", "在哪儿干活=流入地", "星座=不收"]}
    call_command("import_roster", str(file), **how)
    assert RosterLayout.objects.get().assigned["咋联系"] == "phone"
    call_command("import_roster", str(file), commit=True)
    assert Member.objects.get().phone == "13800000001"
    with pytest.raises(CommandError, match="看不懂"):
        call_command("import_roster", str(file), column=["咋联系=身份证"])
