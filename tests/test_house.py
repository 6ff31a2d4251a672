"""Rules of the house that no linter knows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.urls import get_resolver

from studyhub.people.startup import refuse_demo_accounts
from tests.factories import a_user

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


def run_production(**env):
    base = {k: v for k, v in os.environ.items() if not k.startswith(("STUDYHUB", "DJANGO"))}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=ROOT,
        env=base | {"DJANGO_SETTINGS_MODULE": "studyhub.settings.production"} | env,
        capture_output=True,
        text=True,
        timeout=60,
    )


SOUND = {
    "STUDYHUB_ENV": "production",
    "STUDYHUB_SECRET_KEY": "k" * 64,
    "STUDYHUB_FIELD_KEYS": "cmVhbC1yZWFsLXJlYWwtcmVhbC1yZWFsLXJlYWwtMDA=",
    "STUDYHUB_PUBLIC_URL": "https://study.example.org",
}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"STUDYHUB_SECRET_KEY": ""}, "STUDYHUB_SECRET_KEY"),
        ({"STUDYHUB_FIELD_KEYS": "ZGVtby1vbmx5LWRlbW8tb25seS1kZW1vLW9ubHktMDA="}, "FIELD_KEYS"),
        ({"STUDYHUB_CHANNELS": "sandbox"}, "STUDYHUB_CHANNELS"),
        ({"DEBUG": "1"}, "DEBUG"),
    ],
)
def test_production_refuses_to_start_on_demo_settings(tmp_path, change, complaint):
    done = run_production(**(SOUND | {"STUDYHUB_VAR": str(tmp_path)} | change))
    assert done.returncode != 0
    assert "生产环境拒绝启动" in done.stderr
    assert complaint in done.stderr


@pytest.mark.slow
def test_production_starts_on_sound_settings(tmp_path):
    done = run_production(**SOUND, STUDYHUB_VAR=str(tmp_path))
    assert done.returncode == 0, done.stderr


@pytest.mark.django_db
def test_production_refuses_a_database_with_demo_accounts(settings):
    refuse_demo_accounts()
    a_user("member01", is_demo=True)
    refuse_demo_accounts()
    settings.DEMO_ALLOWED = False
    with pytest.raises(ImproperlyConfigured, match="member01"):
        refuse_demo_accounts()


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
