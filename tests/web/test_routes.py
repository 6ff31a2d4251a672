"""The addresses that scripts know are those of Django's own table."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import get_resolver, reverse

from studyhub.api.api import api
from studyhub.web import urls
from tests import factories as make

WEB = Path(finders.find("web/routes.js")).parent
LESSON = "0198c0de-0000-7000-8000-00000000abcd"
SOURCE = (WEB / "routes.js").read_text("utf-8")
TABLE = dict(re.findall(r'^  (\w+): "(.*?)",$', SOURCE, re.MULTILINE))
PAGES = {
    "corrections": "corrections",
    "lead": "lead",
    "ledReceipts": "lead_receipts",
    "login": "login",
    "move": "move",
    "offline": "offline",
    "ownReceipts": "own_receipts",
    "ownRecord": "me",
    "receipts": "receipts",
    "settings": "settings",
    "worker": "worker",
    "workerConfig": "worker_config",
}
OF_THE_API = {*TABLE} - {*PAGES} - {"api", "courses", "sites"}
# Kept on phones, or shown there without being asked for again.
FOR_WORKERS = {"offline", "search", "sheets", "media", "privacy"}
ADDRESS = re.compile(
    r"""["'`(]/(?:api|me|offline|login|study|courses|lead|settings|receipts|sw)\b"""
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_the_table_of_scripts_is_where_django_has_it(name):
    assert TABLE[name] == reverse(PAGES[name])


@pytest.fixture(scope="module")
def schema():
    return api.get_openapi_schema(path_prefix=TABLE["api"])


@pytest.mark.parametrize("name", sorted(OF_THE_API))
def test_what_scripts_ask_the_api_for_is_in_its_schema(schema, name):
    assert TABLE["api"] + TABLE[name] in schema["paths"]


def test_courses_stand_where_scripts_look_for_them(db):
    make.a_tree()
    course = make.a_course(slug="changzheng")
    assert course.url == TABLE["courses"] + "changzheng/"


def test_the_address_of_ones_own_record_of_a_lesson_is_the_same_in_scripts():
    assert reverse("study", args=[LESSON]) == f"/study/{LESSON}/"
    assert '"/study/" + lesson + "/"' in SOURCE


@pytest.mark.parametrize("path", sorted(WEB.glob("*.js")), ids=lambda path: path.name)
def test_no_script_but_the_table_writes_an_address_out(path):
    assert path.name == "routes.js" or not ADDRESS.search(path.read_text("utf-8"))


def test_a_worker_looks_at_no_address_but_those_it_is_meant_to_serve(client, db):
    found = re.search(r"const ROUTES = (\{.*?\});\n", client.get("/sw.js").content.decode())[1]
    first = {re.split(r"[/.]", str(one.pattern).lstrip("^"))[0] for one in _own_patterns()}
    beginnings = {name for name in first if name} - {"manifest"}
    assert beginnings - {*json.loads(found)["notHere"]} == FOR_WORKERS


def _own_patterns():
    """Of the site's root, and of what is included there without a prefix; not Wagtail's pages."""
    *root, _ = get_resolver(settings.ROOT_URLCONF).url_patterns
    return [*(one for one in root if str(one.pattern)), *urls.urlpatterns]
