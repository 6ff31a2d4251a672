"""With its files in a bucket the site is the same site: same addresses, same refusals.

The server that speaks S3 is moto's: its rules are those of the published interface, its speed and
its failures are not those of any real one.
"""

import hashlib

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.test import Client

from content import catalogue
from studyhub.packs.models import PackHead
from studyhub.settings.files import FOLDER, file_storage
from tests import factories as make
from tests.web.bucket.conftest import bytes_of
from tests.web.factories import a_sound

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def addresses(page):
    media = catalogue.content(page.lesson_key).media
    return [one.url for one in (*media.pictures.values(), *media.recordings.values())]


def test_pictures_and_sound_come_from_the_bucket_under_our_addresses(lesson):
    shown = addresses(lesson)
    assert len(shown) > 1
    for url in shown:
        assert url.startswith("/media/")
        whole, piece = Client().get(url), Client().get(url, headers={"Range": "bytes=5-9"})
        assert (whole.status_code, piece.status_code) == (200, 206)
        assert bytes_of(piece) == bytes_of(whole)[5:10]


def test_nothing_is_left_in_a_folder_of_this_machine(lesson, settings):
    assert list(default_storage.bucket.objects.all())
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_the_pack_of_a_lesson_is_whole(lesson):
    parts = PackHead.objects.get(lesson_key=lesson.translation_key).parts
    assert len(parts) > 2
    for part in parts:
        answer = Client().get(part["url"])
        assert answer.status_code == 200, part["url"]
        assert hashlib.sha256(bytes_of(answer)).hexdigest() == part["sha256"]


def test_of_a_printed_lesson_only_the_newest_is_kept(lesson):
    first, second = (Client().get(f"/sheets/{lesson.lesson_key}.pdf") for _ in range(2))
    assert bytes_of(first).startswith(b"%PDF")
    assert bytes_of(first) == bytes_of(second)
    lesson.title = "另一个题目"
    make.publish_page(lesson)
    Client().get(f"/sheets/{lesson.lesson_key}.pdf")
    assert len(list(default_storage.bucket.objects.filter(Prefix="sheets/"))) == 1


def test_a_file_of_a_draft_is_not_there_for_strangers(bucket):
    address = a_sound().file.url
    assert Client().get(address).status_code == 404
    assert Client().get("/media/media/never.m4a").status_code == 404
    assert Client().get("/media/../secret.m4a").status_code == 404


def test_a_bucket_that_is_gone_is_named(bucket):
    def storage():
        return Client().get("/readyz").json()["parts"]["storage"]

    assert storage() == "ok"
    default_storage.bucket_name = "elsewhere"
    assert storage().startswith("failing")


def test_a_bucket_without_its_keys_is_refused_in_words(told, monkeypatch):
    monkeypatch.setenv("S3_SECRET_ACCESS_KEY", "")
    with pytest.raises(ImproperlyConfigured, match="S3_SECRET_ACCESS_KEY"):
        file_storage(told)
    monkeypatch.setenv("S3_BUCKET", "")
    assert file_storage(told) == FOLDER
