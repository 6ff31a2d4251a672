"""What our pages may load and run, and that the one inline script is the one that is allowed."""

import base64
import hashlib
import re

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory

from studyhub.web.policy import APPEARANCE_SCRIPT, ContentSecurityPolicy, policy

HEADER = "Content-Security-Policy"


def inline(text):
    return re.findall(r"<script>(.*?)</script>", text, re.DOTALL)


def test_the_allowed_script_is_the_one_in_the_head():
    [script] = inline(render_to_string("components/appearance_script.html"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"sha256-{digest}" == APPEARANCE_SCRIPT


def test_every_page_carries_the_same_script_first_and_the_policy(client, lesson, site):
    found = set()
    for path in ("/", lesson.url, "/courses/", "/sites/", "/login/", "/settings/", "/nothing/"):
        response = client.get(path)
        text = response.content.decode()
        [script] = inline(text)
        found.add(script)
        assert text.index("<script>") < text.index("stylesheet"), path
        assert response[HEADER] == policy(), path
    assert len(found) == 1


def test_nothing_inline_runs_but_that_script():
    rule = dict(part.split(" ", 1) for part in policy().split("; "))
    assert rule["script-src"] == f"'self' '{APPEARANCE_SCRIPT}'"
    assert (rule["object-src"], rule["base-uri"]) == ("'none'", "'none'")


def test_what_is_no_page_is_left_alone(client, lesson):
    for path in ("/feeds/lessons.rss", "/sw.js", "/manifest.webmanifest", "/healthz"):
        assert HEADER not in client.get(path), path


@pytest.mark.parametrize("path", ["/api/v1/courses", "/api/v1/me", "/api/cms/pages/", "/api/x"])
def test_an_answer_for_programs_is_text_wherever_it_is_opened(client, lesson, path):
    assert client.get(path)[HEADER] == "default-src 'none'; frame-ancestors 'none'"


def test_at_the_desk_nothing_runs_that_comes_from_elsewhere(admin_client, lesson):
    for path in ("/cms/", f"/cms/pages/{lesson.pk}/edit/", "/cms/images/", "/cms/documents/"):
        answer = admin_client.get(path)
        assert answer.status_code == 200, path
        assert "script-src 'self' 'unsafe-inline';" in answer[HEADER]
        assert "default-src 'self'" in answer[HEADER]
        assert foreign(answer.content.decode()) == []


@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/cms/docs/"])
def test_the_documentation_of_an_interface_loads_and_runs_nothing(client, db, path):
    answer = client.get(path)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer[HEADER] == policy()
    assert foreign(text) == []
    assert "<script" not in text


def test_it_names_every_route_with_what_to_send(client, db):
    text = client.get("/api/v1/docs").content.decode()
    for words in (
        "POST /api/v1/me/records",
        "PATCH /api/v1/me",
        "device_id",
        "必填",
        "application",
    ):
        assert words in text, words


def test_no_page_asks_a_phone_for_camera_or_place(client, admin_client, lesson):
    for path in ("/", "/login/", "/api/v1/docs", "/nothing/"):
        assert "camera=(), microphone=(), geolocation=()" in client.get(path)["Permissions-Policy"]
    assert "geolocation=()" in admin_client.get("/cms/")["Permissions-Policy"]


def foreign(text):
    """Addresses of other sites that a page would load by itself."""
    loaded = r"""<(?:script|link|img|iframe|audio|video|source)[^>]+(?:src|href)=["']"""
    return re.findall(loaded + r"""((?:https?:)?//[^"']+)""", text)


def test_an_uploaded_file_runs_nothing(client, db):
    assert client.get("/media/nothing.svg")[HEADER] == "default-src 'none'; sandbox"


def test_a_view_that_says_something_else_is_heard():
    own = HttpResponse("<p>", headers={HEADER: "default-src 'none'"})
    answer = ContentSecurityPolicy(lambda request: own)(RequestFactory().get("/"))
    assert answer[HEADER] == "default-src 'none'"


def test_pictures_from_a_storage_elsewhere_are_shown(settings):
    settings.MEDIA_URL = "https://files.example.org/bucket/"
    assert "img-src 'self' data: blob: https://files.example.org;" in policy()
