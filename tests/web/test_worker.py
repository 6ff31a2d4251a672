"""The worker, its shell and the emergency switch; old files stay for phones with old pages."""

import json
import re
from importlib.resources import files

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client

from studyhub.organisation.models import Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    make.a_tree()
    return Client()


def shell(client):
    text = client.get("/sw.js").content.decode()
    return json.loads(re.match(r"const SHELL = (\{.*?\});\n", text)[1])


def test_the_worker_is_asked_for_anew_every_time(house):
    answer = house.get("/sw.js")
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")
    again = house.get("/sw.js", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_everything_the_shell_names_is_there(house):
    pages = [path for path in shell(house)["files"] if not path.startswith("/static/")]
    assert pages == ["/offline/", "/offline/lesson/", "/offline/page/"]
    for path in pages:
        assert house.get(path).status_code == 200


def test_every_script_is_in_the_shell_but_those_of_pages_that_need_the_network(house):
    web = files("studyhub.web").joinpath("static", "web")
    scripts = {path.name for path in (*web.iterdir(), *web.joinpath("vendor").iterdir())}
    kept = {path.rpartition("/")[2] for path in shell(house)["files"]}
    assert {name for name in scripts if name.endswith(".js")} - kept == {"receipt_page.js"}


def test_the_shell_changes_when_the_words_around_a_lesson_do(house, settings):
    before = shell(house)["version"]
    Organisation.objects.update_or_create(pk=1, defaults={"contact": "另一位联络员"})
    caches["process"].clear()
    assert shell(house)["version"] != before


def test_the_shell_is_the_same_for_everybody(house, sign_in):
    member = make.a_member("其其格")
    assert sign_in(member).get("/offline/").content == house.get("/offline/").content
    assert "其其格" not in sign_in(member).get("/offline/lesson/").content.decode()


def test_the_switch_takes_workers_away_and_nothing_else(house, settings):
    assert house.get("/sw-config.json").json() == {"kill": False}
    settings.SERVICE_WORKER_KILLED = True
    assert house.get("/sw-config.json").json() == {"kill": True}
    gone = house.get("/sw.js").content.decode()
    assert "unregister()" in gone
    assert "indexedDB" not in gone


def test_the_product_can_be_put_on_the_home_screen(house):
    told = house.get("/manifest.webmanifest").json()
    assert (told["start_url"], told["display"]) == ("/", "standalone")
    assert {icon["sizes"] for icon in told["icons"]} >= {"192x192", "512x512"}


@pytest.mark.slow
def test_files_of_an_earlier_deployment_stay(tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "studyhub.web.storage.StaticStorage"}
    }
    settings.STATIC_ROOT = tmp_path
    old = tmp_path / "web" / "lesson.0123456789ab.js"
    old.parent.mkdir()
    old.write_text("export {};")
    call_command("collectstatic", interactive=False, verbosity=0)
    assert old.exists()
    assert (tmp_path / "staticfiles.json").exists()


@pytest.mark.slow
def test_scripts_are_made_small_and_name_each_other_by_contents(tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "studyhub.web.storage.StaticStorage"}
    }
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    lesson = (tmp_path / names["web/lesson.js"]).read_text()
    for name in ("base.js", "keep.js", "queue.js", "listen.js", "reader.js"):
        assert names[f"web/{name}"].removeprefix("web/") in lesson
    assert "\n  " not in lesson
