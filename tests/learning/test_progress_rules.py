"""Progress is a function of the set of records: order, batches, repeats and phones do not count."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.catalogue import as_shown
from content.outline import Option, Outline, Question, Quiz, Section
from studyhub.core.clock import BEIJING
from studyhub.learning.models import Progress
from studyhub.learning.progress import find_differences
from studyhub.learning.progress_rules import Derived, derive
from studyhub.records.models import Fact, Record
from tests import factories as make

SPACE = UUID("8a1a5c6e-2f3f-5c0b-9a77-1b2c3d4e5f60")
SECTIONS = [uuid5(SPACE, f"section {n}") for n in range(4)]
START = datetime(2026, 11, 1, 8, tzinfo=BEIJING)


def plain_outline(revision: int, required: list[int]) -> Outline:
    sections = tuple(Section(SECTIONS[n], f"第{n}节", n in required) for n in range(4))
    questions = tuple(
        Question(f"q{n}", "single", "？", (Option("a", "甲"),), "a", (), "", None, "")
        for n in range(2)
    )
    return Outline(SPACE, revision, "课", sections, Quiz("quiz", "自测", True, 50, questions))


OUTLINES = {1: plain_outline(1, [0, 1]), 2: plain_outline(2, [0, 2])}


def fact(kind: str, data: dict, minute: int, revision: int) -> Fact:
    return Fact(kind, SPACE, revision, data, START + timedelta(minutes=minute))


def attempt(number: int, *answers: str) -> dict:
    given_answers = {f"q{n}": answer for n, answer in enumerate(answers)}
    return {"quiz_id": "quiz", "attempt_id": f"t{number}", "answers": given_answers}


# Every act there is, at three moments, on both revisions; the sets below are drawn from these.
ACTS = [
    *(("sections_read", {"section_ids": [str(section)]}) for section in SECTIONS),
    ("sections_read", {"section_ids": [str(section) for section in SECTIONS]}),
    ("quiz_attempt", attempt(1, "a", "a")),
    ("quiz_attempt", attempt(1, "b", "b")),
    ("quiz_attempt", attempt(2, "a", "b")),
    ("quiz_attempt", attempt(3, "b", "b")),
    ("lesson_finished", {}),
    ("reflection", {"text": "记住了"}),
]
FACTS = [
    fact(kind, data, minute, revision)
    for kind, data in ACTS
    for minute in (0, 7, 9_000)
    for revision in (1, 2)
]
record_sets = st.lists(st.sampled_from(FACTS), max_size=14)


def test_a_record_of_a_revision_nobody_knows_moves_nothing():
    assert derive([fact("lesson_finished", {}, 0, revision=9)], OUTLINES) == Derived()


def test_an_attempt_at_another_self_check_counts_but_proves_nothing():
    strange = attempt(1, "a", "a") | {"quiz_id": "another"}
    derived = derive([fact("quiz_attempt", strange, 0, revision=1)], OUTLINES)
    assert (derived.quiz_attempts, derived.quiz_best) == (1, None)


def test_a_reflection_moves_no_progress():
    assert derive([fact("reflection", {"text": "记住了"}, 0, revision=1)], OUTLINES) == Derived()


DRAWN = "0198c0de-0000-8000-8000-00000000000{}"  # the id of an attempt that drew


def outline_that_draws() -> Outline:
    plain = plain_outline(1, [])
    questions = tuple(replace(plain.quiz.questions[0], id=f"q{n}") for n in range(5))
    return replace(plain, quiz=replace(plain.quiz, questions=questions, draw=2, pass_mark=100))


def best_of(answers, attempt_id):
    outline = outline_that_draws()
    data = {"quiz_id": "quiz", "attempt_id": attempt_id, "answers": answers}
    said = [fact("quiz_attempt", data, 0, 1), fact("lesson_finished", {}, 0, 1)]
    derived = derive(said, {1: outline})
    return derived.quiz_best, derived.finished_at is not None


@pytest.mark.parametrize("number", range(5))
def test_what_an_attempt_drew_is_the_whole_self_check(number):
    """Done is who answered rightly what was drawn; what was not drawn nobody has to answer."""
    attempt_id = DRAWN.format(number)
    drawn = [one.id for one in as_shown(outline_that_draws().quiz, 1, attempt_id).questions]
    others = [f"q{n}" for n in range(5) if f"q{n}" not in drawn]
    assert best_of(dict.fromkeys(drawn, "a"), attempt_id) == (100, True)
    assert best_of({drawn[0]: "a"}, attempt_id) == (50, False)
    assert best_of(dict.fromkeys(others, "a"), attempt_id) == (0, False)


def test_a_phone_that_knows_no_drawing_is_asked_all():
    ordinary = "0198c0de-0000-7000-8000-000000000001"
    assert best_of({f"q{n}": "a" for n in range(5)}, ordinary) == (100, True)
    assert best_of({"q0": "a", "q1": "a"}, ordinary) == (40, False)


@pytest.mark.slow
@given(record_sets, st.randoms())
@settings(max_examples=400, deadline=None)
def test_order_and_repetition_change_nothing(records, chance):
    shuffled = records + [chance.choice(records) for _ in range(len(records) // 2)]
    chance.shuffle(shuffled)
    assert derive(shuffled, OUTLINES) == derive(records, OUTLINES)


@pytest.mark.slow
@given(record_sets, record_sets)
@settings(max_examples=400, deadline=None)
def test_more_records_never_take_anything_away(records, more):
    before, after = derive(records, OUTLINES), derive(records + more, OUTLINES)
    assert before.sections_read <= after.sections_read
    assert (before.quiz_best or 0) <= (after.quiz_best or 0)
    assert before.quiz_attempts <= after.quiz_attempts
    if before.finished_at:
        assert after.finished_at
        assert after.finished_at <= before.finished_at


@pytest.mark.slow
@given(record_sets)
@settings(max_examples=400, deadline=None)
def test_nobody_finishes_without_reading_passing_and_saying_so(records):
    done = derive(records, OUTLINES)
    if done.finished_at is None:
        return
    outline = OUTLINES[done.finished_revision]
    assert outline.required_sections <= done.sections_read
    assert done.quiz_best >= outline.quiz.pass_mark
    assert any(record.kind == "lesson_finished" for record in records)


@pytest.fixture
def corrected_lesson(db):
    """A lesson at revision 2: one required section stayed, one was replaced."""
    kept, old, new = make.section("开头"), make.section("旧结尾"), make.section("新结尾")
    check = make.self_check(cites="开头")
    page = make.a_lesson(body=[kept, old, check])
    page.body = page.body.stream_block.to_python([kept, new, check])
    make.publish_page(page)
    return page


def sent_records(page, chance: random.Random, count: int) -> list[tuple[int, dict]]:
    """Records as three phones would make them, with their phone's number."""
    outlines = [make.outline_of(page, 1), make.outline_of(page, 2)]
    seqs = {1: 0, 2: 0, 3: 0}
    made = []
    for number in range(count):
        phone = chance.choice([1, 2, 3])
        seqs[phone] += 1
        outline = chance.choice(outlines)
        kind = chance.choice(["sections_read", "quiz_attempt", "lesson_finished"])
        data = {
            "sections_read": {"section_ids": [str(chance.choice(outline.sections).id)]},
            "quiz_attempt": {
                "quiz_id": outline.quiz.id,
                "attempt_id": str(uuid5(SPACE, f"attempt {chance.randint(1, 4)}")),
                "answers": {
                    q.id: q.answer for q in outline.quiz.questions if chance.random() < 0.6
                },
            },
        }.get(kind, {})
        record = {
            "id": str(uuid5(SPACE, f"{chance.random()} {number}")),
            "seq": seqs[phone],
            "kind": kind,
            "at": (START + timedelta(minutes=chance.randint(0, 20_000))).isoformat(),
            "lesson_id": str(page.translation_key),
            "revision": outline.revision,
            "data": data,
        }
        made.append((phone, record))
    return made


