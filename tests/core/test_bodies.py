"""A body that is sent in pieces, without its length, is read to its end."""

from io import BytesIO

import pytest

from studyhub.core.bodies import MOST, measure_bodies


def seen_by_django(body, **environment):
    """What stands in the environment behind the wrapper, and the body there."""
    found = {}

    def application(inner, start_response):
        found.update(inner)
        return [inner["wsgi.input"].read(int(inner.get("CONTENT_LENGTH") or 0))]

    wrapped = measure_bodies(application)
    [read] = wrapped({"wsgi.input": BytesIO(body), **environment}, lambda *_: None)
    return found, read


PIECES = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}


@pytest.mark.parametrize("body", [b"", b"{}", b"x" * 700_000])
def test_it_is_read_whole(body):
    assert seen_by_django(body, **PIECES)[1] == body


def test_one_that_never_ends_is_cut_off_above_what_is_taken():
    inner, _ = seen_by_django(b"x" * (MOST + 100_000), **PIECES)
    assert MOST < int(inner["CONTENT_LENGTH"]) < MOST + 100_000


@pytest.mark.parametrize(
    "environment",
    [
        {"CONTENT_LENGTH": "2"},
        {"CONTENT_LENGTH": "2", "wsgi.input_terminated": True},
        {"CONTENT_LENGTH": "2", "HTTP_TRANSFER_ENCODING": "chunked"},
    ],
)
def test_one_that_says_how_long_it_is_is_left_alone(environment):
    inner, read = seen_by_django(b"{}more", **environment)
    assert read == b"{}"
    assert isinstance(inner["wsgi.input"], BytesIO)
