"""Grading: forgiving about spelling, strict about being right."""

import pytest

from content.outline import Option, Question, Quiz
from studyhub.learning.quizzes import grade, is_right


def question(kind, answer, accepted=(), id="q"):
    options = (Option("a", "甲"), Option("b", "乙"), Option("c", "丙"))
    return Question(id, kind, "？", options, answer, accepted, "", None, "")


@pytest.mark.parametrize(
    ("asked", "given", "right"),
    [
        (question("single", "a"), "a", True),
        (question("single", "a"), "b", False),
        (question("single", "a"), None, False),
        (question("multi", ["a", "b"]), ["b", "a"], True),
        (question("multi", ["a", "b"]), ["a"], False),
        (question("multi", ["a", "b"]), ["a", "b", "c"], False),
        (question("multi", ["a", "b"]), "a", False),
        (question("truefalse", True), True, True),
        (question("truefalse", True), "true", True),
        (question("truefalse", False), "false", True),
        (question("truefalse", True), False, False),
        (question("truefalse", False), None, False),
        (question("blank", "20", ("20", "二十")), "２０", True),
        (question("blank", "20", ("20", "二十")), " 二十 。", True),
        (question("blank", "20", ("20", "二十")), "21", False),
        (question("blank", "20", ("20", "二十")), "", False),
        (question("blank", "20", ("20", "二十")), ["20"], False),
    ],
)
def test_an_answer_is_right_when_it_means_the_same(asked, given, right):
    assert is_right(asked, given) is right


def test_the_score_is_the_share_of_right_answers_and_the_mark_decides():
    quiz = Quiz("z", "自测", True, 60, tuple(question("single", "a", id=f"q{n}") for n in range(3)))
    two_of_three = grade(quiz, {"q0": "a", "q1": "a", "q2": "b"})
    assert (two_of_three.score, two_of_three.passed) == (66, True)
    assert grade(quiz, {"q0": "a"}).passed is False


def test_answers_to_questions_that_are_not_there_count_for_nothing():
    quiz = Quiz("z", "自测", True, 60, (question("single", "a"),))
    assert grade(quiz, {"other": "a"}).score == 0
