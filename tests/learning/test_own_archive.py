"""What members take along: all that is stored about them, and nothing about anybody else."""

import json
import zipfile
from io import BytesIO
from uuid import uuid4

import pytest
from django.apps import apps
from openpyxl import load_workbook

from studyhub.learning.own_archive import own_archive
from studyhub.people import access
from studyhub.people.contacts import note_contact
from studyhub.people.invites import make_invite
from studyhub.people.join_decisions import approve
from studyhub.people.joining import Asked, ask_to_join, new_secret
from studyhub.people.merging import merge_entries
from studyhub.people.models import Member
from studyhub.people.moves import enter_move, proposals_of, report_move
from studyhub.people.personal_codes import give_code
from studyhub.people.privacy import ask_for_erasure
from studyhub.people.second_factor import set_up_paper
from tests import factories as make
from tests.people.keys import give_key

pytestmark = pytest.mark.django_db
# Where each table about a member stands in record.json; progress follows from the records.
PLACES = {
    "BranchMembership": "branches",
    "GroupMembership": "groups",
    "Record": "records",
    "RecordView": "views",
    "DeviceCursor": "devices",
    "Contact": "contacts",
    "MoveAnswer": "move_answers",
    "MoveReport": "move_reports",
    "ErasureRequest": "erasure_requests",
    "JoinRequest": "join_requests",
    "PersonalCode": "personal_codes",
    "LedgerChange": "ledger_changes",
    "Member": "merged_entries",
    "Progress": "records",
}


def opened(member):
    archive = zipfile.ZipFile(BytesIO(own_archive(member)))
    return json.loads(archive.read("record.json")), archive


@pytest.fixture
def qiqige():
    member = make.BranchMembershipFactory(member__name="其其格").member
    group = make.StudyGroupFactory(members=[member])
    leader = make.DutyFactory(group=group).user
    access.note_views(leader, [member], "小组学习情况")
    ask_for_erasure(member)
    note_contact(
        by=leader,
        member_id=member.public_id,
        contact_id=uuid4(),
        way="phone",
        outcome="reached",
    )
    report_move(member=member, report_id=uuid4(), said={"place": "深圳宝安"})
    version = proposals_of([member])[member.pk].version
    values = {"place": "深圳宝安"}
    enter_move(by=leader, member_id=member.public_id, version=version, values=values)
    give_code(member, by=make.a_user("bayar", is_superuser=True))
    asked = Asked("其其格", "13900001234", "")
    asked = ask_to_join(make_invite(group, by=leader), asked, new_secret())
    approve(asked, member.public_id, by=leader, seen="waiting")
    make.study(member, make.a_lesson(title="=遵义会议"))
    merge_entries(kept=member, other=make.MemberFactory(name="其其格", phone="13900007777"))
    return member


def test_every_table_about_a_member_has_its_place(qiqige):
    record, _ = opened(qiqige)
    about = {
        model.__name__
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.related_model is Member
    }
    assert about == set(PLACES)
    assert all(record[place] for place in PLACES.values())


def test_the_phone_is_whole_in_ones_own_archive(qiqige):
    record, _ = opened(qiqige)
    assert record["member"]["phone"] == "13900001234"


def test_nothing_of_another_member_is_in_it(qiqige):
    batu = make.MemberFactory(name="巴图")
    make.study(batu, make.a_lesson())
    record, _ = opened(qiqige)
    assert len(record["records"]) == 3
    assert "巴图" not in json.dumps(record, ensure_ascii=False)


def test_the_sheet_tells_each_lesson_in_words_and_runs_none(qiqige):
    _, archive = opened(qiqige)
    [_, row] = load_workbook(BytesIO(archive.read("record.xlsx"))).active.iter_rows(
        values_only=True
    )
    assert row[1:5] == ("'=遵义会议", "学完", "100%", "100%")


def test_security_keys_are_told_by_name_and_day_alone():
    member = make.a_member("乌云", username="wuyun")
    make.DutyFactory(group=make.a_group(), user=member.user)
    set_up_paper(member.user)
    give_key(member.user, name="自己的手机")
    record, _ = opened(member)
    (told,) = record["passkeys"]
    assert told == {"name": "自己的手机", "made_at": told["made_at"], "last_used_at": None}


def test_a_member_without_an_account_has_an_archive_too():
    record, _ = opened(make.MemberFactory(without_account=True))
    assert record["signed_in"] == record["passkeys"] == []
