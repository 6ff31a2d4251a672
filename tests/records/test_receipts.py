"""学习凭条: what is written is read back exactly, and no slip of the pen passes."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from content.outline import Option, Outline, Question, Quiz, Section
from studyhub.core.errors import Invalid
from studyhub.records.receipt_code import (
    ALPHABET,
    MAX_TEXT,
    BitReader,
    Unreadable,
    read_groups,
)
from studyhub.records.receipts import (
    START,
    Writer,
    read_receipt,
    unpack_records,
)
from tests.records.receipt_cases import a_case, a_plain_study, outlines
from tests.records.receipt_writer import BitWriter, make_groups, write_receipt

KEY = b"k" * 32


def written(case):
    writer, outline, lesson_key, revision, records = case
    code = write_receipt(
        writer, KEY, records, lesson_key=lesson_key, revision=revision, outline=outline
    )
    if len(code) > MAX_TEXT:
        assume(False)  # the phone writes that much in several
    return code


def carried(case):
    """Through the code and back, as the server does it once it knows whose receipt it is."""
    writer, outline, lesson_key, _, _ = case
    code = written(case)
    receipt = read_receipt(code)
    assert receipt.is_proved_by(KEY, lesson_key or UUID(int=0))
    return code, unpack_records(receipt, writer, lesson_key, outline)


def told(record):
    """What counts of a record: the same moment may be spelled in two ways."""
    moment = datetime.fromisoformat(record["at"]).astimezone(UTC).isoformat()
    shown = {name: record[name] for name in ("id", "seq", "kind", "data") if name in record}
    return json.dumps({**shown, "at": moment}, sort_keys=True)


@pytest.mark.slow
@given(a_case())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_record_comes_back_as_it_was(case):
    _, records = carried(case)
    assert sorted(map(told, records)) == sorted(map(told, case[-1]))


@given(a_case())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_record_is_of_the_receipts_lesson_and_revision(case):
    _, records = carried(case)
    lesson, revision = case[2] and str(case[2]), case[3] or None
    assert {(r.get("lesson_id"), r.get("revision")) for r in records} == {(lesson, revision)}


def test_an_ordinary_lesson_takes_at_most_fourteen_groups():
    """Three sections read one by one, a self-check of five questions, 学完了."""
    for seed in range(40):
        code, _ = carried(a_plain_study(seed))
        assert len(code.split()) <= 14, code


def symbols(length=8, least=1):
    part = st.lists(st.integers(0, 31), min_size=4, max_size=4)
    parts = st.lists(part, min_size=least, max_size=length)
    return parts.map(lambda lists: [value for one in lists for value in one])


@given(symbols(), st.data())
def test_one_wrong_character_is_located(values, data):
    groups = make_groups(values)
    number = data.draw(st.integers(1, len(groups)))
    place = data.draw(st.integers(0, 4))
    right = groups[number - 1]
    wrong = data.draw(st.sampled_from([c for c in ALPHABET + "U" if c != right[place]]))
    groups[number - 1] = right[:place] + wrong + right[place + 1 :]
    assert named_group(" ".join(groups)) == number


@given(symbols(), st.data())
def test_two_swapped_characters_are_located(values, data):
    groups = make_groups(values)
    number = data.draw(st.integers(1, len(groups)))
    one, other = data.draw(st.sampled_from([(a, b) for a in range(5) for b in range(a)]))
    letters = list(groups[number - 1])
    assume(letters[one] != letters[other])
    letters[one], letters[other] = letters[other], letters[one]
    groups[number - 1] = "".join(letters)
    assert named_group(" ".join(groups)) == number


@given(symbols(least=4), st.data())
def test_a_missing_character_is_located_in_its_group(values, data):
    groups = make_groups(values)
    number = data.draw(st.integers(1, len(groups)))
    place = data.draw(st.integers(0, 4))
    groups[number - 1] = groups[number - 1][:place] + groups[number - 1][place + 1 :]
    assert named_group(" ".join(groups)) == number


@given(symbols(least=2))
def test_swapped_groups_are_refused(values):
    groups = make_groups(values)
    assume(groups[0] != groups[1])
    groups[0], groups[1] = groups[1], groups[0]
    assert named_group(" ".join(groups)) in (1, 2)


def problem_of(act):
    try:
        act()
    except Invalid as problem:
        return problem.code
    return None


def named_group(text):
    with pytest.raises(Invalid) as caught:
        read_groups(text)
    assert caught.value.code == "bad_group"
    number = caught.value.extra["errors"][0]["loc"][1]
    assert f"第 {number} 组抄错了" in caught.value.detail
    return number


@given(symbols(), st.sampled_from([str.lower, str.swapcase, lambda t: t.replace(" ", "-")]))
def test_it_does_not_matter_how_it_is_typed(values, spell):
    code = " ".join(make_groups(values))
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in spell(code))
    lookalikes = wide.replace("０", "ｏ").replace("１", "l")
    assert read_groups(lookalikes) == read_groups(code.replace(" ", "")) == values
    assert read_groups(f"https://study.example.org/receipts/#{code}") == values


@pytest.mark.parametrize("text", ["", "   ", "——", "https://study.example.org/receipts/#"])
def test_nothing_typed_asks_for_the_code(text):
    with pytest.raises(Invalid, match="还没有填"):
        read_groups(text)


@given(st.text(max_size=120))
def test_whatever_is_typed_is_answered_in_words(text):
    assert problem_of(lambda: read_receipt(text)) in (None, "bad_group", "bad_receipt")


@pytest.mark.slow
@given(symbols(30), st.binary(min_size=32, max_size=32))
@settings(max_examples=300)
def test_a_made_up_code_is_never_genuine(values, key):
    try:
        receipt = read_receipt(" ".join(make_groups(values)))
    except Invalid:
        return
    assert not receipt.is_proved_by(key, uuid4())


@pytest.mark.slow
@given(a_case(), st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_change_of_the_contents_breaks_the_proof(case, data):
    code, _ = carried(case)
    values = read_groups(code)
    place = data.draw(st.integers(0, len(values) - 1))
    values[place] ^= data.draw(st.integers(1, 31))
    try:
        receipt = read_receipt(" ".join(make_groups(values)))
    except Invalid:
        return
    assert not receipt.is_proved_by(KEY, case[2] or UUID(int=0))


def test_a_receipt_of_one_lesson_does_not_prove_another():
    case = a_plain_study(1)
    code, _ = carried(case)
    assert not read_receipt(code).is_proved_by(KEY, uuid4())


@pytest.mark.slow
@given(a_case(), outlines())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_read_with_another_outline_it_is_refused_or_read_but_never_a_crash(case, other):
    writer, _, lesson_key, _, _ = case
    receipt = read_receipt(written(case))
    said = problem_of(lambda: unpack_records(receipt, writer, lesson_key, other))
    assert said in (None, "bad_receipt")


@given(st.lists(st.tuples(st.integers(0, 2**60), st.integers(1, 12)), max_size=9))
def test_numbers_of_any_size_come_back(numbers):
    bits = BitWriter()
    for value, step in numbers:
        bits.number(value, step)
    reader = BitReader(bits.symbols(0))
    assert [reader.number(step) for _, step in numbers] == [value for value, _ in numbers]
    reader.end()


def test_bits_that_end_too_early_are_unreadable():
    with pytest.raises(Unreadable):
        BitReader([1, 2]).take(11)


def test_ids_by_the_rule_are_version_7_of_their_moment_and_differ_by_number():
    writer = Writer(uuid4(), uuid4())
    made = {writer.rule_id(1000, seq) for seq in range(1, 300)}
    assert len(made) == 299
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    moment = int((START + timedelta(seconds=1000)).timestamp() * 1000)
    assert {one.int >> 80 for one in made} == {moment}


def test_an_answer_in_own_words_and_an_unanswered_question_come_back():
    question = Question("q", "blank", "几个人？", (), "20", ("20",), "", None, "")
    quiz = Quiz("z", "自测", True, 60, (question, Question(**{**question.__dict__, "id": "p"})))
    lesson = uuid4()
    outline = Outline(lesson, 1, "课", (Section(uuid4(), "一", True),), quiz)
    own = str(uuid4())
    data = {"quiz_id": "z", "attempt_id": own, "answers": {"p": "大约二十个"}}
    record = {"id": own, "seq": 4, "kind": "quiz_attempt", "at": "2026-11-20T04:00:00Z"}
    _, (back,) = carried((Writer(uuid4(), uuid4()), outline, lesson, 1, [{**record, "data": data}]))
    assert back["data"] == data


def test_the_options_order_decides_and_not_their_texts():
    options = (Option("b", "甲"), Option("a", "乙"))
    question = Question("q", "multi", "？", options, ["a"], (), "", None, "")
    outline = Outline(uuid4(), 1, "课", (), Quiz("z", "自测", True, 60, (question,)))
    own = str(uuid4())
    data = {"quiz_id": "z", "attempt_id": own, "answers": {"q": ["a"]}}
    record = {"id": own, "seq": 1, "kind": "quiz_attempt", "at": "2026-11-20T04:00:00Z"}
    _, (back,) = carried(
        (Writer(uuid4(), uuid4()), outline, outline.lesson_key, 1, [{**record, "data": data}])
    )
    assert back["data"]["answers"] == {"q": ["a"]}


def test_more_text_than_any_receipt_has_is_refused_in_words():
    with pytest.raises(Invalid) as refused:
        read_groups("ABCDE " * 1000)
    assert refused.value.code == "bad_receipt"
