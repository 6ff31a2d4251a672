"""Line by line: what is ticked is taken, and of several of one name whoever imports says which."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from studyhub.core.clock import today
from studyhub.core.sheets.reading import Sheet
from studyhub.people.models import Member, RosterUpload
from studyhub.people.roster.comparison import Chosen, compare
from studyhub.people.roster.lines import Status
from tests import factories as make
from tests.people.roster.files import workbook

pytestmark = pytest.mark.django_db
HEAD = ("姓名", "电话", "党支部")


@pytest.fixture(autouse=True)
def root():
    make.a_tree()
    return make.a_branch("旗委")


@pytest.fixture
def two(root):
    """Two of one name in one branch."""
    members = [make.a_member("张三", phone=f"1390000000{n}") for n in (1, 2)]
    for member in members:
        make.BranchMembershipFactory(member=member, branch=root)
    return members


def upload(client, *people):
    file = SimpleUploadedFile("花名册.xlsx", workbook(HEAD, *people, title=""))
    client.post("/cms/rosters/", {"file": file})
    return f"/cms/rosters/{RosterUpload.objects.latest('pk').public_id}/"


def names():
    return sorted(Member.objects.values_list("name", flat=True))


def test_a_line_that_is_not_ticked_stays_out(admin):
    address = upload(admin, ("甲", "", "旗委"), ("乙", "", "旗委"))
    said = {"choices": "1", "ticks": "2,3", "row": "3"}
    shown = admin.post(f"{address}take/", said, follow=True).content.decode()
    assert "新增 1" in shown
    assert "没有勾选 1" in shown
    assert names() == ["乙"]


def test_choices_are_kept_from_page_to_page(admin):
    address = upload(admin, *((f"甲{'乙' * (n + 1)}", "", "旗委") for n in range(30)))
    admin.post(address, {"choices": "1", "ticks": "2,3", "row": "3"})
    admin.post(address, {"choices": "1", "ticks": "4", "row": []})
    shown = admin.get(address).content.decode()
    assert shown.count(" checked>") == 28
    admin.post(address, {"choices": "1", "ticks": "2", "row": "2"})
    admin.post(f"{address}take/")
    assert Member.objects.count() == 29


def test_a_long_roster_is_looked_through_in_pages(admin):
    address = upload(admin, *((f"甲{chr(0x4E00 + n)}", "", "旗委") for n in range(150)))
    first, second = (admin.get(f"{address}?p={page}").content.decode() for page in (1, 2))
    assert first.count('name="row"') == 100
    assert second.count('name="row"') == 50
    admin.post(f"{address}take/", {"choices": "1", "ticks": "2", "row": ""})
    assert Member.objects.count() == 149


def test_whoever_imports_says_which_of_two_is_meant(admin, two):
    address = upload(admin, ("张三", "13911112222", "旗委"))
    shown = admin.get(address).content.decode()
    assert "是这一位：旗委，139****0001" in shown
    said = {"choices": "1", "asked": "2", "who-2": str(two[1].public_id)}
    shown = admin.post(address, said, follow=True).content.decode()
    assert "139****0002 → 139****2222" in shown
    admin.post(f"{address}take/", said)
    assert [one.phone for one in Member.objects.order_by("pk")] == ["13900000001", "13911112222"]


def test_or_that_it_is_somebody_new(admin, two):
    address = upload(admin, ("张三", "13911112222", "旗委"))
    admin.post(f"{address}take/", {"choices": "1", "asked": "2", "who-2": "new"})
    assert Member.objects.count() == 3


@pytest.mark.parametrize("choice", ["", "nobody", "00000000-0000-4000-8000-000000000000"])
def test_without_a_choice_nobody_is_taken_for_another(admin, two, choice):
    address = upload(admin, ("张三", "13911112222", "旗委"))
    admin.post(f"{address}take/", {"choices": "1", "asked": "2", "who-2": choice})
    assert Member.objects.count() == 2


def test_of_candidates_elsewhere_nothing_is_told(root, two):
    orgadmin = make.an_orgadmin(make.a_branch("鲁北镇党委", root))
    sheet = Sheet([list(HEAD[::2]), ["张三", ""]])
    [line] = compare(sheet, on=today(), create_missing=False, by=orgadmin).lines
    assert (line.status, line.candidates) == (Status.REFUSED, ())


def test_two_lines_cannot_be_one_person(keeper, two):
    rows = [list(HEAD), ["张三", "13911112222", "旗委"], ["张三", "13911113333", "旗委"]]
    who = dict.fromkeys((2, 3), str(two[0].public_id))
    how = {"create_missing": False, "by": keeper, "chosen": Chosen(who=who)}
    lines = compare(Sheet(rows), on=today(), **how).lines
    assert [line.status for line in lines] == [Status.CHANGED, Status.REFUSED]


def test_what_is_left_out_stands_in_nobodys_way(keeper):
    rows = [list(HEAD), ["张三", "", "旗委"], ["张三", "", "旗委"]]
    how = {"create_missing": False, "by": keeper, "chosen": Chosen(left_out={2})}
    lines = compare(Sheet(rows), on=today(), **how).lines
    assert [line.status for line in lines] == [Status.NEW, Status.NEW]


@pytest.mark.parametrize("said", [{"ticks": "x,99999999999,-1"}, {"asked": "2", "who-2": "\0"}])
def test_what_no_page_sends_breaks_nothing(admin, said):
    address = upload(admin, ("甲", "", "旗委"))
    assert admin.post(address, {"choices": "1"} | said).status_code == 302
    assert admin.get(address).status_code == 200
