"""The site is the organisation's: its words stand wherever a name stands, ours nowhere."""

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from content import catalogue, printed_lesson, single_file
from studyhub.channels.rendering import build_post
from studyhub.organisation.models import Organisation
from tests import factories as make

pytestmark = pytest.mark.django_db

WORDS = {
    "name": "扎鲁特旗委组织部",
    "mark": "扎旗",
    "place_code": "150526",
    "contact": "党员教育股 0475-7220000",
    "complaints": "12380",
    "filing": "蒙ICP备12345678号-1",
    "welcome": "离家再远，也是组织里的人",
    "footer": "每月一课，不落一人",
    "privacy": "只记学完了哪一课。\n\n别的不记。",
}


@pytest.fixture
def organisation():
    return Organisation.objects.create(pk=1, **WORDS)


@pytest.fixture
def lesson():
    return make.a_lesson()


def page(client, path):
    return client.get(path).content.decode()


@pytest.mark.parametrize(
    "path", ["/", "/courses/", "/sites/", "/login/", "/offline/", "/offline/lesson/", "/privacy/"]
)
def test_every_page_carries_its_name_and_how_to_reach_it(client, organisation, path):
    shown = page(client, path)
    for key in ("name", "mark", "contact", "complaints", "filing", "footer"):
        assert WORDS[key] in shown, key
    assert "指尖课堂" not in shown


def test_an_article_on_a_channel_is_by_the_organisation(organisation, lesson):
    content = catalogue.content(lesson.translation_key)
    by = {kind: build_post(content, kind=kind, marker="m").author for kind in ("wechat", "folder")}
    assert by == {"wechat": WORDS["name"], "folder": WORDS["name"]}


@pytest.mark.parametrize(
    ("name", "mark", "author"),
    [
        ("", "", "指尖课堂"),
        ("长" * 16, "扎旗", "长" * 16),
        ("长" * 17, "扎旗", "扎旗"),
        ("长" * 17, "", "长" * 16),
    ],
)
def test_a_name_too_long_for_a_channel_stops_no_article(lesson, name, mark, author):
    Organisation.objects.create(pk=1, name=name, mark=mark)
    content = catalogue.content(lesson.translation_key)
    assert build_post(content, kind="wechat", marker="m").author == author


def test_a_lesson_a_file_and_a_page_that_is_not_there_carry_it_too(client, organisation, lesson):
    assert f"{lesson.title} - {WORDS['name']}" in page(client, lesson.url)
    assert WORDS["name"] in page(client, "/nowhere/")
    pack = page(client, f"/api/v1/lessons/{lesson.translation_key}/pack")
    assert WORDS["name"] in pack
    assert "指尖课堂" not in pack


def test_the_front_page_welcomes_in_its_words(client, organisation):
    assert WORDS["welcome"] in page(client, "/")
    assert "<p>别的不记。</p>" in page(client, "/privacy/")


def test_home_screen_and_feeds_carry_its_name(client, organisation, lesson):
    told = client.get("/manifest.webmanifest").json()
    assert (told["name"], told["short_name"]) == (WORDS["name"], WORDS["mark"])
    for feed in ("lessons.rss", "lessons.json", "videos.rss"):
        assert WORDS["name"] in page(client, f"/feeds/{feed}")


def test_the_printed_sheet_carries_its_name(organisation, lesson):
    content = catalogue.content(lesson.translation_key)
    assert printed_lesson._sheet_data(content, {})["organisation"] == WORDS["name"]


def test_another_name_is_seen_everywhere_at_once(client, organisation, lesson):
    """What others keep is asked for by a tag, which is another one now."""
    pack = f"/api/v1/lessons/{lesson.translation_key}/pack"
    sheet = f"/sheets/{lesson.translation_key}.pdf"
    paths = ("/", lesson.url, pack, sheet, "/feeds/lessons.rss", "/offline/")
    before = {path: client.get(path)["ETag"] for path in paths}
    shell = client.get("/sw.js").content
    organisation.name = "科尔沁区委组织部"
    organisation.save()
    caches["process"].clear()
    for path in paths:
        answer = client.get(path, headers={"If-None-Match": before[path]})
        assert answer.status_code == 200, path
    assert client.get("/sw.js").content != shell
    assert single_file.form() != printed_lesson.form()


def test_neutral_words_stand_where_nobody_wrote_any(client):
    shown = page(client, "/")
    assert "今天，学一小课" in shown
    assert "有事找人" not in shown
    assert "投诉举报" not in shown
    assert "不记您的位置" in page(client, "/privacy/")


def test_there_is_one_organisation(organisation):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(pk=2, name="另一家")
    assert Organisation.load() == organisation


@pytest.mark.parametrize("code", ["15052", "1505260", "990000", "15O526", "１５０５２６"])
def test_a_code_that_is_no_place_is_refused_in_words(code):
    with pytest.raises(ValidationError, match="行政区划代码"):
        Organisation(pk=1, place_code=code).full_clean()


@pytest.mark.parametrize("mark", ["扎", "扎鲁特旗委", "扎 旗"])
def test_a_mark_is_two_to_four_characters(mark):
    with pytest.raises(ValidationError) as refused:
        Organisation(pk=1, mark=mark).full_clean()
    assert "mark" in refused.value.message_dict


def test_administrators_edit_it_at_the_desk_and_editors_do_not(client, organisation):
    form = f"/cms/settings/organisation/organisation/{organisation.pk}/"
    client.force_login(make.a_user("admin", is_superuser=True))
    assert "单位名称" in page(client, form)
    sent = client.post(form, {**WORDS, "name": "新的名字"})
    assert sent.status_code == 302
    assert Organisation.current().name == "新的名字"
    editor = make.a_user("editor")
    editor.groups.add(*editor.groups.model.objects.filter(name="editor"))
    client.force_login(editor)
    assert client.get(form).status_code == 302


def test_the_words_cost_no_query_once_they_are_known(organisation, django_assert_num_queries):
    Organisation.current()
    with django_assert_num_queries(0):
        assert Organisation.current().name == WORDS["name"]
