"""What members take along: all that is stored about them, and nothing about anybody else."""

import json
import zipfile
from io import BytesIO

import pytest
from django.apps import apps
from openpyxl import load_workbook

from studyhub.learning.own_archive import own_archive
from studyhub.people import access
from studyhub.people.models import Member
from studyhub.people.privacy import ask_for_erasure
from tests import factories as make

pytestmark = pytest.mark.django_db
# Where each table about a member stands in record.json; progress follows from the records.
PLACES = {
    "BranchMembership": "branches",
    "GroupMembership": "groups",
    "Record": "records",
    "RecordView": "views",
    "DeviceCursor": "devices",
    "ErasureRequest": "erasure_requests",
    "Progress": "records",
}


def opened(member):
    archive = zipfile.ZipFile(BytesIO(own_archive(member)))
    return json.loads(archive.read("record.json")), archive


@pytest.fixture
def qiqige():
    member = make.BranchMembershipFactory(member__name="其其格").member
    group = make.StudyGroupFactory(members=[member])
    access.note_views(make.DutyFactory(group=group).user, [member], "小组学习情况")
    ask_for_erasure(member)
    make.study(member, make.a_lesson(title="=遵义会议"))
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


def test_a_member_without_an_account_has_an_archive_too():
    record, _ = opened(make.MemberFactory(without_account=True))
    assert record["signed_in"] == []
