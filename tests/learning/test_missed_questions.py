"""What people miss: counted by people, by their first answer, never of a few, never by name."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from content.models import Question
from content.question_bank.lessons import copies_in, store_questions
from content.question_draw import as_shown, new_attempt
from studyhub.learning.missed_questions import (
    LEAST,
    missed_in,
    missed_questions,
    missed_sections,
    tallies_of,
)
from studyhub.people import access
from studyhub.people.roles import put_roles
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson():
    body = [make.section("第一节"), make.section("第二节"), make.self_check()]
    make.cited(body)
    body[-1]["value"]["questions"][1]["value"]["section"] = body[1]["id"]
    return make.a_lesson(body=body)


def quiz_of(page):
    return make.outline_of(page).quiz


def answer(member, page, answers, *, minute=0, attempt="", revision=None):
    outline = make.outline_of(page, revision)
    record = make.attempt_record(outline, seq=minute + 1)
    record["at"] = f"2026-11-20T12:{minute:02}:00+08:00"
    record["data"] = {
        "quiz_id": outline.quiz.id,
        "attempt_id": attempt or record["id"],
        "answers": answers,
    }
    make.send(member, record)


def people(count):
    return [make.MemberFactory() for _ in range(count)]


def answer_all(page, count, *, wrong=0):
    """So many people; ``wrong`` of them choose the second option of the first question."""
    first, *others = quiz_of(page).questions
    rest = {one.id: one.answer for one in others}
    for number, member in enumerate(people(count)):
        chosen = first.options[1].id if number < wrong else first.answer
        answer(member, page, {first.id: chosen, **rest})


def test_people_are_counted_by_question_option_and_section(lesson):
    answer_all(lesson, 6, wrong=2)
    first, *others = missed_questions([lesson.lesson_key])
    assert (first.number, first.section, first.people, first.wrong) == (1, "第一节", 6, 2)
    assert first.percent == 33
    assert first.choices == (("遵义", 4, True), ("延安", 2, False), ("瑞金", 0, False))
    assert [line.wrong for line in others] == [0, 0, 0]
    by_number = {line.number: line for line in others}
    assert by_number[2].choices == (("对", 6, True), ("错", 0, False))
    assert by_number[3].choices == ()  # what people write in their own words stays theirs
    assert [count for _, count, _ in by_number[4].choices] == [6, 6, 6, 0]
    sections = [(one.section, one.questions, one.answers, one.wrong) for one in missed_sections()]
    assert sections == [("第一节", 3, 18, 2), ("第二节", 1, 6, 0)]


def test_the_first_answer_of_each_person_counts(lesson):
    first = quiz_of(lesson).questions[0]
    for member in people(LEAST):
        answer(member, lesson, {first.id: first.options[1].id})
        answer(member, lesson, {first.id: first.answer}, minute=5)
    [line] = missed_questions()
    assert (line.people, line.wrong) == (LEAST, LEAST)


def test_of_fewer_people_nothing_is_told_nor_found_by_subtraction(lesson):
    answer_all(lesson, LEAST - 1, wrong=1)
    assert missed_questions() == []
    assert missed_sections() == []
    assert missed_in([(lesson.lesson_key, quiz_of(lesson).questions[0].id)]) == []
    second = quiz_of(lesson).questions[3]
    answer(make.MemberFactory(), lesson, {second.id: second.answer})
    [section] = missed_sections()  # the three others of the section are in no sum
    assert (section.questions, section.answers) == (1, LEAST)


def test_a_question_left_open_was_not_answered(lesson):
    first, second, *_ = quiz_of(lesson).questions
    for member in people(LEAST):
        answer(member, lesson, {first.id: first.answer, second.id: None})
    assert [line.number for line in missed_questions()] == [1]


def test_one_is_judged_by_what_one_read(lesson):
    answer_all(lesson, LEAST)
    raw = list(lesson.body.get_prep_value())
    options = raw[-1]["value"]["questions"][0]["value"]["options"]
    for option in options:
        option["value"]["correct"] = option["value"]["text"] == "延安"
    lesson.body = lesson.body.stream_block.to_python(raw)
    page = make.publish_page(lesson)
    [first] = [line for line in missed_questions() if line.number == 1]
    assert (first.people, first.wrong) == (LEAST, 0)
    assert quiz_of(page).questions[0].answer == options[1]["id"]


def test_what_was_drawn_is_what_was_answered(lesson):
    attempt = new_attempt()
    shown = as_shown(quiz_of(lesson), 1, attempt)
    answers = {one.id: one.answer for one in shown.questions}
    for member in people(LEAST):
        answer(member, lesson, answers, attempt=attempt)
    assert len(missed_questions()) == len(answers)


def test_odd_answers_break_nothing(lesson):
    odd = {"x" * 64: "1", quiz_of(lesson).questions[0].id: ["\\", '"', "'"], '"': True, "$.a": "对"}
    answer(make.MemberFactory(), lesson, odd)
    [(place, tally)] = tallies_of(None).items()
    assert (place[1], tally.people, tally.wrong) == (quiz_of(lesson).questions[0].id, 1, 1)


def test_all_lessons_together_cost_no_more_than_one(django_assert_max_num_queries):
    pages = [make.a_lesson() for _ in range(3)]
    for page in pages:
        answer_all(page, LEAST)
    with django_assert_max_num_queries(4):
        assert len(missed_questions()) == 12
    assert len(missed_questions([pages[0].lesson_key])) == 4
    assert missed_questions([]) == []


@pytest.fixture
def editor(client):
    put_roles()
    make.a_tree()
    user = make.a_user("bianji", is_staff=True)
    user.groups.add(Group.objects.get(name=access.EDITOR))
    client.force_login(user)
    return client


def text(answer):
    return answer.content.decode()


def test_the_report_is_reached_from_the_bank_and_from_a_lesson(editor, lesson):
    other = make.a_lesson(title="另一课")
    answer_all(lesson, LEAST, wrong=1)
    answer_all(other, LEAST)
    every = reverse("desk_reports:missed-questions")
    assert every in text(editor.get(reverse("questions:list")))
    assert text(editor.get(every)).count("另一课") >= 4
    one = f"{every}?lesson={lesson.lesson_key}"
    assert one in text(editor.get(reverse("questions:lesson", args=[lesson.pk])))
    shown = text(editor.get(one))
    assert "√遵义 4；延安 1；瑞金 0" in shown
    assert "另一课" not in shown
    told = editor.get(one, {"lesson": str(lesson.lesson_key), "export": "csv"})
    rows = b"".join(told.streaming_content).decode("utf-8-sig").splitlines()
    assert (len(rows), rows[0].startswith("题目,多少人答过,第一次答错的")) == (5, True)


@pytest.mark.parametrize("asked", ["x", "\0", "9" * 60])
def test_an_address_that_names_no_lesson_says_so(editor, lesson, asked):
    answer_all(lesson, LEAST)
    told = text(editor.get(reverse("desk_reports:missed-sections"), {"lesson": asked}))
    assert "没有这一课" in told


def test_the_page_of_a_question_tells_how_it_was_answered(editor, lesson):
    items = [copy.item for copy in copies_in(lesson)]
    store_questions(lesson, items[:1], None)
    address = reverse("questions:edit", args=[Question.objects.get().pk])
    assert f"还没有 {LEAST} 个人" in text(editor.get(address))
    answer_all(lesson, LEAST, wrong=2)
    told = text(editor.get(address))
    assert "5 人答过，第一次答错的 2 人（40%）" in told
    assert "延安：2 人" in told


def test_who_may_not_read_the_bank_reads_no_report(client, lesson):
    put_roles()
    user = make.a_user("yizhe", is_staff=True)
    user.groups.add(Group.objects.get(name="translator"))
    client.force_login(user)
    assert client.get(reverse("desk_reports:missed-questions")).status_code in (302, 403)
