"""The leader's view: name order, one record per person, a reason instead of a ranking."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from content.question_draw import as_shown, new_attempt
from studyhub.core.clock import today
from studyhub.core.errors import Conflict, NotFound
from studyhub.core.spreadsheets import safe_cell
from studyhub.learning.branches import branch_summary
from studyhub.learning.completion import group_completion
from studyhub.learning.completion_xlsx import completion_workbook
from studyhub.learning.models import Progress
from studyhub.learning.plans import assigned_lessons
from studyhub.people.groups import leave_group, move_branch
from studyhub.people.models import BranchMembership, Member
from studyhub.records.models import DeviceCursor, Record
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make.BranchFactory()


@pytest.fixture
def lesson():
    return make.a_lesson()


def test_members_stand_in_name_order_never_by_result(branch, lesson):
    batu, anna = make.MemberFactory(name="巴图"), make.MemberFactory(name="安娜")
    group = make.StudyGroupFactory(members=[batu, anna], branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    make.study(batu, lesson)
    names = [line.member.name for line in group_completion(group).members]
    assert names == list(Member.objects.by_name().values_list("name", flat=True))


def test_statuses_and_totals_count_required_lessons(branch, lesson):
    done, begun, fresh = (make.MemberFactory(name=name) for name in "甲乙丙")
    group = make.StudyGroupFactory(members=[done, begun, fresh], branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson, make.a_lesson()])
    make.study(done, lesson)
    make.begin(begun, lesson)
    completion = group_completion(group)
    by_name = {line.member.name: line for line in completion.members}
    assert by_name["甲"].marks == ["finished", "not_started"]
    assert by_name["乙"].marks == ["in_progress", "not_started"]
    assert by_name["丙"].marks == ["not_started", "not_started"]
    assert (completion.totals.finished, completion.totals.required) == (1, 6)
    assert completion.lessons[0].finished_count == 1


def test_an_exempt_member_is_listed_and_leaves_every_denominator(branch, lesson):
    old = make.MemberFactory(name="老人", exempt=True)
    group = make.StudyGroupFactory(members=[old, make.MemberFactory(name="青年")], branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    make.study(old, lesson)
    completion = group_completion(group)
    assert completion.totals.members == 2
    assert (completion.totals.finished, completion.totals.required) == (0, 1)
    assert all(line.help_reason is None for line in completion.members if line.member == old)


def test_who_left_is_not_listed_any_more(branch, lesson):
    gone = make.MemberFactory(name="走了")
    group = make.StudyGroupFactory(members=[gone, make.MemberFactory(name="在")], branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    leave_group(member=gone, group=group, on=today() - timedelta(days=1))
    assert [line.member.name for line in group_completion(group).members] == ["在"]


def test_study_done_elsewhere_counts_once_and_everywhere(branch, lesson):
    member = make.MemberFactory(name="两地")
    host = make.BranchFactory(name="流入地支部", parent=branch)
    one = make.StudyGroupFactory(members=[member], branch=branch, name="甲组")
    two = make.StudyGroupFactory(members=[member], branch=host, name="乙组")
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    make.study(member, lesson)
    for group in (one, two):
        assert group_completion(group).members[0].finished == 1
    assert Record.objects.filter(kind="lesson_finished").count() == 1


def test_a_lesson_taken_down_is_required_of_nobody(branch, lesson):
    """Learner and leader are told the same: one of one, and nothing is overdue."""
    member, gone = make.MemberFactory(), make.a_lesson()
    group = make.StudyGroupFactory(members=[member], branch=branch)
    late = today() - timedelta(days=3)
    make.StudyPlanFactory(branch=branch, lessons=[lesson, gone], lessons__due_on=late)
    make.study(member, lesson)
    gone.unpublish()
    completion = group_completion(group)
    [line] = completion.members
    own = [item for item in assigned_lessons(member) if item.required]
    assert (line.finished, line.required, line.help_reason) == (1, len(own), None)
    assert [column.required for column in completion.lessons] == [True, False]
    assert (completion.totals.finished, completion.totals.required) == (1, 1)


def test_a_branch_counts_no_lesson_that_was_taken_down(branch, lesson):
    gone = make.a_lesson()
    for _ in range(3):
        make.BranchMembershipFactory(branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson, gone])
    gone.unpublish()
    assert branch_summary(branch)[0].required == 3


def test_nothing_is_required_of_an_exempt_member_on_their_own_page_either(branch, lesson):
    member = make.MemberFactory(exempt=True)
    make.StudyGroupFactory(members=[member], branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    assert [item.required for item in assigned_lessons(member)] == [False]


def test_a_plan_that_is_over_is_told_without_whoever_came_later(branch, lesson):
    then, later = make.MemberFactory(name="当时"), make.MemberFactory(name="后来")
    group = make.StudyGroupFactory(members=[then], branch=branch)
    make.GroupMembershipFactory(group=group, member=later, starts_on=today())
    plan = make.StudyPlanFactory(past=True, branch=branch, lessons=[lesson])
    completion = group_completion(group, plan.slug)
    assert [line.member.name for line in completion.members] == ["当时"]
    assert completion.totals.required == 1


def test_a_branch_is_told_of_a_plan_that_is_over_by_its_last_day(branch, lesson):
    for _ in range(3):
        make.BranchMembershipFactory(branch=branch)
    make.BranchMembershipFactory(branch=branch, starts_on=today())
    plan = make.StudyPlanFactory(past=True, branch=branch, lessons=[lesson])
    assert branch_summary(branch, plan.slug)[0].members == 3


def test_help_is_offered_with_a_reason(branch, lesson):
    silent, late, never = (make.MemberFactory(name=name) for name in ("沉默", "过期", "从未"))
    group = make.StudyGroupFactory(members=[silent, late, never], branch=branch)
    make.StudyPlanFactory(
        branch=branch, lessons=[lesson], lessons__due_on=today() - timedelta(days=3)
    )
    make.begin(silent, lesson)
    make.begin(late, lesson)
    month_ago = timezone.now() - timedelta(days=45)
    DeviceCursor.objects.filter(member=silent).update(seen_at=month_ago)
    reasons = {line.member.name: line.help_reason for line in group_completion(group).members}
    assert "45 天没有联网" in reasons["沉默"]
    assert "过了计划时间" in reasons["过期"]
    assert "没有登录" in reasons["从未"]


def test_nobody_who_is_done_needs_help(branch, lesson):
    member = make.MemberFactory(name="学完")
    group = make.StudyGroupFactory(members=[member], branch=branch)
    make.StudyPlanFactory(
        branch=branch, lessons=[lesson], lessons__due_on=today() - timedelta(days=3)
    )
    make.study(member, lesson)
    assert group_completion(group).members[0].help_reason is None


def test_a_group_without_a_plan_is_told_what_to_do(branch):
    with pytest.raises(NotFound, match="组织部"):
        group_completion(make.StudyGroupFactory(branch=branch))


def test_a_plan_of_the_committee_reaches_the_groups_below(branch, lesson):
    below = make.BranchFactory(name="支部", parent=branch)
    member = make.MemberFactory()
    group = make.StudyGroupFactory(members=[member], branch=below)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    assert group_completion(group).plan.slug == "2026-autumn"
    assert [item.card.lesson_key for item in assigned_lessons(member)] == [lesson.translation_key]


def test_the_sheet_has_the_same_rows_as_the_screen(branch, lesson):
    done, fresh = make.MemberFactory(name="甲"), make.MemberFactory(name="乙")
    group = make.StudyGroupFactory(members=[done, fresh], branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    make.study(done, lesson)
    completion = group_completion(group)
    sheet = load_workbook(BytesIO(completion_workbook(completion))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=5)]
    words = {"finished": "学完", "not_started": "未开始"}
    for row, line in zip(rows, completion.members, strict=True):
        assert row[0] == line.member.name
        assert row[1] == words[line.marks[0]]
        assert row[2:4] == [line.finished, line.required]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_a_name_can_never_become_a_formula(start, branch, lesson):
    member = make.MemberFactory(name=f"{start}HYPERLINK(1)")
    group = make.StudyGroupFactory(members=[member], branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    book = load_workbook(BytesIO(completion_workbook(group_completion(group))))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert safe_cell(f"{start}1").startswith("'")


def test_a_branch_is_told_in_counts_and_small_ones_not_at_all(branch, lesson):
    large, small = (make.BranchFactory(name=name, parent=branch) for name in ("大支部", "小支部"))
    people = [make.MemberFactory(name=f"学员{n}") for n in range(4)]
    for number, member in enumerate(people):
        home = small if number == 0 else large
        kind = BranchMembership.Kind.HOME
        move_branch(member=member, branch=home, kind=kind, on=make.LONG_AGO)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    make.study(people[1], lesson)
    branch.refresh_from_db()
    lines = {line.branch.name: line for line in branch_summary(branch)}
    assert (lines["大支部"].members, lines["大支部"].reached) == (3, 1)
    assert (lines["大支部"].finished, lines["大支部"].required) == (1, 3)
    assert lines["小支部"].members is None


def test_without_a_plan_nothing_is_required_of_a_branch(branch):
    for number in range(3):
        make.BranchMembershipFactory(branch=branch, member__name=f"学员{number}")
    [line] = branch_summary(branch)
    assert (line.members, line.required, line.percent) == (3, 0, None)


def test_a_member_is_one_person_on_the_day_of_coming_back(branch, lesson):
    """An old list had both days, and three people were four."""
    twice = make.BranchMembershipFactory(branch=branch, ended=True).member
    make.BranchMembershipFactory(branch=branch, member=twice, starts_on=today())
    with pytest.raises(Conflict):
        make.BranchMembershipFactory(branch=branch, member=twice, ending_today=True)
    for _ in range(2):
        make.BranchMembershipFactory(branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    make.study(twice, lesson)
    [line] = branch_summary(branch)
    assert (line.members, line.finished, line.required, line.percent) == (3, 1, 3, 33)


@pytest.mark.parametrize("state", ["ended", "not_begun"])
def test_who_is_not_of_a_branch_today_is_not_counted(branch, state):
    for _ in range(3):
        make.BranchMembershipFactory(branch=branch, **{state: True})
    assert branch_summary(branch)[0].members is None


def test_a_group_page_costs_the_same_whatever_its_size(
    branch, lesson, django_assert_max_num_queries
):
    members = [make.MemberFactory(name=f"学员{n:02d}") for n in range(30)]
    group = make.StudyGroupFactory(members=members, branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson, make.a_lesson()])
    for member in members[:5]:
        make.study(member, lesson)
    with django_assert_max_num_queries(7):
        group_completion(group)


def reason_of(group):
    return group_completion(group).members[0].help_reason


def test_who_fails_the_same_questions_again_is_stuck_on_them(branch, lesson):
    member = make.MemberFactory()
    group = make.StudyGroupFactory(members=[member], branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    outline = make.outline_of(lesson)
    make.send(member, make.attempt_record(outline, right=False, seq=1))
    assert reason_of(group) is None  # once is nothing: the explanation comes with the answer
    again = make.attempt_record(outline, right=False, seq=2)
    first = outline.quiz.questions[0]
    again["data"]["answers"][first.id] = first.answer
    again["at"] = "2026-11-20T13:00:00+08:00"
    make.send(member, again)
    assert reason_of(group) == "《遵义会议》的自测卡在第 2、3、4 题"
    make.send(member, make.attempt_record(outline, seq=3))
    assert reason_of(group) is None


def test_what_nobody_was_asked_is_nobodys_mistake(branch):
    check = make.self_check()
    check["value"]["draw"] = 2
    lesson = make.a_lesson(body=[make.section("第一节"), check])
    member = make.MemberFactory()
    group = make.StudyGroupFactory(members=[member], branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    outline = make.outline_of(lesson)
    for seq in (1, 2):
        record = make.attempt_record(outline, right=False, seq=seq)
        record["data"]["attempt_id"] = attempt = new_attempt()
        shown = {one.id for one in as_shown(outline.quiz, 1, attempt).questions}
        record["data"]["answers"] = dict.fromkeys(shown, "不知道")
        record["at"] = f"2026-11-20T1{seq}:00:00+08:00"
        make.send(member, record)
    numbers = [str(n) for n, one in enumerate(outline.quiz.questions, 1) if one.id in shown]
    assert reason_of(group) == f"《遵义会议》的自测卡在第 {'、'.join(numbers)} 题"


def test_a_lesson_begun_and_left_is_a_reason_after_two_weeks(branch, lesson):
    member = make.MemberFactory()
    group = make.StudyGroupFactory(members=[member], branch=branch)
    make.StudyPlanFactory(branch=branch, lessons=[lesson])
    make.begin(member, lesson)
    assert reason_of(group) is None
    long_ago = timezone.now() - timedelta(days=15)
    Progress.objects.filter(member=member).update(updated_at=long_ago)
    assert reason_of(group) == "《遵义会议》开了头，还没有学完"
