"""Messages as files: whole or not there, each read once, whatever a power cut has left."""

from pathlib import Path
from queue import Empty
from threading import Thread

import pytest
from kombu import Connection
from kombu.exceptions import ChannelError

from studyhub.core.broker import Transport

MANY = 3000


@pytest.fixture
def connect(tmp_path):
    (tmp_path / "queue").mkdir()
    options = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
        "store_processed": False,
    }

    def _connect():
        return Connection("filesystem://", transport=Transport, transport_options=options)

    return _connect


def read_all(channel):
    found = []
    while True:
        try:
            found.append(channel._get("celery"))
        except Empty:
            return found


@pytest.mark.slow
@pytest.mark.once
def test_a_reader_never_meets_a_message_half_written(connect):
    with connect() as writing, connect() as reading:
        writer, reader = writing.channel(), reading.channel()

        def write():
            for number in range(MANY):
                writer._put("celery", {"number": number})

        thread = Thread(target=write)
        thread.start()
        found = []
        while thread.is_alive():
            found += read_all(reader)
        found += read_all(reader)
    assert [message["number"] for message in found] == list(range(MANY))


@pytest.mark.parametrize("rest", [b"", b'{"number"', b"\xff\x00"])
def test_what_a_power_cut_left_does_not_stand_in_the_way(connect, tmp_path, rest):
    with connect() as connection:
        channel = connection.channel()
        (Path(tmp_path) / "queue" / "00000000000000000001_left.celery.msg").write_bytes(rest)
        channel._put("celery", {"number": 1})
        assert read_all(channel) == [{"number": 1}]


def test_a_message_that_cannot_be_written_is_said_aloud(connect, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("studyhub.core.broker.os.replace", full)
    with connect() as connection, pytest.raises(ChannelError, match="cannot write"):
        connection.channel()._put("celery", {"number": 1})
