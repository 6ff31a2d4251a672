"""Whatever is done to the ledger in whatever order: ties stay apart, and what it ever said can be
read from its history; what anybody studied stays."""

from contextlib import suppress
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyhub.core.errors import Conflict
from studyhub.core.sheets.reading import Sheet
from studyhub.learning.models import Progress
from studyhub.learning.progress import find_differences
from studyhub.people import entries, groups, merging
from studyhub.people.branch_tree import end_branch, merge_branches
from studyhub.people.changes import note_change, shown_ties
from studyhub.people.contacts import note_contact
from studyhub.people.erasure import erase_member
from studyhub.people.models import (
    BranchMembership,
    GroupMembership,
    LedgerChange,
    Member,
    User,
)
from studyhub.people.moves import enter_move, proposals_of, report_move
from studyhub.people.personal_codes import give_code
from studyhub.people.privacy import change_own_details
from studyhub.people.roster.comparison import compare
from studyhub.people.roster.lines import Status
from studyhub.records.models import Record
from tests import factories as make

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 1)
HOME, HOST = BranchMembership.Kind.HOME, BranchMembership.Kind.HOST

places = st.integers(0, 2)
people = st.integers(0, 2)
days = st.integers(0, 12).map(lambda n: FIRST + timedelta(days=n))
acts = st.one_of(
    st.tuples(st.just("move"), people, st.sampled_from([HOME, HOST]), places, days),
    st.tuples(st.just("leave_host"), people, days),
    st.tuples(st.sampled_from(["join", "leave", "change"]), people, places, days),
    st.tuples(st.just("correct"), st.integers(0, 20), days, st.none() | days),
    st.tuples(st.just("end"), people, days),
    st.tuples(st.just("undo"), people),
    st.tuples(st.just("merge"), people, people),
    st.tuples(st.just("unite"), places, places, days),
    st.tuples(st.just("close"), places, places, days),
)


class Ledger:
    """Three people with a record each, three branches, three groups."""

    def __init__(self):
        root = make.a_branch("旗委")
        self.branches = [make.a_branch(f"支部{n}", root) for n in range(3)]
        self.groups = [make.a_group(branch=root, name=f"小组{n}") for n in range(3)]
        self.members = [make.a_member(f"党员{n}", phone=f"1390000000{n}") for n in range(3)]
        self.begin()

    def begin(self):
        """So that what follows meets something: one with a home, a host and a group, one with a
        home, one with a host in the same place."""
        self.move(0, HOME, 0, FIRST)
        self.move(0, HOST, 1, FIRST + timedelta(days=2))
        self.join(0, 0, FIRST)
        self.move(1, HOME, 1, FIRST)
        self.move(2, HOST, 1, FIRST)

    def now(self, rows, place):
        return type(rows[place]).objects.get(pk=rows[place].pk)

    def member(self, n):
        member = self.now(self.members, n)
        return member.merged_into or member

    def do(self, act):
        name, *rest = act
        getattr(self, name)(*rest)

    def move(self, n, kind, place, on):
        branch = self.now(self.branches, place)
        groups.move_branch(member=self.member(n), branch=branch, kind=kind, on=on)

    def leave_host(self, n, on):
        groups.leave_branch(member=self.member(n), kind=HOST, on=on)

    def join(self, n, place, on):
        groups.join_group(member=self.member(n), group=self.groups[place], on=on)

    def leave(self, n, place, on):
        groups.leave_group(member=self.member(n), group=self.groups[place], on=on)

    def change(self, n, place, on):
        groups.move_group(member=self.member(n), group=self.groups[place], on=on)

    def correct(self, number, first, last):
        ties = [*BranchMembership.objects.order_by("pk"), *GroupMembership.objects.order_by("pk")]
        if ties:
            tie = ties[number % len(ties)]
            groups.correct_tie(tie, starts_on=first, ends_on=last)

    def end(self, n, on):
        entries.end_entry(self.member(n), reason="other", on=on)

    def undo(self, n):
        entries.undo_end(self.member(n))

    def merge(self, one, two):
        merging.merge_entries(kept=self.member(one), other=self.member(two))

    def unite(self, one, two, on):
        rows = self.branches
        merge_branches(kept=self.now(rows, one), other=self.now(rows, two), on=on)

    def close(self, one, two, on):
        end_branch(self.now(self.branches, one), to=self.now(self.branches, two), on=on)


def replayed(member):
    """What the ledger says of the ties by its history alone."""
    told = {label: set() for label in shown_ties(member)}
    for change in LedgerChange.objects.filter(member=member).order_by("pk"):
        for label, texts in told.items():
            texts -= set(change.before.get(label, "").split("；"))
            texts |= set(filter(None, change.after.get(label, "").split("；")))
    return told


