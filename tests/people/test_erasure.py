"""Who is erased is gone from every table, and stays gone."""

from io import StringIO
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from studyhub.people import erasure
from studyhub.people.access import note_views
from studyhub.people.contacts import note_contact
from studyhub.people.erasure_ledger import LEDGER, damage_of, noted_in
from studyhub.people.models import Contact, ErasureRequest, Member, Passkey, User
from studyhub.people.privacy import ask_for_erasure
from studyhub.people.second_factor import set_up_paper
from studyhub.records.models import Record
from tests import factories as make
from tests.people.keys import give_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def backups(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "backups"
    return settings.BACKUP_DIR


@pytest.fixture
def qiqige():
    member = make.a_member("其其格", username="qiqige")
    make.a_group(member)
    make.study(member, make.a_lesson())
    ask_for_erasure(member)
    return member


def erase(*words, yes=True):
    out = StringIO()
    call_command("erase_member", *words, yes=yes, stdout=out)
    return out.getvalue()


def test_every_row_of_theirs_goes_and_nobody_elses(qiqige):
    batu = make.a_member("巴图", username="batu")
    make.study(batu, make.a_lesson())
    assert erasure.erase_member(qiqige)
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model in (Member, User):
                gone = {Member: qiqige.pk, User: qiqige.user_id}[field.related_model]
                assert not model._base_manager.filter(**{field.name: gone}).exists(), model
    assert set(Record.objects.values_list("member", flat=True)) == {batu.pk}


def test_their_security_keys_go_with_the_account(qiqige):
    """Of an office that has ended."""
    set_up_paper(qiqige.user)
    give_key(qiqige.user)
    assert erasure.erase_member(qiqige)
    assert not Passkey.objects.exists()


def test_open_requests_are_listed_and_answered_by_erasing(qiqige):
    assert str(qiqige.public_id) in erase()
    assert "连同账号" in erase(str(qiqige.public_id))
    assert not ErasureRequest.objects.exists()
    assert "没有未答复" in erase()


def test_who_cannot_be_read_any_more_can_be_erased(qiqige, settings):
    settings.FIELD_KEYS = ["hA4nM9xqkT2Zy7sVb0RfLw8dJc5GuPe1XoKiNtWzQ3E="]
    assert str(qiqige.public_id) in erase()
    assert "已删去" in erase(str(qiqige.public_id))
    assert not Member.objects.exists()


def test_the_ledger_names_nobody(qiqige, backups):
    erasure.erase_member(qiqige)
    said = (backups / LEDGER).read_text("utf-8")
    for known in ("其其格", "qiqige", str(qiqige.public_id), qiqige.phone):
        assert known not in said


def test_without_a_place_for_the_ledger_nothing_is_erased(qiqige, backups):
    backups.write_text("a file where the folder should be")
    with pytest.raises(CommandError, match=r"什么也没有删.*注销名册"):
        erase(str(qiqige.public_id))
    assert Member.objects.filter(pk=qiqige.pk).exists()


def test_who_is_unknown_is_told_so():
    with pytest.raises(CommandError, match="没有这个编号"):
        erase("01920000-0000-7000-8000-000000000000")


def test_what_is_no_number_of_a_member_is_told_so():
    with pytest.raises(CommandError, match=r"“nonsense”不是党员编号.*照列表"):
        erase("nonsense")


def test_nobody_is_erased_unless_the_name_is_typed(qiqige, monkeypatch):
    typed = iter(["", "巴图"])
    monkeypatch.setattr("builtins.input", lambda: next(typed))
    for _ in range(2):
        with pytest.raises(CommandError, match="什么也没有删"):
            erase(str(qiqige.public_id), yes=False)
    assert Member.objects.filter(pk=qiqige.pk).exists()
    monkeypatch.setattr("builtins.input", lambda: " 其其格 ")
    said = erase(str(qiqige.public_id), yes=False)
    assert "不能恢复。确定的话，请输入这个人的姓名（其其格）" in said
    assert not Member.objects.exists()


def test_where_nobody_can_answer_nobody_is_erased(qiqige, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError, match=r"什么也没有删.*--yes"):
        erase(str(qiqige.public_id), yes=False)
    assert Member.objects.exists()


def test_a_phone_that_was_signed_in_is_not_any_more(qiqige):
    phone = Client()
    phone.post("/login/", {"username": "qiqige", "password": make.PASSWORD})
    assert phone.get("/api/v1/me").status_code == 200
    erasure.erase_member(qiqige)
    assert phone.get("/api/v1/me").status_code == 401
    assert not Session.objects.exists()


@pytest.mark.parametrize("kind", ["leads", "edits", "looked"])
def test_an_account_that_answers_for_other_things_stays(kind):
    member = make.a_member("乌云", username="wuyun")
    if kind == "leads":
        make.DutyFactory(group=make.a_group(), user=member.user)
    elif kind == "looked":
        note_views(member.user, [make.a_member("其其格")], "group")
    else:
        User.objects.filter(pk=member.user_id).update(is_staff=True)
        member.user.refresh_from_db()
    assert not erasure.erase_member(member)
    assert User.objects.filter(username="wuyun").exists()
    assert not Member.objects.filter(pk=member.pk).exists()


def test_who_comes_back_with_an_older_backup_is_erased_again(qiqige, backups):
    kept = Member.objects.filter(pk=qiqige.pk).values().get()
    erasure.erase_member(qiqige)
    Member(**kept | {"user_id": None}).save(force_insert=True)
    make.a_member("巴图")
    ledger = backups / LEDGER
    assert erasure.erase_again([ledger, ledger]) == 1
    assert list(Member.objects.values_list("name", flat=True)) == ["巴图"]


def test_a_line_cut_off_by_a_power_cut_names_nobody_and_stops_nothing(qiqige, backups):
    erasure.erase_member(qiqige)
    ledger = backups / LEDGER
    with ledger.open("a") as file:
        file.write('{"member": "ab')
    assert erasure.erase_again([ledger]) == 0
    erasure.erase_member(make.a_member("巴图"))
    assert len(noted_in([ledger])) == 2
    assert damage_of(ledger) == ""


def test_who_noted_contacts_with_others_keeps_the_account_and_the_others_keep_the_notes(qiqige):
    batu = make.a_member("巴图")
    make.DutyFactory(user=qiqige.user, group=make.a_group(batu))
    note_contact(
        by=qiqige.user,
        member_id=batu.public_id,
        contact_id=uuid4(),
        way="phone",
        outcome="reached",
    )
    qiqige.user.duties.all().delete()
    assert not erasure.erase_member(qiqige)
    assert batu.contacts.count() == 1
    erasure.erase_member(batu)
    assert not Contact.objects.exists()
