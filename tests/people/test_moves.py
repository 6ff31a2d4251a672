"""我换地方了: a union of reports, a ledger that waits, and nothing older that overwrites."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from studyhub.core.clock import today
from studyhub.core.errors import Conflict, Invalid, NotFound
from studyhub.people import access
from studyhub.people.entries import end_entry
from studyhub.people.models import Member, MoveAnswer, MoveReport
from studyhub.people.moves import (
    ask_back,
    enter_move,
    proposals_of,
    proposed,
    report_move,
    returning,
)
from tests import factories as make

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)


def a_report(number, hour, **said):
    return MoveReport(id=UUID(int=number + 1), at=BEGIN + timedelta(hours=hour), **said)


REPORTS = [
    a_report(n, hour, **said)
    for n, (hour, said) in enumerate(
        (hour, said)
        for hour in range(4)
        for said in (
            {"place": f"地方{hour}"},
            {"phone": f"1390000000{hour}"},
            {"place": f"别处{hour}", "return_month": "2027-01"},
        )
    )
]
ENTERED = MoveAnswer(
    at=BEGIN + timedelta(hours=9), through=BEGIN + timedelta(hours=1), outcome="entered"
)


@given(st.lists(st.sampled_from(REPORTS), unique=True), st.randoms(), st.booleans())
def test_order_and_phones_do_not_change_what_is_proposed(reports, seed, entered):
    answers = [ENTERED] if entered else []
    shuffled = seed.sample(reports, len(reports))
    assert proposed(shuffled, answers) == proposed(reports, answers)


@given(st.lists(st.sampled_from(REPORTS), unique=True))
def test_what_is_older_than_what_was_entered_never_comes_back(reports):
    newer = [report for report in reports if report.at > ENTERED.through]
    assert proposed(reports, [ENTERED]) == proposed(newer, [])


@given(st.lists(st.sampled_from(REPORTS), unique=True, min_size=1))
def test_of_each_field_what_was_said_last_is_proposed(reports):
    said = proposed(reports, []).said
    for name, value in said.items():
        last = max((r for r in reports if getattr(r, name)), key=lambda r: (r.at, r.pk))
        assert value == getattr(last, name)


def report(member, at=None, **said):
    return report_move(member=member, report_id=uuid4(), said=said, at=at)


def enter(by, member, **values):
    version = proposals_of([member])[member.pk].version
    return enter_move(by=by, member_id=member.public_id, version=version, values=values)


def test_a_report_leaves_the_ledger_as_it_is(qiqige):
    before = Member.objects.filter(pk=qiqige.pk).values().get()
    report(qiqige, place="深圳宝安", phone="138 0000 5678", return_month="2027年1月")
    assert Member.objects.filter(pk=qiqige.pk).values().get() == before
    said = proposals_of([qiqige])[qiqige.pk].said
    assert said == {"place": "深圳宝安", "phone": "13800005678", "return_month": "2027-01"}


def test_what_is_confirmed_is_entered_and_both_are_kept(wuyun, qiqige):
    report(qiqige, place="深圳宝安", phone="13800005678")
    enter(wuyun, qiqige, place="广东省深圳市宝安区", phone="13800005678", trade="delivery")
    qiqige.refresh_from_db()
    assert (qiqige.host_place_code, qiqige.trade) == ("440306", "delivery")
    assert qiqige.confirmed_at
    assert list(Member.objects.with_phone("13800005678")) == [qiqige]
    answer = MoveAnswer.objects.get()
    assert (answer.by, answer.before["phone"]) == (wuyun, "13900001234")
    assert answer.entered["host_place_name"] == "广东省深圳市宝安区"
    assert MoveReport.objects.get().place == "深圳宝安"
    assert proposals_of([qiqige]) == {}


def test_a_late_report_of_before_does_not_come_up_again(wuyun, qiqige):
    report(qiqige, place="深圳宝安")
    enter(wuyun, qiqige, place="深圳宝安")
    report(qiqige, at=timezone.now() - timedelta(days=9), place="北京朝阳")
    assert proposals_of([qiqige]) == {}
    report(qiqige, place="呼和浩特赛罕")
    assert proposals_of([qiqige])[qiqige.pk].said == {"place": "呼和浩特赛罕"}


def test_who_has_not_seen_the_newest_enters_nothing(wuyun, qiqige):
    report(qiqige, place="深圳宝安")
    seen = proposals_of([qiqige])[qiqige.pk].version
    report(qiqige, place="北京朝阳")
    said = {"by": wuyun, "member_id": qiqige.public_id, "version": seen}
    with pytest.raises(Conflict, match="又报了新的"):
        enter_move(**said, values={"place": "深圳宝安"})
    with pytest.raises(Conflict, match="又报了新的"):
        ask_back(**said, question="call_me")
    enter(wuyun, qiqige, place="北京朝阳")
    with pytest.raises(Conflict, match="已经有人登记"):
        enter_move(**said, values={"place": "深圳宝安"})
    assert MoveAnswer.objects.count() == 1


def test_a_place_that_may_be_several_is_asked_and_nothing_is_entered(wuyun, qiqige):
    report(qiqige, place="朝阳")
    with pytest.raises(Invalid, match="写上省和市"):
        enter(wuyun, qiqige, place="朝阳")
    with pytest.raises(Invalid, match="写到县区"):
        enter(wuyun, qiqige, place="不知道哪里")
    assert not MoveAnswer.objects.exists()


def test_what_is_asked_back_is_asked_until_something_new_is_said(wuyun, qiqige):
    report(qiqige, place="朝阳")
    seen = proposals_of([qiqige])[qiqige.pk].version
    ask_back(by=wuyun, member_id=qiqige.public_id, version=seen, question="which_place")
    assert "省、市、县" in proposals_of([qiqige])[qiqige.pk].asked
    report(qiqige, place="北京朝阳")
    assert proposals_of([qiqige])[qiqige.pk].asked == ""


def test_nobody_but_who_leads_them_today_enters_or_asks(group, qiqige):
    report(qiqige, place="深圳宝安")
    seen = proposals_of([qiqige])[qiqige.pk].version
    others = [
        make.DutyFactory(group=group, ended=True).user,
        make.an_orgadmin(group.branch),
        qiqige.user,
    ]
    for other in others:
        said = {"by": other, "member_id": qiqige.public_id, "version": seen}
        with pytest.raises(NotFound):
            enter_move(**said, values={"place": "深圳宝安"})
        with pytest.raises(NotFound):
            ask_back(**said, question="call_me")


@pytest.fixture
def shenyang(group, qiqige):
    """A group of another branch of the county; she is at home in her own."""
    home = make.a_branch("鲁北镇党支部", group.branch)
    make.BranchMembershipFactory(member=qiqige, branch=home)
    return make.a_group(name="沈阳小组", branch=make.a_branch("沈阳流动党支部", group.branch))


@pytest.fixture
def liaison(group):
    return make.DutyFactory(liaison=True, group=group, user__display_name="苏和").user


def groups_of(member, day):
    return [tie.group.name for tie in member.groups.in_force(day).select_related("group")]


def test_a_liaison_hands_over_who_moved_and_the_history_keeps_both(liaison, shenyang, qiqige):
    report(qiqige, place="沈阳和平")
    since = today() - timedelta(days=3)
    enter(liaison, qiqige, place="沈阳和平", to=str(shenyang.public_id), on=since.isoformat())
    host = qiqige.branches.get(kind="host")
    assert (host.branch, host.starts_on) == (shenyang.branch, since)
    assert groups_of(qiqige, since - timedelta(days=1)) == ["北京小组"]
    assert groups_of(qiqige, since) == ["沈阳小组"]
    answer = MoveAnswer.objects.get()
    assert answer.before["group"] == "北京小组"
    assert answer.entered["host_branch"] == "沈阳流动党支部"
    changes = qiqige.ledger_changes.filter(changed_by=liaison)
    assert {change.act for change in changes} == {"details", "host", "group_joined"}
    with pytest.raises(NotFound):  # whom they handed over is the others' to look after
        access.led_member(liaison, qiqige.public_id)


def test_without_a_group_only_the_host_changes(liaison, shenyang, group, qiqige):
    report(qiqige, place="沈阳和平")
    enter(liaison, qiqige, to=str(shenyang.branch.public_id))
    assert qiqige.branches.get(kind="host").starts_on == today()
    assert groups_of(qiqige, today()) == ["北京小组"]


def refused(by, member, error, **values):
    """Nothing is entered and the report waits."""
    with pytest.raises(error):
        enter(by, member, place="沈阳和平", **values)
    assert not member.branches.filter(kind="host").exists()
    assert groups_of(member, today()) == ["北京小组"]
    assert proposals_of([member])


def test_only_the_liaison_hands_over_and_only_within_the_organisation(
    liaison, wuyun, shenyang, qiqige
):
    report(qiqige, place="沈阳和平")
    elsewhere = make.a_group(name="别家小组", branch=make.a_branch("别的旗委"))
    home = qiqige.branches.get().branch
    ended = make.a_branch("撤销了的", shenyang.branch)
    ended.ended_on = today()
    ended.save()
    refused(wuyun, qiqige, NotFound, to=str(shenyang.public_id))
    for place in (elsewhere, elsewhere.branch, home, ended):
        refused(liaison, qiqige, NotFound, to=str(place.public_id))
    refused(liaison, qiqige, NotFound, to="沈阳")


def test_nobody_hands_over_who_has_left(liaison, shenyang, qiqige):
    """On their last day they still study with the group, and are the liaison's to look after."""
    report(qiqige, place="沈阳和平")
    end_entry(qiqige, reason=Member.EndReason.TRANSFERRED, on=today())
    to = str(shenyang.public_id)
    refused(liaison, qiqige, NotFound, to=to)
    assert not qiqige.branches.filter(ends_on=None).exists()