def share_days(one, two):
    last = min(one.ends_on or date.max, two.ends_on or date.max)
    return max(one.starts_on, two.starts_on) <= last


def overlaps():
    """Ties that share a day and may not: of one kind, or home and host in one place."""
    ties = list(BranchMembership.objects.all())
    branches = [
        (one, two)
        for one in ties
        for two in ties
        if one.pk < two.pk and one.member_id == two.member_id and share_days(one, two)
        if one.kind == two.kind or one.branch_id == two.branch_id
    ]
    studies = list(GroupMembership.objects.all())
    return branches + [
        (one, two)
        for one in studies
        for two in studies
        if one.pk < two.pk and (one.member_id, one.group_id) == (two.member_id, two.group_id)
        if share_days(one, two)
    ]


@pytest.mark.slow
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sequence=st.lists(acts, min_size=1, max_size=14))
def test_any_sequence_leaves_no_overlap_and_the_whole_history(lesson, sequence):
    with transaction.atomic():
        ledger = Ledger()
        for number, member in enumerate(ledger.members):
            make.send(member, make.read_record(make.outline_of(lesson)), phone=number)
        records = set(Record.objects.values_list("pk", flat=True))
        known = {}
        for act in sequence:
            with suppress(Conflict):
                ledger.do(act)
            stored = {change.pk: (change.before, change.after) for change in changes()}
            assert known.items() <= stored.items()
            known = stored
            assert not overlaps()
        for member in Member.objects.all():
            now = {label: set(texts) for label, texts in shown_ties(member).items()}
            assert replayed(member) == now
        assert set(Record.objects.values_list("pk", flat=True)) == records
        assert not Record.objects.exclude(member__merged_into=None).exists()
        assert not list(find_differences())
        transaction.set_rollback(True)


def changes():
    return LedgerChange.objects.all()


@pytest.fixture
def lesson():
    return make.a_lesson(quiz=False)


def test_a_change_is_written_once():
    change = note_change(make.a_member(), LedgerChange.Act.DETAILS, {}, {"行业": "建筑"}, by=None)
    change.after = {}
    with pytest.raises(ImproperlyConfigured):
        change.save()


def test_phones_are_masked_in_the_history():
    member = make.a_member(phone="13800005678")
    entries.change_details(member, {"phone": "13911112222"})
    [change] = changes()
    assert change.before == {"手机": "138****5678"}
    assert change.after == {"手机": "139****2222"}


def test_what_changes_nothing_leaves_no_line():
    member = make.a_member()
    entries.change_details(member, {"name": member.name})
    entries.exempt_member(member, "")
    assert not changes().exists()


def test_what_members_say_themselves_is_in_the_history_once_it_is_entered():
    member = make.a_member()
    leader = make.a_leader(make.a_group(member))
    change_own_details(member, {"trade": "factory"})
    assert not changes().exists()
    [waiting] = proposals_of([member]).values()
    said = {"version": waiting.version, "values": waiting.said}
    enter_move(by=leader, member_id=member.public_id, **said)
    [change] = changes()
    assert (change.act, change.changed_by) == ("details", leader)
    assert change.fields == [("行业", "其他", "制造")]


def test_a_corrected_day_keeps_what_was_believed_before():
    tie = make.BranchMembershipFactory(starts_on=FIRST)
    groups.correct_tie(tie, starts_on=date(2026, 3, 1), ends_on=None)
    [change] = changes()
    assert "2026-01-01" in change.before["所在党组织"]
    assert "2026-03-01" in change.after["所在党组织"]


