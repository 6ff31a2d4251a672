"""``POST /me/records`` with anything at all: the answer says what is stored."""

import json
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyhub.core.ids import uuid7
from studyhub.records.models import Record
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # many inputs, one rule
HUGE = "HUGE NUMBER"  # replaced in the text, where Python's own json would write Infinity


def raw_envelope(member, records, huge="1e999"):
    body = {
        "device_id": str(make.device()),
        "account_id": str(member.user.account_id),
        "epoch": 1,
        "records": records,
    }
    return json.dumps(body).replace(f'"{HUGE}"', huge)


def strictly(text):
    def refuse(name):
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


def answers(client, member, records, huge="1e999"):
    answer = client.post("/me/records", raw=raw_envelope(member, records, huge))
    assert answer.status_code == 200, answer.content
    return strictly(answer.content)["results"]


def deep(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.fixture
def qiqige():
    return make.a_member("其其格")


@pytest.fixture
def outline():
    return make.outline_of(make.a_lesson())


@pytest.mark.parametrize(
    "data",
    [
        {"place": HUGE},
        {"deep": deep(300)},
        {"place": 1e300},
        {"place": 1e-300},
        {"place": 10**30},
        {"\0": 1},
        {"a": {"\ud800": 1}},
        {"note": "\udfff"},
    ],
    ids=["endless", "deep", "large", "small", "long", "NUL key", "half key", "half"],
)
def test_a_mark_no_database_can_hold_is_refused_and_its_neighbours_stored(
    api, qiqige, outline, data
):
    bad, good = make.a_record("mark", data=data), make.read_record(outline)
    results = answers(api(qiqige.user), qiqige, [bad, good])
    assert [result["status"] for result in results] == ["rejected", "accepted"]
    assert [str(pk) for pk in Record.objects.values_list("pk", flat=True)] == [good["id"]]


@pytest.mark.parametrize("key", ["\0", "\ud800"])
def test_an_answer_under_a_name_no_database_can_hold_harms_nobody(api, qiqige, outline, key):
    attempt = make.attempt_record(outline)
    attempt["data"]["answers"][key] = "a"
    results = answers(api(qiqige.user), qiqige, [attempt, make.read_record(outline)])
    assert [result["status"] for result in results] == ["accepted", "accepted"]


@pytest.mark.parametrize("huge", ["1e999", "9" * 5000])
def test_an_endless_number_anywhere_harms_only_its_own_record(api, qiqige, outline, huge):
    bad = [
        make.read_record(outline) | {name: HUGE}
        for name in ("id", "seq", "revision", "at", "lesson_id", "kind", "data")
    ]
    results = answers(api(qiqige.user), qiqige, [*bad, make.read_record(outline)], huge)
    assert [r["status"] for r in results] == ["rejected"] * len(bad) + ["accepted"]


def test_a_clock_at_the_end_of_the_calendar_is_refused_in_words(api, qiqige, outline):
    """No time zone can show such a moment, so nobody could read their own record any more."""
    bad = make.read_record(outline, at="9999-12-31T23:59:59Z")
    assert answers(api(qiqige.user), qiqige, [bad])[0]["code"] == "bad_time"


names = st.text(max_size=8) | st.sampled_from(["\0", "\ud800"])
texts = names | st.sampled_from([HUGE, "长" * 3000])
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
anything = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)
FIELDS = ["id", "seq", "kind", "at", "lesson_id", "revision", "data"]
KINDS = Record.Kind.values


@st.composite
def hostile_records(draw):
    """A record like a phone's with some of its parts replaced; its id is given later."""
    record = {"kind": draw(st.sampled_from(KINDS)), "data": draw(anything)}
    record |= draw(st.dictionaries(st.sampled_from(FIELDS), anything, max_size=2))
    return draw(st.sampled_from([record, draw(anything)]))


def completed(raw, outline):
    if not isinstance(raw, dict):
        return raw
    whole = {
        "id": str(uuid7()),
        "at": make.NOON,
        "lesson_id": str(outline.lesson_key),
        "seq": 1,
    }
    data = raw.get("data")
    return whole | raw | ({"data": _known(raw, data)} if isinstance(data, dict) else {})


def _known(raw, data):
    """Half of what is drawn should get past the first look at its shape."""
    if raw.get("kind") == "quiz_attempt":
        return {"quiz_id": str(make.device()), "attempt_id": str(make.device()), "answers": data}
    return data


@pytest.mark.slow
@given(batch=st.lists(hostile_records(), min_size=1, max_size=6))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_answer_says_what_is_stored_whatever_was_sent(api, qiqige, outline, batch):
    client = api(qiqige.user)
    sent = [completed(raw, outline) for raw in batch]
    first, last = make.read_record(outline), make.finished_record(outline)
    results = answers(client, qiqige, [first, *sent, last])
    assert len(results) == len(sent) + 2
    assert results[0]["status"] == results[-1]["status"] == "accepted"
    for record, result in zip(sent, results[1:-1], strict=True):
        named = [result["id"]] if result["status"] in ("accepted", "duplicate") else []
        assert Record.objects.filter(pk__in=named).count() == len(named)
        if result["status"] == "rejected" and result["code"] not in ("mismatch", "id_taken"):
            assert not _is_stored(record)
    again = answers(client, qiqige, [first, *sent, last])
    assert "accepted" not in {result["status"] for result in again}


def _is_stored(record):
    try:
        return Record.objects.filter(pk=UUID(record["id"])).exists()
    except (TypeError, ValueError, AttributeError, KeyError):
        return False
