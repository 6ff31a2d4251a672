"""A file that is gone or broken is left out with a word to the editor; it never breaks a page."""

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from PIL import Image as Drawing
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.blocks import ExhibitBodyBlock
from content.media import PHONE_SPEC
from content.models import HeritageSitePage, LessonPage, PageProblem
from content.pictures import normal_picture
from content.tasks import look_at_all_files
from studyhub.core.errors import Conflict, Invalid
from studyhub.packs.models import PackHead
from studyhub.packs.tasks import build_all
from studyhub.web.views import feeds
from tests.content.broken import HARMS, drawn, everything_gone, made_form_gone, recording_gone
from tests.content.samples import Sampler
from tests.factories import a_lesson, a_tree, a_user
from tests.web.factories import a_full_lesson, a_picture, a_sound

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]  # many inputs, one rule

Image, Media = get_image_model(), get_media_model()


SURFACES = [
    "{url}",
    "/api/v1/lessons/{key}",
    "/api/v1/lessons/{key}/pack",
    "/sheets/{key}.pdf",
    "/feeds/lessons.rss",
    "/feeds/lessons.json",
    "/feeds/videos.rss",
    "/",
    "/courses/changzheng/",
    "/api/v1/offline/manifest",
    "/api/v1/lessons",
]


def answers(client, page):
    found = {}
    for surface in SURFACES:
        address = surface.format(url=page.get_url(), key=page.lesson_key)
        found[address] = client.get(address).status_code
    return found


@pytest.mark.parametrize("harm", HARMS)
def test_no_surface_breaks_over_a_file(harm, client):
    page = a_full_lesson(title="坏了图的课")
    HARMS[harm]()
    assert set(answers(client, page).values()) == {200}


@pytest.mark.parametrize("harm", ["cut off", "everything gone", "recording gone"])
def test_a_site_page_does_not_break_over_a_file(harm, client):
    sampler, stream = Sampler(), ExhibitBodyBlock()
    page = HeritageSitePage(title="旧址", slug="site")
    page.body = stream.to_python(sampler.site_body(stream))
    a_tree().sites.add_child(instance=page)
    HARMS[harm]()
    assert client.get(page.get_url()).status_code == 200
    assert client.get("/").status_code == 200
    look_at_all_files()
    assert PageProblem.objects.filter(page_id=page.pk).exists()


@pytest.mark.parametrize("harm", ["cut off", "everything gone", "recording gone"])
def test_the_pack_is_built_without_what_is_gone(harm, client):
    page = a_full_lesson()
    PackHead.objects.all().delete()
    default_storage.delete(f"packs/{page.lesson_key}")
    HARMS[harm]()
    build_all()
    assert [head.lesson_key for head in PackHead.objects.in_force()] == [page.lesson_key]
    assert not PageProblem.objects.filter(kind=PageProblem.Kind.PACK).exists()


def test_a_picture_whose_form_for_phones_is_gone_is_made_anew(client):
    page = a_full_lesson()
    made_form_gone()
    assert "<img" in client.get(page.get_url()).content.decode()


def test_one_broken_lesson_leaves_the_others_in_the_feeds(client):
    broken, whole = a_full_lesson(title="坏了图的课"), a_lesson(title="好的课")
    everything_gone()
    recording_gone()
    feed = client.get("/feeds/lessons.rss").content.decode()
    assert broken.title in feed
    assert whole.title in feed


@pytest.mark.parametrize("feed", ["lessons.rss", "lessons.json", "videos.rss"])
def test_a_lesson_that_cannot_be_shown_never_breaks_a_feed(feed, client, monkeypatch):
    bad, good = a_full_lesson(title="坏了的课"), a_full_lesson(title="好的课")
    whole = feeds.absolute

    def absolute(path):
        if path == bad.get_url():
            raise ValueError
        return whole(path)

    monkeypatch.setattr(feeds, "absolute", absolute)
    shown = client.get(f"/feeds/{feed}").content.decode()
    assert good.title in shown
    assert bad.title not in shown


def test_the_editor_is_told_of_each_block_until_it_is_well_again(client):
    client.force_login(a_user("boss", is_superuser=True))
    page = a_full_lesson(title="坏了图的课")
    everything_gone()
    recording_gone()
    look_at_all_files()
    problems = PageProblem.objects.filter(page_id=page.pk, kind=PageProblem.Kind.FILE)
    assert [("图片" in p.detail, "录音" in p.detail) for p in problems] == [
        (True, False),
        (False, True),
    ]
    desk = client.get("/cms/").content.decode()
    assert "坏了图的课" in desk
    LessonPage.objects.get(pk=page.pk).delete()
    assert not PageProblem.objects.exists()


def test_what_was_deleted_by_force_is_told_as_well():
    page = a_full_lesson()
    Image.renditions.rel.related_model.objects.all().delete()
    Image.objects.all()._raw_delete("default")
    look_at_all_files()
    assert PageProblem.objects.get(page_id=page.pk).kind == PageProblem.Kind.FILE


def test_a_page_that_is_well_is_no_problem():
    a_full_lesson()
    look_at_all_files()
    assert not PageProblem.objects.exists()


# Deleting ---------------------------------------------------------------------------------------
@pytest.fixture
def used(indexed):
    return a_full_lesson(title="用着图的课")


