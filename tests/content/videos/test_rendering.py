"""Films as a player sees them; what a kill, a cache and broken files do to one."""

import math
import os
import re
import struct
import wave
import zlib
from datetime import timedelta
from io import BytesIO
from itertools import accumulate
from uuid import uuid4

import av
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image, ImageChops
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.models import VerticalVideo
from content.videos import canvas, segments, tools
from content.videos.plan import confirm, plan_of, save_plan
from content.videos.queue import render_whole
from content.videos.rendering import ask_for_film, forget_old, step, vertical_video_of
from studyhub.core.errors import Conflict, Invalid
from tests.factories import a_lesson, a_user, publish_page, section

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.VIDEO_FOLDER = tmp_path / "scenes"
    settings.MEDIA_ROOT = tmp_path / "media"


def a_picture(size=(600, 400)):
    file = BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(file, "JPEG")
    model = get_image_model()
    return model.objects.create(title="图", file=ContentFile(file.getvalue(), name="a.jpg"))


def a_recording(seconds=3):
    file = BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, 16000, 0, "NONE", ""))
        waves = (int(9000 * math.sin(n / 6) * math.sin(n / 900)) for n in range(16000 * seconds))
        out.writeframes(b"".join(struct.pack("<h", one) for one in waves))
    data = ContentFile(file.getvalue(), name="a.wav")
    return get_media_model().objects.create(title="录音", file=data, duration=seconds, type="audio")


def figure(image):
    value = {"image": image.pk, "alt": "一座楼", "caption": "会议旧址", "source": "档案馆"}
    return {"type": "picture", "id": str(uuid4()), "value": {**value, "licence": "公有领域"}}


def audio(media):
    value = {"media": media.pk, "title": "讲解", "transcript": "会开了三天，换了带路的人。"}
    return {"type": "audio", "id": str(uuid4()), "value": value}


def a_film_plan(*blocks, **changes):
    page = a_lesson(quiz=False, title="遵义会议", body=[section("开会", id=str(uuid4())), *blocks])
    return plan_of(page)


def frames_of(film, wanted):
    """As pictures, by their numbers."""
    with default_storage.open(film.file_name) as file, av.open(file) as box:
        shown = enumerate(box.decode(video=0))
        return {number: frame.to_image() for number, frame in shown if number in wanted}


def loudness(film):
    """In LUFS, as platforms measure it."""
    with default_storage.open(film.file_name) as file:
        (segments.folder() / "film.mp4").write_bytes(file.read())
    heard = ["-i", "film.mp4", "-vn", "-af", "loudnorm=print_format=json", "-f", "null", "-"]
    said = tools.run(heard, segments.folder(), seconds=30)
    return float(re.findall(r'"input_i" : "([-0-9.]+)"', said)[0])


def test_a_film_is_what_platforms_take():
    plan = a_film_plan(figure(a_picture()), audio(a_recording()))
    film = render_whole(ask_for_film(plan, a_user("editor")))
    assert (film.state, film.error) == (film.State.DONE, "")
    with default_storage.open(film.file_name) as file, av.open(file) as box:
        picture, sound = box.streams.video[0], box.streams.audio[0]
        assert (picture.width, picture.height) == (1080, 1920)
        assert (picture.codec_context.name, picture.codec_context.profile) == ("h264", "High")
        assert (picture.codec_context.pix_fmt, picture.average_rate) == ("yuv420p", 30)
        assert (sound.codec_context.name, sound.codec_context.sample_rate) == ("aac", 48000)
        assert abs(box.duration / av.time_base - plan.seconds) < 0.1
        stamps = [packet.pts for packet in box.demux(picture) if packet.pts is not None]
        assert len(stamps) == plan.seconds * 30
    with default_storage.open(film.cover_name) as file, Image.open(file) as cover:
        assert cover.size == (1080, 1920)
    assert -16.5 <= loudness(film) <= -13.5
    assert vertical_video_of(plan.page.pk, plan.revision) == film


def of_words(plan, words):
    """As an editor typed them."""
    typed = {card.scene.id: {"words": words} for card in plan.taken[-1:]}
    save_plan(plan, typed, a_user("writer"), version=plan.row.version)
    return plan_of(plan.page)


def pieces_made(monkeypatch):
    """How many pieces were encoded."""
    made = []
    run = segments.run

    def counting(arguments, place, **options):
        made.extend([place] if "[film]" in arguments else [])
        return run(arguments, place, **options)

    monkeypatch.setattr(segments, "run", counting)
    return made


def test_words_stand_in_the_film_and_in_the_safe_area_alone():
    plan = a_film_plan()
    film = render_whole(ask_for_film(plan, a_user("editor")))
    ends = list(accumulate(card.scene.seconds * 30 for card in plan.taken))
    wanted = {2, *(end - 2 for end in ends)}
    for frame in frames_of(film, wanted).values():
        ground = frame.getpixel((540, 1800))
        other = ImageChops.difference(frame, Image.new("RGB", frame.size, ground))
        left, top, right, bottom = other.convert("L").point(lambda v: v > 40 and 255).getbbox()
        assert right - left > 100
        assert left >= canvas.LEFT - 3
        assert top >= canvas.TOP - 3
        assert right <= canvas.RIGHT + 3
        assert bottom <= canvas.BOTTOM + 3


