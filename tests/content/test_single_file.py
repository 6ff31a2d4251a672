"""The single-file lesson: everything in it, nothing fetched, nothing personal, the same bytes."""

import re
from pathlib import Path

import pytest

from content import catalogue, single_file
from studyhub.core.errors import Invalid
from tests import factories as make
from tests.web.factories import a_full_lesson

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(settings):
    settings.PUBLIC_URL = "https://study.example.org"
    return a_full_lesson(course=make.a_course())


def built(page):
    return single_file.build_single_file(catalogue.content(page.translation_key)).decode()


def test_every_block_is_in_it(lesson):
    text = built(lesson)
    for words in (
        "第一节的正文",
        "雪山下的队伍",
        "那一年雪很大",
        "1934年",
        "马灯",
        "红军不怕远征难",
        "于都",
        "队伍在哪里停下来开会？",
        "史实卡",
    ):
        assert words in text


def test_nothing_is_fetched_and_nothing_runs(lesson):
    text = built(lesson)
    fetched = re.findall(r'(?:src|srcset|data|poster)="([^"]*)"', text)
    assert fetched
    assert all(address.startswith("data:image/webp;base64,") for address in fetched)
    assert not re.search(r"<script|<link|<iframe|@import|url\(|\son\w+=", text)


def test_answers_are_folded_away_and_need_no_script(lesson):
    text = built(lesson)
    folded = re.findall(r"<details><summary>看答案</summary><p><strong>(.*?)</strong>", text)
    assert folded == ["遵义", "对", "20", "周恩来；毛泽东；王稼祥"]


def test_it_ends_with_a_link_and_a_code_that_record_after_signing_in(lesson):
    text = built(lesson)
    address = f"https://study.example.org/c/{lesson.translation_key}/?v=1"
    assert f'href="{address}"' in text
    assert '<figure class="qr"><svg' in text


def test_built_twice_it_is_the_same_to_the_byte(lesson):
    assert built(lesson) == built(lesson)


@pytest.mark.parametrize("name", ["single_file.css", "table.html", "element_html.py"])
def test_its_form_changes_with_whatever_gives_it_its_looks(name, monkeypatch):
    form, read = single_file._looks.__wrapped__, Path.read_bytes
    before = form()
    monkeypatch.setattr(Path, "read_bytes", lambda one: read(one) + b" " * (one.name == name))
    assert form() != before


def test_links_to_our_own_pages_lead_there_from_a_file(settings):
    settings.PUBLIC_URL = "https://study.example.org"
    body = [make.section("第一节", text='<p><a href="/sites/">去看看</a></p>')]
    assert 'href="https://study.example.org/sites/"' in built(make.a_lesson(body=body))


def test_text_stays_text():
    text = built(make.a_lesson(title="<script>alert(1)</script>"))
    assert "<script" not in text


def test_pictures_become_smaller_before_any_is_left_out(lesson, monkeypatch):
    whole = len(built(lesson))
    monkeypatch.setattr(single_file, "GOAL", 1)
    smaller = built(lesson)
    assert "data:image/webp" in smaller
    assert len(smaller) <= whole + 200


def test_pictures_that_do_not_fit_are_left_out_and_said_to_be(lesson, monkeypatch):
    content = catalogue.content(lesson.translation_key)
    (image_id,) = content.media.pictures
    bare = len(single_file._render(content, {image_id: ""}))
    monkeypatch.setattr(single_file, "GOAL", 1)
    monkeypatch.setattr(single_file, "LIMIT", bare + 10)
    text = built(lesson)
    assert "data:image" not in text
    assert "有 1 张图片太大，没有放进这个文件" in text
    assert "这里有一张图片，没有放进文件：雪山下的队伍" in text


def test_a_text_that_is_too_large_is_refused_in_words(lesson, monkeypatch):
    monkeypatch.setattr(single_file, "LIMIT", 100)
    with pytest.raises(Invalid, match="请编辑把它分成几课"):
        built(lesson)
