"""A roster taken in is taken back as a whole, until something is built on it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from studyhub.core.clock import today
from studyhub.people.entries import change_details
from studyhub.people.groups import join_group, move_branch
from studyhub.people.models import LedgerChange, Member, RosterUpload
from studyhub.people.roster.uploads import forget_old_rows, keep_upload, take_upload, undo_upload
from tests import factories as make
from tests.people.roster.files import workbook

pytestmark = pytest.mark.django_db
HEAD = ("姓名", "电话", "党支部", "流入地", "学习小组")
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def root():
    make.a_tree()
    return make.a_branch("旗委")


@pytest.fixture
def batu(root):
    """On the ledger for a week, in a branch and a group."""
    member = make.a_member("巴图", phone="13800000002", user=None)
    branch, group = make.a_branch("一支部", root), make.a_group(name="老组")
    move_branch(member=member, branch=branch, kind="home", on=today() - WEEK)
    join_group(member=member, group=group, on=today() - WEEK)
    return member


def taken(by, *people):
    upload = keep_upload("花名册.xlsx", workbook(HEAD, *people), by=by)
    upload.create_missing = True
    upload.save()
    take_upload(upload, on=today(), by=by)
    return RosterUpload.objects.get(pk=upload.pk)


NEW = ("其其格", "13800000001", "一支部", "北京朝阳", "新组")
CHANGED = ("巴图", "13800000002", "二支部", "天津东丽", "新组")


def ledger():
    """Who is on it, with all ties, as it is read."""
    return {
        member.pk: (
            Member.objects.filter(pk=member.pk).values("phone", "host_place_code", "trade").get(),
            list(member.branches.order_by("pk").values("branch", "kind", "starts_on", "ends_on")),
            list(member.groups.order_by("pk").values("group", "starts_on", "ends_on")),
            member.confirmed_at,
        )
        for member in Member.objects.filter(ended_on=None)
    }


def test_the_ledger_is_as_it_was_and_the_history_says_so(keeper, batu):
    before = ledger()
    upload = taken(keeper, NEW, CHANGED)
    assert ledger() != before
    undo_upload(upload, on=today(), by=keeper)
    assert ledger() == before
    notes = LedgerChange.objects.filter(act="undone").order_by("pk")
    assert [(note.member.name, note.changed_by) for note in notes] == [
        ("其其格", keeper),
        ("巴图", keeper),
    ]
    assert notes[0].before["所在党组织"].startswith("一支部")
    assert notes[1].after["所在党组织"].startswith("一支部")


def test_who_was_withdrawn_may_be_entered_again(keeper):
    undo_upload(taken(keeper, NEW), on=today(), by=keeper)
    taken(keeper, NEW)
    first, second = Member.objects.order_by("pk")
    assert (first.end_reason, second.ended_on) == ("withdrawn", None)
    assert not first.branches.exists()


def refused(upload, by):
    with pytest.raises(Exception, match="没有撤销，什么也没有改") as error:
        undo_upload(upload, on=today(), by=by)
    assert Member.objects.filter(end_reason="withdrawn").count() == 0
    return error.value.detail


def test_a_later_edit_is_not_lost(keeper, batu):
    upload = taken(keeper, NEW, CHANGED)
    change_details(batu, {"phone": "13911112222"}, by=keeper)
    assert "巴图后来又改过" in refused(upload, keeper)
    batu.refresh_from_db()
    assert batu.phone == "13911112222"


def build_account(member):
    member.user = make.a_user("qiqige")
    member.save()


def build_record(member):
    make.DeviceCursorFactory(member=member)


@pytest.mark.parametrize("build", [build_account, build_record])
def test_who_signed_in_or_studied_stays(keeper, build):
    upload = taken(keeper, NEW)
    build(Member.objects.get())
    assert "其其格已经有" in refused(upload, keeper)


def test_a_day_later_it_is_too_late(keeper):
    upload = taken(keeper, NEW)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert "超过一天" in refused(upload, keeper)
        forget_old_rows()
    upload.refresh_from_db()
    assert not upload.done


def test_a_second_press_undoes_nothing_more(keeper):
    upload = taken(keeper, NEW)
    undo_upload(upload, on=today(), by=keeper)
    taken(keeper, NEW)
    with pytest.raises(Exception, match="已经撤销过"):
        undo_upload(upload, on=today(), by=keeper)
    assert Member.objects.filter(ended_on=None).count() == 1


def test_the_page_says_what_it_would_do_and_then_does_it(keeper, admin):
    upload = taken(keeper, NEW)
    address = f"/cms/rosters/{upload.public_id}/undo/"
    assert address in admin.get("/cms/rosters/").content.decode()
    assert "新增的 1 人离开名册" in admin.get(address).content.decode()
    assert Member.objects.get().ended_on is None
    assert "撤销了" in admin.post(address, follow=True).content.decode()
    assert Member.objects.get().ended_on == today()
    assert "已经撤销过" in admin.get(address).content.decode()


def test_a_roster_of_others_cannot_be_taken_back(keeper, root, sign_in):
    upload = taken(keeper, NEW)
    client = sign_in(make.an_orgadmin(make.a_branch("鲁北镇党委", root)))
    assert client.post(f"/cms/rosters/{upload.public_id}/undo/").status_code == 404
    assert Member.objects.get().ended_on is None


def test_what_was_not_taken_in_has_nothing_to_undo(admin):
    file = SimpleUploadedFile("花名册.xlsx", workbook(HEAD, NEW))
    admin.post("/cms/rosters/", {"file": file})
    address = f"/cms/rosters/{RosterUpload.objects.get().public_id}/undo/"
    assert admin.get(address).status_code == 302
