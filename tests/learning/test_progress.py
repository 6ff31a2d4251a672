"""When a lesson is finished, and that progress can be rebuilt."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from content import revisions
from content.models import LessonRevision
from studyhub.learning.models import Progress
from studyhub.learning.progress import (
    STATUS,
    Missing,
    find_differences,
    missing_of,
    progress_of,
    status_of,
)
from studyhub.learning.submissions import submit_form
from tests import factories as make

pytestmark = pytest.mark.django_db


def status(member, outline):
    return progress_of(member, [outline.lesson_key])[outline.lesson_key]


def test_reading_passing_and_saying_so_finishes_a_lesson():
    member, outline = make.MemberFactory(), make.outline_of(make.a_lesson())
    make.send(member, *make.whole_study(outline))
    assert status(member, outline).status == "finished"
    assert status(member, outline).percent == 100


@pytest.mark.parametrize("left_out", [0, 1, 2])
def test_each_of_the_three_is_needed(left_out):
    member, outline = make.MemberFactory(), make.outline_of(make.a_lesson())
    records = make.whole_study(outline)
    del records[left_out]
    make.send(member, *records)
    assert status(member, outline).status == "in_progress"


def test_a_failed_self_check_does_not_finish_and_a_later_pass_does():
    member, outline = make.MemberFactory(), make.outline_of(make.a_lesson())
    make.send(member, make.read_record(outline), make.finished_record(outline))
    make.send(member, make.attempt_record(outline, right=False))
    assert status(member, outline).status == "in_progress"
    make.send(member, make.attempt_record(outline))
    assert status(member, outline).status == "finished"
    assert status(member, outline).quiz_attempts == 2


def test_without_a_required_self_check_reading_and_saying_so_is_enough():
    member, outline = make.MemberFactory(), make.outline_of(make.a_lesson(quiz=False))
    make.send(member, make.read_record(outline), make.finished_record(outline))
    assert status(member, outline).status == "finished"


def test_optional_sections_do_not_count_into_the_percent():
    member, outline = make.MemberFactory(), make.outline_of(make.a_lesson())
    make.send(member, make.read_record(outline, only=1))
    assert status(member, outline).percent == 50


def test_halves_read_on_two_phones_make_a_whole():
    member, outline = make.MemberFactory(), make.outline_of(make.a_lesson())
    first, second = [str(s.id) for s in outline.sections if s.required]
    make.send(member, make.read_record(outline, data={"section_ids": [first]}), phone=1)
    make.send(member, make.read_record(outline, data={"section_ids": [second]}), phone=2)
    assert status(member, outline).percent == 100


def test_a_correction_never_unfinishes_a_lesson():
    page = make.a_lesson()
    member, outline = make.MemberFactory(), make.outline_of(page)
    make.send(member, *make.whole_study(outline))
    page.body = page.body.stream_block.to_python([make.section("全新的一节")])
    make.publish_page(page)
    now = status(member, outline)
    assert (now.status, now.revision) == ("finished", 1)


def test_after_a_correction_the_percent_counts_what_is_still_to_read():
    page = make.a_lesson(quiz=False)
    member, outline = make.MemberFactory(), make.outline_of(page)
    make.send(member, make.read_record(outline))
    page.body.append(("section", {"heading": "补一节", "text": "<p>新</p>", "required": True}))
    make.publish_page(page)
    assert status(member, outline).percent == 66


def test_what_was_studied_on_a_revision_a_restore_forgot_counts_once_it_is_published_again():
    kept, replaced, added = make.section("开头"), make.section("旧"), make.section("新")
    page = make.a_lesson(body=[kept, replaced])
    page.body = page.body.stream_block.to_python([kept, added])
    page = make.publish_page(page)
    member, outline = make.MemberFactory(), make.outline_of(page)
    LessonRevision.objects.of(page.translation_key).filter(revision=2).delete()
    revisions._kept_outlines.clear()
    make.send(member, *make.whole_study(outline))
    assert status(member, outline).status == "in_progress"
    make.publish_page(page)
    assert status(member, outline).status == "finished"
    assert list(find_differences()) == []


def test_an_identifier_that_is_no_section_of_the_lesson_is_no_progress():
    member, outline = make.MemberFactory(), make.outline_of(make.a_lesson())
    own = outline.sections[0].id
    ids = [str(own), *(str(uuid4()) for _ in range(100))]
    make.send(member, make.read_record(outline, data={"section_ids": ids}))
    assert status(member, outline).sections_read == [own]


def test_after_the_pass_mark_was_lowered_one_word_is_left_and_it_finishes():
    parts = [make.section("开头"), make.self_check(cites="开头", pass_mark=100)]
    page = make.a_lesson(body=parts)
    member, first = make.MemberFactory(), make.outline_of(page)
    attempt = make.attempt_record(first)
    attempt["data"]["answers"].pop(first.quiz.questions[0].id)
    make.send(member, make.read_record(first), make.finished_record(first), attempt)
    assert missing_of(first, status(member, first)).quiz
    parts[1]["value"]["pass_mark"] = 60
    page.body = page.body.stream_block.to_python(parts)
    lowered = make.outline_of(make.publish_page(page))
    assert missing_of(lowered, status(member, lowered)) == Missing([], None, declared=True)
    make.send(member, make.finished_record(lowered))
    assert status(member, lowered).status == "finished"


def test_a_form_is_recorded_like_a_phone():
    member, outline = make.MemberFactory(), make.outline_of(make.a_lesson(quiz=False))
    ids = [str(s.id) for s in outline.sections]
    kinds = [("sections_read", {"section_ids": ids}), ("lesson_finished", {})]
    submit_form(member=member, lesson_key=outline.lesson_key, revision=outline.revision, acts=kinds)
    assert status(member, outline).status == "finished"


def test_verify_progress_is_content_with_what_records_say(capsys):
    member, outline = make.MemberFactory(), make.outline_of(make.a_lesson())
    make.send(member, *make.whole_study(outline))
    call_command("verify_progress")
    assert "一致" in capsys.readouterr().out


@pytest.mark.parametrize(
    "plant",
    [
        lambda row: Progress.objects.filter(pk=row.pk).update(finished_at=None),
        lambda row: Progress.objects.filter(pk=row.pk).update(sections_read=[]),
        lambda row: Progress.objects.filter(pk=row.pk).update(quiz_best=1),
        lambda row: row.delete(),
    ],
)
def test_verify_progress_finds_a_planted_difference_and_repairs_it(plant):
    member, outline = make.MemberFactory(), make.outline_of(make.a_lesson())
    make.send(member, *make.whole_study(outline))
    plant(Progress.objects.get())
    with pytest.raises(SystemExit) as stop:
        call_command("verify_progress")
    assert stop.value.code == 1
    call_command("verify_progress", repair=True)
    call_command("verify_progress")
    assert status(member, outline).status == "finished"


def test_progress_nobody_earned_is_found():
    member, outline = make.MemberFactory(), make.outline_of(make.a_lesson())
    Progress.objects.create(member=member, lesson_key=outline.lesson_key, quiz_best=100)
    with pytest.raises(SystemExit):
        call_command("verify_progress")


class TestMissing:
    """What the page says is left is what the rule waits for."""

    def left(self, member, outline):
        return missing_of(outline, status(member, outline))

    def test_at_first_all_three_are_missing(self):
        outline = make.outline_of(make.a_lesson())
        left = self.left(make.MemberFactory(), outline)
        assert [section.id for section in left.sections] == [
            section.id for section in outline.sections if section.required
        ]
        assert (left.quiz, left.declared) == (outline.quiz, True)

    def test_each_act_takes_its_own_away(self):
        member, outline = make.MemberFactory(), make.outline_of(make.a_lesson())
        make.send(member, make.read_record(outline), make.finished_record(outline))
        left = self.left(member, outline)
        assert (left.sections, left.quiz, left.declared) == ([], outline.quiz, False)

    def test_a_failed_self_check_is_still_missing(self):
        member, outline = make.MemberFactory(), make.outline_of(make.a_lesson())
        make.send(member, make.attempt_record(outline, right=False))
        assert self.left(member, outline).quiz == outline.quiz

    def test_an_optional_self_check_is_never_missing(self):
        body = [make.section("第一节"), make.self_check(required=False)]
        outline = make.outline_of(make.a_lesson(body=body))
        assert self.left(make.MemberFactory(), outline).quiz is None

    def test_once_finished_nothing_is_missing_also_after_a_correction(self):
        page, member = make.a_lesson(), make.MemberFactory()
        make.study(member, page)
        page.body = page.body.stream_block.to_python([make.section("全新的一节")])
        make.publish_page(page)
        assert not self.left(member, make.outline_of(page))


@pytest.mark.parametrize("finished_at", [None, timezone.now()])
@pytest.mark.parametrize("declared_at", [None, timezone.now()])
@pytest.mark.parametrize("attempts", [0, 1])
@pytest.mark.parametrize("read", [[], ["a"]])
def test_the_database_tells_a_status_as_the_row_does(read, attempts, declared_at, finished_at):
    row = Progress.objects.create(
        member=make.MemberFactory(),
        lesson_key=uuid4(),
        sections_read=read,
        quiz_attempts=attempts,
        declared_at=declared_at,
        finished_at=finished_at,
    )
    assert Progress.objects.values_list(STATUS, flat=True).get() == status_of(row)
