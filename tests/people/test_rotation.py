"""Keys are changed without anything becoming unreadable or unfindable meanwhile."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection

from studyhub.channels.models import ChannelAccount
from studyhub.people.models import Member
from studyhub.records.tickets import give_ticket, read_ticket
from tests import factories as make

pytestmark = pytest.mark.django_db
PHONE = "13900001234"


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM people_member ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def reencrypt():
    out = StringIO()
    call_command("reencrypt", stdout=out)
    return out.getvalue()


@pytest.fixture
def rotated(settings):
    """Written under the old key and secret; the new ones are in force, the old behind them."""
    make.MemberFactory()
    make.MemberFactory(name="无号", phone="")
    ChannelAccount.objects.create(key="w", kind="wechat", mode="api", secrets={"app_secret": "s"})
    old = settings.FIELD_KEYS[0]
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), old]
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret"
    return settings


def drop_the_old(settings):
    settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
    settings.SECRET_KEY_FALLBACKS = []


def test_until_then_what_was_written_is_read_and_found(rotated):
    assert Member.objects.get(name="其其格").phone == PHONE
    assert [m.name for m in Member.objects.with_phone(PHONE)] == ["其其格"]


def test_afterwards_the_old_key_and_secret_may_go(rotated):
    assert "可以删去" in reencrypt()
    drop_the_old(rotated)
    assert [m.phone for m in Member.objects.with_phone(PHONE)] == [PHONE]
    assert ChannelAccount.objects.get().secrets == {"app_secret": "s"}


def test_it_may_be_repeated_and_writes_nothing_else(rotated):
    before = Member.objects.values("name", "user", "created_at", "confirmed_at").order_by("pk")
    before = list(before)
    reencrypt()
    first = stored()
    reencrypt()
    assert stored() != first
    after = Member.objects.values("name", "user", "created_at", "confirmed_at").order_by("pk")
    assert list(after) == before


def test_what_no_key_reads_is_named_and_left_as_it_is(rotated):
    rotated.FIELD_KEYS = rotated.FIELD_KEYS[:1]
    untouched = stored()
    with pytest.raises(CommandError, match=r"people\.Member\.phone .*加回 STUDYHUB_FIELD_KEYS"):
        reencrypt()
    assert stored() == untouched


def test_a_phone_is_found_by_whatever_width_its_digits_have(db):
    make.MemberFactory()
    assert Member.objects.with_phone("１３９００００１２３４").exists()


def test_writing_the_phone_alone_keeps_it_findable():
    member = make.MemberFactory()
    member.phone = "13700000000"
    member.save(update_fields=["phone"])
    assert Member.objects.with_phone("13700000000").exists()


def test_a_ticket_of_a_phone_outlives_the_secret_it_was_signed_with(rotated, settings):
    user = make.UserFactory()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the first", []
    ticket = give_ticket(user)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the second", ["the first"]
    assert read_ticket(ticket).user == user