def test_nobody_hands_themselves_over(liaison, shenyang, qiqige):
    qiqige.user = liaison
    qiqige.save()
    report(qiqige, place="沈阳和平")
    refused(liaison, qiqige, NotFound, to=str(shenyang.public_id))


def test_a_day_that_does_not_fit_leaves_all_as_it_was(liaison, shenyang, qiqige):
    report(qiqige, place="沈阳和平")
    to = str(shenyang.public_id)
    refused(liaison, qiqige, Invalid, to=to, on=(today() + timedelta(days=1)).isoformat())
    refused(liaison, qiqige, Invalid, to=to, on="上个月")
    refused(liaison, qiqige, Conflict, to=to, on="2024-01-01")  # before she was in the group


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"phone": "123"}, "手机号：手机号应是 11 位"),
        ({"trade": "spy"}, "行业：请从列出的"),
        ({"since": "上个月"}, "从哪个月起：日期看不懂"),
        ({"place": "长" * 61}, "写到县区就行"),
        ({}, "一样也没有填"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(qiqige, said, words):
    with pytest.raises(Invalid, match=words):
        report(qiqige, **said)
    assert not MoveReport.objects.exists()


def test_one_id_says_one_thing_whoever_sends_it(qiqige):
    first, _ = report(qiqige, place="深圳宝安")
    again = {"report_id": first.pk, "said": {"place": "深圳宝安"}}
    assert report_move(member=qiqige, **again) == (first, False)
    with pytest.raises(Conflict):
        report_move(member=qiqige, report_id=first.pk, said={"place": "北京"})
    with pytest.raises(Conflict):
        report_move(member=make.a_member("巴图"), **again)


def test_who_comes_home_in_a_month_that_the_weeks_touch_is_listed():
    soon, later = today() + timedelta(weeks=8), today() + timedelta(days=120)
    months = [f"{today():%Y-%m}", f"{soon:%Y-%m}", f"{later:%Y-%m}", ""]
    members = [Member(name=f"学员{n}", return_month=month) for n, month in enumerate(months)]
    assert returning(members, 8) == members[:2]
