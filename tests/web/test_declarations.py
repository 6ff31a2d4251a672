"""我已学完, from the end of a file that travelled: one record, and the rule still holds."""

from uuid import uuid4

import pytest
from django.test import Client

from studyhub.learning.progress import progress_of
from studyhub.learning.submissions import submit_form
from studyhub.records.models import Record
from tests import factories as make


@pytest.fixture
def path(lesson):
    return f"/c/{lesson.translation_key}/"


def test_one_signs_in_first_and_comes_back_to_the_same_revision(client, path):
    answer = client.get(f"{path}?v=1")
    assert answer["Location"] == f"/login/?next={path}%3Fv%3D1"


def test_looking_records_nothing_and_tells_what_will_be(sign_in, qiqige, path):
    text = sign_in(qiqige).get(f"{path}?v=1").content.decode()
    assert "只记一件事：您学完了这一课（第 1 版）" in text
    assert "读“" in text
    assert "通过自测" in text
    assert not Record.objects.exists()


def test_pressing_records_only_that_one_said_so(sign_in, qiqige, lesson, path):
    answer = sign_in(qiqige).post(f"{path}?v=1", follow=True)
    assert answer.redirect_chain == [(f"/study/{lesson.translation_key}/", 302)]
    record = Record.objects.get()
    assert (record.kind, record.revision, record.source) == ("lesson_finished", 1, "form")
    assert "已经记下" in answer.content.decode()
    assert "学完还差" in answer.content.decode()
    progress = progress_of(qiqige)[lesson.translation_key]
    assert (progress.status, progress.declared) == ("in_progress", True)


def test_whoever_has_read_and_passed_has_finished(sign_in, qiqige, lesson, path):
    outline = make.outline_of(lesson)
    read, _, attempt = make.whole_study(outline)
    kinds = [(record["kind"], record["data"]) for record in (read, attempt)]
    submit_form(member=qiqige, lesson_key=outline.lesson_key, revision=1, acts=kinds)
    sign_in(qiqige).post(f"{path}?v=1")
    assert progress_of(qiqige)[outline.lesson_key].status == "finished"


def test_the_revision_of_the_file_is_kept(sign_in, qiqige, lesson, path):
    lesson.title = "遵义会议（改）"
    make.publish_page(lesson)
    sign_in(qiqige).post(f"{path}?v=1")
    assert Record.objects.get().revision == 1


@pytest.mark.parametrize("number", ["", "0", "99", "-1", "x", "９", "²", "1" * 40])
def test_a_revision_that_never_was_counts_as_the_newest(sign_in, qiqige, path, number):
    sign_in(qiqige).post(f"{path}?v={number}")
    assert Record.objects.get().revision == 1


def test_who_said_so_before_need_not_again(sign_in, qiqige, path):
    client = sign_in(qiqige)
    client.post(f"{path}?v=1")
    text = client.get(f"{path}?v=1").content.decode()
    assert "不用再按" in text
    assert "我已学完，记上" not in text


def test_staff_without_a_record_are_told_and_nothing_is_stored(sign_in, db, path):
    text = sign_in(make.a_user("editor")).post(f"{path}?v=1").content.decode()
    assert "没有学习记录" in text
    assert not Record.objects.exists()


def test_another_site_cannot_press_for_somebody(qiqige, path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(qiqige.user)
    assert client.post(f"{path}?v=1").status_code == 403
    assert not Record.objects.exists()


def test_a_lesson_that_is_gone_says_so(sign_in, qiqige, lesson, path):
    lesson.unpublish()
    assert sign_in(qiqige).get(path).status_code == 404
    assert sign_in(qiqige).get(f"/c/{uuid4()}/").status_code == 404
