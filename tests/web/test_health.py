"""Whether the product can work is told without changing anything."""

import os
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def storage(client):
    return client.get("/readyz").json()["parts"]["storage"]


def everything(folder: Path):
    return [(p.name, p.stat().st_mtime_ns) for p in [folder.parent, *folder.parent.rglob("*")]]


def test_asking_writes_nothing(client, folder, monkeypatch):
    before = everything(folder)
    monkeypatch.setattr(default_storage, "save", None)
    for _ in range(3):
        assert storage(client) == "ok"
    folder.mkdir()
    before = everything(folder)
    assert storage(client) == "ok"
    assert everything(folder) == before


def test_a_folder_that_is_none_is_told(client, folder):
    folder.write_text("")
    assert storage(client).startswith("failing")


def test_a_folder_that_cannot_be_written_to_is_told(client, folder, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert storage(client) == "failing: PermissionError"


def test_a_full_disk_is_told(client, folder, monkeypatch):
    real = os.statvfs(folder.parent)
    full = os.statvfs_result([*real[:4], 0, *real[5:]])
    monkeypatch.setattr(os, "statvfs", lambda path: full)
    assert storage(client) == "failing: OSError"
