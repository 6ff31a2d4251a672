"""Corrections reach exactly those who read the wrong text."""

from importlib import import_module
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from content.catalogue import ChangedBlock, Correction
from content.models import LessonPage
from studyhub.learning.corrections import acknowledge, open_corrections, part_for, reading_of
from studyhub.learning.models import Progress
from studyhub.learning.progress import find_differences
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
    assert (card.read_revision, card.correction.revision) == (1, 2)
    assert (card.title, card.url) == (lesson.title, lesson.url)


def test_who_read_the_older_text_gets_a_card_and_who_read_the_newer_or_nothing_none(lesson):
    early, late, never = (make.MemberFactory(name=name) for name in "早晚未")
    make.study(early, lesson, declare=False)
    make.correct(lesson)
    make.study(late, lesson)
    assert [open_revisions(early), open_revisions(late), open_revisions(never)] == [[2], [], []]


def correct_section(page, number):
    """Publish the lesson with other words in one of its sections, as a correction of fact."""
    page = LessonPage.objects.get(pk=page.pk)
    body = page.body.get_prep_value()
    body[number]["value"]["text"] = "<p>订正过的话。</p>"
    page.body = page.body.stream_block.to_python(body)
    page.change_kind, page.change_note = "fact", "写错了。"
    return make.publish_page(page)


def test_a_correction_of_one_section_is_told_to_those_who_read_that_section(lesson):
    """Half the lesson was read on the old text, half on the new: only the old half is told."""
    first, second = (section.id for section in make.outline_of(lesson).sections[:2])
    one, other = make.MemberFactory(name="读了一"), make.MemberFactory(name="读了二")
    old = make.outline_of(lesson)
    make.send(one, make.read_record(old, data={"section_ids": [str(first)]}))
    make.send(other, make.read_record(old, data={"section_ids": [str(second)]}))
    new = make.outline_of(correct_section(lesson, 1))
    make.send(one, make.read_record(new, data={"section_ids": [str(second)]}))
    make.send(one, make.finished_record(new))
    assert open_revisions(one) == []
    [card] = open_corrections(other)
    assert [block.section_id for block in card.correction.blocks] == [second]


def test_who_finished_on_the_newer_text_but_read_the_older_is_told(lesson):
    """The finish alone does not say which text was read."""
    qiqige = make.MemberFactory()
    make.send(qiqige, make.read_record(make.outline_of(lesson)))
    corrected = make.outline_of(correct_section(lesson, 0))
    make.send(qiqige, make.read_record(corrected), make.finished_record(corrected))
    assert open_revisions(qiqige) == [2]


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


SECTIONS = [UUID(int=number) for number in (1, 2, 3)]
numbers = st.integers(1, 4)
read_sections = st.dictionaries(st.sampled_from(SECTIONS).map(str), numbers, min_size=1)
changed_sections = st.sets(st.sampled_from([None, *SECTIONS]))


@given(read_sections, changed_sections)
def test_a_reader_is_told_every_changed_block_they_read_once_and_no_other(first_read, changed):
    blocks = [ChangedBlock(uuid4(), None, "", "旧", "新", section) for section in changed]
    correction = Correction(5, "fact", "", timezone.now(), blocks)
    reading = reading_of(first_read, None)
    parts = [part_for(correction, reading, number) for number in set(reading.values())]
    said = [block.stood_in for part in parts if part for block in part.blocks]
    if blocks:
        assert sorted(map(str, said)) == sorted(str(one) for one in changed if one in reading)
    else:
        assert len([part for part in parts if part]) == 1


HISTORIES = {
    "finished before, corrected, seen": ("finish fact seen", []),
    "seen one, and corrected again": ("finish fact seen important", [3]),
    "two corrections, none seen": ("finish fact important", [2, 3]),
    "a small change is no card": ("finish minor", []),
    "a small change between": ("finish minor fact", [3]),
    "read before, declared after: the text that was read": ("read fact declare", [2]),
    "read and declared after": ("fact read declare", []),
    "seen before anything was finished counts": ("read fact seen declare", []),
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


def test_the_migration_says_of_older_rows_what_their_records_say(lesson):
    qiqige = make.MemberFactory()
    make.study(qiqige, lesson)
    Progress.objects.update(first_read=None)
    migration = import_module("studyhub.learning.migrations.0003_fill_first_read")
    migration.fill_from_records(apps, None)
    assert list(find_differences()) == []
