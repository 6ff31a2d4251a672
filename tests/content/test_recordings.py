"""Neither the place nor the phone is kept with a recording; every sound stays where it was."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from wagtailmedia.models import get_media_model

from content.recordings import sound_hash, without_place
from tests.factories import a_user

Media = get_media_model()
PLACE = b"+40.4423+111.7701+1050.000/"
SOUND = bytes(range(256)) * 20


def box(kind, *parts, long=False):
    data = b"".join(parts)
    if long:
        return b"\0\0\0\x01" + kind + (len(data) + 16).to_bytes(8, "big") + data
    return (len(data) + 8).to_bytes(4, "big") + kind + data


def film(*, long=False):
    told = box(b"udta", box(b"\xa9xyz", PLACE), box(b"\xa9mak", b"PhoneMaker"))
    meta = box(b"meta", b"com.apple.quicktime.location.ISO6709", PLACE, long=long)
    track = box(b"trak", box(b"tkhd", b"\0" * 84), told)
    moov = box(b"moov", box(b"mvhd", b"\0" * 100), track, told, meta, long=long)
    return box(b"ftyp", b"M4A isom") + moov + box(b"uuid", b"x" * 16, PLACE) + box(b"mdat", SOUND)


@pytest.mark.parametrize("long", [False, True])
def test_place_and_phone_are_taken_out_and_nothing_else_moves(long):
    before = film(long=long)
    after = without_place(ContentFile(before, name="a.m4a")).read()
    assert PLACE not in after
    assert b"PhoneMaker" not in after
    assert len(after) == len(before)
    assert after.index(SOUND) == before.index(SOUND)
    assert b"mvhd" in after
    assert without_place(ContentFile(after)).read() == after


def test_what_has_nothing_beside_it_is_kept_to_the_byte():
    for data in (b"", b"ID3\x03" + SOUND, SOUND, box(b"ftyp", b"M4A ") + box(b"mdat", PLACE)):
        assert without_place(ContentFile(data)).read() == data


@given(st.binary(max_size=400), st.integers(0, 300))
def test_no_bytes_break_it(data, cut):
    for hostile in (data, film()[:cut] + data, box(b"moov", data)):
        assert len(without_place(ContentFile(hostile)).read()) == len(hostile)


def of(data):
    return sound_hash(ContentFile(data))


def test_what_is_told_beside_a_sound_does_not_make_it_another():
    kept = box(b"ftyp", b"M4A isom") + box(b"moov", b"\0" * 40) + box(b"mdat", SOUND)
    assert of(film()) == of(film(long=True)) == of(kept) != of(SOUND[1:])
    mp3 = b"ID3\x03\0\0\0\0\x01\x00" + b"t" * 128 + SOUND + b"TAG" + b"x" * 125
    assert of(mp3) == of(SOUND)
    assert of(SOUND) != of(SOUND[:-1])


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_files_that_are_no_recordings_are_the_same_when_their_bytes_are(one, other):
    assert (of(b"\xff" + one) == of(b"\xff" + other)) == (one == other)


@pytest.mark.django_db
def test_a_recording_uploaded_at_the_desk_is_kept_without_its_place(client):
    client.force_login(a_user("boss", is_superuser=True))
    file = SimpleUploadedFile("story.m4a", film())
    client.post("/cms/media/audio/add/", {"title": "讲述", "file": file, "duration": 1})
    kept = Path(Media.objects.get().file.path).read_bytes()
    assert PLACE not in kept
    assert SOUND in kept
    assert BytesIO(kept).read(8) == film()[:8]
