"""When a lesson is finished, and that progress can be rebuilt."""

import pytest
from django.core.management import call_command

from studyhub.learning.models import Progress
from studyhub.learning.progress import progress_of
from studyhub.learning.submissions import submit_form, submit_records
from studyhub.records.models import Record
from tests.factories import (
    a_lesson,
    a_member,
    attempt_record,
    device,
    finished_record,
    outline_of,
    publish_page,
    read_record,
    section,
    whole_study,
)

pytestmark = pytest.mark.django_db


def report(member, *records, phone=1):
    return submit_records(
        member=member,
        device_id=device(phone),
        records=list(records),
        source=Record.Source.SESSION,
    )


def status(member, outline):
    return progress_of(member, [outline.lesson_key])[outline.lesson_key]


def test_reading_passing_and_saying_so_finishes_a_lesson():
    member, outline = a_member(), outline_of(a_lesson())
    report(member, *whole_study(outline))
    assert status(member, outline).status == "finished"
    assert status(member, outline).percent == 100


@pytest.mark.parametrize("left_out", [0, 1, 2])
def test_each_of_the_three_is_needed(left_out):
    member, outline = a_member(), outline_of(a_lesson())
    records = whole_study(outline)
    del records[left_out]
    report(member, *records)
    assert status(member, outline).status == "in_progress"


def test_a_failed_self_check_does_not_finish_and_a_later_pass_does():
    member, outline = a_member(), outline_of(a_lesson())
    report(member, read_record(outline), finished_record(outline))
    report(member, attempt_record(outline, right=False))
    assert status(member, outline).status == "in_progress"
    report(member, attempt_record(outline))
    assert status(member, outline).status == "finished"
    assert status(member, outline).quiz_attempts == 2


def test_without_a_required_self_check_reading_and_saying_so_is_enough():
    member, outline = a_member(), outline_of(a_lesson(quiz=False))
    report(member, read_record(outline), finished_record(outline))
    assert status(member, outline).status == "finished"


def test_optional_sections_do_not_count_into_the_percent():
    member, outline = a_member(), outline_of(a_lesson())
    report(member, read_record(outline, only=1))
    assert status(member, outline).percent == 50


def test_halves_read_on_two_phones_make_a_whole():
    member, outline = a_member(), outline_of(a_lesson())
    first, second = [str(s.id) for s in outline.sections if s.required]
    report(member, read_record(outline, data={"section_ids": [first]}), phone=1)
    report(member, read_record(outline, data={"section_ids": [second]}), phone=2)
    assert status(member, outline).percent == 100


def test_a_correction_never_unfinishes_a_lesson():
    page = a_lesson()
    member, outline = a_member(), outline_of(page)
    report(member, *whole_study(outline))
    page.body = page.body.stream_block.to_python([section("全新的一节")])
    publish_page(page)
    now = status(member, outline)
    assert (now.status, now.revision) == ("finished", 1)


def test_after_a_correction_the_percent_counts_what_is_still_to_read():
    page = a_lesson(quiz=False)
    member, outline = a_member(), outline_of(page)
    report(member, read_record(outline))
    page.body.append(("section", {"heading": "补一节", "text": "<p>新</p>", "required": True}))
    publish_page(page)
    assert status(member, outline).percent == 66


def test_a_form_is_recorded_like_a_phone():
    member, outline = a_member(), outline_of(a_lesson(quiz=False))
    ids = [str(s.id) for s in outline.sections]
    kinds = [("sections_read", {"section_ids": ids}), ("lesson_finished", {})]
    submit_form(member=member, lesson_key=outline.lesson_key, revision=outline.revision, acts=kinds)
    assert status(member, outline).status == "finished"


def test_verify_progress_is_content_with_what_records_say(capsys):
    member, outline = a_member(), outline_of(a_lesson())
    report(member, *whole_study(outline))
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
    member, outline = a_member(), outline_of(a_lesson())
    report(member, *whole_study(outline))
    plant(Progress.objects.get())
    with pytest.raises(SystemExit) as stop:
        call_command("verify_progress")
    assert stop.value.code == 1
    call_command("verify_progress", repair=True)
    call_command("verify_progress")
    assert status(member, outline).status == "finished"


def test_progress_nobody_earned_is_found():
    member, outline = a_member(), outline_of(a_lesson())
    Progress.objects.create(member=member, lesson_key=outline.lesson_key, quiz_best=100)
    with pytest.raises(SystemExit):
        call_command("verify_progress")
