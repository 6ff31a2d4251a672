"""What was uploaded before uploads were cleaned is cleaned by one command, once."""

from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from PIL import Image as Drawing
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.media import PHONE_SPEC
from tests.content.broken import drawn
from tests.web.factories import a_full_lesson

pytestmark = pytest.mark.django_db
Image, Media = get_image_model(), get_media_model()
PLACE = b"+40.4423+111.7701/"


@pytest.fixture
def from_before():
    """A lesson whose picture and recording tell where they were made."""
    page = a_full_lesson()
    buffer, exif = BytesIO(), Drawing.Exif()
    exif[0x010F] = "PhoneMaker"
    Drawing.new("RGB", (64, 36)).save(buffer, "PNG", exif=exif)
    Path(Image.objects.get().file.path).write_bytes(buffer.getvalue())
    told = (len(PLACE) + 8).to_bytes(4, "big") + b"udta" + PLACE
    moov = (len(told) + 8).to_bytes(4, "big") + b"moov" + told
    Path(Media.objects.get().file.path).write_bytes(moov)
    return page


def stored():
    return [Path(one.file.path) for one in (Image.objects.get(), Media.objects.get())]


def run():
    out, err = StringIO(), StringIO()
    call_command("clean_files", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_places_and_makers_are_gone_with_the_old_files(from_before, client):
    old = stored()
    assert run() == ("改好 2 个文件。\n", "")
    assert not any(path.exists() for path in old)
    picture, recording = (path.read_bytes() for path in stored())
    assert b"PhoneMaker" not in picture
    assert PLACE not in recording
    assert Image.objects.get().get_rendition(PHONE_SPEC).width == 64
    assert client.get(from_before.get_url()).status_code == 200


def test_a_second_run_changes_nothing(from_before):
    run()
    before = stored()
    assert run() == ("改好 0 个文件。\n", "")
    assert stored() == before


def test_what_cannot_be_read_is_named_and_stops_nothing(from_before):
    Path(Image.objects.get().file.path).write_bytes(drawn()[:40])
    out, err = run()
    assert out == "改好 1 个文件。\n"
    assert "山口" in err
