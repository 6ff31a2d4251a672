"""Corrections reach exactly those who finished a lesson on the wrong text."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.models import LessonPage
from studyhub.learning.corrections import acknowledge, open_corrections
from studyhub.learning.models import Progress
from studyhub.learning.submissions import submit_records
from studyhub.records.models import Record
from tests import factories as make

pytestmark = pytest.mark.django_db
KINDS = ("minor", "fact", "important")


def publish(lesson, kind="fact"):
    lesson = LessonPage.objects.get(pk=lesson.pk)
    lesson.summary = f"改{lesson.summary[:60]}"
    lesson.change_kind, lesson.change_note = kind, "写错了。" if kind != "minor" else ""
    return make.publish_page(lesson)


def study(member, lesson, *, finish=True):
    """What a phone sends for the newest text; without ``finish`` all but the last word."""
    records = make.whole_study(make.outline_of(lesson))
    records = [r for r in records if finish or r["kind"] != "lesson_finished"]
    return send(member, *records)


def send(member, *records):
    return submit_records(
        member=member,
        device_id=make.device(),
        records=records,
        source=Record.Source.SESSION,
    )


def seen(lesson, revision, /, **more):
    data = {"kind": "correction_seen", "lesson": str(lesson.translation_key), "revision": revision}
    return make.a_record("mark", data=data | more)


def told(member):
    return [card.correction.revision for card in open_corrections(member)]


@pytest.fixture
def lesson():
    return make.a_lesson(quiz=False)


def test_who_finished_the_older_text_gets_a_card(lesson):
    qiqige = make.a_member()
    study(qiqige, lesson)
    publish(lesson)
    [card] = open_corrections(qiqige)
    assert (card.finished_revision, card.correction.revision) == (1, 2)
    assert (card.title, card.url) == (lesson.title, lesson.url)


def test_who_began_later_or_never_finished_gets_none(lesson):
    early, late, never = make.a_member("早"), make.a_member("晚"), make.a_member("未")
    study(early, lesson, finish=False)
    publish(lesson)
    study(late, lesson)
    assert [told(early), told(late), told(never)] == [[], [], []]


def test_a_card_goes_when_its_reader_says_so_and_stays_away(lesson):
    qiqige = make.a_member()
    study(qiqige, lesson)
    publish(lesson)
    assert acknowledge(qiqige, lesson.translation_key, [2]) == 1
    assert acknowledge(qiqige, lesson.translation_key, [2]) == 0
    assert told(qiqige) == []


def test_seeing_a_correction_takes_no_progress_away(lesson):
    qiqige = make.a_member()
    study(qiqige, lesson)
    before = Progress.objects.filter(member=qiqige).values().get()
    publish(lesson)
    send(qiqige, seen(lesson, 2))
    assert Progress.objects.filter(member=qiqige).values().get() == before


def test_one_phone_says_it_for_all_and_may_say_it_twice(lesson):
    qiqige = make.a_member()
    study(qiqige, lesson)
    publish(lesson)
    record = seen(lesson, 2)
    statuses = [send(qiqige, record).stored.results[0].status for _ in range(2)]
    assert statuses == ["accepted", "duplicate"]
    assert told(qiqige) == []


def test_another_members_word_and_another_revision_do_not_count(lesson):
    qiqige, batu = make.a_member("其其格"), make.a_member("巴图")
    study(qiqige, lesson)
    publish(lesson)
    publish(lesson)
    send(batu, seen(lesson, 2))
    send(qiqige, seen(lesson, 3))
    assert told(qiqige) == [2]


def test_a_lesson_taken_down_shows_no_card(lesson):
    qiqige = make.a_member()
    study(qiqige, lesson)
    publish(lesson).unpublish()
    assert told(qiqige) == []


def test_a_finish_that_arrives_late_from_an_old_phone_gets_its_card(lesson):
    qiqige = make.a_member()
    made_offline = make.whole_study(make.outline_of(lesson))
    publish(lesson)
    send(qiqige, *made_offline)
    assert told(qiqige) == [2]


@pytest.mark.parametrize(
    "wrong", [{"revision": 0}, {"revision": True}, {"revision": "2"}, {"lesson": "x"}, {"more": 1}]
)
def test_a_mark_that_says_nothing_is_refused(lesson, wrong):
    [result] = send(make.a_member(), seen(lesson, 2, **wrong)).stored.results
    assert (result.status, result.code) == ("rejected", "bad_data")


def test_nothing_to_tell_costs_two_queries(lesson, django_assert_num_queries):
    qiqige = make.a_member()
    study(qiqige, lesson)
    with django_assert_num_queries(2):
        assert open_corrections(qiqige) == []


acts = st.one_of(
    st.tuples(st.just("publish"), st.sampled_from(KINDS)),
    st.tuples(st.just("finish"), st.integers(0, 2)),
    st.tuples(st.just("read"), st.integers(0, 2)),
    st.tuples(st.just("seen"), st.integers(0, 2)),
)


@given(st.lists(acts, min_size=3, max_size=12))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_cards_are_held_by_exactly_those_the_rule_names(course, history):
    """Whoever read a text in full and said so later finished with the text that was read."""
    lesson = make.a_lesson(course, quiz=False)
    members = [make.a_member(name) for name in ("甲", "乙", "丙")]
    changes, read, finished, said = {1: "first"}, {}, {}, set()
    for act, value in history:
        newest = max(changes)
        if act == "publish":
            publish(lesson, value)
            changes[newest + 1] = value
        elif act == "seen":
            acknowledge(members[value], lesson.translation_key, range(1, newest + 1))
            if value in finished:
                said |= {(value, n) for n in changes if finished[value] < n <= newest}
        else:
            study(members[value], lesson, finish=act == "finish")
            read.setdefault(value, newest)
            if act == "finish":
                finished[value] = read[value]
    for number, member in enumerate(members):
        due = [
            n
            for n, kind in changes.items()
            if kind in ("fact", "important")
            and n > finished.get(number, 10**6)
            and (number, n) not in said
        ]
        assert told(member) == due


@pytest.fixture
def course():
    return make.a_course()
