"""A recording keeps its file: what was signed is what is heard."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from content.models import OralHistory
from content.units import hashes_of, units_of
from studyhub.core.clock import today
from studyhub.core.errors import Conflict
from tests.web.factories import a_full_lesson, a_sound

pytestmark = pytest.mark.django_db
OTHER = b"\0\0\0\x18ftypM4A " + b"\2" * 64


@pytest.fixture
def recording():
    return a_sound()


def test_the_form_refuses_another_file_before_the_first_is_deleted(admin_client, recording):
    upload = SimpleUploadedFile("neu.m4a", OTHER, content_type="audio/mp4")
    fields = {"title": "换一个", "duration": "3", "file": upload, "tags": "", "collection": "1"}
    answer = admin_client.post(reverse("wagtailmedia:edit", args=[recording.pk]), fields)
    assert "不能原地换文件" in answer.content.decode()
    assert Path(recording.file.path).exists()
    recording.refresh_from_db()
    assert recording.file.name.endswith(Path(recording.file.path).name)


def test_no_code_puts_another_file_in_its_place_either(recording):
    withdrawn = {"teller": "甲", "shown_as": "甲", "consented_on": today(), "withdrawn_on": today()}
    OralHistory.objects.create(media=recording, **withdrawn)
    before = recording.sound.sha256
    recording.file = ContentFile(OTHER, name="a.m4a")
    with pytest.raises(Conflict, match="不能原地换文件"):
        recording.save()
    recording.refresh_from_db()
    assert recording.sound.sha256 == before


def test_another_sound_never_has_the_name_of_one_that_was_signed():
    first = a_sound()
    lesson = a_full_lesson()
    block = next(one for one in lesson.body if one.block_type == "audio")
    block.value["media"] = first
    signed = hashes_of(units_of(lesson))[str(block.id)]
    name, model = Path(first.file.name), type(first)
    plain = f"{name.stem.rpartition('-')[0]}{name.suffix}"
    first.file.storage.delete(first.file.name)
    second = model(title="另一段", type="audio", duration=1)
    second.file = ContentFile(OTHER, name=plain)
    second.save()
    block.value["media"] = second
    assert hashes_of(units_of(lesson))[str(block.id)] != signed


def test_a_name_says_its_contents_once_and_stays_short():
    recording = a_sound()
    mark = Path(recording.file.name).stem.rpartition("-")[2]
    again = type(recording)(title="又一次", type="audio", duration=1)
    with recording.file.open() as file:
        again.file = ContentFile(file.read(), name=f"{'长' * 60}-{mark}.m4a")
    again.save()
    name = Path(again.file.name)
    assert name.stem.count(mark) == 1
    assert len(name.name.encode()) <= 100
