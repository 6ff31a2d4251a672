"""A bucket that cannot be reached is named, soon, and nothing is lost by it.

It is away by refusing connections, by taking them and never answering, or by knowing no bucket.
"""

import socket
import time
from io import BytesIO

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Drawing
from wagtail.images import get_image_model

from content import catalogue
from studyhub.settings.files import PATIENCE, file_storage
from studyhub.setup import checks
from tests.web.bucket.conftest import bytes_of

# It asks the bucket, whatever database answers.
pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.once]
WORDS = "存放图片、录音的地方暂时连不上"


def a_drawing():
    buffer = BytesIO()
    Drawing.new("RGB", (64, 36), "#9f2a1f").save(buffer, "PNG")
    return SimpleUploadedFile("hill.png", buffer.getvalue(), "image/png")


def a_document():
    return SimpleUploadedFile("names.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")


A_FILE = {"images": a_drawing, "documents": a_document}


@pytest.fixture
def away(settings, lesson, told, monkeypatch):
    """Nobody listens where the bucket was."""

    def go(address="http://127.0.0.1:9"):
        monkeypatch.setenv("S3_ENDPOINT_URL", address)
        settings.STORAGES = settings.STORAGES | {"default": file_storage(told)}
        caches["renditions"].clear()  # as in a process that has just started

    go()
    return go


@pytest.fixture
def silent(away):
    """Connections are taken, and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        away(f"http://127.0.0.1:{listening.getsockname()[1]}")
        yield


def a_picture_of(lesson):
    return next(iter(catalogue.content(lesson.lesson_key).media.pictures.values()))


def said(answer):
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    return answer.content.decode()


def test_pictures_and_their_pieces_are_not_there_just_now(away, lesson):
    url = a_picture_of(lesson).url
    assert WORDS in said(Client().get(url))
    assert WORDS in said(Client().get(url, headers={"Range": "bytes=0-9"}))


def test_a_part_of_a_pack_is_not_there_just_now(away, lesson):
    address = f"/packs/{lesson.lesson_key}/{'0' * 32}/lesson.html"
    assert WORDS in said(Client().get(address))


def test_a_printed_sheet_is_not_there_just_now(away, lesson):
    assert WORDS in said(Client().get(f"/sheets/{lesson.lesson_key}.pdf"))


def test_programs_are_told_in_a_problem_document(away, lesson):
    answer = Client().get(f"/api/v1/lessons/{lesson.lesson_key}/pack")
    assert WORDS in said(answer)
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "files_away"


def test_a_lesson_is_read_all_the_same(away, lesson):
    answer = Client().get(lesson.url)
    assert answer.status_code == 200
    assert a_picture_of(lesson).url in answer.content.decode()


def test_a_picture_is_not_taken_for_lost(away, lesson):
    renditions = get_image_model().get_rendition_model().objects
    before = renditions.count()
    Client().get(lesson.url)
    assert renditions.count() == before > 0


def test_a_bucket_that_is_not_there_has_lost_no_picture(bucket, lesson):
    url, renditions = a_picture_of(lesson).url, get_image_model().get_rendition_model().objects
    before = renditions.count()
    default_storage.bucket_name = "elsewhere"
    default_storage._bucket = None
    caches["renditions"].clear()
    assert WORDS in said(Client().get(url))
    Client().get(lesson.url)
    assert renditions.count() == before > 0


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_an_upload_is_refused_in_words(away, kind, admin_client):
    sent = {"title": "山口", "file": A_FILE[kind]()}
    text = said(admin_client.post(f"/cms/{kind}/add/", sent))
    assert WORDS in text
    assert "后退" in text


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_a_script_that_uploads_is_told(away, kind, admin_client):
    by_script = {"X-Requested-With": "XMLHttpRequest"}
    sent = {"files[]": A_FILE[kind]()}
    answer = admin_client.post(f"/cms/{kind}/multiple/add/", sent, headers=by_script)
    assert answer.json()["error_code"] in said(answer)
    assert WORDS in answer.json()["error_message"]


def test_nobody_waits_long_for_a_silent_bucket(silent, lesson):
    started = time.monotonic()
    said(Client().get(a_picture_of(lesson).url))
    assert time.monotonic() - started < 15  # three seconds, and a slow machine; it was forty


def test_the_next_one_does_not_wait_at_all(silent, lesson):
    url = a_picture_of(lesson).url
    said(Client().get(url))
    started = time.monotonic()
    said(Client().get(url))
    assert "failing" in Client().get("/readyz").json()["parts"]["storage"]
    assert time.monotonic() - started < PATIENCE["read_timeout"]


def test_a_name_that_is_not_there_shuts_nothing(bucket, lesson):
    assert Client().get("/media/images/never.png").status_code == 404
    assert Client().get(f"/media/images/{'x' * 2000}.png").status_code == 404
    assert bytes_of(Client().get(a_picture_of(lesson).url))


def test_one_question_is_asked_about_a_picture(bucket, lesson):
    url, asked = a_picture_of(lesson).url, []
    events = default_storage.connection.meta.client.meta.events
    events.register("before-call.s3", lambda model, **_: asked.append(model.name))
    bytes_of(Client().get(url))
    assert asked == ["HeadObject", "GetObject"]


def test_writing_is_given_more_time_than_reading(bucket):
    writing, waits = default_storage._for_writing.connection.meta.client.meta.events, {}

    def note(model, context, **_):
        waits[model.name] = context["client_config"].read_timeout

    for events in (writing, default_storage.connection.meta.client.meta.events):
        events.register("before-call.s3", note)
    default_storage.save("images/pass.txt", ContentFile(b"words"))
    assert waits["HeadObject"] < waits["PutObject"]


@pytest.mark.parametrize("is_new", [True, False], ids=["new process", "old process"])
@pytest.mark.parametrize("lost", ["", "images/"], ids=["everything", "forms"])
def test_an_emptied_bucket_still_gives_a_file_of_the_lesson(bucket, lesson, is_new, lost):
    bucket.objects.filter(Prefix=lost).delete()
    if is_new:
        caches["renditions"].clear()
    answer = Client().get(f"/api/v1/lessons/{lesson.lesson_key}/pack")
    assert answer.status_code == 200
    assert lesson.title in answer.content.decode()
    assert Client().get(f"/sheets/{lesson.lesson_key}.pdf").status_code == 200
    assert Client().get(lesson.url).status_code == 200


def test_the_doctor_names_the_bucket(away):
    (finding,) = checks.look_at_storage()
    assert "S3_BUCKET" in str(finding)
    assert "目录" not in str(finding)