def test_a_changed_word_makes_one_scene(monkeypatch):
    plan = a_film_plan()
    made = pieces_made(monkeypatch)
    first = render_whole(ask_for_film(plan, a_user("editor")))
    assert len(made) == len(plan.taken) == first.scenes_all
    changed = of_words(plan, "讲给在外面干活的人听。")
    second = render_whole(ask_for_film(changed, a_user("editor2")))
    assert len(made) == len(plan.taken) + 1
    assert second.key != first.key


def test_a_killed_film_goes_on_with_what_is_there(monkeypatch):
    plan = a_film_plan()
    made = pieces_made(monkeypatch)
    film = ask_for_film(plan, a_user("editor"))
    assert step(film)
    later = timezone.now() - timedelta(seconds=1)
    VerticalVideo.objects.filter(pk=film.pk).update(claimed_until=later)  # killed in a scene
    film = render_whole(VerticalVideo.objects.get(pk=film.pk))
    assert (film.state, film.scenes_done) == ("done", len(plan.taken))
    assert len(made) == len(plan.taken)


def test_one_film_is_in_one_workers_hands():
    film = ask_for_film(a_film_plan(), a_user("editor"))
    assert film.claim()
    assert not VerticalVideo.objects.get(pk=film.pk).claim()
    assert not step(VerticalVideo.objects.get(pk=film.pk))


def test_a_film_is_of_what_was_published():
    plan = a_film_plan()
    film = render_whole(ask_for_film(plan, a_user("editor")))
    page = plan.page
    page.title = "遵义会议新讲"
    page = publish_page(page)
    again = plan_of(page)
    assert again.revision == plan.revision + 1
    assert vertical_video_of(page.pk, again.revision) is None
    assert vertical_video_of(page.pk, plan.revision) == film
    draft = plan_of(a_lesson(publish=False, quiz=False))
    with pytest.raises(Conflict, match="还没有发布"):
        ask_for_film(draft, a_user("editor3"))


def test_a_picture_too_large_is_named_with_its_scene(settings):
    plan = a_film_plan(figure(a_picture((40, 30))))
    image = get_image_model().objects.get()
    with image.file.storage.open(image.file.name, "wb") as file:
        file.write(bomb())
    film = render_whole(ask_for_film(plan, a_user("editor")))
    assert film.state == film.State.FAILED
    assert "第 4 个镜头“会议旧址”" in film.error
    assert "万像素" in film.error


def bomb():
    """Says that it has 128 million points."""
    file = BytesIO()
    Image.new("L", (8, 8)).save(file, "PNG")
    data = bytearray(file.getvalue())
    data[16:24] = struct.pack(">II", 16000, 8000)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [b"\0" * 64, b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", b"\0\0\0\x18ftypM4A \0\0\0\0" * 4],
    ids=["zeros", "playlist", "cut off"],
)
def test_a_broken_recording_is_named_with_its_scene(data):
    media = a_recording(1)
    plan = a_film_plan(audio(media))
    with media.file.storage.open(media.file.name, "wb") as file:
        file.write(data)
    for card in plan.taken:
        segments.segment(segments.key_of(card.scene, "")).write_bytes(b"")
    film = render_whole(ask_for_film(plan, a_user("editor")))
    assert film.state == film.State.FAILED
    assert "第 4 个镜头的录音读不出来" in film.error


def test_a_character_without_a_shape_is_named_before_anything_is_made():
    plan = of_words(a_film_plan(), "讲给在外面干活的人听。\U0001f9ed")
    confirm(plan, a_user("boss", is_superuser=True, is_staff=True), seen=plan.free_hash)
    with pytest.raises(Invalid, match=r"第 3 个镜头“讲给在外面.*没有这些字：\U0001f9ed"):
        ask_for_film(plan_of(plan.page), a_user("editor"))
    assert not VerticalVideo.objects.exists()


def test_without_ffmpeg_nothing_is_asked_for(monkeypatch):
    plan = a_film_plan()
    monkeypatch.setattr(tools, "ffmpeg", lambda: "")
    with pytest.raises(Invalid, match="没有 ffmpeg"):
        ask_for_film(plan, a_user("editor"))
    assert not VerticalVideo.objects.exists()


def test_what_nothing_uses_is_forgotten(settings, django_capture_on_commit_callbacks):
    plan = a_film_plan()
    film = VerticalVideo.objects.create(page=plan.page, revision=1, key="a" * 32, state="done")
    VerticalVideo.objects.create(page=plan.page, revision=2, key="b" * 32, state="done")
    VerticalVideo.objects.filter(pk=film.pk).update(asked_at="2026-01-01T00:00:00Z")
    default_storage.save(film.file_name, ContentFile(b"film"))
    old = segments.segment("c" * 32)
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    segments.segment("d" * 32).write_bytes(b"")
    with django_capture_on_commit_callbacks(execute=True):
        forget_old()
    assert [one.key[0] for one in VerticalVideo.objects.all()] == ["b"]
    assert not default_storage.exists(film.file_name)
    assert [path.name[0] for path in segments.folder().glob("*.mp4")] == ["d"]
