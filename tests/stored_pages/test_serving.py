"""A stored page is what would be rendered now, byte for byte, for one query."""

import gzip
from datetime import UTC, datetime, timedelta

import brotli
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client import REGISTRY

from studyhub.stored_pages import filling, middleware
from studyhub.stored_pages.models import Edition, StoredPage
from studyhub.stored_pages.release import release
from tests import factories as make

pytestmark = pytest.mark.once

LESSON = "/courses/changzheng/zunyi/"
UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


def test_every_public_page_is_stored(stored):
    kept = set(StoredPage.objects.values_list("address", flat=True))
    assert kept == set(filling.addresses())
    assert {"/", "/courses/", LESSON, "/sites/paotaishan/", "/feeds/lessons.rss"} <= kept


@pytest.mark.parametrize("packing", UNPACK)
def test_stored_bytes_are_what_would_be_rendered_now(stored, client, fresh, packing):
    for address in filling.addresses():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = client.get(address, headers={"Accept-Encoding": packing})
        now = fresh(address)
        assert len(asked) == 1, address
        assert UNPACK[packing](answer.content) == now.content, address
        assert answer.get("Content-Encoding", "") == packing
        for name in set(now.headers) - {"ETag", "Content-Length"}:
            assert answer[name] == now[name], (address, name)


def test_a_page_is_the_same_tomorrow(stored, client, fresh):
    """Nothing on it hangs on the clock; what did would be of the day on which it was rendered."""
    with time_machine.travel(datetime.now(UTC) + timedelta(days=40), tick=False):
        for address in filling.addresses():
            assert client.get(address).content == fresh(address).content, address


def test_a_known_page_is_not_sent_again_whoever_made_it(stored, client, fresh):
    tag = client.get(LESSON)["ETag"]
    assert tag == fresh(LESSON)["ETag"]
    again = client.get(LESSON, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    packed = client.get(LESSON, headers={"Accept-Encoding": "gzip"})["ETag"]
    assert packed != tag


@pytest.mark.parametrize(
    ("accepted", "packing"),
    [
        ("gzip, deflate, br", "br"),
        ("br;q=0.1", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br ; q=0.0,gzip;q=0", ""),
        ("identity", ""),
        ("*", ""),
        ("brotli-like, gzipped, x-br-x", ""),
        ("GZIP", "gzip"),
    ],
)
def test_only_what_the_caller_unpacks_is_packed(stored, client, accepted, packing):
    answer = client.get(LESSON, headers={"Accept-Encoding": accepted})
    assert answer.get("Content-Encoding", "") == packing
    assert UNPACK[packing](answer.content).startswith(b"<!DOCTYPE html>")


def test_head_tells_the_length(stored, client, fresh):
    answer = client.head(LESSON)
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer["Content-Length"]) == len(fresh(LESSON).content)


def test_every_request_is_counted(stored, client):
    name = "django_http_requests_before_middlewares_total"
    before = REGISTRY.get_sample_value(name)
    client.get(LESSON)
    assert REGISTRY.get_sample_value(name) == before + 1


def test_a_host_that_is_not_ours_is_refused_as_everywhere(stored, client, settings):
    settings.ALLOWED_HOSTS = ["study.example.org"]
    assert client.get(LESSON, headers={"Host": "evil.example"}).status_code == 400


def test_another_release_shows_none_of_them(stored, client, monkeypatch):
    Edition.objects.update(release="of yesterday")
    StoredPage.objects.update(tag="old")
    assert "old" not in client.get(LESSON)["ETag"]
    assert filling.refill()
    assert Edition.current().release == release()


@pytest.mark.parametrize("how", ["question", "post"])
def test_only_a_plain_reading_is_answered_from_the_store(stored, client, how):
    StoredPage.objects.update(tag="stored")
    answer = client.post(LESSON) if how == "post" else client.get(f"{LESSON}?x=1")
    assert "stored" not in answer.get("ETag", "")
    assert "stored" in client.get(LESSON)["ETag"]


def test_signed_in_readers_get_the_same_bytes(stored, qiqige, sign_in, client):
    assert sign_in(qiqige).get(LESSON).content == client.get(LESSON).content


def test_a_draft_a_closed_page_and_a_missing_one_are_not_stored(stored, client):
    draft = make.a_lesson(slug="draft", publish=False)
    filling.refill()
    for address in (draft.get_url(), "/courses/nothing/"):
        assert not StoredPage.objects.filter(address=address).exists()
        assert client.get(address).status_code == 404


def test_a_page_that_lacks_a_file_for_now_is_asked_for_each_time(stored, client, monkeypatch):
    from content import media
    from tests.web.factories import a_full_lesson

    full = a_full_lesson(slug="full")
    monkeypatch.setattr(media, "_picture", _raises)
    filling.refill()
    assert not StoredPage.objects.filter(address=full.get_url()).exists()
    assert StoredPage.objects.filter(address=LESSON).exists()
    assert client.get(full.get_url()).status_code == 200


def _raises(rendition):
    raise OSError("a file that cannot be read")


def test_a_page_that_cannot_be_rendered_holds_up_no_other(stored, monkeypatch):
    whole = filling.render
    make.a_lesson(slug="broken")
    monkeypatch.setattr(
        filling, "render", lambda address: 1 / 0 if "broken" in address else whole(address)
    )
    assert filling.refill()
    assert not StoredPage.objects.filter(address__contains="broken").exists()
    assert StoredPage.objects.filter(address=LESSON, edition=Edition.current().number).exists()


def test_the_command_names_a_page_that_differs(stored, capsys):
    from django.core.management import call_command

    call_command("verify_pages")
    StoredPage.objects.filter(address=LESSON).update(gzip=gzip.compress(b"something else"))
    with pytest.raises(SystemExit) as refused:
        call_command("verify_pages")
    assert refused.value.code == 1
    assert LESSON in capsys.readouterr().err


def test_no_proxy_keeps_what_is_rendered_right_after_a_change(stored, lesson, client, monkeypatch):
    """Or who asks through it after the next change sees the page as it was between the two."""
    now = [1000.0]
    monkeypatch.setattr(middleware, "monotonic", lambda: now[0])
    make.correct(lesson, "minor")
    told = [client.get(lesson.get_url())["X-Accel-Expires"]]
    now[0] += middleware.WORKER_IS_AWAY - 1
    told.append(client.get(lesson.get_url())["X-Accel-Expires"])
    now[0] += 2  # nobody renders the copies: the proxy bears the readers, a second at a time
    told.append(client.get(lesson.get_url())["X-Accel-Expires"])
    assert told == ["0", "0", "1"]


def test_nor_what_is_not_there_any_more(stored, lesson, client):
    lesson.unpublish()
    answer = client.get(lesson.get_url())
    assert (answer.status_code, answer["X-Accel-Expires"]) == (404, "0")
