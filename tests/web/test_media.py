"""Players ask for pieces of a file; iOS plays no sound without them."""

import pytest
from django.test import Client

BYTES = bytes(range(256)) * 40
SIZE = len(BYTES)


@pytest.fixture(autouse=True)
def _sound(settings, tmp_path, monkeypatch):
    """On an open page, all of it: what is open at all is asked in ``test_open.py``."""
    monkeypatch.setattr("content.catalogue.is_open_file", lambda name: True)
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "story.m4a").write_bytes(BYTES)
    (tmp_path / "media" / "page.html").write_text("<script>")
    (tmp_path / "media" / "drawing.svg").write_text("<svg/>")
    (tmp_path / "secret.m4a").write_bytes(b"secret")


def ask(wanted=None, path="/media/story.m4a", method="get", **headers):
    if wanted:
        headers["Range"] = wanted
    return getattr(Client(), method)(path, headers=headers)


def test_a_whole_file_says_that_it_can_be_had_in_pieces():
    response = ask()
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == BYTES
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Length"] == str(SIZE)
    assert response["Content-Type"].startswith("audio/")


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=100-", 100, SIZE - 1),
        ("bytes=-10", SIZE - 10, SIZE - 1),
        (f"bytes=5-{SIZE * 2}", 5, SIZE - 1),
        ("bytes=0-0", 0, 0),
    ],
)
def test_a_piece_is_exactly_what_was_asked_for(wanted, first, last):
    response = ask(wanted)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert b"".join(response.streaming_content) == BYTES[first : last + 1]
    assert response["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("wanted", [f"bytes={SIZE}-", "bytes=9-3", "bytes=-0"])
def test_what_is_not_there_is_said_to_be_not_there(wanted):
    response = ask(wanted)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize("wanted", ["bytes=x-y", "lines=1-2", "bytes=0-1,5-9", "bytes=-"])
def test_a_request_one_does_not_understand_gets_the_whole_file(wanted):
    assert ask(wanted).status_code == 200


def test_a_piece_of_an_older_file_is_never_mixed_with_the_new():
    tag = ask()["ETag"]
    assert ask("bytes=0-9", **{"If-Range": tag}).status_code == 206
    assert ask("bytes=0-9", **{"If-Range": '"older"'}).status_code == 200


def test_a_known_file_is_not_sent_again():
    assert ask(**{"If-None-Match": ask()["ETag"]}).status_code == 304


def test_head_tells_without_sending():
    response = ask("bytes=0-9", method="head")
    assert (response.status_code, response.content) == (206, b"")
    assert response["Content-Length"] == "10"


@pytest.mark.parametrize(
    "path",
    [
        "/media/../secret.m4a",
        "/media/%2e%2e/secret.m4a",
        "/media//etc/passwd",
        "/media/nothing.m4a",
        "/media/page.html",
        "/media/drawing.svg",
        "/media/story.m4a%00",
        "/media/",
    ],
)
def test_nothing_else_leaves_the_directory(db, path):
    assert ask(path=path).status_code == 404


def test_a_server_in_front_sends_the_bytes_after_django_said_yes(settings):
    settings.MEDIA_SENT_FROM = "/stored-media/"
    response = ask()
    assert response["X-Accel-Redirect"] == "/stored-media/story.m4a"
    assert (response["Content-Type"], response.content) == ("audio/mp4", b"")
    assert ask(path="/media/page.html").status_code == 404
