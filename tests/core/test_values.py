"""Small values everything stands on: days, identifiers, whole numbers, encrypted fields, logs."""

import os
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from studyhub.core.clock import beijing_day, today
from studyhub.core.crypto import EncryptedJSONField, EncryptedTextField, lookup_index
from studyhub.core.environment import select_settings
from studyhub.core.errors import NotFound
from studyhub.core.ids import parse_uuid, uuid7
from studyhub.core.logs import drop_personal
from studyhub.core.models import Heartbeat
from studyhub.core.numbers import is_whole
from studyhub.core.tasks import beat_worker
from studyhub.core.transactions import atomic_writes


class TestDays:
    @pytest.mark.parametrize(("hour", "day"), [(15, date(2026, 11, 20)), (16, date(2026, 11, 21))])
    def test_a_day_ends_at_midnight_in_beijing(self, hour, day):
        assert beijing_day(datetime(2026, 11, 20, hour, tzinfo=UTC)) == day

    @time_machine.travel(datetime(2026, 12, 31, 16, tzinfo=UTC))
    def test_a_year_begins_in_beijing_eight_hours_before_the_server(self):
        assert today() == date(2027, 1, 1)


class TestIdentifiers:
    def test_ids_are_version_seven_and_rise(self):
        ids = [uuid7() for _ in range(50)]
        assert {(i.version, i.variant) for i in ids} == {(7, "specified in RFC 4122")}
        assert ids[0].int >> 80 <= ids[-1].int >> 80

    def test_an_identifier_in_any_spelling_is_one(self):
        known = UUID("0198a5c0-0000-7000-8000-000000000001")
        assert {parse_uuid(s) for s in (str(known), known.hex, str(known).upper())} == {known}

    @pytest.mark.parametrize("value", ["", "x", "\0", None, 7, True, [], {}])
    def test_whatever_else_is_sent_is_none(self, value):
        assert parse_uuid(value) is None


class TestWholeNumbers:
    @pytest.mark.parametrize("value", [1, 5, 9])
    def test_both_ends_count(self, value):
        assert is_whole(value, 1, 9)

    @pytest.mark.parametrize("value", [0, 10, 2**80, True, 5.0, "5", None, [5]])
    def test_only_numbers_count_as_numbers(self, value):
        assert not is_whole(value, 1, 9)


class TestEncryption:
    def test_the_same_text_is_stored_differently_every_time_and_reads_back(self):
        field = EncryptedTextField()
        one, other = (field.get_prep_value("13900001234") for _ in range(2))
        assert one != other
        assert field.from_db_value(one, None, None) == "13900001234"

    @pytest.mark.parametrize("value", ["", None])
    def test_nothing_is_stored_as_nothing(self, value):
        field = EncryptedTextField()
        assert field.from_db_value(field.get_prep_value(value), None, None) == value

    @pytest.mark.parametrize("value", [{"app_secret": "秘密"}, [1, None], "text"])
    def test_json_comes_back_as_it_was(self, value):
        field = EncryptedJSONField()
        assert field.from_db_value(field.get_prep_value(value), None, None) == value

    def test_an_empty_column_of_json_is_an_empty_object(self):
        assert EncryptedJSONField().from_db_value("", None, None) == {}

    def test_the_index_needs_the_secret(self, settings):
        before = lookup_index("13900001234")
        settings.SECRET_KEY = "another"
        assert lookup_index("13900001234") != before


class TestLogs:
    def test_neither_address_nor_browser_nor_question_is_logged(self):
        event = {"ip": "10.0.0.7", "user_agent": "x", "request": "GET /search/?q=谁"}
        assert drop_personal(None, "info", event) == {"request": "GET /search/"}

    def test_an_event_without_a_request_stays_as_it_is(self):
        assert drop_personal(None, "info", {"event": "started"}) == {"event": "started"}


class TestHeartbeats:
    @pytest.fixture(autouse=True)
    def _database(self, db):
        Heartbeat.beat("worker")

    def test_a_process_that_beat_is_alive_and_others_are_not(self):
        assert Heartbeat.is_alive("worker")
        assert not Heartbeat.is_alive("scheduler")

    def test_a_beat_through_the_worker_says_that_all_three_run(self):
        Heartbeat.objects.all().delete()
        beat_worker()
        assert Heartbeat.is_alive("worker")

    def test_a_minute_without_a_beat_is_the_end_until_the_next(self):
        Heartbeat.objects.update(beat_at=timezone.now() - Heartbeat.STALE_AFTER)
        assert not Heartbeat.is_alive("worker")
        Heartbeat.beat("worker")
        assert Heartbeat.is_alive("worker")


class TestAtomicWrites:
    @pytest.fixture
    def beat_and_fail(self):
        def view(request):
            Heartbeat.beat("publishing")
            raise NotFound("x", "x")

        return atomic_writes(view)

    @pytest.mark.django_db
    def test_a_write_that_fails_leaves_nothing(self, beat_and_fail):
        with pytest.raises(NotFound):
            beat_and_fail(RequestFactory().post("/cms/"))
        assert not Heartbeat.objects.exists()

    @pytest.mark.django_db
    @pytest.mark.parametrize(("method", "opens"), [("GET", 0), ("HEAD", 0), ("POST", 1)])
    def test_only_what_writes_opens_a_transaction(self, method, opens):
        def view(request):
            return HttpResponse(len(connection.savepoint_ids))

        before = len(connection.savepoint_ids)
        response = atomic_writes(view)(RequestFactory().generic(method, "/cms/"))
        assert int(response.content) - before == opens


class TestSettings:
    @pytest.mark.parametrize(
        ("environment", "module"), [("production", "production"), ("demo", "dev"), ("", "dev")]
    )
    def test_the_environment_picks_the_settings(self, monkeypatch, environment, module):
        monkeypatch.setenv("STUDYHUB_ENV", environment)
        monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
        select_settings()
        assert self.chosen() == f"studyhub.settings.{module}"

    def test_whoever_has_chosen_already_is_left_alone(self, monkeypatch):
        monkeypatch.setenv("STUDYHUB_ENV", "production")
        monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "studyhub.settings.test")
        select_settings()
        assert self.chosen() == "studyhub.settings.test"

    def chosen(self):
        return os.environ["DJANGO_SETTINGS_MODULE"]
