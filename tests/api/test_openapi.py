"""The description of the API is a committed snapshot: it changes only on purpose."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client

from studyhub.api.api import api as the_api

SNAPSHOT = Path(__file__).with_name("openapi.json")


def described() -> dict:
    return json.loads(json.dumps(the_api.get_openapi_schema(), default=str))


def test_the_description_changes_only_on_purpose():
    """After a change on purpose: STUDYHUB_WRITE_SNAPSHOT=1 pytest tests/api/test_openapi.py"""
    text = json.dumps(described(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("STUDYHUB_WRITE_SNAPSHOT"):
        SNAPSHOT.write_text(text, "utf-8")
    assert SNAPSHOT.read_text("utf-8") == text


@pytest.mark.django_db
def test_the_documentation_page_opens():
    assert Client().get("/api/v1/docs").status_code == 200
    assert Client().get("/api/v1/openapi.json").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/v1/openapi.json", "/api/cms/openapi.json"])
def test_asking_for_it_over_and_over_makes_it_once(address, monkeypatch):
    """Anybody may ask, and making it takes longer than any page."""
    first = Client().get(address).content
    monkeypatch.setattr("ninja.main.get_schema", lambda **_: pytest.fail("made again"))
    assert Client().get(address).content == first
