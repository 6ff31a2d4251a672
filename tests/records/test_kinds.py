"""The shape of each kind of record: forgiving to people, strict to programs."""

import pytest

from studyhub.records.kinds import BadData, needs_lesson, read_data
from studyhub.records.models import Record

ID = "0198a5c0-0000-7000-8000-000000000001"


def attempt(answers):
    return {"quiz_id": ID, "attempt_id": ID, "answers": answers}


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("a", "a"),
        (True, True),
        (None, None),
        (20, "20"),
        (1.5, "1.5"),
        (["b", "a", "a"], ["a", "b"]),
        ("x\0", "x"),
        ("长" * 600, "长" * 500),
    ],
)
def test_an_answer_is_kept_in_one_spelling(given, stored):
    assert read_data("quiz_attempt", attempt({"q": given}))["answers"] == {"q": stored}


@pytest.mark.parametrize(
    "answers", ["x", [], None, {str(n): "a" for n in range(51)}, {"q": {}}, {"q": ["a"] * 51}]
)
def test_answers_that_no_page_could_give_are_refused(answers):
    with pytest.raises(BadData):
        read_data("quiz_attempt", attempt(answers))


def test_sections_are_a_set_in_one_spelling():
    read = read_data("sections_read", {"section_ids": [ID.upper(), ID]})
    assert read == {"section_ids": [ID]}


def test_more_sections_than_a_lesson_has_are_refused():
    with pytest.raises(BadData, match="200"):
        read_data("sections_read", {"section_ids": [ID] * 201})


@pytest.mark.parametrize("text", ["", "  \n", None, 5])
def test_a_reflection_without_words_is_refused(text):
    with pytest.raises(BadData, match="心得是空的"):
        read_data("reflection", {"text": text})


@pytest.mark.parametrize("mark", [{"note": "长" * 5000}, {"note": "\0"}, {"note": "\ud800"}])
def test_a_bookmark_that_cannot_be_kept_is_refused_in_words(mark):
    with pytest.raises(BadData, match="书签或笔记"):
        read_data("mark", mark)


def test_a_bookmark_is_kept_as_the_phone_made_it():
    mark = {"section": "x", "place": 0.4, "tags": ["重点"]}
    assert read_data("mark", mark) == mark


@pytest.mark.parametrize("kind", Record.Kind.values)
def test_every_kind_refuses_what_it_does_not_know(kind):
    extra = {"kind": "correction_seen"} if kind == "mark" else {}
    with pytest.raises(BadData, match="不认识的内容"):
        read_data(kind, {**extra, "seconds": 30})


def test_only_a_bookmark_may_stand_outside_any_lesson():
    assert [kind for kind in Record.Kind.values if not needs_lesson(kind)] == ["mark"]
