"""Nobody is counted twice: ties stay apart, whoever writes them; days that do not fit are told."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from studyhub.core.errors import Conflict
from studyhub.people.groups import (
    begin_duty,
    end_duty,
    join_group,
    leave_group,
    move_branch,
    move_group,
)
from studyhub.people.models import BranchMembership, Duty, GroupMembership
from tests import factories as make
from tests.migration import migrate, migrate_to_the_newest

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MAY, JUNE, JULY, AUGUST = (date(2026, month, 1) for month in (5, 6, 7, 8))
TIES = [
    make.GroupMembershipFactory,
    make.BranchMembershipFactory,
    make.DutyFactory,
]


def same(tie):
    """What binds the same two, for a second tie of the kind."""
    return {name: getattr(tie, name) for name in tie.apart_by} | (
        {"branch": tie.branch} if isinstance(tie, BranchMembership) else {}
    )


def spans(ties):
    return [(tie.starts_on, tie.ends_on) for tie in ties.order_by("starts_on")]


@pytest.mark.parametrize("factory", TIES)
@pytest.mark.parametrize(
    ("first", "last"),
    [(MAY, None), (MAY, JUNE), (JUNE, JUNE), (JUNE + DAY, JULY - DAY), (JULY, JULY), (JULY, None)],
)
def test_a_day_is_told_once(factory, first, last):
    tie = factory(starts_on=JUNE, ends_on=JULY)
    with pytest.raises(Conflict, match="2026-06-01 到 2026-07-01）重叠，请"):
        factory(**same(tie), starts_on=first, ends_on=last)
    assert type(tie).objects.count() == 1


@pytest.mark.parametrize("factory", TIES)
@pytest.mark.parametrize(("first", "last"), [(MAY, JUNE - DAY), (JULY + DAY, None)])
def test_ties_may_follow_each_other(factory, first, last):
    tie = factory(starts_on=JUNE, ends_on=JULY)
    factory(**same(tie), starts_on=first, ends_on=last)
    assert type(tie).objects.count() == 2


@pytest.mark.parametrize("factory", TIES)
def test_an_ending_may_not_be_moved_into_the_next(factory):
    tie = factory(starts_on=JUNE, ends_on=JULY)
    factory(**same(tie), starts_on=AUGUST)
    tie.ends_on = None
    with pytest.raises(Conflict, match="重叠"):
        tie.save()


@pytest.mark.parametrize("factory", TIES)
def test_nothing_ends_before_it_begins(factory):
    with pytest.raises(IntegrityError), transaction.atomic():
        factory(starts_on=JUNE, ends_on=MAY)


@pytest.mark.parametrize("factory", TIES)
def test_postgresql_holds_to_it_by_itself(factory):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer, and the one module that writes looks first")
    tie = factory(starts_on=JUNE, ends_on=JULY)
    model = type(tie)
    with pytest.raises(IntegrityError, match="stay_apart"), transaction.atomic():
        model.objects.bulk_create([model(**same(tie), starts_on=JULY, ends_on=AUGUST)])


def test_who_saves_between_the_look_and_the_write_is_told_in_words_too(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    tie = make.GroupMembershipFactory(starts_on=JUNE, ends_on=JULY)
    monkeypatch.setattr(GroupMembership, "_refuse_overlap", lambda self: None)
    with pytest.raises(Conflict, match="重叠"):
        make.GroupMembershipFactory(**same(tie), starts_on=JULY)


def test_other_people_other_kinds_and_other_groups_are_none_of_its_business():
    home = make.BranchMembershipFactory()
    make.BranchMembershipFactory(member=home.member, branch=home.branch, host=True)
    make.BranchMembershipFactory(branch=home.branch)
    own = make.GroupMembershipFactory(member=home.member)
    make.GroupMembershipFactory(member=home.member)
    make.GroupMembershipFactory(group=own.group)
    duty = make.DutyFactory()
    make.DutyFactory(user=duty.user, group=duty.group, liaison=True)
    make.DutyFactory(user=duty.user, orgadmin=True)
    make.DutyFactory(group=duty.group)


class TestGroups:
    @pytest.fixture
    def member(self):
        return make.MemberFactory()

    @pytest.fixture
    def group(self):
        return make.StudyGroupFactory()

    def test_a_backdated_join_moves_the_beginning(self, member, group):
        join_group(member=member, group=group, on=JULY)
        assert join_group(member=member, group=group, on=JUNE).starts_on == JUNE
        assert spans(GroupMembership.objects) == [(JUNE, None)]

    def test_a_later_join_changes_nothing(self, member, group):
        join_group(member=member, group=group, on=JUNE)
        join_group(member=member, group=group, on=JULY)
        assert spans(GroupMembership.objects) == [(JUNE, None)]

    def test_who_comes_back_on_the_last_day_was_never_away(self, member, group):
        join_group(member=member, group=group, on=JUNE)
        leave_group(member=member, group=group, on=JULY)
        join_group(member=member, group=group, on=JULY)
        assert spans(GroupMembership.objects) == [(JUNE, None)]

    def test_an_old_list_read_again_does_not_bring_back_who_has_left(self, member, group):
        join_group(member=member, group=group, on=JUNE)
        leave_group(member=member, group=group, on=JULY)
        with pytest.raises(Conflict, match="后来结束的一段"):
            join_group(member=member, group=group, on=JUNE)
        assert spans(GroupMembership.objects) == [(JUNE, JULY)]

    def test_a_join_before_an_older_time_in_the_group_is_explained(self, member, group):
        make.GroupMembershipFactory(member=member, group=group, starts_on=JUNE, ends_on=JUNE + DAY)
        join_group(member=member, group=group, on=AUGUST)
        with pytest.raises(Conflict):
            join_group(member=member, group=group, on=MAY)
        assert spans(GroupMembership.objects) == [(JUNE, JUNE + DAY), (AUGUST, None)]

    def test_leaving_before_one_came_is_explained(self, member, group):
        join_group(member=member, group=group, on=JUNE)
        with pytest.raises(Conflict, match="不能早于"):
            leave_group(member=member, group=group, on=MAY)
        assert spans(GroupMembership.objects) == [(JUNE, None)]

    def test_leaving_earlier_than_was_said_shortens_it(self, member, group):
        make.GroupMembershipFactory(member=member, group=group, starts_on=JUNE, ends_on=AUGUST)
        leave_group(member=member, group=group, on=JULY)
        assert spans(GroupMembership.objects) == [(JUNE, JULY)]

    def test_on_the_day_of_a_move_one_is_in_one_group(self, member, group):
        other = make.StudyGroupFactory()
        join_group(member=member, group=group, on=JUNE)
        move_group(member=member, group=other, on=JULY)
        ties = GroupMembership.objects.in_force(JULY)
        assert [tie.group for tie in ties] == [other]
        assert spans(GroupMembership.objects) == [(JUNE, JULY - DAY), (JULY, None)]
        move_group(member=member, group=other, on=JULY)
        assert GroupMembership.objects.count() == 2


class TestBranches:
    def test_a_move_to_where_one_is_may_be_backdated(self):
        member, branch = make.MemberFactory(), make.BranchFactory()
        move = {"member": member, "branch": branch, "kind": "home"}
        move_branch(**move, on=JULY)
        assert move_branch(**move, on=JUNE).starts_on == JUNE
        assert spans(BranchMembership.objects) == [(JUNE, None)]

    def test_a_backdated_move_takes_its_days_from_the_branch_before(self):
        member = make.MemberFactory()
        old, new = make.BranchFactory(name="旧"), make.BranchFactory(name="新")
        move_branch(member=member, branch=old, kind="home", on=MAY)
        move_branch(member=member, branch=new, kind="home", on=JULY)
        move_branch(member=member, branch=new, kind="home", on=JUNE)
        assert spans(BranchMembership.objects) == [(MAY, JUNE - DAY), (JUNE, None)]


class TestDuties:
    def test_an_office_is_taken_and_given_up(self):
        group, user = make.StudyGroupFactory(), make.UserFactory()
        duty = begin_duty(user=user, kind="leader", group=group, on=JUNE)
        assert begin_duty(user=user, kind="leader", group=group, on=JULY) == duty
        end_duty(duty, on=AUGUST)
        assert spans(Duty.objects) == [(JUNE, AUGUST)]

    def test_giving_it_up_before_taking_it_is_explained(self):
        duty = make.DutyFactory(starts_on=JUNE)
        with pytest.raises(Conflict, match="不能早于"):
            end_duty(duty, on=MAY)


def test_one_module_writes_ties():
    """Elsewhere they are read; the demo and every import go through the same door."""
    import re
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    writes = re.compile(
        r"(BranchMembership|GroupMembership|Duty)"
        r"(\.objects\.(create|get_or_create|update_or_create|bulk_create)\b|\()"
    )
    found = [
        f"{path.name}: {line.strip()}"
        for folder in ("studyhub", "content")
        for path in (root / folder).rglob("*.py")
        if "migrations" not in path.parts and path.name != "groups.py"
        for line in path.read_text("utf-8").splitlines()
        if writes.search(line) and not line.startswith("class ")
    ]
    assert found == []


paint = import_module("studyhub.people.migrations.0004_ties_stay_apart").paint


class Old:
    """A tie as an old database has it."""

    def __init__(self, name, starts_on, ends_on=None):
        self.name, self.starts_on, self.ends_on = name, starts_on, ends_on


@pytest.mark.parametrize(
    ("ties", "told"),
    [
        ([Old("a", MAY), Old("b", JULY)], [(MAY, JULY - DAY, "a"), (JULY, date.max, "b")]),
        ([Old("a", MAY, JULY), Old("b", JULY)], [(MAY, JULY - DAY, "a"), (JULY, date.max, "b")]),
        ([Old("a", JUNE), Old("b", JUNE)], [(JUNE, date.max, "b")]),
        (
            [Old("a", MAY), Old("b", JUNE, JULY)],
            [(MAY, JUNE - DAY, "a"), (JUNE, JULY, "b"), (JULY + DAY, date.max, "a")],
        ),
        ([Old("a", MAY, JUNE), Old("b", JULY)], [(MAY, JUNE, "a"), (JULY, date.max, "b")]),
    ],
)
def test_in_an_old_database_what_was_entered_later_holds(ties, told):
    assert [(first, last, tie.name) for first, last, tie in paint(ties)] == told


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_database_with_overlaps_migrates_and_comes_back():
    member = make.MemberFactory().pk
    branch, group = make.BranchFactory().pk, make.StudyGroupFactory().pk
    user = make.UserFactory().pk
    try:
        old = migrate("people", "0003_sign_in_tries")
        homes, duties = old.get_model("people", "BranchMembership"), old.get_model("people", "Duty")
        ids = {"member_id": member, "branch_id": branch, "kind": "home"}
        homes.objects.create(**ids, starts_on=MAY, ends_on=AUGUST)
        homes.objects.create(**ids, starts_on=JUNE, ends_on=JULY)
        homes.objects.create(**ids, starts_on=JULY)
        held = {"user_id": user, "group_id": group, "kind": "leader"}
        duties.objects.create(**held, starts_on=JULY, ends_on=JUNE)
        duties.objects.create(**held, starts_on=MAY)
        duties.objects.create(**held, starts_on=JUNE)
        migrate("people", "0004_ties_stay_apart")
        assert spans(BranchMembership.objects) == [
            (MAY, JUNE - DAY),
            (JUNE, JULY - DAY),
            (JULY, None),
        ]
        assert spans(Duty.objects) == [(MAY, JUNE - DAY), (JUNE, None)]
        migrate("people", "0003_sign_in_tries")
    finally:
        migrate_to_the_newest()
