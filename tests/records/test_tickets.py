"""Upload tickets: for one account, for thirty days, void with the password; and receipt keys."""

from uuid import UUID

import pytest

from studyhub.core.errors import NotSignedIn
from studyhub.people.models import User
from studyhub.records.receipt_keys import key_text, receipt_key, receipt_keys
from studyhub.records.tickets import LASTS, Ticket, give_ticket, read_ticket, ticket_mark
from tests import factories as make

pytestmark = pytest.mark.django_db
DEVICE = UUID(int=7)


@pytest.fixture
def user():
    return make.UserFactory()


def is_void(text):
    with pytest.raises(NotSignedIn, match="记录仍在这部手机上"):
        read_ticket(text)
    return True


@pytest.mark.parametrize("device_id", [None, DEVICE])
def test_a_ticket_names_its_account_and_device(user, device_id):
    assert read_ticket(give_ticket(user, device_id)) == Ticket(user, device_id)


@pytest.mark.parametrize("text", ["", "x", "e30:x:y", "\0"])
def test_anything_else_is_no_ticket(user, text):
    assert is_void(text)


def test_a_changed_letter_voids_it(user):
    text = give_ticket(user)
    assert is_void(text[:-1] + ("A" if text[-1] != "A" else "B"))


def test_it_lasts_thirty_days(user, time_machine):
    time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)
    text = give_ticket(user)
    time_machine.shift(LASTS)
    assert read_ticket(text).user == user
    time_machine.shift(2)
    assert is_void(text)


@pytest.mark.parametrize("change", [{"sign_in_generation": 2}, {"is_active": False}])
def test_signing_out_elsewhere_and_a_closed_account_void_it(user, change):
    text = give_ticket(user)
    User.objects.filter(pk=user.pk).update(**change)
    assert is_void(text)


def test_another_password_voids_it_and_the_phone_can_tell(user):
    text, before = give_ticket(user), ticket_mark(user)
    user.set_password("another-long-password")
    user.save()
    assert is_void(text)
    assert ticket_mark(user) != before


class TestReceiptKeys:
    def test_each_device_and_each_account_has_its_own(self, user):
        other = make.UserFactory()
        keys = {receipt_key(u, UUID(int=n)) for u in (user, other) for n in (1, 2)}
        assert len(keys) == 4

    def test_signing_out_elsewhere_changes_it(self, user):
        before = receipt_key(user, DEVICE)
        user.sign_in_generation += 1
        assert receipt_key(user, DEVICE) != before

    def test_a_receipt_written_before_the_secret_changed_still_proves(self, user, settings):
        before = receipt_key(user, DEVICE)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another secret"
        assert receipt_keys(user, DEVICE)[0] != before
        assert before in receipt_keys(user, DEVICE)

    def test_a_phone_gets_it_in_letters_without_padding(self, user):
        assert len(key_text(receipt_key(user, DEVICE))) == 43
