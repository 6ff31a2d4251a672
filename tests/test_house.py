"""Rules of the house that no linter knows."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.urls import get_resolver

from studyhub.celery import app
from studyhub.channels import registry
from studyhub.people.startup import refuse_unsafe_data
from tests.factories import a_member, a_user

ROOT = Path(__file__).resolve().parent.parent
OURS = ("studyhub", "content")


def our_models():
    return [m for m in apps.get_models() if m.__module__.split(".")[0] in OURS]


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m.__name__)
def test_every_model_says_what_personal_data_it_holds(model):
    assert "ersonal data" in (model.__doc__ or "")


def test_nothing_measures_or_ranks_people():
    """The refusals of the product: no field may come back under another name."""
    forbidden = re.compile(
        r"point|rank|streak|score_board|leaderboard|duration|dwell|latitude|face"
    )
    personal = ("people", "records", "learning")
    found = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        if model._meta.app_label in personal
        for field in model._meta.get_fields()
        if forbidden.search(field.name)
    ]
    assert found == []


def test_migrations_have_telling_names():
    names = [path.name for root in OURS for path in (ROOT / root).rglob("migrations/0*.py")]
    assert names
    assert not [name for name in names if "_auto_" in name]


def test_every_settings_environment_variable_is_documented():
    told = (ROOT / ".env.example").read_text("utf-8")
    asked = set()
    for path in (ROOT / "studyhub" / "settings").glob("*.py"):
        asked |= set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", path.read_text("utf-8")))
    assert asked
    assert {name for name in asked if name not in told} == set()


def test_nothing_is_documented_that_nobody_reads():
    named = set(
        re.findall(r"^([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    )
    code = "".join(path.read_text("utf-8") for root in OURS for path in (ROOT / root).rglob("*.py"))
    addresses = {base.variable for base in registry.bases()}
    assert named > addresses
    assert {name for name in named - addresses if f'"{name}"' not in code} == set()


def run_production(*words, **env):
    base = {k: v for k, v in os.environ.items() if not k.startswith(("STUDYHUB", "DJANGO"))}
    return subprocess.run(
        [sys.executable, *(words or ("-c", "import django; django.setup()"))],
        cwd=ROOT,
        env=base | {"DJANGO_SETTINGS_MODULE": "studyhub.settings.production"} | env,
        capture_output=True,
        text=True,
        timeout=60,
    )


SOUND = {
    "STUDYHUB_ENV": "production",
    "STUDYHUB_SECRET_KEY": "7Qm-vX2_sK9wZr4T.bN8yLc1Hd6JgUf3PaWe5RxSoVtIiBqMz0kEnYhCjDlGuFp",
    "STUDYHUB_FIELD_KEYS": "hA4nM9xqkT2Zy7sVb0RfLw8dJc5GuPe1XoKiNtWzQ3E=",
    "STUDYHUB_PUBLIC_URL": "https://study.example.org",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"STUDYHUB_SECRET_KEY": ""}, "STUDYHUB_SECRET_KEY 没有设置"),
        ({"STUDYHUB_SECRET_KEY": "a" * 50}, "STUDYHUB_SECRET_KEY 太短或太容易猜"),
        ({"STUDYHUB_FIELD_KEYS": ""}, "STUDYHUB_FIELD_KEYS 没有设置"),
        ({"STUDYHUB_FIELD_KEYS": "broken"}, "第 1 个不是有效的随机密钥"),
        ({"STUDYHUB_PUBLIC_URL": "http://study.example.org"}, "STUDYHUB_PUBLIC_URL 必须是"),
        ({"STUDYHUB_ALLOWED_HOSTS": "*"}, "STUDYHUB_ALLOWED_HOSTS 不能是 *"),
        ({"STUDYHUB_CHANNELS": "sandbox"}, "STUDYHUB_CHANNELS"),
        ({"STUDYHUB_SECOND_FACTOR_ROLES": "admin,chief"}, "没有“chief”这个角色"),
        ({"STUDYHUB_REVIEW_LEVELS": "0"}, "STUDYHUB_REVIEW_LEVELS"),
        ({"STUDYHUB_TWIN_LEVELS": "0"}, "STUDYHUB_TWIN_LEVELS"),
        ({"DEBUG": "yes"}, "DEBUG"),
    ],
)
def test_production_refuses_to_start_on_demo_settings(tmp_path, change, complaint):
    done = run_production(**(SOUND | {"STUDYHUB_VAR": str(tmp_path)} | change))
    assert done.returncode != 0
    assert "生产环境拒绝启动" in done.stderr
    assert complaint in done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert "请" in last or "必须" in last


@pytest.mark.slow
def test_commands_say_in_one_sentence_what_the_settings_lack(tmp_path):
    unfinished = SOUND | {"STUDYHUB_VAR": str(tmp_path), "S3_BUCKET": "files"}
    done = run_production("manage.py", "check", **unfinished)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "还要写 S3_ENDPOINT_URL" in done.stderr


@pytest.mark.slow
def test_production_starts_on_sound_settings(tmp_path):
    done = run_production(**SOUND, STUDYHUB_VAR=str(tmp_path))
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_production_refuses_a_database_with_demo_accounts(settings):
    refuse_unsafe_data()
    a_user("member01", is_demo=True)
    refuse_unsafe_data()
    settings.DEMO_ALLOWED = False
    with pytest.raises(ImproperlyConfigured, match="member01"):
        refuse_unsafe_data()


PUT_A_DEMO_ACCOUNT = """
import django; django.setup()
from studyhub.people.models import User
User.objects.create_user("member01", is_demo=True)
"""


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize(
    ("app", "process"), [("studyhub", "worker"), ("studyhub", "beat"), ("studyhub.beat", "beat")]
)
def test_workers_and_the_scheduler_refuse_it_too(
    django_db_setup, django_db_blocker, tmp_path, app, process
):
    with django_db_blocker.unblock():
        if connection.vendor != "sqlite":
            pytest.skip("the worker of this test keeps a database of its own")
        shutil.copy(connection.settings_dict["NAME"], tmp_path / "studyhub.sqlite3")
    run_production("-c", PUT_A_DEMO_ACCOUNT, **SOUND, STUDYHUB_VAR=str(tmp_path))
    done = run_production("-m", "celery", "-A", app, process, **SOUND, STUDYHUB_VAR=str(tmp_path))
    assert done.returncode != 0
    assert "member01" in done.stderr


@pytest.mark.django_db
def test_a_database_written_under_a_key_that_is_missing_is_refused(settings):
    settings.DEMO_ALLOWED = False
    a_member("其其格")
    refuse_unsafe_data()
    settings.FIELD_KEYS = [SOUND["STUDYHUB_FIELD_KEYS"]]
    with pytest.raises(ImproperlyConfigured, match="旧密钥加回"):
        refuse_unsafe_data()


@pytest.mark.django_db
def test_a_token_is_printed_once_and_works(capsys, client):
    a_user("integrator")
    call_command("api_token", "create", "integrator")
    token = capsys.readouterr().out.strip()
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["user"]["login"] == "integrator"
    assert (
        client.get("/api/cms/pages/", headers={"Authorization": f"Bearer {token}"}).status_code
        == 200
    )


def test_the_sandbox_is_mounted_here_and_every_url_resolves():
    assert get_resolver().resolve("/sandbox/")


def test_no_test_module_imports_another():
    """What two of them need lies in a module of its own, so that each can be read and run alone."""
    imports = re.compile(
        r"^(?:from|import) tests\S*\.test_|^from tests\S* import .*\btest_", re.MULTILINE
    )
    found = [p.name for p in (ROOT / "tests").rglob("*.py") if imports.search(p.read_text("utf-8"))]
    assert found == []


def test_what_goes_by_the_clock_is_a_task():
    app.loader.import_default_modules()
    named = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert named
    assert named <= set(app.tasks)


@pytest.mark.once
def test_figures_are_told_by_what_becomes_a_number():
    """``"²".isdigit()`` is true, and ``int("²")`` an error that nobody expects."""
    code = [path for top in ("content", "studyhub") for path in (ROOT / top).rglob("*.py")]
    assert [path.name for path in code if ".isdigit()" in path.read_text("utf-8")] == []


@pytest.mark.once
def test_what_something_costs_is_measured_by_the_bench_alone():
    """A stopwatch in a test fails on a slow day and passes on a quick one, whatever was changed."""
    watches = ("process_time", "perf_counter")
    tests = [path for path in (ROOT / "tests").rglob("*.py") if "bench" not in path.parts]
    timed = [path.name for path in tests if any(one in path.read_text("utf-8") for one in watches)]
    assert timed == [Path(__file__).name]
