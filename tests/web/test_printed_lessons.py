"""The printed sheet over HTTP: set once, kept by revision, the older one cleared away."""

from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from content import printed_lesson
from tests import factories as make


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def kept(page):
    return default_storage.listdir(f"sheets/{page.translation_key}")[1]


def test_the_sheet_is_a_pdf_with_a_chinese_name(client, lesson):
    answer = client.get(f"/sheets/{lesson.translation_key}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''%E9%81%B5")


def test_it_is_set_once_and_then_kept(client, lesson, monkeypatch):
    path = f"/sheets/{lesson.translation_key}.pdf"
    first = client.get(path)
    monkeypatch.setattr(printed_lesson, "build_printed_lesson", None)  # to set it again would fail
    assert client.get(path).content == first.content
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_new_revision_replaces_the_kept_sheet(client, lesson):
    path = f"/sheets/{lesson.translation_key}.pdf"
    old = client.get(path)["ETag"]
    lesson.title = "遵义会议（改）"
    make.publish_page(lesson)
    assert client.get(path, headers={"If-None-Match": old}).status_code == 200
    assert len(kept(lesson)) == 1


def test_a_lesson_that_is_not_open_has_no_sheet(client, lesson):
    lesson.unpublish()
    assert client.get(f"/sheets/{lesson.translation_key}.pdf").status_code == 404
    assert client.get(f"/sheets/{uuid4()}.pdf").status_code == 404


def test_the_lesson_page_offers_file_and_sheet(client, lesson):
    text = client.get(lesson.url).content.decode()
    assert f'href="/api/v1/lessons/{lesson.translation_key}/pack" download' in text
    assert f'href="/sheets/{lesson.translation_key}.pdf"' in text
