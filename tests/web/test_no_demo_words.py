"""What a system that was set up shows to anybody: its own words, and nothing of the demo's."""

import io
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from content.models import LessonPage
from studyhub.people.models import User
from tests.factories import publish_page

# It reads words, whatever database answers.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.usefixtures("few_starter_lessons"),
]

DEMO = re.compile(r"演示|demo", re.IGNORECASE)
# The product's own name, but where it is credited with a drawing (CC BY).
OURS = re.compile(rf"{DEMO.pattern}|指尖课堂(?!自绘示意图)", re.IGNORECASE)
LINK = re.compile(r'(?:href|src)="(/[^"#]*)"')
PUBLIC = [
    "/",
    "/courses/",
    "/nowhere/",
    "/login/",
    "/privacy/",
    "/offline/lesson/",
    "/manifest.webmanifest",
    "/feeds/lessons.rss",
    "/feeds/lessons.json",
    "/feeds/videos.rss",
    "/api/v1/lessons",
    "/setup/",
]


@pytest.fixture
def county(db, monkeypatch):
    """Set up by the command, its starter lessons reviewed and published."""
    monkeypatch.setattr("sys.stdin", io.StringIO("caoyuan-2026-qiu\n"))
    call_command(
        "setup",
        organisation="扎鲁特旗委组织部",
        code="150526",
        contact="党员教育股",
        admin="gaowa",
        password_stdin=True,
        starter_lessons=True,
        stdout=io.StringIO(),
    )
    return [publish_page(page) for page in LessonPage.objects.all()]


def _walk(client, start):
    """Every page that leads from these to others, and what it says."""
    seen, ahead = {}, list(start)
    while ahead:
        path = ahead.pop()
        if path in seen or path.startswith(("/static/", "/media/", "/logout/", "/sandbox/")):
            continue
        answer = client.get(path, follow=True)
        seen[path] = b"".join(answer).decode("utf-8", "replace") if answer.content else ""
        if answer["Content-Type"].startswith("text/html"):
            ahead += LINK.findall(seen[path].replace("&amp;", "&"))
    return seen


def test_public_pages_and_files_carry_no_word_of_the_demo(county, client):
    packs = [f"/api/v1/lessons/{page.translation_key}/pack" for page in county]
    pages = _walk(client, [*PUBLIC, *packs])
    assert {page.url for page in county} <= pages.keys()
    assert len(pages) > 20
    assert {path: found[0] for path, text in pages.items() if (found := OURS.search(text))} == {}


def test_neither_do_the_desk_and_the_worker(county):
    desk = Client()
    desk.force_login(User.objects.get())
    for path in ("/cms/", "/cms/pages/", "/me/", reverse("lead")):
        found = DEMO.search(desk.get(path, follow=True).content.decode())
        assert found is None, (path, found)
    assert not DEMO.search(desk.get("/sw.js").content.decode())
