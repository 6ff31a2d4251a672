"""Handing in: a form is stored like a phone's batch, and refused in words."""

import pytest

from studyhub.core.errors import Invalid
from studyhub.learning.submissions import submit_form
from studyhub.people.locks import LockedMember, lock_member
from studyhub.records.models import DeviceCursor, Record
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def qiqige():
    return make.MemberFactory()


@pytest.fixture
def outline():
    return make.outline_of(make.a_lesson(quiz=False))


def hand_in(member, outline, *acts):
    return submit_form(
        member=member, lesson_key=outline.lesson_key, revision=outline.revision, acts=acts
    )


def test_a_form_that_says_everything_finishes_the_lesson(qiqige, outline):
    ids = [str(section.id) for section in outline.sections]
    acts = [("sections_read", {"section_ids": ids}), ("lesson_finished", {})]
    assert [p.status for p in hand_in(qiqige, outline, *acts).progress] == ["finished"]


def test_a_refused_form_says_why(qiqige, outline):
    with pytest.raises(Invalid, match="心得是空的") as refused:
        hand_in(qiqige, outline, ("reflection", {"text": " "}))
    assert refused.value.code == "bad_data"


def test_what_was_good_in_a_refused_form_is_kept(qiqige, outline):
    with pytest.raises(Invalid):
        hand_in(qiqige, outline, ("lesson_finished", {}), ("reflection", {"text": ""}))
    assert Record.objects.get().kind == "lesson_finished"


def test_the_forms_of_a_member_are_one_device_and_number_nothing(qiqige, outline):
    for _ in range(2):
        hand_in(qiqige, outline, ("lesson_finished", {}))
    assert DeviceCursor.objects.get().ranges == []
    assert set(Record.objects.values_list("source", flat=True)) == {"form"}


def test_the_lock_is_handed_to_whoever_holds_the_transaction(qiqige):
    with lock_member(qiqige) as locked:
        assert locked == LockedMember(qiqige)
