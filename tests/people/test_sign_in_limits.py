"""Who guesses passwords is slowed down; nobody keeps others out by failing at their account."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from tests import factories as make

VILLAGE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
WRONG = "wrong-wrong-wrong"

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # many inputs, one rule


@pytest.fixture(autouse=True)
def _house(settings, time_machine):
    settings.TRUSTED_PROXIES = 1
    time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)
    for name in ("qiqige", "batu", "member01"):
        make.a_member(name, username=name)


class Phone:
    """Asks from an address through the proxy in front of us."""

    def __init__(self, address=VILLAGE):
        self.client, self.address = Client(), address

    def sign_in(self, login="qiqige", password=make.PASSWORD, *, forwarded=None):
        body = json.dumps({"login": login, "password": password})
        headers = {"X-Forwarded-For": forwarded or self.address}
        path, kind = "/api/v1/session", "application/json"
        return self.client.post(path, body, content_type=kind, headers=headers)

    def statuses(self, count, login="qiqige", password=WRONG):
        return [self.sign_in(login, password).status_code for _ in range(count)]


def test_five_wrong_passwords_are_followed_by_one_each_three_minutes(time_machine):
    phone = Phone()
    assert phone.statuses(6) == [401] * 4 + [429] * 2
    assert phone.sign_in()["Retry-After"] == "180"
    time_machine.shift(180)
    assert phone.sign_in().status_code == 200


def test_who_waits_as_long_as_was_said_is_let_in_however_often_they_asked_meanwhile(time_machine):
    phone = Phone()
    assert phone.statuses(20)[5:] == [429] * 15
    time_machine.shift(180)
    assert phone.sign_in().status_code == 200


def test_signing_in_forgets_what_was_typed_wrong_before():
    phone = Phone()
    for _ in range(3):
        assert phone.statuses(4) == [401] * 4
        assert phone.sign_in().status_code == 200


def test_one_address_has_few_guesses_over_all_accounts(time_machine):
    """120 in 86 seconds went through."""
    phone, tried = Phone(), 0
    for number in range(120):
        tried += phone.sign_in(f"nobody{number}", WRONG).status_code == 401
        time_machine.shift(86 / 120)
    assert tried <= 38


def test_a_village_behind_one_address_signs_in_however_many_it_is():
    for number in range(60):
        make.a_user(f"villager{number}")
        assert Phone().sign_in(f"villager{number}").status_code == 200


def test_a_village_in_which_one_guesses_waits_seconds_not_minutes():
    for number in range(40):
        Phone().sign_in(f"nobody{number}", WRONG)
    answer = Phone().sign_in()
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 10


def test_nobody_locks_another_from_elsewhere():
    Phone(ELSEWHERE).statuses(30)
    assert Phone().sign_in().status_code == 200


def test_guesses_from_many_addresses_at_one_account_are_few():
    statuses = [Phone(f"198.51.100.{n}").sign_in(password=WRONG).status_code for n in range(60)]
    assert statuses.count(401) <= 30


@pytest.mark.parametrize("address", [VILLAGE, ELSEWHERE])
def test_on_a_phone_of_ones_own_nobody_elses_failures_count(address):
    own = Phone(address)
    own.sign_in()
    for number in range(60):
        Phone(f"198.51.100.{number}").sign_in(password=WRONG)
        Phone(address).sign_in(f"nobody{number}", WRONG)
    assert own.sign_in().status_code == 200


def test_a_phone_of_ones_own_is_slowed_by_its_own_failures():
    own = Phone()
    own.sign_in()
    assert own.statuses(6) == [401] * 4 + [429] * 2


def test_a_phone_of_ones_own_is_unknown_to_other_accounts():
    own = Phone()
    own.sign_in()
    assert own.statuses(6, "batu") == [401] * 4 + [429] * 2
    own.client.cookies["known_phone"] = "made:up:too"
    assert own.statuses(1, "batu") == [429]


def test_on_the_page_it_holds_too():
    client = Client()
    for _ in range(5):
        page = client.post("/login/", {"username": "qiqige", "password": WRONG})
    assert (page.status_code, page["Retry-After"]) == (429, "180")
    assert "3 分钟后再试" in page.content.decode()


class TestAddresses:
    def test_what_a_caller_claims_to_be_changes_nothing(self):
        phone = Phone()
        tried = [
            phone.sign_in(password=WRONG, forwarded=f"10.0.0.{n}, {VILLAGE}").status_code
            for n in range(6)
        ]
        assert tried == [401] * 4 + [429] * 2

    def test_without_a_proxy_of_ours_nobody_is_believed(self, settings):
        settings.TRUSTED_PROXIES = 0
        tried = [
            Phone().sign_in(password=WRONG, forwarded=f"10.0.0.{n}").status_code for n in range(6)
        ]
        assert tried == [401] * 4 + [429] * 2

    @pytest.mark.parametrize(
        ("proxies", "forwarded", "address"),
        [
            (1, "", "127.0.0.1"),
            (1, "not-an-address", "127.0.0.1"),
            (1, "203.0.113.7", "203.0.113.7"),
            (1, "1.1.1.1, 203.0.113.7", "203.0.113.7"),
            (2, "1.1.1.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
            (2, "203.0.113.7", "127.0.0.1"),
            (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            (1, "::ffff:203.0.113.7", "203.0.113.7"),
        ],
    )
    def test_the_address_is_the_one_our_outermost_proxy_wrote(
        self, rf, settings, proxies, forwarded, address
    ):
        from studyhub.core.addresses import client_network

        settings.TRUSTED_PROXIES = proxies
        assert client_network(rf.get("/", headers={"X-Forwarded-For": forwarded})) == address


class TestSpelling:
    @pytest.mark.parametrize(
        "typed", ["member01", "Member01", "MEMBER01", "member０１", "ｍｅｍｂｅｒ01", " Member０1 "]
    )
    def test_a_login_is_found_however_it_is_typed(self, typed):
        assert Phone().sign_in(typed).status_code == 200

    def test_and_is_one_count(self):
        phone, spellings = Phone(), ["Member01", "member０１", "MEMBER01", "member01", "ＭEMBER01"]
        assert [phone.sign_in(text, WRONG).status_code for text in spellings][-1] == 429
        assert phone.sign_in("mEmber01").status_code == 429

    def test_two_old_accounts_that_differ_by_case_alone_are_both_found(self):
        make.a_user("Anna", "大")
        make.a_user("anna", "小")
        names = [Phone().sign_in(t).json()["user"]["name"] for t in ("Anna", "anna", "ANNA")]
        assert names == ["大", "小", "小"]

    def test_a_new_account_gets_the_one_spelling(self):
        from studyhub.people.models import User

        assert User.objects.create_user("Ｏrgadmin２").username == "orgadmin2"


def test_neither_login_nor_address_is_written_down():
    from studyhub.people.models import SignInTries

    Phone().statuses(2)
    kept = " ".join(str(row) for row in SignInTries.objects.values_list())
    assert "qiqige" not in kept
    assert VILLAGE not in kept


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_counted_one_by_one():
    def guess(number):
        try:
            return Phone().sign_in(password=WRONG).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(guess, range(16)))
    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= 5
