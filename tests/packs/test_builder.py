"""Packs: whole, immutable, the same bytes again, and gone when the lesson is."""

import hashlib
import json

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from content import catalogue
from content.media import PHONE_SPEC
from content.models import LessonPage, PageProblem
from studyhub.packs import builder, wagtail_hooks
from studyhub.packs.builder import build_pack, stale_lessons
from studyhub.packs.heads import heads_since
from studyhub.packs.models import PackHead
from studyhub.packs.tasks import build_all, build_course
from studyhub.packs.wagtail_hooks import tell_the_weight
from tests import factories as make
from tests.web.factories import a_full_lesson, a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson():
    page = a_full_lesson()
    build_pack(page.translation_key)
    return page


def head_of(page):
    return PackHead.objects.get(lesson_key=page.translation_key)


def manifest(**query):
    return Client().get("/api/v1/offline/manifest", query).json()


def edit(page, heading="第一节", text="<p>改过了。</p>"):
    page = LessonPage.objects.get(pk=page.pk)
    raw = page.body.raw_data
    for item in raw:
        if item["type"] == "section" and item["value"]["heading"] == heading:
            item["value"]["text"] = text
    return make.publish_page(page)


def test_every_part_is_there_and_is_what_the_manifest_says(indexed, lesson):
    told = manifest()["lessons"][0]
    assert {asset["role"] for asset in told["assets"]} >= {"text", "image", "audio"}
    for asset in told["assets"]:
        answer = Client().get(asset["url"].removeprefix("http://testserver"))
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert hashlib.sha256(data).hexdigest() == asset["sha256"]
        assert len(data) == asset["bytes"]


def test_the_picture_of_a_question_is_a_part(indexed):
    picture = a_picture()
    told = {"image": picture.pk, "image_alt": "城门", "image_source": "县档案馆"}
    body = [make.section("第一节"), make.self_check([{**make.QUESTIONS[0], **told}])]
    build_pack(make.a_lesson(body=body).translation_key)
    [asset] = [one for one in manifest()["lessons"][0]["assets"] if one["role"] == "image"]
    assert asset["url"].endswith(picture.get_rendition(PHONE_SPEC).url)


def test_long_sound_can_be_fetched_and_checked_piece_by_piece(monkeypatch, indexed):
    monkeypatch.setattr(builder, "PIECE", 50)
    page = a_full_lesson()
    build_pack(page.translation_key)
    assets = manifest()["lessons"][0]["assets"]
    (sound,) = [asset for asset in assets if asset["role"] == "audio"]
    sums, start = [], 0
    while start < sound["bytes"]:
        wanted = {"range": f"bytes={start}-{start + 49}"}
        answer = Client(headers=wanted).get(sound["url"].removeprefix("http://testserver"))
        assert answer.status_code == 206
        sums.append(hashlib.sha256(b"".join(answer.streaming_content)).hexdigest())
        start += sound["pieces"]["bytes"]
    assert len(sums) > 2
    assert sums == sound["pieces"]["sha256"]
    assert not [asset for asset in assets if asset["role"] != "audio" and "pieces" in asset]


def test_only_text_and_pictures_are_stored_without_asking(lesson):
    told = manifest()["lessons"][0]
    optional = {asset["role"] for asset in told["assets"] if asset["optional"]}
    assert optional == {"audio"}
    needed = [asset["bytes"] for asset in told["assets"] if not asset["optional"]]
    assert told["bytes"] == sum(needed)


def test_the_text_of_a_pack_is_the_text_of_the_page(lesson):
    with default_storage.open(head_of(lesson).parts[0]["url"].removeprefix("/")) as file:
        text = file.read().decode()
    assert text in Client().get(lesson.get_url()).content.decode()


def test_building_again_changes_nothing(lesson):
    before = manifest()
    build_pack(lesson.translation_key)
    assert manifest() == before


def test_a_build_from_nothing_gives_the_same_bytes(lesson):
    before = manifest()["lessons"][0]
    PackHead.objects.all().delete()
    for part in before["assets"][:1]:
        default_storage.delete(part["url"].removeprefix("http://testserver/"))
    build_pack(lesson.translation_key)
    assert manifest()["lessons"][0] == before


def test_a_phone_hears_only_what_is_new(lesson):
    cursor = manifest()["cursor"]
    assert manifest(since=cursor)["lessons"] == []
    other = make.a_lesson(slug="other")
    build_pack(other.translation_key)
    assert [told["id"] for told in manifest(since=cursor)["lessons"]] == [
        str(other.translation_key)
    ]


@pytest.mark.parametrize("cursor", ["", "nonsense", "-", "9" * 40, "12345-abc", "-1", "\0"])
def test_an_unknown_cursor_gets_everything(lesson, cursor):
    assert len(manifest(since=cursor)["lessons"]) == 1


def test_a_cursor_from_before_a_restore_gets_everything(lesson):
    cursor = manifest()["cursor"]
    PackHead.objects.update(version="0" * 32)
    assert len(manifest(since=cursor)["lessons"]) == 1


