"""One rule of what is open: a lesson taken down or closed to strangers is nowhere public."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from PIL import Image as Drawing
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction
from wagtailmedia.models import get_media_model

from content.models import LessonPage, SearchEntry
from content.tasks import publish_scheduled
from studyhub.api.cms import operations
from studyhub.packs.models import PackHead
from studyhub.packs.tasks import build_all
from tests.factories import a_course, a_lesson, a_user, bearer
from tests.web.factories import a_full_lesson

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # many inputs, one rule

SECRET = "暗号青山绿水"
Image, Media = get_image_model(), get_media_model()


@pytest.fixture
def lesson(indexed):
    page = a_full_lesson(title=SECRET, slug="secret-lesson")
    build_all()
    return page


def taken_down(page):
    page.unpublish()


def expired(page):
    LessonPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    publish_scheduled()


def deleted(page):
    page.delete()


def closed(page):
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def closed_above(page):
    PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="password")


WAYS = [taken_down, expired, deleted, closed, closed_above]


def addresses_of(page):
    """Everything that was ever told to anybody about the lesson."""
    found = {page.get_url(), f"/api/v1/lessons/{page.lesson_key}", f"/sheets/{page.lesson_key}.pdf"}
    found |= {f"/api/v1/lessons/{page.lesson_key}/pack", f"/api/cms/pages/{page.pk}/"}
    found |= {part["url"] for head in PackHead.objects.all() for part in head.parts}
    found |= {f"/media/{f.file.name}" for image in Image.objects.all() for f in forms_of(image)}
    found |= {f"/media/{media.file.name}" for media in Media.objects.all()}
    return found


def forms_of(image):
    return list(image.renditions.all())


def lists():
    """Every address of ours that takes no argument, and some questions."""
    yield from ("/api/v1/lessons?q=青山", "/search/?q=青山", "/courses/", "/courses/changzheng/")
    yield from ("/api/cms/pages/?type=content.LessonPage", "/api/cms/pages/?search=青山", "/")
    yield from ("/api/cms/pages/find/?html_path=/courses/changzheng/secret-lesson/",)
    yield from ("/api/v1/offline/manifest", "/api/v1/courses", "/api/v1/lessons")
    yield from ("/feeds/lessons.rss", "/feeds/lessons.json", "/feeds/videos.rss")
    yield from (f"/{p}" for p in simple_paths(get_resolver().url_patterns) if "<" not in p)


def simple_paths(patterns, prefix=""):
    for pattern in patterns:
        path = prefix + str(pattern.pattern).lstrip("^").rstrip("$").replace("\\Z", "")
        if path.startswith(("cms/", "sandbox/", "api/v1/docs", "api/cms/docs")):
            continue
        if isinstance(pattern, URLPattern):
            if not re.search(r"[(<\\\[]", path):
                yield path
        else:
            yield from simple_paths(pattern.url_patterns, path)


def body_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_an_open_lesson_is_everywhere_it_was_told_to_be(lesson, client):
    found = {address: client.get(address).status_code for address in addresses_of(lesson)}
    assert set(found.values()) == {200}, found
    assert len(found) >= 9
    shown = [address for address in lists() if SECRET in text_of(client.get(address, follow=True))]
    assert {"/api/v1/lessons", "/feeds/lessons.rss", "/search/?q=青山"} <= set(shown)


@pytest.mark.parametrize("close", WAYS)
def test_a_closed_lesson_is_nowhere_public(close, lesson, client):
    addresses = addresses_of(lesson)
    close(lesson)
    client.raise_request_exception = False
    found = {address: client.get(address, follow=True) for address in addresses}
    left = {a: r.status_code for a, r in found.items() if SECRET in text_of(r) or is_file(a, r)}
    assert left == {}
    assert {a: r.status_code for a, r in found.items() if r.status_code >= 500} == {}
    assert {r.status_code for a, r in found.items() if a.startswith("/packs/")} == {410}
    told = [a for a in lists() if SECRET in text_of(client.get(a, follow=True))]
    assert told == []


def text_of(answer):
    text = body_of(answer).decode("utf-8", "replace")
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)


def is_file(address, answer):
    return address.startswith(("/media/", "/packs/", "/sheets/")) and answer.status_code == 200


@pytest.mark.parametrize("close", WAYS)
def test_what_another_open_page_shows_stays(close, lesson, client):
    image = Image.objects.get()
    body = [{"type": "picture", "value": {"image": image.pk, "alt": "山", "source": "自绘"}}]
    other = a_lesson(slug="other", body=body)
    other.move(a_course(slug="another"), pos="last-child")
    close(lesson)
    assert client.get(f"/media/{forms_of(image)[0].file.name}").status_code == 200
    assert client.get(f"/media/{Media.objects.get().file.name}").status_code == 404


def test_originals_and_drafts_pictures_are_for_the_desk_only(lesson, client, sign_in):
    draft = a_lesson(publish=False)
    image = Image.objects.get()
    original = f"/media/{image.file.name}"
    assert client.get(original).status_code == 404
    desk = sign_in(a_user("boss", is_superuser=True)).get(original)
    assert (desk.status_code, desk["Cache-Control"]) == (200, "private, no-store")
    assert sign_in(a_user("reader")).get(original).status_code == 404
    assert client.get(f"/api/cms/pages/{draft.pk}/?version=draft").status_code == 404


def test_who_may_see_a_closed_page_sees_its_pictures_and_nobody_keeps_them(lesson, client, sign_in):
    closed_above(lesson)
    closed(lesson)
    address = f"/media/{forms_of(Image.objects.get())[0].file.name}"
    reader = sign_in(a_user("reader"))
    assert reader.get(address).status_code == 404  # signed in, without the password
    PageViewRestriction.objects.filter(restriction_type="password").delete()
    answer = reader.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert client.get(address).status_code == 404


def test_a_files_page_once_taken_down_is_open_again_with_it(lesson, client):
    lesson.unpublish()
    LessonPage.objects.get(pk=lesson.pk).save_revision().publish()
    found = {address: client.get(address).status_code for address in addresses_of(lesson)}
    assert set(found.values()) == {200}


def test_sheets_packs_and_documents_are_not_handed_out_as_files(lesson, client):
    client.get(f"/sheets/{lesson.lesson_key}.pdf")
    root = Path(Image.objects.get().file.storage.location)
    document = get_document_model().objects.create(
        title="内部稿", file=ContentFile(b"%PDF-1.4", name="internal.pdf")
    )
    stored = [p.relative_to(root) for p in root.rglob("*") if p.suffix == ".pdf"]
    assert len(stored) >= 2
    assert {client.get(f"/media/{path}").status_code for path in stored} == {404}
    assert client.get(document.url).status_code == 404


def test_the_desk_gets_its_documents(client, sign_in):
    document = get_document_model().objects.create(
        title="内部稿", file=ContentFile(b"%PDF-1.4", name="internal.pdf")
    )
    boss = sign_in(a_user("boss", is_superuser=True))
    assert body_of(boss.get(document.url)) == b"%PDF-1.4"
    assert boss.get("/cms/documents/").status_code == 200
    assert boss.get(f"/cms/documents/edit/{document.pk}/").status_code == 200


def test_the_old_address_of_a_lesson_that_was_moved_leads_to_the_new_one(client):
    page = a_lesson(slug="moved")
    old = page.get_url()
    page.move(a_course(slug="another"), pos="last-child")
    answer = client.get(old, {"p": "marker"})
    assert (answer.status_code, answer["Location"]) == (301, "/courses/another/moved/")
    LessonPage.objects.get(pk=page.pk).unpublish()
    assert client.get(old, follow=True).status_code == 404


# The content API --------------------------------------------------------------------------------
LISTS_OF_THE_DESK = [
    "/api/cms/images/",
    "/api/cms/documents/",
    "/api/cms/redirects/",
    "/api/cms/sites/",
]


@pytest.mark.parametrize("address", LISTS_OF_THE_DESK)
def test_lists_of_the_desk_are_not_for_everybody(address, lesson):
    assert Client().get(address).status_code == 401
    assert Client().get(address, headers=bearer(a_user("reader"))).status_code == 403
    assert (
        Client().get(address, headers=bearer(a_user("boss", is_superuser=True))).status_code == 200
    )


def test_only_open_pages_are_asked_without_a_token():
    asked = [(p, one) for p, one in operations() if "GET" in one.methods]
    open_to_all = {prefix for prefix, operation in asked if _asks_nobody(operation)}
    assert open_to_all == {"/pages/"}


def _asks_nobody(operation):
    kinds = [type(one).__name__ for one in operation.auth_callbacks]
    return not kinds or "AllowAnonymous" in kinds


# What a camera writes beside the picture --------------------------------------------------------
def with_place(kind, **options):
    image = Drawing.new("RGB", (64, 36), "#9f2a1f")
    exif = Drawing.Exif()
    exif[0x010F] = "PhoneMaker"
    exif[0x0112] = 6  # turned
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 26.0, 46.0)})
    buffer = BytesIO()
    image.save(buffer, kind, exif=exif, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")]
)
def test_place_and_camera_are_removed_and_the_picture_stands_upright(kind, name, sign_in):
    boss = sign_in(a_user("boss", is_superuser=True))
    file = ContentFile(with_place(kind), name=name)
    boss.post("/cms/images/add/", {"title": "山口", "file": file})
    image = Image.objects.get()
    data = Path(image.file.path).read_bytes()
    assert b"PhoneMaker" not in data
    with Drawing.open(BytesIO(data)) as kept:
        assert not kept.getexif()
        assert kept.size == (36, 64) == (image.width, image.height)


def test_what_hides_behind_a_picture_is_removed():
    from content.pictures import normal_picture

    buffer = BytesIO()
    Drawing.new("RGB", (8, 8)).save(buffer, "JPEG", comment=b"PhoneMaker")
    assert b"PhoneMaker" not in normal_picture(buffer.getvalue())
    assert b"PhoneMaker" not in normal_picture(with_place("JPEG") + b"\0\0ftypmp4PhoneMaker")


def test_the_search_forgets_a_closed_lesson(lesson):
    lesson.unpublish()
    assert not SearchEntry.objects.exists()
