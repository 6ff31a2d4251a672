"""Odd names, odd ranges, odd files: an answer in words, never a fault of ours."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Drawing
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.media import PHONE_SPEC
from content.pictures import normal_picture
from tests.content.broken import HARMS, drawn
from tests.factories import a_user, bearer
from tests.web.factories import a_full_lesson, a_picture, a_sound

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]  # many inputs, one rule
Image, Media, Document = get_image_model(), get_media_model(), get_document_model()

DIGITS = "9" * 5000
RANGES = [
    f"bytes={DIGITS}-",
    f"bytes=0-{DIGITS}",
    f"bytes=-{DIGITS}",
    f"bytes={DIGITS}-{DIGITS}",
    "bytes=٣-٤",
    "bytes=\xb2-",
    "bytes=--1",
    f"bytes=0-1,{'2-3,' * 2000}",
    "x" * 8000,
]
LONG = "长" * 100


@pytest.fixture
def open_lesson(indexed):
    return a_full_lesson()


@pytest.mark.parametrize("wanted", RANGES)
def test_any_range_is_answered(wanted, open_lesson, client):
    address = f"/media/{Media.objects.get().file.name}"
    answer = client.get(address, headers={"Range": wanted})
    assert answer.status_code in (200, 206, 416)
    assert client.get(address, headers={"If-Range": wanted}).status_code == 200
    assert client.get(address, headers={"If-None-Match": wanted}).status_code == 200
    assert client.get(address, headers={"If-Modified-Since": wanted}).status_code == 200


def test_a_range_beyond_all_numbers_is_the_whole_file_or_lies_behind_it(open_lesson, client):
    address = f"/media/{Media.objects.get().file.name}"
    assert client.get(address, headers={"Range": f"bytes=0-{DIGITS}"}).status_code == 200
    assert client.get(address, headers={"Range": f"bytes=-{DIGITS}"}).status_code == 200
    assert client.get(address, headers={"Range": f"bytes={DIGITS}-"}).status_code == 416


@pytest.mark.parametrize(
    "address",
    [
        f"/media/{'a' * 300}.png",
        f"/media/{LONG}{LONG}.m4a",
        f"/media/{'a/' * 3000}b.png",
        "/media/a%00b.png",
        "/media/%ff%fe.png",
        "/media/../../etc/passwd",
        "/media/a.png/b.png",
        f"/packs/0198c0de-0000-7000-8000-00000000abcd/{'a' * 300}/lesson.html",
        f"/packs/0198c0de-0000-7000-8000-00000000abcd/x/{'a' * 3000}",
        f"/documents/{DIGITS}/a.pdf",
        "/documents/99999999999999999999/a.pdf",
        f"/documents/1/{'a' * 3000}.pdf",
    ],
)
def test_what_has_an_odd_name_is_not_there(address, client, sign_in):
    assert client.get(address).status_code in (400, 404)
    boss = sign_in(a_user("boss", is_superuser=True))
    assert boss.get(address).status_code in (400, 404)


# Uploads ----------------------------------------------------------------------------------------
UPLOADS = {
    "image": ("/cms/images/add/", Image, drawn(), "png"),
    "document": ("/cms/documents/add/", Document, b"%PDF-1.4", "pdf"),
    "audio": ("/cms/media/audio/add/", Media, b"\0" * 300, "mp3"),
}


@pytest.mark.parametrize("kind", UPLOADS)
@pytest.mark.parametrize(
    "name", ["a" * 300, LONG, "长" * 90, "录音 #1 ‮", "..", "con", "%00", "a.b.c" * 60]
)
def test_a_file_of_any_name_is_kept_or_refused(kind, name, sign_in):
    address, model, data, ending = UPLOADS[kind]
    boss = sign_in(a_user("boss", is_superuser=True))
    file = SimpleUploadedFile(f"{name}.{ending}", data)
    answer = boss.post(address, {"title": "名字", "file": file, "duration": 1})
    if answer.status_code == 200:
        assert "form" in answer.context
        assert answer.context["form"].errors["file"]
        assert not model.objects.exists()
        return
    assert answer.status_code == 302
    stored = model.objects.get()
    assert Path(stored.file.path).read_bytes() == data
    assert stored.file.name.endswith(f".{ending}")


BROKEN = {
    "gif": [b"GIF89a", drawn("P", "GIF")[:-8], drawn("P", "GIF")[:20], b"GIF89a" + b"\xff" * 200],
    "png": [drawn()[:40], b"\x89PNG\r\n\x1a\n" + b"\0" * 50],
    "jpg": [
        drawn("RGB", "JPEG")[:-2],
        drawn("RGB", "JPEG")[:200],
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
    ],
    "webp": [drawn("RGB", "WEBP")[:30], b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 20],
}
BROKEN_FILES = [(kind, data) for kind, files in BROKEN.items() for data in files]


@pytest.mark.parametrize(("kind", "data"), BROKEN_FILES)
def test_a_broken_picture_is_refused_at_every_door(kind, data):
    headers = bearer(a_user("boss", is_superuser=True))
    answers = [
        Client().post(
            "/api/cms/images/",
            {"title": "坏", "file": SimpleUploadedFile(f"a.{kind}", data)},
            headers=headers,
        )
    ]
    boss = Client()
    boss.force_login(Image.objects.model.uploaded_by_user.field.related_model.objects.get())
    answers.append(
        boss.post(
            "/cms/images/multiple/add/",
            {"title": "坏", "files[]": SimpleUploadedFile(f"a.{kind}", data)},
            headers={"X-Requested-With": "XMLHttpRequest"},
        )
    )
    answers.append(
        boss.post(
            "/cms/images/chooser/create/",
            {
                "image-chooser-upload-title": "坏",
                "image-chooser-upload-file": SimpleUploadedFile(f"a.{kind}", data),
            },
        )
    )
    assert [answer.status_code for answer in answers] == [422, 200, 200]
    assert not Image.objects.exists()


def test_a_picture_that_lacks_only_its_end_is_made_whole():
    made = normal_picture(drawn()[:-20])
    assert made.endswith(drawn()[-8:])
    with Drawing.open(BytesIO(made)) as whole:
        whole.load()


@pytest.mark.parametrize("harm", [h for h in HARMS if h != "recording gone"])
def test_the_desk_shows_its_pictures_whatever_became_of_one(harm, sign_in):
    page = a_full_lesson()
    HARMS[harm]()
    boss = sign_in(a_user("boss", is_superuser=True))
    image = Image.objects.get()
    for address in (
        "/cms/images/",
        f"/cms/images/{image.pk}/",
        "/cms/images/chooser/",
        f"/cms/pages/{page.pk}/edit/",
    ):
        assert (address, boss.get(address).status_code) == (address, 200)


def test_a_sound_and_a_picture_are_there_all_the_same(indexed):
    assert a_picture().get_rendition(PHONE_SPEC)
    assert a_sound().file.size
