"""A lesson's revision: its own rising number, set at publish, with its outline kept for ever."""

from uuid import UUID

import pytest

from content import catalogue
from content.document import document_of
from content.models import LessonRevision
from studyhub.core.errors import NotFound
from tests.factories import a_lesson, outline_of, publish_page, section

pytestmark = pytest.mark.django_db


def test_the_first_publication_is_revision_one():
    page = a_lesson()
    assert catalogue.lesson(page.translation_key).revision == 1


def test_a_draft_has_no_revision_and_is_not_open():
    page = a_lesson(publish=False)
    assert not catalogue.is_open(page.translation_key)
    with pytest.raises(NotFound):
        catalogue.outline(page.translation_key)


def test_publishing_a_change_takes_the_next_number():
    page = a_lesson()
    page.title = "遵义会议（订正）"
    publish_page(page)
    assert catalogue.lesson(page.translation_key).revision == 2


def test_publishing_without_a_change_keeps_the_number():
    page = a_lesson()
    publish_page(page)
    assert catalogue.lesson(page.translation_key).revision == 1


def test_an_old_draft_published_late_never_takes_an_old_number():
    page = a_lesson()
    draft = page.save_revision()
    page.title = "第二版"
    publish_page(page)
    draft.publish()
    assert [number for number, _ in catalogue.revisions(page.translation_key)] == [1, 2, 3]


def test_the_outline_of_an_old_revision_stays_as_it_was():
    page = a_lesson(body=[section("旧的一节")], quiz=False)
    page.body = page.body.stream_block.to_python([section("新的一节")])
    publish_page(page)
    assert [s.title for s in outline_of(page, 1).sections] == ["旧的一节"]
    assert [s.title for s in outline_of(page).sections] == ["新的一节"]


def test_section_ids_are_the_block_ids():
    block = section("第一节")
    page = a_lesson(body=[block])
    assert [s.id for s in outline_of(page).sections] == [UUID(block["id"])]


def test_the_answer_in_the_outline_is_the_value_a_phone_sends():
    quiz = outline_of(a_lesson()).quiz
    answers = {q.kind: q.answer for q in quiz.questions}
    single = next(q for q in quiz.questions if q.kind == "single")
    assert answers["single"] == single.options[0].id
    assert answers["truefalse"] is True
    assert answers["blank"] == "20"
    assert len(answers["multi"]) == 3


def test_a_question_cites_the_section_it_names():
    outline = outline_of(a_lesson())
    assert {q.section_id for q in outline.quiz.questions} == {outline.sections[0].id}


def test_an_outline_survives_storage_unchanged():
    page = a_lesson()
    stored = LessonRevision.objects.get(lesson_key=page.translation_key)
    written = document_of(page.body).outline(page.lesson_key, stored.revision, page.title)
    assert outline_of(page) == written


def test_a_closed_lesson_keeps_its_outlines_but_is_not_open():
    page = a_lesson()
    page.unpublish()
    assert not catalogue.is_open(page.translation_key)
    assert catalogue.outline(page.translation_key).revision == 1
