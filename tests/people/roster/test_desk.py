"""The roster at the desk: looked through, taken in with a second press, and not kept."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from studyhub.people.models import Branch, Member, RosterUpload, User
from studyhub.people.roster.uploads import forget_old_rows
from tests import factories as make
from tests.people.roster.files import HEAD, PEOPLE, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ADDRESS = "/cms/rosters/"


@pytest.fixture(autouse=True)
def root():
    make.a_tree()
    return make.a_branch("旗委")


def upload(client, *people, data=None, **more):
    data = workbook(HEAD, *(people or PEOPLE)) if data is None else data
    file = SimpleUploadedFile("花名册.xlsx", data)
    answer = client.post(ADDRESS, {"file": file} | more, follow=True)
    if answer.redirect_chain:
        return client.post(answer.redirect_chain[-1][0], {"create_missing": "1"}, follow=True)
    return answer


def said(answer):
    return answer.content.decode()


def the_upload():
    return RosterUpload.objects.get()


def take(client):
    return client.post(f"{ADDRESS}{the_upload().public_id}/take/", follow=True)


def test_a_file_is_looked_through_before_anything_changes(admin):
    shown = said(upload(admin))
    assert "把这 3 行写进台账" in shown
    assert "鲁北镇党支部、香山镇党支部" in shown
    assert "写的时候建好" in shown
    assert not Member.objects.exists()


def test_what_the_ledger_does_not_have_is_made_only_on_demand(admin):
    file = SimpleUploadedFile("花名册.xlsx", workbook(HEAD, *PEOPLE))
    shown = said(admin.post(ADDRESS, {"file": file}, follow=True))
    assert "台账里还没有：鲁北镇党支部、香山镇党支部" in shown
    assert "写进台账</button>" not in shown
    assert "新增 0" in said(take(admin))
    assert Branch.objects.count() == 1


def test_sheets_that_were_not_read_are_named(admin):
    data = workbook(HEAD, *PEOPLE, name="一月", more={"二月": [HEAD, PEOPLE[0]]})
    shown = said(upload(admin, data=data))
    assert "一月" in shown
    assert "二月" in shown


def test_what_was_kept_before_sheets_had_names_can_be_taken_in(admin):
    upload(admin)
    RosterUpload.objects.update(rows=[list(HEAD), *map(list, PEOPLE)])
    assert "新增 3" in said(take(admin))


def test_a_second_press_takes_it_in_once(admin):
    upload(admin)
    assert "新增 3" in said(take(admin))
    assert Member.objects.count() == 3
    assert "已经写进台账" in said(take(admin))
    assert Member.objects.count() == 3


def test_what_is_unclear_stays_out_and_on_the_screen(admin):
    upload(admin, PEOPLE[0], ("甲", "123", "一支部"))
    shown = said(take(admin))
    assert "11 位" in shown
    assert "下面这些没有写" in shown
    assert [member.name for member in Member.objects.all()] == ["其其格"]


def test_a_number_is_never_shown_whole(admin):
    make.a_member("其其格", phone="13900000009")
    changed = said(upload(admin, ("其其格", "13800000001", "")))
    assert "13800000001" not in changed
    assert "13900000009" not in changed


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", "姓名\n其其格".encode()])
def test_a_file_that_cannot_be_read_is_refused_where_it_was_chosen(admin, data):
    answer = upload(admin, data=data)
    assert answer.status_code == 422
    assert "请" in said(answer)
    assert not RosterUpload.objects.exists()


def test_no_file_is_refused_in_words(admin):
    assert admin.post(ADDRESS).status_code == 422


def test_rows_lie_encrypted_and_are_gone_when_taken_in(admin):
    upload(admin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows FROM people_rosterupload")
        assert "13800000001" not in cursor.fetchone()[0]
    take(admin)
    assert not the_upload().rows
    assert the_upload().counts["new"] == 3


def test_rows_that_nobody_took_in_are_gone_after_a_day(admin):
    upload(admin)
    assert forget_old_rows() == 0
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        assert forget_old_rows() == 1
        assert forget_old_rows() == 0
    assert "已经写进台账，或者放了一天" in said(take(admin))


@pytest.mark.parametrize("groups", [[], ["editor"], ["publisher"], ["reviewer"]])
def test_only_who_keeps_the_ledger_finds_it(sign_in, admin, groups):
    upload(admin)
    bayar = make.a_user("bayar")
    bayar.groups.set(Group.objects.filter(name__in=groups))
    client = sign_in(bayar)
    for address in (ADDRESS, f"{ADDRESS}{the_upload().public_id}/"):
        assert client.get(address).status_code in (302, 403)
    assert client.post(f"{ADDRESS}{the_upload().public_id}/take/").status_code in (302, 403)
    assert "花名册" not in said(client.get("/cms/"))
    assert not Member.objects.exists()


def test_the_menu_leads_there(admin):
    assert ADDRESS in said(admin.get("/cms/"))
    assert "还没有上传过" in said(admin.get(ADDRESS))
    assert User.objects.count() == 1
