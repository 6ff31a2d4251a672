"""A twin read aloud: its sound is signed with its words, played first, and kept with the pack."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from content import catalogue
from content.models import BlockTwin, OralHistory, RecordingSound
from content.recordings import sound_hash
from content.single_file import build_single_file
from content.twins import saving
from studyhub.core.errors import Conflict, Invalid
from studyhub.packs.builder import build_pack
from studyhub.packs.models import PackHead
from tests.content.twins import way
from tests.web.oral import a_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indexed")]
MP4 = b"\0\0\0\x10ftypM4A isom" + b"\0\0\x10\x08mdat"


def a_file(tone=1, head=MP4):
    return SimpleUploadedFile("声音.dat", head + bytes([tone]) * 4096)


def signed_with(lesson, desk, file=None):
    way.save(lesson, desk["saran"], sound=file or a_file())
    way.sign(lesson, desk["bayar"])
    return way.sign(lesson, desk["tuya"])


def heard(lesson):
    return way.shown(lesson)[way.block(lesson)].sound


def page_of(lesson):
    return Client().get(lesson.get_url()).content.decode()


def test_it_is_played_before_the_words_once_it_is_signed(desk, lesson):
    way.save(lesson, desk["saran"], sound=a_file())
    name = way.drafts().get().sound.file.url
    assert name.endswith(".m4a")
    assert name not in page_of(lesson)
    assert Client().get(name).status_code == 404
    way.sign(lesson, desk["bayar"])
    way.sign(lesson, desk["tuya"])
    text = page_of(lesson)
    assert text.index(f'src="{name}"') < text.index(way.WORD)
    assert "蒙文录音 · 4 KB" in text
    assert Client().get(name).status_code == 200


def test_another_sound_under_the_same_words_needs_its_own_signatures(desk, lesson):
    signed_with(lesson, desk)
    first = heard(lesson).url
    way.save(lesson, desk["saran"], sound=a_file(2))
    way.sign(lesson, desk["bayar"])
    assert heard(lesson).url == first
    way.sign(lesson, desk["tuya"])
    assert heard(lesson).url != first
    assert BlockTwin.objects.latest("pk").signatures.first().told["sound"]


def test_it_stays_while_words_are_mended_and_goes_when_it_is_to_go(desk, lesson):
    signed_with(lesson, desk)
    way.save(lesson, desk["saran"], text=way.MORE)
    assert way.drafts().get().sound
    way.save(lesson, desk["saran"], text=way.MORE, without_sound=True)
    assert way.drafts().get().sound is None
    for name in ("bayar", "tuya"):
        way.sign(lesson, desk[name])
    assert heard(lesson) is None


def test_words_without_a_sound_are_signed_as_they_were_before_there_were_any(desk, lesson):
    twin = way.signed(lesson, desk)
    facts = [twin.language, twin.fields["heading"], twin.fields["text"], twin.source_hash]
    assert twin.unit.facts == facts


def test_a_file_that_is_another_by_now_is_not_played(desk, lesson):
    twin = signed_with(lesson, desk)
    RecordingSound.objects.filter(media=twin.sound).update(sha256="0" * 64)
    assert heard(lesson) is None
    assert way.WORD in page_of(lesson)


def test_it_is_taken_back_with_the_words_it_came_with(desk, lesson):
    way.save(lesson, desk["saran"], sound=a_file())
    first = way.drafts().get().sound_hash
    way.save(lesson, desk["bayar"], sound=a_file(2))
    token = way.drafts().get().token
    saving.take_back(way.again(lesson), way.block(lesson), desk["bayar"], token=token)
    assert way.drafts().get().sound_hash == first == sound_hash(a_file())


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (SimpleUploadedFile("a.mp3", b"<html>" * 50), "不是 .mp3 或 .m4a"),
        (SimpleUploadedFile("a.m4a", b"OggS" + b"\0" * 50), "不是 .mp3 或 .m4a"),
        (SimpleUploadedFile("a.m4a", b""), "不是 .mp3 或 .m4a"),
        (SimpleUploadedFile("a.m4a", MP4 + bytes(20 * 1024 * 1024)), "超过 20 MB"),
    ],
)
def test_what_no_phone_plays_is_refused_and_nothing_is_kept(desk, lesson, file, problem):
    with pytest.raises(Invalid, match=problem):
        way.save(lesson, desk["saran"], sound=file)
    assert not BlockTwin.objects.exists()


def test_what_somebody_agreed_to_is_no_reading_aloud(desk, lesson):
    story = a_story()
    with story.media.file.open() as file:
        same = SimpleUploadedFile("a.mp3", b"ID3\x04\0\0\0\0\0\0" + file.read())
    with pytest.raises(Conflict, match="巴老人的口述"):
        way.save(lesson, desk["saran"], sound=same)
    twin = signed_with(lesson, desk)
    agreed = {"teller": "甲", "shown_as": "甲", "consented_on": story.consented_on}
    with pytest.raises(ValidationError, match="在译文里用着"):
        OralHistory(media=twin.sound, **agreed).full_clean()


def test_it_is_neither_deleted_nor_swapped_while_it_is_heard(desk, lesson, settings):
    settings.REVIEW_LEVELS = 3
    twin = signed_with(lesson, desk)
    with pytest.raises(Conflict, match=r"《遵义会议》的蒙文"), transaction.atomic():
        twin.sound.delete()
    twin.sound.file = a_file(3)
    with pytest.raises(Conflict, match="不能原地换文件"):
        twin.sound.save()


def test_a_pack_offers_it_with_its_size_and_a_single_file_says_where_it_is(desk, lesson):
    signed_with(lesson, desk)
    build_pack(lesson.translation_key)
    [part] = [one for one in PackHead.objects.get().parts if one["role"] == "audio"]
    whole = MP4 + b"\x01" * 4096
    assert (part["optional"], part["bytes"]) == (True, len(whole))
    assert part["sha256"] == hashlib.sha256(whole).hexdigest()
    content = catalogue.content(lesson.translation_key)
    assert content.audio_bytes == len(whole)
    alone = build_single_file(content).decode()
    assert "蒙文录音要联网才有" in alone
    assert "<audio" not in alone


def test_it_is_uploaded_on_the_translators_screen(desk, lesson, sign_in):
    client = sign_in(desk["saran"])
    block = way.block(lesson)
    url = reverse("twins:act", args=[lesson.pk, block])
    seen = {"token": "0", "source_hash": way.hash_of(lesson, block)}
    typed = {"act": "save", "heading": "", "text": way.WORD, "sound": a_file()}
    client.post(url, {**seen, **typed})
    sound = way.drafts().get().sound
    assert sound.title == "遵义会议·第一节（蒙文）"
    shown = client.get(reverse("twins:lesson", args=[lesson.pk])).content.decode()
    assert sound.file.url in shown
    assert "不要录音了" in shown