class TestMerging:
    @pytest.fixture
    def two(self):
        return (
            make.a_member("其其格", username="one", phone="13800005678"),
            make.a_member("其其格", username="two", phone="13911112222"),
        )

    def test_what_both_studied_is_one_set(self, two, lesson):
        kept, other = two
        outline = make.outline_of(lesson)
        make.send(kept, make.read_record(outline, only=1))
        make.send(other, make.read_record(outline), make.finished_record(outline), phone=2)
        merging.merge_entries(kept=kept, other=other)
        assert Record.objects.filter(member=kept).count() == 3
        assert Progress.objects.get().finished_at
        assert not list(find_differences())

    def test_contacts_and_moves_of_both_follow(self, two):
        kept, other = two
        leader = make.a_leader(make.a_group(other))
        told = {"way": "phone", "outcome": "reached"}
        note_contact(by=leader, member_id=other.public_id, contact_id=uuid4(), **told)
        report_move(member=other, report_id=uuid4(), said={"place": "深圳宝安"})
        merging.merge_entries(kept=kept, other=other)
        assert kept.contacts.count() == 1
        assert proposals_of([kept])[kept.pk].said == {"place": "深圳宝安"}

    def test_one_phone_under_both_entries_has_its_gaps_once(self, two, lesson):
        kept, other = two
        outline = make.outline_of(lesson)
        make.send(kept, make.read_record(outline, seq=1))
        make.send(other, make.read_record(outline, seq=3))
        merging.merge_entries(kept=kept, other=other)
        assert kept.devices.get().missing == [[2, 2]]

    def test_both_accounts_open_the_one_record(self, two, sign_in, lesson):
        kept, other = two
        make.study(kept, lesson)
        merging.merge_entries(kept=kept, other=other)
        for username in ("one", "two"):
            client = sign_in(Member.objects.get(user__username=username).user)
            items = client.get("/api/v1/me/progress").json()["items"]
            assert [item["status"] for item in items] == ["finished"]

    def test_who_had_no_account_gets_the_others(self):
        kept, other = make.a_member("其其格", user=None), make.a_member("其其格", username="two")
        merging.merge_entries(kept=kept, other=other)
        assert Member.objects.get(user__username="two") == kept

    def test_what_clashes_is_told_and_nothing_is_changed(self, two):
        kept, other = two
        make.BranchMembershipFactory(member=kept, branch=make.a_branch("甲支部"))
        make.BranchMembershipFactory(member=other, branch=make.a_branch("乙支部"))
        with pytest.raises(Conflict, match=r"流出地.*甲支部.*乙支部.*请先更正"):
            merging.merge_entries(kept=kept, other=other)
        other.refresh_from_db()
        assert other.merged_into is None
        assert other.branches.exists()

    def test_a_host_that_is_the_others_home_clashes_too(self, two):
        kept, other = two
        branch = make.a_branch("甲支部")
        make.BranchMembershipFactory(member=kept, branch=branch)
        make.BranchMembershipFactory(member=other, branch=branch, host=True)
        with pytest.raises(Conflict, match="甲支部"):
            merging.merge_entries(kept=kept, other=other)

    def test_the_same_place_told_twice_is_told_once_for_all_its_days(self, two):
        kept, other = two
        branch = make.a_branch()
        make.BranchMembershipFactory(member=kept, branch=branch, starts_on=date(2026, 3, 1))
        make.BranchMembershipFactory(member=other, branch=branch, starts_on=FIRST)
        merging.merge_entries(kept=kept, other=other)
        assert [(tie.member, tie.starts_on) for tie in BranchMembership.objects.all()] == [
            (kept, FIRST)
        ]

    def test_the_other_is_kept_and_points_to_it(self, two):
        kept, other = two
        merging.merge_entries(kept=kept, other=other)
        other.refresh_from_db()
        assert other.merged_into == kept
        assert other.phone == "13911112222"
        assert {change.member for change in LedgerChange.objects.of(kept)} == {other}

    def test_an_entry_is_not_merged_twice(self, two):
        kept, other = two
        merging.merge_entries(kept=kept, other=other)
        for one, another in ((kept, other), (kept, kept)):
            with pytest.raises(Conflict):
                merging.merge_entries(kept=one, other=another)

    def test_a_code_goes_with_the_number_of_either(self, two, keeper):
        kept, other = two
        merging.merge_entries(kept=kept, other=other)
        for digits in ("5678", "2222"):
            code = give_code(kept, by=keeper).spoken
            client = Client()
            answer = client.post("/join/", {"code": code, "last_digits": digits})
            assert answer.status_code == 302

    def test_a_roster_finds_the_kept_one_by_either_number(self, two):
        kept, other = two
        for member in two:
            make.BranchMembershipFactory(member=member, branch=make.a_branch(f"支部{member.pk}"))
        other.branches.update(ends_on=FIRST, starts_on=FIRST)
        kept.branches.update(starts_on=date(2026, 2, 1))
        merging.merge_entries(kept=kept, other=other)
        sheet = Sheet([["姓名", "联系电话"], ["其其格", "13911112222"]])
        [line] = compare(sheet, on=date(2026, 6, 1), create_missing=False).lines
        assert (line.member, line.status) == (kept, Status.UNCHANGED)

    def test_both_are_erased_together(self, two, settings, tmp_path):
        settings.BACKUP_DIR = tmp_path
        kept, other = two
        merging.merge_entries(kept=kept, other=other)
        erase_member(kept)
        assert not Member.objects.exists()
        assert not User.objects.filter(username__in=("one", "two")).exists()
