"""How one reads: one cookie, the same bytes for everybody, with and without a script."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from studyhub.web.appearance import CHOICES, COOKIE, Appearance
from tests.web.factories import a_full_lesson

choices = {name: st.sampled_from(values) for name, values in CHOICES.items()}
appearances = st.builds(Appearance, **choices)
OWN = {"Sec-Fetch-Site": "same-origin"}


@given(appearances)
def test_an_appearance_survives_its_cookie(appearance):
    assert Appearance.read(appearance.cookie()) == appearance


@given(appearances, st.lists(st.text(max_size=12), max_size=4), st.randoms())
def test_what_does_not_belong_into_the_cookie_is_dropped(appearance, junk, chance):
    parts = appearance.cookie().split("_") + [part.replace("_", "") for part in junk]
    parts = [p for p in parts if p in appearance.cookie().split("_") or not _is_choice(p)]
    chance.shuffle(parts)
    assert Appearance.read("_".join(parts)) == appearance


def _is_choice(part):
    name, _, value = part.partition(".")
    return bool(value) and value in CHOICES.get(name, ())


@given(appearances)
def test_the_sheet_without_a_script_holds_no_condition_and_nothing_unasked(appearance):
    css = appearance.css()
    assert "[data-" not in css
    assert ("font-size: 187.5%" in css) == (appearance.size == "30")
    assert ("#1b1714" in css) == (appearance.theme == "dark")
    assert (".picture" in css) == bool(appearance.saver)
    assert (".flat" in css) != bool(appearance.saver)
    assert ("--small" in css) == bool(appearance.elder)


def test_the_sheet_is_asked_for_only_where_scripts_do_not_run(client, lesson):
    text = client.get(lesson.url).content.decode()
    assert '<noscript><link rel="stylesheet" href="/look.css"></noscript>' in text
    assert text.count("/look.css") == 1


def test_the_sheet_is_the_readers_own_and_not_sent_twice(client, db):
    client.cookies[COOKIE] = "size.26"
    first = client.get("/look.css")
    assert "font-size: 162.5%" in first.content.decode()
    assert (first["Cache-Control"], first["Vary"]) == ("private, no-cache", "Cookie")
    again = client.get("/look.css", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    client.cookies[COOKIE] = "size.30"
    assert client.get("/look.css", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_form_remembers_for_a_year_and_goes_back(client, db):
    form = {"elder": "1", "size": "26", "theme": "dark", "saver": "1", "next": "/courses/?a=1"}
    response = client.post("/settings/", form, headers=OWN)
    cookie = response.cookies[COOKIE]
    assert (response.status_code, response["Location"]) == (302, "/courses/?a=1")
    assert cookie.value == "size.26_theme.dark_elder.1_saver.1"
    assert (cookie["max-age"], cookie["samesite"]) == (365 * 24 * 3600, "Lax")
    assert not cookie["httponly"]  # the script reads and writes it
    assert "csrftoken" not in response.cookies


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_the_way_back_never_leaves_the_site(client, db, elsewhere):
    response = client.post("/settings/", {"next": elsewhere}, headers=OWN)
    assert response["Location"] == "/"


def test_a_strangers_page_changes_nothing_and_that_is_said(client, db):
    stranger = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    response = client.post("/settings/", {"size": "30"}, headers=stranger)
    assert COOKIE not in response.cookies
    assert "没有存上" in response.content.decode()


class Checked(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.values = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if "checked" in attributes:
            self.values[attributes["name"]] = attributes["value"]


@pytest.mark.parametrize(
    ("cookie", "shown"),
    [
        ("", {}),
        ("elder.1", {"elder": "1", "size": "22"}),
        ("size.30_theme.dark_saver.1", {"size": "30", "theme": "dark", "saver": "1"}),
        ("mongolian.1", {"mongolian": "1"}),
    ],
)
def test_the_form_shows_what_holds_now(client, db, cookie, shown):
    client.cookies[COOKIE] = cookie
    response = client.get("/settings/", headers={"Referer": "http://testserver/courses/"})
    assert Checked(response.content.decode()).values == dict.fromkeys(CHOICES, "") | shown
    assert response["Cache-Control"] == "private, no-store"
    assert 'name="next" value="/courses/"' in response.content.decode()


def test_a_chosen_appearance_changes_no_shared_page(lesson):
    plain, chosen = Client(), Client()
    chosen.cookies[COOKIE] = "size.30_elder.1_saver.1"
    assert plain.get(lesson.url).content == chosen.get(lesson.url).content


def test_every_page_offers_elder_view(client, lesson, site):
    for path in ("/", lesson.url, "/courses/", "/sites/", "/login/", "/settings/", "/nothing/"):
        text = client.get(path).content.decode()
        assert '<a class="eyes" href="/settings/">' in text, path


def test_a_picture_says_its_size_to_everybody_and_waits_for_its_turn(client, course):
    text = client.get(a_full_lesson(course=course).url).content.decode()
    figure = re.search(r'<figure class="picture">.*?</figure>', text, re.DOTALL)[0]
    source = re.search(r'src="([^"]+)"', figure)[1]
    assert re.search(rf'href="{re.escape(source)}">看图（\d+ KB）</a>', figure)
    assert 'loading="lazy"' in figure
