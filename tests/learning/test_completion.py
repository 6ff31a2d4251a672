"""The leader's view: name order, one record per person, a reason instead of a ranking."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from studyhub.core.clock import today
from studyhub.core.errors import NotFound
from studyhub.learning.completion import branch_summary, group_completion
from studyhub.learning.completion_xlsx import completion_workbook
from studyhub.learning.models import PlannedLesson, StudyPlan
from studyhub.learning.plans import assigned_lessons
from studyhub.learning.spreadsheets import safe_cell
from studyhub.learning.submissions import submit_records
from studyhub.people.groups import leave_group, move_branch
from studyhub.people.models import BranchMembership, Member
from studyhub.records.models import DeviceCursor, Record
from tests.factories import (
    LONG_AGO,
    a_branch,
    a_group,
    a_lesson,
    a_member,
    device,
    outline_of,
    read_record,
    whole_study,
)

pytestmark = pytest.mark.django_db


def a_plan(branch, *pages, due_in=30):
    plan = StudyPlan.objects.create(
        slug="2026-autumn",
        title="秋季",
        branch=branch,
        starts_on=today() - timedelta(days=10),
        ends_on=today() + timedelta(days=60),
    )
    for position, lesson in enumerate(pages):
        PlannedLesson.objects.create(
            plan=plan,
            lesson_key=lesson.translation_key,
            position=position,
            due_on=today() + timedelta(days=due_in),
        )
    return plan


def study(member, lesson, *, whole=True):
    outline = outline_of(lesson)
    records = whole_study(outline) if whole else [read_record(outline, only=1)]
    submit_records(member=member, device_id=device(), records=records, source=Record.Source.SESSION)


@pytest.fixture
def branch():
    return a_branch()


@pytest.fixture
def lesson():
    return a_lesson()


def test_members_stand_in_name_order_never_by_result(branch, lesson):
    batu, anna = a_member("巴图"), a_member("安娜")
    group = a_group(batu, anna, branch=branch)
    a_plan(branch, lesson)
    study(batu, lesson)
    names = [line.member.name for line in group_completion(group).members]
    assert names == list(Member.objects.by_name().values_list("name", flat=True))


def test_statuses_and_totals_count_required_lessons(branch, lesson):
    done, begun, fresh = a_member("甲"), a_member("乙"), a_member("丙")
    group = a_group(done, begun, fresh, branch=branch)
    a_plan(branch, lesson, a_lesson())
    study(done, lesson)
    study(begun, lesson, whole=False)
    completion = group_completion(group)
    by_name = {line.member.name: line for line in completion.members}
    key = lesson.translation_key
    assert by_name["甲"].statuses[key] == "finished"
    assert by_name["乙"].statuses[key] == "in_progress"
    assert by_name["丙"].statuses[key] == "not_started"
    assert (completion.totals.finished, completion.totals.required) == (1, 6)
    assert completion.lessons[0].finished_count == 1


def test_an_exempt_member_is_listed_and_leaves_every_denominator(branch, lesson):
    old = a_member("老人", exempt_reason="age")
    group = a_group(old, a_member("青年"), branch=branch)
    a_plan(branch, lesson)
    study(old, lesson)
    completion = group_completion(group)
    assert completion.totals.members == 2
    assert (completion.totals.finished, completion.totals.required) == (0, 1)
    assert all(line.help_reason is None for line in completion.members if line.member == old)


def test_who_left_is_not_listed_any_more(branch, lesson):
    gone = a_member("走了")
    group = a_group(gone, a_member("在"), branch=branch)
    a_plan(branch, lesson)
    leave_group(member=gone, group=group, on=today() - timedelta(days=1))
    assert [line.member.name for line in group_completion(group).members] == ["在"]


def test_study_done_elsewhere_counts_once_and_everywhere(branch, lesson):
    member = a_member("两地")
    host = a_branch("流入地支部", branch)
    one = a_group(member, branch=branch, name="甲组")
    two = a_group(member, branch=host, name="乙组")
    a_plan(branch, lesson)
    study(member, lesson)
    for group in (one, two):
        assert group_completion(group).members[0].finished == 1
    assert Record.objects.filter(kind="lesson_finished").count() == 1


def test_help_is_offered_with_a_reason(branch, lesson):
    silent, late, never = a_member("沉默"), a_member("过期"), a_member("从未")
    group = a_group(silent, late, never, branch=branch)
    a_plan(branch, lesson, due_in=-3)
    study(silent, lesson, whole=False)
    study(late, lesson, whole=False)
    month_ago = timezone.now() - timedelta(days=45)
    DeviceCursor.objects.filter(member=silent).update(seen_at=month_ago)
    reasons = {line.member.name: line.help_reason for line in group_completion(group).members}
    assert "45 天没有联网" in reasons["沉默"]
    assert "过了计划时间" in reasons["过期"]
    assert "没有登录" in reasons["从未"]


def test_nobody_who_is_done_needs_help(branch, lesson):
    member = a_member("学完")
    group = a_group(member, branch=branch)
    a_plan(branch, lesson, due_in=-3)
    study(member, lesson)
    assert group_completion(group).members[0].help_reason is None


def test_a_group_without_a_plan_is_told_what_to_do(branch):
    with pytest.raises(NotFound, match="组织部"):
        group_completion(a_group(branch=branch))


def test_a_plan_of_the_committee_reaches_the_groups_below(branch, lesson):
    below = a_branch("支部", branch)
    member = a_member()
    group = a_group(member, branch=below)
    a_plan(branch, lesson)
    assert group_completion(group).plan.slug == "2026-autumn"
    assert [item.card.lesson_key for item in assigned_lessons(member)] == [lesson.translation_key]


def test_the_sheet_has_the_same_rows_as_the_screen(branch, lesson):
    done, fresh = a_member("甲"), a_member("乙")
    group = a_group(done, fresh, branch=branch)
    a_plan(branch, lesson)
    study(done, lesson)
    completion = group_completion(group)
    sheet = load_workbook(BytesIO(completion_workbook(completion))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4, max_row=5)]
    words = {"finished": "学完", "not_started": "未开始"}
    for row, line in zip(rows, completion.members, strict=True):
        assert row[0] == line.member.name
        assert row[1] == words[line.statuses[lesson.translation_key]]
        assert row[2:4] == [line.finished, line.required]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_a_name_can_never_become_a_formula(start, branch, lesson):
    member = a_member(f"{start}HYPERLINK(1)")
    group = a_group(member, branch=branch)
    a_plan(branch, lesson)
    book = load_workbook(BytesIO(completion_workbook(group_completion(group))))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert safe_cell(f"{start}1").startswith("'")


def test_a_branch_is_told_in_counts_and_small_ones_not_at_all(branch, lesson):
    large, small = a_branch("大支部", branch), a_branch("小支部", branch)
    people = [a_member(f"学员{n}") for n in range(4)]
    for number, member in enumerate(people):
        home = small if number == 0 else large
        kind = BranchMembership.Kind.HOME
        move_branch(member=member, branch=home, kind=kind, on=LONG_AGO)
    a_plan(branch, lesson)
    study(people[1], lesson)
    branch.refresh_from_db()
    lines = {line.branch.name: line for line in branch_summary(branch)}
    assert (lines["大支部"].members, lines["大支部"].reached) == (3, 1)
    assert (lines["大支部"].finished, lines["大支部"].required) == (1, 3)
    assert lines["小支部"].members is None


def test_a_group_page_costs_the_same_whatever_its_size(
    branch, lesson, django_assert_max_num_queries
):
    members = [a_member(f"学员{n:02d}") for n in range(30)]
    group = a_group(*members, branch=branch)
    a_plan(branch, lesson, a_lesson())
    for member in members[:5]:
        study(member, lesson)
    with django_assert_max_num_queries(7):
        group_completion(group)