@pytest.mark.parametrize("model", [Image, Media])
def test_what_is_in_use_is_not_deleted_and_the_places_are_named(model, used):
    with pytest.raises(Conflict, match="用着图的课"), transaction.atomic():
        model.objects.get().delete()
    assert model.objects.exists()


@pytest.mark.parametrize(
    ("model", "address"),
    [(Image, "wagtailimages:delete"), (Media, "wagtailmedia:delete")],
)
def test_the_desk_says_where_it_is_in_use(model, address, used, client):
    client.force_login(a_user("boss", is_superuser=True))
    answer = client.post(reverse(address, args=[model.objects.get().pk]), follow=True)
    assert answer.status_code == 200
    assert "用着图的课" in "".join(str(m) for m in answer.context["messages"])
    assert model.objects.exists()


def test_the_scripts_and_the_bulk_view_of_the_desk_are_told_as_well(used, client):
    client.force_login(a_user("boss", is_superuser=True))
    image = Image.objects.get()
    address = reverse("wagtailimages:delete_multiple", args=[image.pk])
    answer = client.post(address, headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 409
    assert "用着图的课" in answer.json()["error_message"]
    address = reverse("wagtail_bulk_action", args=["wagtailimages", "image", "delete"])
    answer = client.post(f"{address}?id={image.pk}", {"next": "/cms/images/"}, follow=True)
    assert "用着图的课" in "".join(map(str, answer.context["messages"]))
    assert Image.objects.exists()


def test_the_content_api_says_where_it_is_in_use(used, client):
    a_user("boss", is_superuser=True)
    out = StringIO()
    call_command("api_token", "create", "boss", stdout=out)
    address = reverse("wagtailapi_v3:delete_image", args=[Image.objects.get().pk])
    headers = {"Authorization": f"Bearer {out.getvalue().split()[-1]}"}
    answer = client.delete(address, headers=headers)
    assert answer.status_code == 409
    assert "用着图的课" in answer.json()["detail"]


def test_what_nobody_uses_is_deleted(indexed):
    for file in (a_picture(), a_sound(), get_document_model().objects.create(title="稿")):
        file.delete()
    assert not Image.objects.exists()


# Uploading --------------------------------------------------------------------------------------
def upload(client, data, name="pass.png"):
    client.force_login(a_user("boss", is_superuser=True))
    file = SimpleUploadedFile(name, data, content_type="image/png")
    return client.post(reverse("wagtailimages:add"), {"title": "山口", "file": file})


@pytest.mark.parametrize(
    ("mode", "kind", "name"), [("I;16", "PNG", "a.png"), ("CMYK", "JPEG", "a.jpg")]
)
def test_an_uploaded_picture_is_kept_in_rgb_of_eight_bits(mode, kind, name, client):
    upload(client, drawn(mode, kind), name)
    with Drawing.open(Image.objects.get().file.path) as kept:
        assert kept.mode in ("L", "RGB")
    assert Image.objects.get().get_rendition(PHONE_SPEC).width == 64


def test_a_normal_picture_is_kept_to_the_byte():
    for data in (drawn(), drawn("P"), drawn("RGB", "JPEG"), drawn("RGB", "WEBP")):
        assert normal_picture(data) == data
        assert normal_picture(normal_picture(drawn("CMYK", "JPEG"))) == normal_picture(
            drawn("CMYK", "JPEG")
        )


def test_sixteen_bits_of_grey_keep_their_light():
    buffer = BytesIO()
    Drawing.new("I;16", (2, 2), 0x8000).save(buffer, "PNG")
    with Drawing.open(BytesIO(normal_picture(buffer.getvalue()))) as kept:
        assert kept.getpixel((0, 0)) == 0x80


@pytest.mark.parametrize("data", [drawn()[:60], b"GIF89a", drawn("P", "GIF")[:-8], b"", b"<svg/>"])
def test_a_broken_picture_is_refused_in_words(data, client):
    answer = upload(client, data, "a.gif" if data[:3] == b"GIF" else "a.png")
    assert answer.status_code == 200
    assert not Image.objects.exists()


def test_by_whatever_door_a_broken_picture_does_not_come_in():
    with pytest.raises((Invalid, OSError)):
        Image.objects.create(title="坏", file=ContentFile(drawn()[:60], name="a.png"))
    assert not Image.objects.exists()


def test_by_whatever_door_a_picture_is_kept_in_rgb():
    data = drawn("CMYK", "JPEG")
    image = Image.objects.create(title="印刷", file=ContentFile(data, name="a.jpg"))
    with Drawing.open(image.file.path) as kept:
        assert kept.mode == "RGB"
    assert image.file_size == len(Path(image.file.path).read_bytes())


def bomb():
    """128 megapixels in a few kilobytes."""
    return drawn("1", "PNG", (12800, 10000))


def test_more_than_forty_megapixels_are_refused_before_decoding(client):
    answer = upload(client, bomb())
    assert "像素" in answer.content.decode()
    assert not Image.objects.exists()
    with pytest.raises(Invalid, match="4000 万像素"):
        normal_picture(bomb())
    with pytest.raises(Invalid, match="4000 万像素"):
        normal_picture(drawn("1", "PNG", (8000, 5001)))
