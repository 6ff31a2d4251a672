"""An S3 server on loopback (moto's), and a lesson whose files lie in its bucket."""

import environ
import pytest
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

from studyhub.packs.builder import build_pack
from studyhub.settings.files import file_storage
from tests.web.factories import a_full_lesson

BUCKET = "banner"


@pytest.fixture(scope="module")
def server():
    """The address of an S3 server on loopback."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


@pytest.fixture
def told(server, monkeypatch):
    """The environment of an operator with a bucket."""
    said = {
        "S3_BUCKET": BUCKET,
        "S3_ENDPOINT_URL": server,
        "S3_ACCESS_KEY_ID": "key",
        "S3_SECRET_ACCESS_KEY": "secret",
        "S3_REGION": "cn-north-1",
    }
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    return environ.Env()


@pytest.fixture
def bucket(settings, told, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": file_storage(told)}
    kept = default_storage.bucket
    kept.create(CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    yield kept
    kept.objects.delete()
    kept.delete()


@pytest.fixture
def lesson(bucket, indexed):
    page = a_full_lesson()
    build_pack(page.translation_key)
    return page


def bytes_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
