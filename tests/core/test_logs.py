"""What a database says of an error quotes somebody's row; logs do not."""

import io
import json
import logging

import pytest
import structlog
from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction

from studyhub.core.logs import WithoutRows, exception_without_rows, tell_error, without_rows
from studyhub.people.models import Branch, User
from tests import factories as make

SECRET = "不该进日志的话"


def failing():
    """An error of the database about a row with somebody's words."""
    make.a_user(SECRET)
    with transaction.atomic():
        User.objects.create(username=SECRET)


def unreadable():
    """A value that PostgreSQL cannot read as what it should be."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::integer", [SECRET])


def too_long():
    with transaction.atomic():
        Branch.add_root(name=SECRET * 40)


def caught(action):
    try:
        action()
    except (IntegrityError, DataError) as error:
        return error
    raise AssertionError("nothing was refused")


ACTIONS = [failing, unreadable, too_long]


@pytest.fixture(params=ACTIONS)
def error(request, db):
    if connection.vendor == "sqlite" and request.param is not failing:
        pytest.skip("SQLite takes it")
    return caught(request.param)


@pytest.fixture
def logged():
    """A logger as the product has it, and what it wrote."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(WithoutRows("%(levelname)s %(name)s %(message)s"))
    logger = logging.Logger("product")
    logger.addHandler(handler)
    return logger, written


def test_the_product_logs_through_it():
    assert settings.LOGGING["formatters"]["line"]["()"] == "studyhub.core.logs.WithoutRows"
    assert exception_without_rows in structlog.get_config()["processors"]


def test_an_error_is_told_with_its_kind_and_place_and_no_row(error):
    told = tell_error(error)
    assert SECRET not in told
    assert type(error).__name__ in told
    assert "test_logs.py" in told


def test_a_logged_exception_holds_no_row(error, logged):
    logger, written = logged
    logger.error("task failed", exc_info=error)
    logger.error("Task raised unexpected: %r", error)  # as Celery says it
    logger.error("Task raised unexpected: %s", error)
    assert SECRET not in written.getvalue()
    assert written.getvalue().count("ERROR product") == 3


def test_nor_does_one_that_led_to_another(error, logged):
    logger, written = logged
    try:
        raise RuntimeError("went on") from error
    except RuntimeError as later:
        logger.error("failed", exc_info=later)
    assert SECRET not in written.getvalue()
    assert "RuntimeError: went on" in written.getvalue()


@pytest.mark.parametrize("given", [True, "error", "tuple"])
def test_nor_an_event(error, given):
    try:
        raise error
    except (IntegrityError, DataError) as caught_again:
        exc_info = {
            True: True,
            "error": caught_again,
            "tuple": (type(caught_again), caught_again, caught_again.__traceback__),
        }[given]
        event = exception_without_rows(None, "error", {"event": "x", "exc_info": exc_info})
    assert SECRET not in json.dumps(event, ensure_ascii=False)
    assert type(error).__name__ in event["exception"]


def test_an_event_without_an_error_stays_as_it_is():
    assert exception_without_rows(None, "info", {"event": "x"}) == {"event": "x"}


@pytest.mark.parametrize(
    "said",
    [
        f"duplicate key\nDETAIL:  Key (name)=({SECRET}) already exists.",
        f"IntegrityError('duplicate key\\nDETAIL:  Key (name)=({SECRET}\n{SECRET})')",
        f"invalid input syntax for type integer: \"{SECRET}\"\nCONTEXT:  parameter $1 = '{SECRET}'",
        f"syntax error\nLINE 1: SELECT {SECRET}",
    ],
)
def test_what_is_quoted_is_cut_off(said):
    assert SECRET not in without_rows(said)
    assert without_rows(said).split()[0].rstrip(",") in said


def test_other_words_stay():
    said = "first line\nsecond line: with a colon"
    assert without_rows(said) == said
