"""What ``make bench`` prepares still works, which nobody would see before the next measurement."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests import factories as make
from tests.bench import completion, ledger, records
from tests.bench.servers import ROOT

pytestmark = pytest.mark.django_db


def told_by(script: str, capsys: pytest.CaptureFixture[str]) -> Any:
    exec(script, {})  # noqa: S102  it is ours, and run in a shell of the measured product
    return json.loads(capsys.readouterr().out.split("BENCH", 1)[1])


def test_the_phones_of_the_records_part_are_signed_in(capsys):
    accounts, _ = told_by(records.PREPARE % 2, capsys)
    for session, account_id in accounts:
        phone = Client()
        phone.cookies[settings.SESSION_COOKIE_NAME] = session
        assert phone.get("/api/v1/me").json()["account_id"] == account_id


def test_the_generated_province_can_be_measured(capsys):
    if connection.vendor != "postgresql":
        pytest.skip("the province is written in PostgreSQL's SQL")
    make.StudyPlanFactory(lessons=[make.a_lesson()])
    with connection.cursor() as cursor:
        cursor.execute(completion.generator(60).replace("%", "%%"), [])
    whole, bare = told_by(completion.MEASURE % 2, capsys)
    assert (len(whole), len(bare)) == (2, 2)


def test_the_ledger_of_the_bench_is_looked_through(capsys):
    exec(ledger.PREPARE % 20, {})  # noqa: S102  as above
    told = told_by(ledger.MEASURE % (2, 5), capsys)
    assert [set(times) for times in told.values()] == [{*ledger.ASKED, "report"}] * 2


def test_the_plain_yardstick_shows_the_lesson_that_ours_tells(client, tmp_path):
    page = make.a_lesson()
    told = client.get(f"/api/v1/lessons/{page.lesson_key}").content
    (tmp_path / "lesson.json").write_bytes(told)
    asking = (
        "from tests.bench.yardsticks import plain; from django.test import Client;"
        "print(Client(SERVER_NAME='127.0.0.1').get('/lesson/').content.decode())"
    )
    env = os.environ | {"YARDSTICK_VAR": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", asking]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    lesson = json.loads(told)
    assert lesson["title"] in done.stdout
    assert lesson["quiz"]["questions"][0]["stem"] in done.stdout
