"""A process that could put real data on the demo's settings does not start, and says why."""

import pytest
from cryptography.fernet import Fernet

from studyhub.core.environment import select_settings
from studyhub.settings.soundness import address_faults, field_key_faults, secret_faults

DEMO = "ZGVtby1vbmx5LWRlbW8tb25seS1kZW1vLW9ubHktMDA="


@pytest.fixture
def chosen(monkeypatch):
    """The settings that an environment chooses."""

    def _chosen(**environment):
        for name in ("DJANGO_SETTINGS_MODULE", "STUDYHUB_ENV"):
            monkeypatch.delenv(name, raising=False)
        for name in ("STUDYHUB_SECRET_KEY", "STUDYHUB_FIELD_KEYS"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        select_settings()
        import os

        return os.environ["DJANGO_SETTINGS_MODULE"].rsplit(".", 1)[1]

    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "studyhub.settings.test")  # put back afterwards
    return _chosen


def test_the_demo_is_what_one_gets_without_asking(chosen):
    assert chosen() == chosen(STUDYHUB_ENV="demo") == "dev"


def test_production_is_asked_for_by_its_name(chosen):
    assert chosen(STUDYHUB_ENV="production") == "production"


@pytest.mark.parametrize("name", ["prod", "Production", "production ", "live", "test"])
def test_a_name_that_does_not_exist_is_refused(chosen, name):
    with pytest.raises(SystemExit, match=r"不认识 STUDYHUB_ENV=.*请写 production"):
        chosen(STUDYHUB_ENV=name)


@pytest.mark.parametrize("name", ["STUDYHUB_SECRET_KEY", "STUDYHUB_FIELD_KEYS"])
def test_keys_of_ones_own_without_the_name_are_refused(chosen, name):
    with pytest.raises(SystemExit, match=f"设了 {name} 却没有设 STUDYHUB_ENV"):
        chosen(**{name: "x"})


def test_the_demo_may_have_keys_of_its_own(chosen):
    assert chosen(STUDYHUB_ENV="demo", STUDYHUB_SECRET_KEY="x") == "dev"


def test_who_has_chosen_settings_is_asked_nothing(chosen):
    assert chosen(DJANGO_SETTINGS_MODULE="a.b", STUDYHUB_ENV="prod") == "b"


@pytest.mark.parametrize(
    "secret", ["", "demo", "short", "a" * 50, "abc" * 30, "0123456789abcdef" * 4, " " * 60]
)
def test_a_secret_that_can_be_guessed_is_one_fault(secret):
    assert len(secret_faults(secret, "demo")) == 1


@pytest.mark.parametrize(
    "secret",
    [
        "7Qm-vX2_sK9wZr4T.bN8yLc1Hd6JgUf3PaWe5RxSoVtIiBqMz0kEnYhCjDlGuFp",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd1",
    ],
)
def test_a_secret_made_by_chance_is_none(secret):
    assert secret_faults(secret, "demo") == []


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [DEMO],
        [Fernet.generate_key().decode(), DEMO],
        ["broken"],
        [Fernet.generate_key().decode()[:-2]],
        ["YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="],  # 32 times "a"
    ],
)
def test_a_field_key_that_is_none_is_one_fault(keys):
    assert len(field_key_faults(keys, DEMO)) == 1


def test_any_number_of_sound_keys_is_none():
    assert field_key_faults([Fernet.generate_key().decode() for _ in range(3)], DEMO) == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://study.example.org",
        "https://127.0.0.1",
        "https://localhost",
        "https://",
        "https://[::1",
        "https://study.example.org/path",
        "https://a:b@study.example.org",
        "https://study.example.org:port",
        "ftp://study.example.org",
    ],
)
def test_an_address_that_nobody_can_open_under_tls_is_a_fault(url):
    assert len(address_faults(url, ["study.example.org"])) == 1


@pytest.mark.parametrize("url", ["https://study.example.org", "https://study.example.org:8443"])
def test_a_public_address_is_none(url):
    assert address_faults(url, ["study.example.org"]) == []