def test_a_small_edit_is_minor_and_other_questions_are_major(lesson):
    edited = edit(lesson)
    build_pack(edited.translation_key)
    assert head_of(edited).change == "minor"
    raw = edited.body.raw_data
    for item in raw:
        if item["type"] == "self_check":
            item["value"]["pass_mark"] = 100
    make.publish_page(edited)
    build_pack(edited.translation_key)
    assert head_of(edited).change == "major"


def test_the_old_version_can_still_be_fetched_after_a_correction(lesson):
    old = head_of(lesson).parts[0]["url"]
    build_pack(edit(lesson).translation_key)
    answer = Client().get(old)
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]


def test_unpublishing_withdraws_at_once(lesson):
    cursor = manifest()["cursor"]
    lesson.unpublish()
    told = manifest(since=cursor)
    assert told["removed"] == [str(lesson.translation_key)]
    assert told["lessons"] == []


def test_publishing_again_brings_it_back(lesson):
    lesson.unpublish()
    make.publish_page(LessonPage.objects.get(pk=lesson.pk))
    build_pack(lesson.translation_key)
    assert [told["id"] for told in manifest()["lessons"]] == [str(lesson.translation_key)]
    assert manifest()["removed"] == []


def test_what_a_lost_hint_left_behind_is_found(lesson):
    assert list(stale_lessons()) == []
    edited = edit(lesson)
    other = make.a_lesson(slug="other")
    assert set(stale_lessons()) == {edited.translation_key, other.translation_key}


def test_deleting_withdraws_at_once(lesson):
    lesson.delete()
    assert manifest()["removed"] == [str(lesson.translation_key)]


def test_a_lesson_that_went_without_a_word_is_found_and_withdrawn(lesson):
    LessonPage.objects.filter(pk=lesson.pk).update(live=False)
    assert list(stale_lessons()) == [lesson.translation_key]
    build_pack(lesson.translation_key)
    assert manifest()["removed"] == [str(lesson.translation_key)]


def test_a_moved_lesson_is_found(lesson):
    lesson.slug = "moved"
    lesson.save()
    assert list(stale_lessons()) == [lesson.translation_key]


def test_asking_for_some_lessons_answers_for_these(lesson):
    other = make.a_lesson(slug="other")
    build_pack(other.translation_key)
    told = manifest(ids=str(other.translation_key), since=manifest()["cursor"])
    assert [one["id"] for one in told["lessons"]] == [str(other.translation_key)]


@pytest.mark.parametrize("ids", ["x", "1,2", ",".join(["0" * 32] * 21)])
def test_ids_that_are_none_are_refused_in_words(lesson, ids):
    answer = Client().get("/api/v1/offline/manifest", {"ids": ids})
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_the_manifest_is_not_sent_twice(lesson):
    first = Client().get("/api/v1/offline/manifest")
    again = Client().get("/api/v1/offline/manifest", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


def test_what_changed_since_is_small_for_two_hundred_lessons(lesson):
    cursor = manifest()["cursor"]
    assert len(json.dumps(manifest(since=cursor))) < 200


def test_serials_rise_with_every_change(lesson):
    seen = [head_of(lesson).serial]
    for number in range(3):
        build_pack(edit(lesson, text=f"<p>第 {number} 稿。</p>").translation_key)
        seen.append(head_of(lesson).serial)
    assert seen == sorted(set(seen))
    assert heads_since("").cursor.startswith(str(seen[-1]))


def test_content_of_the_pack_names_nobody(lesson):
    member = make.a_member("其其格")
    assert member.name not in catalogue.lesson_html(lesson.translation_key)


def test_an_editor_hears_when_a_lesson_is_too_heavy_for_slow_phones(lesson, rf, monkeypatch):
    request = rf.get("/cms/")
    request.session = {}
    request._messages = FallbackStorage(request)
    tell_the_weight(request, lesson)
    assert list(request._messages) == []
    monkeypatch.setattr(wagtail_hooks, "HEAVY", 10)
    tell_the_weight(request, lesson)
    assert "换小图" in str(next(iter(request._messages)))


def test_the_lessons_around_a_published_one_name_it(course_of_three):
    first, second, _ = course_of_three
    build_course(str(first.translation_key), "changzheng")
    before = head_of(first).version
    second.unpublish()
    build_course(str(second.translation_key), "changzheng")
    assert head_of(first).version != before


@pytest.fixture
def course_of_three():
    course = make.a_course("changzheng")
    return [make.a_lesson(course, slug=f"l{n}") for n in range(3)]


def test_a_lesson_that_cannot_be_built_stops_no_other_and_its_editor_is_told(monkeypatch):
    course = make.a_course()
    bad, good = make.a_lesson(course, title="坏了的课"), make.a_lesson(course, title="好的课")
    whole = builder._search_part

    def search_part(lesson_key):
        if lesson_key == bad.translation_key:
            raise OSError("the disk is gone")
        return whole(lesson_key)

    monkeypatch.setattr(builder, "_search_part", search_part)
    build_all()
    assert list(PackHead.objects.values_list("lesson_key", flat=True)) == [good.translation_key]
    assert list(PageProblem.objects.values_list("page__title", "kind")) == [("坏了的课", "pack")]
    with pytest.raises(CommandError, match="坏了的课"):
        call_command("build_packs", verbosity=0)
    monkeypatch.undo()
    build_all()
    assert PackHead.objects.count() == 2
    assert not PageProblem.objects.exists()
