"""An organisation department takes rosters in for its own tree, and learns nothing of another."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from studyhub.core.clock import today
from studyhub.core.sheets.reading import Sheet
from studyhub.people.models import Branch, LedgerChange, Member, RosterUpload
from studyhub.people.roster.comparison import NOT_KEPT
from studyhub.people.roster.intake import take_in
from studyhub.people.roster.lines import Status
from tests import factories as make
from tests.people.roster.files import workbook

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "联系电话", "所在党支部"]


@pytest.fixture
def orgadmin(lubei):
    return make.an_orgadmin(lubei)


@pytest.fixture
def batu(root):
    juriha = make.a_branch("巨日合镇党委", root)
    member = make.a_member("巴图", phone="13800005678")
    return make.BranchMembershipFactory(member=member, branch=juriha).member


def taken(by, *rows, create=True):
    sheet = Sheet([HEAD, *map(list, rows)])
    return take_in(sheet, on=today(), create_missing=create, by=by).lines


def test_who_is_theirs_is_taken_in_with_history(orgadmin, lubei):
    [line] = taken(orgadmin, ("其其格", "13911112222", "鲁北镇党委"))
    assert line.status is Status.NEW
    change = LedgerChange.objects.get()
    assert (change.act, change.changed_by) == ("entered", orgadmin)
    assert change.after["所在党组织"].startswith("鲁北镇党委")


def test_what_is_missing_is_made_below_their_root(orgadmin, lubei):
    taken(orgadmin, ("其其格", "13911112222", "新党支部"))
    assert Branch.objects.get(name="新党支部").get_parent() == lubei


@pytest.mark.parametrize(
    "row",
    [
        ("其其格", "13911112222", "巨日合镇党委"),
        ("巴图", "13800005678", "鲁北镇党委"),
        ("巴图", "13800005678", ""),
        ("巴图", "", ""),
        ("别人", "13800005678", "鲁北镇党委"),
    ],
)
def test_what_is_anothers_is_refused_in_the_same_words(orgadmin, batu, row):
    [line] = taken(orgadmin, row)
    assert (line.status, line.words) == (Status.REFUSED, NOT_KEPT)
    assert Member.objects.get() == batu
    assert not LedgerChange.objects.exists()


def test_uploads_of_others_are_not_there(orgadmin, sign_in):
    admin = sign_in(make.a_user("gaowa", is_superuser=True))
    file = SimpleUploadedFile("花名册.xlsx", workbook(HEAD, ("其其格", "", "鲁北镇党委")))
    admin.post("/cms/rosters/", {"file": file})
    upload = RosterUpload.objects.get()
    client = sign_in(orgadmin)
    assert "花名册.xlsx" not in client.get("/cms/rosters/").content.decode()
    for path in ("", "take/"):
        address = f"/cms/rosters/{upload.public_id}/{path}"
        assert client.post(address).status_code == 404


def test_who_has_left_is_not_brought_back_by_a_list(lubei):
    member = make.a_member("其其格", phone="13911112222")
    make.BranchMembershipFactory(member=member, branch=lubei, ended=True)
    member.ended_on = today()
    member.save()
    [line] = taken(None, ("其其格", "13911112222", "鲁北镇党委"))
    assert "已经离开名册" in line.words
    assert member.branches.get().ends_on
