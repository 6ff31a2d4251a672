"""Answers of an S3 server that are no files: refusals, errors, and half of a file."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.files.storage import storages

from studyhub.core.errors import FilesAway
from studyhub.settings.files import file_storage

pytestmark = pytest.mark.slow


class Answers(BaseHTTPRequestHandler):
    """One status to everything; of a file of a thousand bytes only the first five are sent."""

    def do_HEAD(self):
        self.server.asked += 1
        self.send_response(self.server.status)
        self.send_header("Content-Length", "1000")
        self.send_header("Last-Modified", "Fri, 27 Nov 2026 08:00:00 GMT")
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()
        self.wfile.write(b"five!")

    def log_message(self, *_):
        """Tests are quiet."""


@pytest.fixture
def odd():
    """A server whose ``status`` a test sets, and which counts what it was ``asked``."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.status, server.asked = 200, 0
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def kept(odd, told, monkeypatch):
    monkeypatch.setenv("S3_ENDPOINT_URL", f"http://127.0.0.1:{odd.server_address[1]}")
    return storages.create_storage(file_storage(told))


def test_a_server_in_trouble_is_left_alone_for_a_while(kept, odd):
    odd.status = 503
    for _ in range(3):
        with pytest.raises(FilesAway):
            kept.look("images/pass.png")
    assert odd.asked == 1


def test_a_server_that_lets_nobody_in_is_away_but_asked_again(kept, odd):
    """Strangers ask for names that are not there, and some servers answer to those: no entry."""
    odd.status = 403
    with pytest.raises(FilesAway):
        kept.look("images/pass.png")
    odd.status = 200
    assert kept.look("images/pass.png").size == 1000


def test_half_a_file_is_no_file(kept):
    with pytest.raises(FilesAway), kept.open("images/pass.png") as file:
        file.read()
