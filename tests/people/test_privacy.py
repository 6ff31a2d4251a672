"""What members may do with their own data, and how little of it is shown."""

import pytest
from django.utils import timezone

from studyhub.people.models import Member, MoveReport
from studyhub.people.moves import proposals_of
from studyhub.people.privacy import ask_for_erasure, change_own_details
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def qiqige():
    return make.MemberFactory(confirmed_at=timezone.now())


def waiting(member):
    proposal = proposals_of([member]).get(member.pk)
    return dict(proposal.said) if proposal else {}


SAID = {
    "host_place_code": "440306",
    "host_place_name": "宝安",
    "trade": Member.Trade.FACTORY,
    "return_month": "2027-01",
}


def test_what_a_member_says_of_a_move_waits_and_the_ledger_stays_as_it_is(qiqige):
    before = Member.objects.values().get()
    change_own_details(qiqige, SAID)
    assert Member.objects.values().get() == before
    assert waiting(qiqige) == {
        "place": "广东省深圳市宝安区",
        "trade": "factory",
        "return_month": "2027-01",
    }


def test_what_was_said_already_is_one_report(qiqige):
    change_own_details(qiqige, SAID)
    change_own_details(qiqige, SAID)
    assert MoveReport.objects.count() == 1


def test_what_the_ledger_says_already_is_no_report(qiqige):
    Member.objects.update(**SAID)
    qiqige.refresh_from_db()
    change_own_details(qiqige, SAID)
    assert not MoveReport.objects.exists()


def test_a_name_without_a_code_is_reported_as_it_was_said(qiqige):
    change_own_details(qiqige, {"host_place_name": "朝阳"})
    assert waiting(qiqige) == {"place": "朝阳"}


def test_larger_type_needs_nobodys_confirmation(qiqige):
    change_own_details(qiqige, {"large_type": True})
    kept = Member.objects.get()
    assert kept.large_type
    assert kept.confirmed_at
    assert qiqige.large_type  # the caller sees what was written


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"host_place_name": None, "trade": None},
        {"name": "别人", "phone": "1", "exempt_reason": "age"},
    ],
)
def test_anything_else_is_neither_changed_nor_reported(qiqige, change):
    before = Member.objects.values().get()
    change_own_details(qiqige, change)
    assert Member.objects.values().get() == before
    assert not MoveReport.objects.exists()


def test_what_others_write_meanwhile_stays(qiqige):
    """The row was read before the liaison wrote a new phone."""
    changed_elsewhere = Member.objects.get()
    changed_elsewhere.phone = "13700000000"
    changed_elsewhere.save()
    change_own_details(qiqige, {"large_type": True})
    assert Member.objects.get().phone == "13700000000"
    assert Member.objects.with_phone("13700000000").exists()


def test_asking_twice_to_be_forgotten_is_one_request(qiqige):
    assert ask_for_erasure(qiqige) == ask_for_erasure(qiqige)


def test_after_an_answer_one_may_ask_again(qiqige):
    asked = ask_for_erasure(qiqige)
    asked.answered_at = timezone.now()
    asked.save()
    assert ask_for_erasure(qiqige) != asked


@pytest.mark.parametrize(
    ("phone", "shown"), [("13900001234", "139****1234"), ("123456", ""), ("", "")]
)
def test_a_number_is_shown_masked_or_not_at_all(phone, shown):
    assert Member(phone=phone).masked_phone == shown


def test_nobody_is_found_by_no_number():
    make.MemberFactory(phone="")
    assert not Member.objects.with_phone("").exists()
