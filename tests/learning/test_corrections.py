"""Corrections reach exactly those who finished a lesson on the wrong text."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.models import LessonPage
from studyhub.learning.corrections import acknowledge, open_corrections
from studyhub.learning.models import Progress
from studyhub.learning.study import report_records
from studyhub.records.models import Record
from tests import factories as make

pytestmark = pytest.mark.django_db
KINDS = ("minor", "fact", "important")


def publish(page, kind="fact"):
    page = LessonPage.objects.get(pk=page.pk)
    page.summary = f"改{page.summary[:60]}"
    page.change_kind, page.change_note = kind, "写错了。" if kind != "minor" else ""
    return make.publish_page(page)


def study(member, page, *, finish=True):
    """What a phone sends for the newest text; without ``finish`` all but the last word."""
    records = make.whole_study(make.outline_of(page))
    records = [r for r in records if finish or r["kind"] != "lesson_finished"]
    return send(member, *records)


def send(member, *records):
    return report_records(
        member=member,
        device_id=make.device(),
        records=records,
        source=Record.Source.SESSION,
    )


def seen(page, revision, /, **more):
    data = {"kind": "correction_seen", "lesson": str(page.translation_key), "revision": revision}
    return make.a_record("mark", data=data | more)


def told(member):
    return [card.correction.revision for card in open_corrections(member)]


@pytest.fixture
def page():
    return make.a_lesson(quiz=False)


def test_who_finished_the_older_text_gets_a_card(page):
    qiqige = make.a_member()
    study(qiqige, page)
    publish(page)
    [card] = open_corrections(qiqige)
    assert (card.finished_revision, card.correction.revision) == (1, 2)
    assert (card.title, card.url) == (page.title, page.url)


def test_who_began_later_or_never_finished_gets_none(page):
    early, late, never = make.a_member("早"), make.a_member("晚"), make.a_member("未")
    study(early, page, finish=False)
    publish(page)
    study(late, page)
    assert [told(early), told(late), told(never)] == [[], [], []]


def test_a_card_goes_when_its_reader_says_so_and_stays_away(page):
    qiqige = make.a_member()
    study(qiqige, page)
    publish(page)
    assert acknowledge(qiqige, page.translation_key, [2]) == 1
    assert acknowledge(qiqige, page.translation_key, [2]) == 0
    assert told(qiqige) == []


def test_seeing_a_correction_takes_no_progress_away(page):
    qiqige = make.a_member()
    study(qiqige, page)
    before = Progress.objects.filter(member=qiqige).values().get()
    publish(page)
    send(qiqige, seen(page, 2))
    assert Progress.objects.filter(member=qiqige).values().get() == before


def test_one_phone_says_it_for_all_and_may_say_it_twice(page):
    qiqige = make.a_member()
    study(qiqige, page)
    publish(page)
    record = seen(page, 2)
    statuses = [send(qiqige, record).stored.results[0].status for _ in range(2)]
    assert statuses == ["accepted", "duplicate"]
    assert told(qiqige) == []


def test_another_members_word_and_another_revision_do_not_count(page):
    qiqige, batu = make.a_member("其其格"), make.a_member("巴图")
    study(qiqige, page)
    publish(page)
    publish(page)
    send(batu, seen(page, 2))
    send(qiqige, seen(page, 3))
    assert told(qiqige) == [2]


def test_a_lesson_taken_down_shows_no_card(page):
    qiqige = make.a_member()
    study(qiqige, page)
    publish(page).unpublish()
    assert told(qiqige) == []


def test_a_finish_that_arrives_late_from_an_old_phone_gets_its_card(page):
    qiqige = make.a_member()
    made_offline = make.whole_study(make.outline_of(page))
    publish(page)
    send(qiqige, *made_offline)
    assert told(qiqige) == [2]


@pytest.mark.parametrize(
    "wrong", [{"revision": 0}, {"revision": True}, {"revision": "2"}, {"lesson": "x"}, {"more": 1}]
)
def test_a_mark_that_says_nothing_is_refused(page, wrong):
    [result] = send(make.a_member(), seen(page, 2, **wrong)).stored.results
    assert (result.status, result.code) == ("rejected", "bad_data")


def test_nothing_to_tell_costs_two_queries(page, django_assert_num_queries):
    qiqige = make.a_member()
    study(qiqige, page)
    with django_assert_num_queries(2):
        assert open_corrections(qiqige) == []


acts = st.one_of(
    st.tuples(st.just("publish"), st.sampled_from(KINDS)),
    st.tuples(st.just("finish"), st.integers(0, 2)),
    st.tuples(st.just("read"), st.integers(0, 2)),
    st.tuples(st.just("seen"), st.integers(0, 2)),
)


@given(st.lists(acts, max_size=14))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_cards_are_held_by_exactly_those_the_rule_names(course, history):
    page = make.a_lesson(course, quiz=False)
    members = [make.a_member(name) for name in ("甲", "乙", "丙")]
    changes, finished, said = {1: "first"}, {}, set()
    for act, value in history:
        newest = max(changes)
        if act == "publish":
            publish(page, value)
            changes[newest + 1] = value
        elif act == "seen":
            acknowledge(members[value], page.translation_key, range(1, newest + 1))
            if value in finished:
                said |= {(value, n) for n in changes if finished[value] < n <= newest}
        else:
            study(members[value], page, finish=act == "finish")
            if act == "finish":
                finished.setdefault(value, newest)
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