def own_ids(member, sent):
    """The same records as this member's phones would have named them."""
    return [
        (phone, record | {"id": str(uuid5(SPACE, f"{member.pk} {record['id']}"))})
        for phone, record in sent
    ]


def send_in_batches(member, sent, chance) -> None:
    """In any order, cut anywhere, about a third of it twice."""
    sent = sent + [chance.choice(sent) for _ in range(len(sent) // 3)] if sent else []
    chance.shuffle(sent)
    while sent:
        size = chance.randint(1, 5)
        batch, sent = sent[:size], sent[size:]
        for phone in {phone for phone, _ in batch}:
            records = [record for number, record in batch if number == phone]
            make.send(member, *records, phone=phone)


def progress_values(member) -> dict:
    row = Progress.objects.filter(member=member).values().first() or {}
    return {k: v for k, v in row.items() if k not in ("id", "member_id", "updated_at")}


@pytest.mark.slow
@given(seed=st.integers(0, 2**32), count=st.integers(1, 18))
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_three_phones_in_any_order_and_batching_end_like_the_set_itself(
    corrected_lesson, seed, count
):
    sent = sent_records(corrected_lesson, random.Random(seed), count)
    orderly, messy = make.MemberFactory(name="有序"), make.MemberFactory(name="无序")
    for phone, record in own_ids(orderly, sent):
        make.send(orderly, record, phone=phone)
    send_in_batches(messy, own_ids(messy, sent), random.Random(seed + 1))
    assert Record.objects.filter(member=messy).count() == count
    assert progress_values(messy) == progress_values(orderly)
    assert list(find_differences()) == []
