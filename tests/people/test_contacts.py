"""Who may note a contact and see a number; the log only grows, however often it is sent."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyhub.core.clock import today
from studyhub.core.errors import Conflict, Invalid, NotFound, TooMany
from studyhub.people import contacts
from studyhub.people.contacts import look_up_phone, note_contact, touch_of
from studyhub.people.models import Contact, Member, RecordView
from tests import factories as make

pytestmark = pytest.mark.django_db


def note(by, member, **more):
    said = {"contact_id": uuid4(), "way": "phone", "outcome": "reached", **more}
    return note_contact(by=by, member_id=member.public_id, **said)


def test_who_asks_for_a_number_is_shown_to_its_owner(wuyun, qiqige):
    assert look_up_phone(wuyun, qiqige.public_id) == (qiqige, "13900001234")
    view = RecordView.objects.at(qiqige).get()
    assert (view.viewer, view.page) == (wuyun, "电话号码")


@pytest.mark.parametrize("state", ["ended", "not_begun"])
def test_outside_its_days_a_duty_opens_no_number_and_takes_no_note(group, qiqige, state):
    other = make.DutyFactory(group=group, **{state: True}).user
    with pytest.raises(NotFound):
        look_up_phone(other, qiqige.public_id)
    with pytest.raises(NotFound):
        note(other, qiqige)
    assert not RecordView.objects.exists()
    assert not Contact.objects.exists()


def test_neither_the_department_nor_a_member_nor_another_leader_finds_one(group, qiqige):
    batu = make.a_member("巴图")
    strangers = [make.an_orgadmin(group.branch), batu.user, make.a_leader(make.a_group(batu), "x")]
    for stranger in strangers:
        with pytest.raises(NotFound):
            look_up_phone(stranger, qiqige.public_id)
        with pytest.raises(NotFound):
            note(stranger, qiqige)


def test_who_left_the_group_is_not_found_any_more(wuyun, qiqige):
    qiqige.groups.update(ends_on=today() - timedelta(days=1))
    with pytest.raises(NotFound):
        look_up_phone(wuyun, qiqige.public_id)


def test_without_a_number_one_is_told_what_to_do(wuyun, qiqige):
    Member.objects.filter(pk=qiqige.pk).update(phone="")
    with pytest.raises(Invalid, match="组织部"):
        look_up_phone(wuyun, qiqige.public_id)


def test_a_ledger_cannot_be_carried_off_number_by_number(wuyun, qiqige, monkeypatch):
    monkeypatch.setattr(contacts, "MOST_NUMBERS", 2)
    for _ in range(2):
        look_up_phone(wuyun, qiqige.public_id)
    with pytest.raises(TooMany, match="分钟后再查"):
        look_up_phone(wuyun, qiqige.public_id)


def test_what_was_noted_without_a_network_counts_after_the_duty_has_ended(group, qiqige):
    former = make.DutyFactory(group=group, ended=True).user
    two_days_ago = timezone.now() - timedelta(days=2)
    found, created = note(former, qiqige, at=two_days_ago)
    assert (created, found.at) == (True, two_days_ago)
    # Sent a second time it is known, and a clock that runs ahead is brought back.
    assert note(former, qiqige, contact_id=found.pk, at=two_days_ago) == (found, False)


def test_a_clock_that_runs_ahead_is_brought_back(wuyun, qiqige):
    found, _ = note(wuyun, qiqige, at=timezone.now() + timedelta(days=400))
    assert found.at <= timezone.now()


def test_one_id_says_one_thing(wuyun, qiqige):
    found, _ = note(wuyun, qiqige)
    with pytest.raises(Conflict, match="先收到"):
        note(wuyun, qiqige, contact_id=found.pk, outcome="no_answer")
    assert Contact.objects.get().outcome == "reached"


@pytest.mark.parametrize("wrong", [{"way": "mood"}, {"outcome": "sad"}, {"next_step": "x"}])
def test_there_is_room_for_nothing_about_the_person(wuyun, qiqige, wrong):
    with pytest.raises(Invalid):
        note(wuyun, qiqige, **wrong)


def test_whose_turn_it_is_hangs_on_who_answered(wuyun, qiqige, settings):
    settings.CONTACT_RULE = {**settings.CONTACT_RULE, "days": 15}
    assert touch_of([qiqige])[qiqige.pk].is_due
    note(wuyun, qiqige, outcome="no_answer")
    assert touch_of([qiqige])[qiqige.pk].is_due
    note(wuyun, qiqige, at=timezone.now() - timedelta(days=16))
    assert touch_of([qiqige])[qiqige.pk].is_due
    note(wuyun, qiqige, outcome="other_day", at=timezone.now() - timedelta(days=14))
    assert not touch_of([qiqige])[qiqige.pk].is_due


BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
NOTES = [
    (UUID(int=n + 1), way, outcome, BEGIN + timedelta(hours=n))
    for n, (way, outcome) in enumerate(
        (way, outcome) for way in Contact.Way.values for outcome in Contact.Outcome.values
    )
]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sent=st.lists(st.sampled_from(NOTES), max_size=20), seed=st.randoms())
def test_order_repeats_and_phones_do_not_change_the_log(wuyun, qiqige, sent, seed):
    Contact.objects.all().delete()
    for key, way, outcome, at in [*sent, *seed.sample(sent, len(sent))]:
        note(wuyun, qiqige, contact_id=key, way=way, outcome=outcome, at=at)
    stored = set(Contact.objects.values_list("pk", "way", "outcome", "at"))
    assert stored == set(sent)
