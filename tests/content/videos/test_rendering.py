"""Films as a player sees them; what a kill, a cache and broken files do to one."""

import math
import struct
import wave
from io import BytesIO
from uuid import uuid4

import av
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.videos.plan import plan_of
from content.videos.queue import render_whole
from content.videos.rendering import ask_for_film, vertical_video_of
from tests.factories import a_lesson, a_user, section

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
    return {"type": "figure", "id": str(uuid4()), "value": {**value, "licence": "公有领域"}}


def audio(media):
    value = {"media": media.pk, "title": "讲解", "transcript": "会开了三天，换了带路的人。"}
    return {"type": "audio", "id": str(uuid4()), "value": value}


def a_film_plan(*blocks, **changes):
    page = a_lesson(quiz=False, title="遵义会议", body=[section("开会", id=str(uuid4())), *blocks])
    return plan_of(page)


def seen(film):
    """Its frames as pictures, and its streams."""
    with default_storage.open(film.file_name) as file, av.open(file) as box:
        return [frame.to_image() for frame in box.decode(video=0)]


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
    assert vertical_video_of(plan.page.pk, plan.revision) == film
