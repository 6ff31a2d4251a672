"""Where signed twins are: the page, the pack, the single file, the languages of the API; nowhere
else, and nowhere once the lesson is taken down."""

import hashlib

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from content import catalogue
from content.models import BlockTwin
from content.single_file import build_single_file
from content.twins.html import FONT, line_html
from content.twins.saving import withdraw_twin
from studyhub.packs.builder import build_pack
from studyhub.packs.models import PackHead
from studyhub.stored_pages import filling
from studyhub.stored_pages.models import PageChange
from tests import factories as make
from tests.content.twins import way

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    return Client()


def page_of(lesson):
    return Client().get(lesson.get_url()).content.decode()


def answer(api, lesson):
    return api.get(f"/api/v1/lessons/{lesson.translation_key}")


def all_signed(lesson, desk):
    for unit in way.units(lesson)[:3]:  # the head and the two required sections
        way.signed(lesson, desk, unit.id)


# The page -------------------------------------------------------------------------------------
def test_a_twin_stands_behind_its_block_and_the_font_comes_with_it(desk, lesson):
    way.signed(lesson, desk)
    text = page_of(lesson)
    assert text.index("第一节的正文") < text.index(way.WORD) < text.index("第二节的正文")
    assert 'href="#mongolian"' in text
    assert "mongolian.woff2" in text


def test_a_lesson_without_twins_has_neither_link_nor_font(desk, lesson):
    way.save(lesson, desk["saran"])
    assert "mongolian" not in page_of(lesson).split("<main", 1)[1]


def test_every_block_that_may_have_a_twin_shows_it_once(desk):
    picture = {"type": "timeline", "id": "", "value": {"title": "经过", "items": []}}
    body = [make.section("第一节"), {**picture, "id": "7e0a2f9e-50a1-4f5c-8a3f-0a4b5a7d0001"}]
    body += [make.section("第二节"), make.self_check()]
    lesson = make.a_lesson(body=body)
    for number, unit in enumerate(way.units(lesson)):
        way.signed(lesson, desk, unit.id, text=f"{way.WORD}{number}")
    text = page_of(lesson)
    assert [text.count(f"{way.WORD}{n}</") for n in range(4)] == [0, 0, 0, 0]  # digits are upright
    places = [text.index(f'{way.WORD}<span class="up">{n}</span>') for n in range(4)]
    assert places == sorted(places)
    assert text.count("data-end") == 2


def test_what_is_behind_says_so_above_the_old_words(desk, lesson):
    way.signed(lesson, desk)
    assert "中文已改" not in page_of(lesson)
    way.reword(lesson)
    text = page_of(lesson)
    assert text.index("中文已改") < text.index(way.WORD)


def test_nothing_that_is_typed_is_markup(desk, lesson):
    way.signed(lesson, desk, text=f"{way.WORD}<script>alert(1)</script>")
    assert "<script>alert" not in page_of(lesson)


@pytest.mark.parametrize(
    ("text", "upright"),
    [
        ("1", ["1"]),
        ("12 34", ["12", "34"]),
        ("1935", []),
        ("3.5", []),
        ("12:30", []),
        ("1950-53", []),
        (f"{way.WORD}\u202f8\u202f{way.WORD}", ["8"]),
    ],
)
def test_one_and_two_figures_stand_upright_and_longer_ones_lie(text, upright):
    html = line_html(text)
    parts = html.split('<span class="up">')[1:]
    assert [part.split("<")[0] for part in parts] == upright
    assert html.replace('<span class="up">', "").replace("</span>", "") == text


# Stored pages ---------------------------------------------------------------------------------
def test_a_draft_costs_no_stored_page_and_the_last_signature_renews_them(desk, lesson, settings):
    settings.STORED_PAGES, settings.PAGE_FILES = True, ""
    assert filling.refill()
    way.save(lesson, desk["saran"])
    assert not PageChange.objects.exists()
    way.sign(lesson, desk["bayar"])
    way.sign(lesson, desk["tuya"])
    assert PageChange.objects.exists()
    assert way.WORD in page_of(lesson)
    assert filling.refill()
    withdraw_twin(lesson, way.block(lesson))
    assert way.WORD not in page_of(lesson)


# Pack and single file -------------------------------------------------------------------------
def test_a_pack_carries_twins_and_the_font_as_it_is_served(desk, lesson):
    build_pack(lesson.translation_key)
    before = PackHead.objects.get()
    assert "font" not in {part["role"] for part in before.parts}
    way.signed(lesson, desk)
    build_pack(lesson.translation_key)
    after = PackHead.objects.get()
    font = next(part for part in after.parts if part["role"] == "font")
    with open(finders.find(FONT), "rb") as file:
        assert font["sha256"] == hashlib.sha256(file.read()).hexdigest()
    assert (font["type"], font["optional"]) == ("font/woff2", False)
    assert (after.version != before.version, after.change) == (True, "minor")


def test_the_last_signature_has_the_pack_built_anew(
    desk, lesson, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        way.signed(lesson, desk)
    assert "font" in {part["role"] for part in PackHead.objects.get().parts}


def test_a_single_file_has_the_words_and_the_font_within(desk, lesson):
    plain = build_single_file(catalogue.content(lesson.translation_key)).decode()
    assert "mongolian" not in plain
    way.signed(lesson, desk)
    whole = build_single_file(catalogue.content(lesson.translation_key)).decode()
    assert way.WORD in whole
    assert "url(data:font/woff2;base64," in whole
    assert "http" not in whole.split("<style>")[1].split("</style>")[0]
    assert len(whole) - len(plain) < 40_000


# The API --------------------------------------------------------------------------------------
def test_a_language_is_told_once_all_that_is_required_is_signed(desk, lesson, api):
    before = answer(api, lesson)
    assert before.json()["languages"] == ["zh-hans"]
    head, first, second, optional = way.units(lesson)
    way.signed(lesson, desk, optional.id)
    for unit in (head, first):
        way.signed(lesson, desk, unit.id)
    assert answer(api, lesson).json()["languages"] == ["zh-hans"]
    way.signed(lesson, desk, second.id)
    after = answer(api, lesson)
    assert after.json()["languages"] == ["zh-hans", "mn-Mong"]
    assert after["ETag"] != before["ETag"]
    assert after.json()["revision"] == 1


def test_a_lesson_that_was_taken_down_is_gone_in_every_script(desk, lesson, api):
    all_signed(lesson, desk)
    lesson.unpublish()
    assert answer(api, lesson).status_code == 404
    assert Client().get(lesson.get_url()).status_code == 404
    assert BlockTwin.objects.count() == 3  # kept for the day it comes back
    way.again(lesson).get_latest_revision().publish()
    assert answer(api, lesson).json()["languages"] == ["zh-hans", "mn-Mong"]


def test_feeds_stay_in_chinese(desk, lesson):
    all_signed(lesson, desk)
    for name in ("lessons.rss", "lessons.json", "videos.rss"):
        assert way.WORD not in Client().get(f"/feeds/{name}").content.decode()


def test_the_font_is_small_and_has_what_the_script_needs():
    with open(finders.find(FONT), "rb") as file:
        assert len(file.read()) <= 40_000
    with open(finders.find("content/mongolian.LICENSE.txt")) as file:
        assert "SIL OPEN FONT LICENSE Version 1.1" in file.read()
