"""Corrections reach exactly those who finished a lesson on the wrong text."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.learning.corrections import acknowledge, after_finishing, open_corrections
from studyhub.learning.models import Progress
from tests import factories as make

pytestmark = pytest.mark.django_db


def seen(lesson, revision, /, **more):
    data = {"kind": "correction_seen", "lesson": str(lesson.translation_key), "revision": revision}
    return make.a_record("mark", data=data | more)


def open_revisions(member):
    return [card.correction.revision for card in open_corrections(member)]


@pytest.fixture
def lesson():
    return make.a_lesson(quiz=False)


def test_who_finished_the_older_text_gets_a_card(lesson):
    qiqige = make.MemberFactory()
    make.study(qiqige, lesson)
    make.correct(lesson)
    [card] = open_corrections(qiqige)
    assert (card.finished_revision, card.correction.revision) == (1, 2)
    assert (card.title, card.url) == (lesson.title, lesson.url)


def test_who_began_later_or_never_finished_gets_none(lesson):
    early, late, never = (make.MemberFactory(name=name) for name in "早晚未")
    make.study(early, lesson, declare=False)
    make.correct(lesson)
    make.study(late, lesson)
    assert [open_revisions(early), open_revisions(late), open_revisions(never)] == [[], [], []]


def test_a_card_goes_when_its_reader_says_so_and_stays_away(lesson):
    qiqige = make.MemberFactory()
    make.study(qiqige, lesson)
    make.correct(lesson)
    assert acknowledge(qiqige, lesson.translation_key, [2]) == 1
    assert acknowledge(qiqige, lesson.translation_key, [2]) == 0
    assert open_revisions(qiqige) == []


def test_seeing_a_correction_takes_no_progress_away(lesson):
    qiqige = make.MemberFactory()
    make.study(qiqige, lesson)
    before = Progress.objects.filter(member=qiqige).values().get()
    make.correct(lesson)
    make.send(qiqige, seen(lesson, 2))
    assert Progress.objects.filter(member=qiqige).values().get() == before


def test_one_phone_says_it_for_all_and_may_say_it_twice(lesson):
    qiqige = make.MemberFactory()
    make.study(qiqige, lesson)
    make.correct(lesson)
    record = seen(lesson, 2)
    statuses = [make.send(qiqige, record).stored.results[0].status for _ in range(2)]
    assert statuses == ["accepted", "duplicate"]
    assert open_revisions(qiqige) == []


def test_another_members_word_and_another_revision_do_not_count(lesson):
    qiqige, batu = make.MemberFactory(name="其其格"), make.MemberFactory(name="巴图")
    make.study(qiqige, lesson)
    make.correct(lesson)
    make.correct(lesson)
    make.send(batu, seen(lesson, 2))
    make.send(qiqige, seen(lesson, 3))
    assert open_revisions(qiqige) == [2]


def test_a_lesson_taken_down_shows_no_card(lesson):
    qiqige = make.MemberFactory()
    make.study(qiqige, lesson)
    make.correct(lesson).unpublish()
    assert open_revisions(qiqige) == []


def test_a_finish_that_arrives_late_from_an_old_phone_gets_its_card(lesson):
    qiqige = make.MemberFactory()
    made_offline = make.whole_study(make.outline_of(lesson))
    make.correct(lesson)
    make.send(qiqige, *made_offline)
    assert open_revisions(qiqige) == [2]


@pytest.mark.parametrize(
    "wrong", [{"revision": 0}, {"revision": True}, {"revision": "2"}, {"lesson": "x"}, {"more": 1}]
)
def test_a_mark_that_says_nothing_is_refused(lesson, wrong):
    [result] = make.send(make.MemberFactory(), seen(lesson, 2, **wrong)).stored.results
    assert (result.status, result.code) == ("rejected", "bad_data")


def test_nothing_to_tell_costs_two_queries(lesson, django_assert_num_queries):
    qiqige = make.MemberFactory()
    make.study(qiqige, lesson)
    with django_assert_num_queries(2):
        assert open_corrections(qiqige) == []


LESSONS = [UUID(int=number) for number in (1, 2)]
revisions = st.integers(1, 6)
finishes = st.dictionaries(st.sampled_from(LESSONS), revisions)
corrected = st.lists(st.tuples(st.sampled_from(LESSONS), revisions), unique=True)


@given(finishes, corrected)
def test_a_reader_is_owed_what_was_corrected_after_the_text_they_finished(finished, corrected):
    owed = after_finishing(finished, corrected)
    assert all(pair in corrected and pair[1] > finished[pair[0]] for pair in owed)
    unowed = [pair for pair in corrected if pair not in owed]
    assert all(pair[1] <= finished.get(pair[0], 10**6) for pair in unowed)


@given(finishes, corrected)
def test_finishing_a_newer_text_never_owes_more(finished, corrected):
    newer = {key: revision + 1 for key, revision in finished.items()}
    assert set(after_finishing(newer, corrected)) <= set(after_finishing(finished, corrected))


HISTORIES = {
    "finished before, corrected, seen": ("finish fact seen", []),
    "seen one, and corrected again": ("finish fact seen important", [3]),
    "two corrections, none seen": ("finish fact important", [2, 3]),
    "a small change is no card": ("finish minor", []),
    "a small change between": ("finish minor fact", [3]),
    "read before, declared after: the text that was read": ("read fact declare", [2]),
    "read and declared after": ("fact read declare", []),
    "seen before anything was finished does not count": ("read fact seen declare", [2]),
    "finished twice, the first text counts": ("finish fact finish", [2]),
}


@pytest.mark.parametrize(("history", "owed"), HISTORIES.values(), ids=HISTORIES.keys())
def test_cards_are_held_by_exactly_those_the_rule_names(lesson, history, owed):
    """Whoever read a text in full and said so later finished with the text that was read."""
    qiqige, key = make.MemberFactory(), lesson.translation_key
    steps = {
        "finish": lambda: make.study(qiqige, lesson),
        "read": lambda: make.study(qiqige, lesson, declare=False),
        "declare": lambda: make.send(qiqige, make.finished_record(make.outline_of(lesson))),
        "seen": lambda: acknowledge(qiqige, key, range(1, 9)),
    }
    for word in history.split():
        steps.get(word, lambda kind=word: make.correct(lesson, kind))()
    assert open_revisions(qiqige) == owed
