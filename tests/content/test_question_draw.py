"""Which questions an attempt shows: the same for the same attempt, and nothing is lost."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.outline import Option, Outline, Question, Quiz
from content.question_draw import as_shown, is_drawn, keeps_order, new_attempt
from content.question_wording import speak_of_each_other
from studyhub.core.ids import uuid7

OPTIONS = tuple(Option(f"o{n}", words) for n, words in enumerate(["遵义", "延安", "瑞金", "北京"]))
QUESTIONS = tuple(
    Question(f"q{n}", "single", "哪里？", OPTIONS, "o0", (), "", None, "") for n in range(6)
)
QUIZ = Quiz("quiz", "自测", True, 60, QUESTIONS, draw=2, shuffle=True)
ATTEMPTS = [str(UUID(int=n << 96 | 8 << 76 | 8 << 60)) for n in range(200)]
attempts = st.uuids().map(lambda one: str(UUID(int=one.int & ~(0xF << 76) | 8 << 76)))


def ids(quiz):
    return [one.id for one in quiz.questions]


def order(quiz):
    return [[option.id for option in one.options] for one in quiz.questions]


@given(attempts, st.integers(1, 9))
def test_an_attempt_shows_the_same_whenever_it_is_asked(attempt, revision):
    shown = as_shown(QUIZ, revision, attempt)
    assert shown == as_shown(QUIZ, revision, attempt)
    assert len(shown.questions) == 2
    assert ids(shown) == [one for one in ids(QUIZ) if one in ids(shown)]  # in the lesson's order
    assert all(sorted(one) == ["o0", "o1", "o2", "o3"] for one in order(shown))
    assert {one.answer for one in shown.questions} == {"o0"}  # by id, wherever it stands


def test_every_question_is_drawn_and_every_option_stands_first_by_turns():
    drawn = [as_shown(QUIZ, 1, attempt) for attempt in ATTEMPTS]
    counts = [sum(one in ids(quiz) for quiz in drawn) for one in ids(QUIZ)]
    assert min(counts) > 200 * 2 / 6 / 2
    first = [one[0] for quiz in drawn for one in order(quiz)]
    assert min(first.count(option.id) for option in OPTIONS) > 400 / 4 / 2


def test_another_revision_draws_in_another_way():
    assert any(as_shown(QUIZ, 1, one) != as_shown(QUIZ, 2, one) for one in ATTEMPTS[:5])


@pytest.mark.parametrize(
    "attempt", ["", "t1", str(uuid7()), str(uuid4())], ids=["none", "word", "phone", "program"]
)
def test_who_drew_nothing_was_shown_all_in_its_order(attempt):
    assert as_shown(QUIZ, 1, attempt) == QUIZ


def test_an_id_that_is_made_here_is_of_one_who_drew():
    assert is_drawn(new_attempt())


@pytest.mark.parametrize("draw", [0, 6, 7])
def test_no_number_or_a_number_of_all_shows_all(draw):
    quiz = replace(QUIZ, draw=draw)
    assert ids(as_shown(quiz, 1, ATTEMPTS[0])) == ids(QUIZ)
    assert not quiz.draws


def test_options_stay_where_nobody_asked_for_another_order():
    quiz = replace(QUIZ, shuffle=False)
    assert all(one == [o.id for o in OPTIONS] for one in order(as_shown(quiz, 1, ATTEMPTS[0])))


@pytest.mark.parametrize(
    "last", ["以上都对", "以上都不对", "A和B", "Ａ、Ｂ", "前两项", "全对", "上述说法均不正确"]
)
def test_options_that_speak_of_each_other_keep_their_order(last):
    spoken = replace(QUESTIONS[0], options=(*OPTIONS, Option("o4", last)))
    quiz = replace(QUIZ, questions=(spoken,), draw=0)
    assert all(as_shown(quiz, 1, attempt).questions == (spoken,) for attempt in ATTEMPTS[:20])


def test_so_do_those_that_are_ticked():
    ticked = replace(QUESTIONS[0], fixed_order=True)
    assert keeps_order(ticked)
    assert as_shown(replace(QUIZ, questions=(ticked,)), 1, ATTEMPTS[0]).questions == (ticked,)


@pytest.mark.parametrize("words", ["遵义", "1935年", "A", "维生素C"])
def test_plain_words_speak_of_nothing(words):
    assert not speak_of_each_other([words])


def test_what_is_not_used_is_not_stored_and_comes_back_so():
    key = UUID(int=1)
    plain = Outline(key, 1, "课", (), replace(QUIZ, draw=0, shuffle=False))
    stored = plain.to_json()
    assert not {"draw", "shuffle"} & stored["quiz"].keys()
    assert all("fixed_order" not in one for one in stored["quiz"]["questions"])
    for outline in (plain, replace(plain, quiz=QUIZ)):
        assert Outline.from_json(key, 1, outline.to_json()) == outline
