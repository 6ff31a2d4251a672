"""What members may do with their own data, and how little of it is shown."""

import pytest
from django.utils import timezone

from studyhub.people.models import Member
from studyhub.people.privacy import ask_for_erasure, change_own_details
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def qiqige():
    return make.MemberFactory(confirmed_at=timezone.now())


def test_a_new_place_holds_at_once_and_waits_for_confirmation(qiqige):
    change_own_details(qiqige, {"host_place_name": "北京市朝阳区"})
    kept = Member.objects.get()
    assert (kept.host_place_name, kept.confirmed_at) == ("北京市朝阳区", None)


def test_larger_type_needs_nobodys_confirmation(qiqige):
    change_own_details(qiqige, {"large_type": True})
    kept = Member.objects.get()
    assert kept.large_type
    assert kept.confirmed_at


def test_nobody_changes_their_own_name_phone_or_exemption(qiqige):
    change_own_details(qiqige, {"name": "别人", "phone": "1", "exempt_reason": "age"})
    kept = Member.objects.get()
    assert (kept.name, kept.phone, kept.exempt_reason) == ("其其格", "13900001234", "")


def test_what_is_left_out_stays(qiqige):
    change_own_details(qiqige, {"trade": Member.Trade.FACTORY, "return_month": None})
    kept = Member.objects.get()
    assert (kept.trade, kept.return_month) == ("factory", "")


@pytest.mark.parametrize("change", [{"large_type": True}, {"host_place_name": "北京市朝阳区"}])
def test_what_others_write_meanwhile_stays(qiqige, change):
    """The row was read before the liaison wrote a new phone, the office an exemption."""
    Member.objects.update(exempt_reason="age", trade=Member.Trade.FACTORY, name="其其格（新）")
    changed_elsewhere = Member.objects.get()
    changed_elsewhere.phone = "13700000000"
    changed_elsewhere.save()
    change_own_details(qiqige, change)
    kept = Member.objects.get()
    assert (kept.phone, kept.exempt_reason, kept.trade) == ("13700000000", "age", "factory")
    assert kept.name == "其其格（新）"
    assert Member.objects.with_phone("13700000000").exists()


@pytest.mark.parametrize("change", [{}, {"host_place_name": None}, {"name": "别人"}])
def test_what_changes_nothing_needs_no_new_confirmation(qiqige, change):
    change_own_details(qiqige, change)
    assert Member.objects.get().confirmed_at


def test_the_caller_sees_what_was_written(qiqige):
    change_own_details(qiqige, {"host_place_name": "北京市朝阳区"})
    assert (qiqige.host_place_name, qiqige.confirmed_at) == ("北京市朝阳区", None)


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
