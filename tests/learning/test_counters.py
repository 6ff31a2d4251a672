"""Counts by branch say what the rows say, whatever happened in whatever order."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from threading import Event

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from studyhub.core.clock import today
from studyhub.core.errors import Conflict
from studyhub.learning import branches as read
from studyhub.learning.branches import branch_summary
from studyhub.learning.counter_upkeep import find_drift, fold_changes, repair_counts
from studyhub.learning.models import BranchCount, BranchCountChange, PlannedLesson, Progress
from studyhub.learning.models import StudyPlan as Plan
from studyhub.people import branch_tree, entries, erasure, groups
from studyhub.people.merging import merge_entries
from studyhub.people.models import Branch, BranchMembership, Member
from tests import factories as make
from tests.learning.plain_counts import counts_of, plain_summary

pytestmark = pytest.mark.django_db
HOME = BranchMembership.Kind.HOME
START = date(2026, 11, 20)
DAYS = st.integers(-12, 12).map(lambda n: START + timedelta(days=n))
PEOPLE, PLACES, LESSONS = st.integers(0, 5), st.integers(0, 4), st.integers(0, 2)
ACTS = st.one_of(
    st.tuples(st.just("study"), PEOPLE, LESSONS),
    st.tuples(st.just("begin"), PEOPLE, LESSONS),
    st.tuples(st.just("enter"), PLACES, DAYS),
    st.tuples(st.just("move"), PEOPLE, PLACES, DAYS),
    st.tuples(st.just("leave"), PEOPLE, DAYS),
    st.tuples(st.just("correct"), st.integers(0, 9), DAYS, st.none() | st.integers(-1, 9)),
    st.tuples(st.just("exempt"), PEOPLE, st.sampled_from(["", "age", "frail"])),
    st.tuples(st.just("merge"), PEOPLE, PEOPLE),
    st.tuples(st.just("erase"), PEOPLE),
    st.tuples(st.just("withdraw"), PEOPLE),
    st.tuples(st.just("end"), PEOPLE, DAYS),
    st.tuples(st.just("undo_end"), PEOPLE),
    st.tuples(st.just("place"), PLACES, PLACES),
    st.tuples(st.just("unite"), PLACES, PLACES, DAYS),
    st.tuples(st.just("plan"), st.sets(LESSONS), DAYS),
    st.tuples(st.just("fold")),
    st.tuples(st.just("tomorrow"), st.integers(1, 5)),
)


class World:
    """A small tree with its people, to whom anything may happen."""

    def __init__(self, lessons, clock):
        self.lessons, self.clock = lessons, clock
        self.root = make.BranchFactory(name="旗委")
        towns = [make.BranchFactory(name=name, parent=self.root) for name in "东西"]
        villages = [make.BranchFactory(name=name, parent=towns[0]) for name in "甲乙"]
        self.branches = [self.root, *towns, *villages]
        make.StudyPlanFactory(branch=self.root, lessons=lessons, starts_on=START)
        for number in range(6):
            self.enter(number % 5, START - timedelta(days=number))

    def branch(self, number):
        return Branch.objects.get(pk=self.branches[number].pk)

    def member(self, number):
        rows = Member.objects.filter(merged_into=None).order_by("pk")
        return rows[number % rows.count()]

    def do(self, name, *told):
        with suppress(Conflict, Member.DoesNotExist, ZeroDivisionError), transaction.atomic():
            getattr(self, name)(*told)

    def study(self, who, lesson):
        make.study(self.member(who), self.lessons[lesson])

    def begin(self, who, lesson):
        make.begin(self.member(who), self.lessons[lesson])

    def enter(self, place, day):
        details = {"name": f"学员{Member.objects.count()}"}
        entries.enter_member(details=details, home=self.branch(place), on=day)

    def move(self, who, place, day):
        groups.move_branch(member=self.member(who), branch=self.branch(place), kind=HOME, on=day)

    def leave(self, who, day):
        groups.leave_branch(member=self.member(who), kind=HOME, on=day)

    def correct(self, number, first, length):
        ties = BranchMembership.objects.order_by("pk")
        tie = ties[number % ties.count()]
        last = None if length is None else first + timedelta(days=length)
        groups.correct_tie(tie, starts_on=first, ends_on=last)

    def exempt(self, who, reason):
        entries.exempt_member(self.member(who), reason)

    def merge(self, one, two):
        merge_entries(kept=self.member(one), other=self.member(two))

    def erase(self, who):
        erasure.erase_member(self.member(who))

    def withdraw(self, who):
        groups.withdraw_ties([self.member(who).pk])

    def end(self, who, day):
        entries.end_entry(self.member(who), reason="other", on=day)

    def undo_end(self, who):
        entries.undo_end(self.member(who))

    def place(self, branch, parent):
        branch_tree.place_branch(self.branch(branch), parent=self.branch(parent))

    def unite(self, other, kept, day):
        branch_tree.merge_branches(kept=self.branch(kept), other=self.branch(other), on=day)

    def plan(self, lessons, last):
        PlannedLesson.objects.exclude(
            lesson_key__in=[self.lessons[n].translation_key for n in lessons]
        ).update(required=False)
        Plan.objects.update(ends_on=max(last, START))

    def fold(self):
        fold_changes()

    def tomorrow(self, days):
        self.clock.shift(timedelta(days=days))


@pytest.fixture
def lessons():
    return [make.a_lesson(title=title, quiz=False) for title in ("一", "二", "三")]


def check(world):
    assert find_drift() == []
    tree = list(Branch.objects.order_by("path"))
    keys = [lesson.translation_key for lesson in world.lessons[:2]]
    for days in (-8, -1, 0, 3, 20):
        day = today() + timedelta(days=days)
        counts = read._Counts.of(tree[0].path, keys, day)
        counted = (counts.own, counts.members, counts.counted, counts.reached, counts.finished)
        plain = counts_of(tree, keys, day)
        assert [_not_nil(one) for one in counted] == [_not_nil(one) for one in plain]
    for branch in tree:
        assert branch_summary(branch, "2026-autumn") == plain_summary(branch, "2026-autumn")


def _not_nil(counts):
    return {path: count for path, count in counts.items() if count}


@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(ACTS, min_size=4, max_size=12))
def test_whatever_happens_they_are_what_counting_people_gives(lessons, acts):
    with (
        time_machine.travel(f"{START}T04:00:00+00:00", tick=False) as clock,
        transaction.atomic(),
    ):
        world = World(lessons, clock)
        for act in acts:
            world.do(*act)
        check(world)
        fold_changes()
        assert not BranchCountChange.objects.exists()
        check(world)
        transaction.set_rollback(True)


@pytest.fixture
def studied(lessons):
    branch = make.BranchFactory()
    make.StudyPlanFactory(branch=branch, lessons=lessons)
    for _ in range(3):
        make.study(make.BranchMembershipFactory(branch=branch).member, lessons[0])
    fold_changes()
    return branch


def test_what_is_rolled_back_was_never_counted(studied, lessons):
    before = branch_summary(studied)
    with transaction.atomic():
        make.study(Member.objects.first(), lessons[1])
        assert branch_summary(studied) != before
        transaction.set_rollback(True)
    assert branch_summary(studied) == before


def test_a_batch_that_finishes_nothing_new_costs_no_change(studied, lessons):
    make.study(Member.objects.first(), lessons[0])
    assert not BranchCountChange.objects.exists()


@pytest.mark.parametrize(
    "plant",
    [
        lambda: BranchCount.objects.filter(day=make.LONG_AGO).update(count=7),
        lambda: BranchCount.objects.all().delete(),
        lambda: Progress.objects.update(finished_at=None),
        lambda: Member.objects.update(exempt_reason="age"),
    ],
)
def test_a_planted_drift_is_found_and_repaired(studied, plant, capsys):
    call_command("verify_counters")
    plant()
    with pytest.raises(SystemExit):
        call_command("verify_counters")
    assert str(studied) in capsys.readouterr().err
    call_command("verify_counters", repair=True)
    call_command("verify_counters")
    assert branch_summary(studied) == plain_summary(studied)


def test_repairing_what_is_right_changes_nothing(studied):
    assert repair_counts() == 0


def test_members_of_a_roster_are_counted_in_one_row_a_branch_and_day(studied):
    people = make.MemberFactory.create_batch(20)
    groups.enter_branches([(one, studied) for one in people], kind=HOME, on=START)
    assert BranchCountChange.objects.count() == 2  # members, and those who are not exempt


@pytest.mark.django_db(transaction=True)
def test_four_write_in_one_branch_while_a_fold_dies_and_a_member_moves():
    root = make.BranchFactory()
    here, there = (make.BranchFactory(name=name, parent=root) for name in "东西")
    lessons = [make.a_lesson(title=title, quiz=False) for title in ("一", "二")]
    make.StudyPlanFactory(branch=root, lessons=lessons)
    members = [make.BranchMembershipFactory(branch=here).member for _ in range(9)]
    half_way, written = Event(), Event()
    with ThreadPoolExecutor(6) as pool:
        fold = pool.submit(closing(die_folding), half_way, written)
        assert half_way.wait(timeout=60)
        works = [pool.submit(closing(study_all), members[n::4], lessons) for n in range(4)]
        works.append(pool.submit(closing(move_about), members[0], there, here))
        for work in works:
            work.result(timeout=60)
        written.set()
        fold.result(timeout=60)
    for _ in range(2):
        assert find_drift() == []
        assert branch_summary(root) == plain_summary(root)
        fold_changes()
    assert branch_summary(root)[0].finished == len(lessons) * 8


def closing(work):
    """The thread's own connection goes with it."""

    def closed(*told):
        try:
            work(*told)
        finally:
            connection.close()

    return closed


def die_folding(half_way, written):
    """All is folded but not committed, until the others are done; SQLite lets nobody write so."""
    with suppress(InterruptedError), transaction.atomic():
        assert fold_changes()
        half_way.set()
        assert connection.vendor == "sqlite" or written.wait(timeout=60)
        raise InterruptedError


def study_all(members, lessons):
    for member in members:
        for lesson in lessons:
            make.study(member, lesson)


def move_about(member, there, here):
    for branch, days in ((there, 20), (here, 10), (there, 5)):
        day = today() - timedelta(days=days)
        groups.move_branch(member=member, branch=branch, kind=HOME, on=day)
