"""The fast way of storing answers and stores what the plain one does, whatever phones send."""

import hashlib
import json
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyhub.learning.progress import find_differences, progress_of
from studyhub.learning.submissions import submit_from_phone
from studyhub.people import access
from studyhub.people.merging import merge_entries
from studyhub.records.models import DeviceCursor, Record
from tests import factories as make
from tests.records.plain_intake import store_plainly

pytestmark = pytest.mark.django_db
ROWS = [field.attname for field in Record._meta.concrete_fields]


@pytest.fixture
def phones(time_machine):
    """Two accounts, and a pool from which their phones send: sound records of two revisions, the
    same again with other words under a used id, and what is refused or must wait."""
    time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)
    page = make.a_lesson()
    old = make.outline_of(page)
    new = make.outline_of(make.correct(page))
    sound = [
        *make.whole_study(old),
        *make.whole_study(new),
        make.read_record(old, only=1),
        make.attempt_record(new, right=False),
        make.a_record("reflection", new.lesson_key, data={"text": "记住了"}),
        make.a_record("mark", data={"place": "第一节"}),
        make.finished_record(old, at="1970-01-01T00:00:00Z"),
        make.finished_record(old, at="2031-01-01T00:00:00+08:00"),
    ]
    other_words = [record | {"at": "2026-11-19T07:00:00Z"} for record in sound[:3]]
    unnamed = {k: v for k, v in make.finished_record(old).items() if k != "revision"}
    odd = [
        unnamed,
        make.finished_record(old) | {"revision": 99},
        make.finished_record(old) | {"lesson_id": str(make.device(99))},
        make.a_record("attendance_claim"),
        make.a_record("mark", data={"place": "x" * 5000}),
        make.read_record(old) | {"seq": -1},
        {"id": "x"},
        "nonsense",
    ]
    members = [make.a_member(name, username=f"phone{n}") for n, name in enumerate("甲乙")]
    return members, [*sound, *other_words, *odd]


numbered = st.tuples(st.integers(0, 23), st.one_of(st.none(), st.integers(1, 9)))
batches = st.tuples(
    st.integers(0, 1), st.integers(1, 2), st.lists(numbered, max_size=12), st.booleans()
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=st.lists(batches, min_size=1, max_size=5))
def test_both_ways_answer_alike_and_leave_the_same_rows(phones, sent):
    fast, plain = (_live(phones, sent, way) for way in (_fast, _plain))
    assert fast == plain


def _live(phones, sent, way):
    """Every answer, and the rows at the end; once in a while the second entry is merged."""
    members, pool = phones
    answers = []
    with transaction.atomic():
        for who, phone, picked, merge in sent:
            records = [_numbered(pool[place % len(pool)], seq) for place, seq in picked]
            user = members[who].user
            stored = way(user, make.device(phone), records)
            answers.append((stored, _key_of(user)))
            if merge and _key_of(members[1].user) != members[0].pk:
                kept, other = (type(one).objects.get(pk=one.pk) for one in members)
                merge_entries(kept=kept, other=other)
        rows = list(Record.objects.order_by("pk").values(*ROWS))
        cursors = DeviceCursor.objects.order_by("member", "device_id")
        known = list(cursors.values("member", "device_id", "ranges", "has_gaps", "seen_at"))
        transaction.set_rollback(True)
    return answers, rows, known


def _numbered(record, seq):
    return record | {"seq": seq} if isinstance(record, dict) and seq else record


def _key_of(user):
    return access.own_member(user).pk


def _fast(user, device_id, records):
    source = Record.Source.SESSION
    done = submit_from_phone(user=user, device_id=device_id, records=records, source=source)
    shown = progress_of(access.own_member(user), sorted(done.stored.touched))
    assert done.progress == list(shown.values())
    assert list(find_differences()) == []
    return done.stored


def _plain(user, device_id, records):
    return store_plainly(access.own_member(user), device_id, records)


def test_a_record_is_known_by_the_same_hash_for_ever():
    """What is in the log was hashed by earlier versions: a repeat must not look like another."""
    member, outline = make.a_member(), make.outline_of(make.a_lesson())
    record = make.read_record(outline)
    make.send(member, record)
    row = Record.objects.get(pk=UUID(record["id"]))
    said = [row.kind, str(row.lesson_key), row.revision, row.data, row.at.isoformat()]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False).encode()
    assert row.content_hash == hashlib.blake2b(text, digest_size=16).hexdigest()
