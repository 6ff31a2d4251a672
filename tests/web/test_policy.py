"""What our pages may load and run, and that the one inline script is the one that is allowed."""

import base64
import hashlib
import re

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


def test_the_editor_and_what_is_no_page_are_left_alone(client, lesson):
    for path in ("/cms/login/", "/api/v1/docs", "/api/v1/courses", "/feeds/lessons.rss"):
        assert HEADER not in client.get(path), path


def test_an_uploaded_file_runs_nothing(client, db):
    assert client.get("/media/nothing.svg")[HEADER] == "default-src 'none'; sandbox"


def test_a_view_that_says_something_else_is_heard():
    own = HttpResponse("<p>", headers={HEADER: "default-src 'none'"})
    answer = ContentSecurityPolicy(lambda request: own)(RequestFactory().get("/"))
    assert answer[HEADER] == "default-src 'none'"


def test_pictures_from_a_storage_elsewhere_are_shown(settings):
    settings.MEDIA_URL = "https://files.example.org/bucket/"
    assert "img-src 'self' data: blob: https://files.example.org;" in policy()
