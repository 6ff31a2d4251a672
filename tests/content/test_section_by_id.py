"""Questions cited sections by heading: after the migration by id, and nothing else has changed."""

import json
from importlib import import_module
from uuid import UUID

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse

from content.document import document_of
from content.models import LessonPage, LessonRevision
from content.models.reviews import unsigned_of
from content.reviews.workflow import ensure_workflow
from content.revisions import content_hash
from content.text_diff import texts_of
from content.units import hashes_of, units_of
from studyhub.people.roles import put_roles
from tests.content.desk import question_form
from tests.factories import a_lesson, a_tree, a_user, outline_of, publish_page, section, self_check

pytestmark = pytest.mark.django_db
MIGRATION = import_module("content.migrations.0019_section_by_id")


def forward():
    MIGRATION.cite_by_id(apps, None)


def backward():
    MIGRATION.cite_by_heading(apps, None)


def cites(raw):
    check = next(block for block in raw if block["type"] == "self_check")
    return [item["value"]["section"] for item in check["value"]["questions"]]


@pytest.fixture(autouse=True)
def levels(settings):
    settings.REVIEW_LEVELS = 3


@pytest.fixture
def old():
    """A lesson as before the migration: published, with an older draft, headings in all of them."""
    ensure_workflow()
    page = a_lesson()
    page.body = page.body.stream_block.to_python(
        [section("第一节"), section(" 第二节 "), self_check(cites="第二节 ")]
    )
    page.save_revision()
    publish_page(page)
    backward()
    return LessonPage.objects.get(pk=page.pk)


def state_of(page):
    document = document_of(page.body)
    return (
        hashes_of(units_of(page)),
        content_hash(page, document),
        document.outline(page.lesson_key, 1, page.title).to_json(),
        texts_of(page.lesson_key, page.title, page.summary, document),
    )


def bodies(page):
    stored = [json.loads(revision.content["body"]) for revision in page.revisions.order_by("pk")]
    return [page.body.get_prep_value(), *stored]


def test_live_pages_and_every_revision_cite_by_id(old):
    for raw in bodies(old):
        assert {one.strip() for one in cites(raw)} <= {"第一节", "第二节"}
    forward()
    page = LessonPage.objects.get(pk=old.pk)
    for raw in bodies(page):
        assert set(cites(raw)) <= {block["id"] for block in raw if block["type"] == "section"}


def test_what_was_signed_stays_signed(old):
    before = state_of(old)
    assert not unsigned_of(old)
    forward()
    page = LessonPage.objects.get(pk=old.pk)
    assert state_of(page) == before
    assert not unsigned_of(page)
    call_command("verify_reviews")


def test_published_again_without_a_change_it_is_the_same_revision(old):
    numbers = LessonRevision.objects.of(old.lesson_key).count()
    forward()
    publish_page(LessonPage.objects.get(pk=old.pk))
    assert LessonRevision.objects.of(old.lesson_key).count() == numbers


def test_an_old_revision_opens_and_can_be_taken_up_again(old):
    forward()
    first = old.revisions.order_by("pk").first().as_object()
    first.full_clean()
    first.save_revision()
    draft = LessonPage.objects.get(pk=old.pk).get_latest_revision_as_object()
    assert cites(draft.body.get_prep_value()) == cites(first.body.get_prep_value())


def test_back_and_forth_is_the_same(old):
    forward()
    before = bodies(LessonPage.objects.get(pk=old.pk))
    backward()
    forward()
    assert bodies(LessonPage.objects.get(pk=old.pk)) == before


def test_a_question_that_cites_nothing_stays_as_it_was_typed():
    page = a_lesson(body=[section("第一节"), self_check(cites="没有的")], publish=False)
    LessonPage.objects.filter(pk=page.pk).update(live=True)  # as it was possible once
    page = LessonPage.objects.get(pk=page.pk)
    before = state_of(page)
    forward()
    page = LessonPage.objects.get(pk=page.pk)
    assert set(cites(page.body.get_prep_value())) == {"没有的"}
    assert state_of(page) == before


def test_a_changed_heading_takes_its_questions_along():
    page = a_lesson()
    page.body[0].value["heading"] = "出发之前"
    assert unsigned_of(page)
    questions = outline_of(page).quiz.questions
    document = document_of(page.body)
    assert {cited.heading for cited in document.self_check.questions} == {"出发之前"}
    again = document.outline(page.lesson_key, 1, page.title).quiz.questions
    assert [q.section_id for q in again] == [q.section_id for q in questions]
    asked = {unit.id for unit in unsigned_of(page)}
    assert not asked & {q.id for q in questions}  # the questions themselves are as they were signed


def test_a_lesson_copied_shares_ids_and_answers_for_itself():
    page = a_lesson()
    copy = page.copy(update_attrs={"slug": "copy", "title": "另一课"}, keep_live=False)
    copy = LessonPage.objects.get(pk=copy.pk)
    assert copy.lesson_key != page.lesson_key
    raw = copy.body.get_prep_value()
    copy.body = copy.body.stream_block.to_python(raw[1:])  # without the cited section
    document = document_of(copy.body)
    outline = document.outline(copy.lesson_key, 1, copy.title)
    assert {q.section_id for q in outline.quiz.questions} == {None}
    assert {cited.heading for cited in document.self_check.questions} == {""}


# At the desk --------------------------------------------------------------------------------------
HERE, GONE = (str(UUID(int=n)) for n in (1, 2))


@pytest.fixture
def boss(client):
    put_roles()
    a_tree()
    ensure_workflow()
    client.force_login(a_user("boss", is_superuser=True))
    return client


def send(client, page, cites, **more):
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return client.post(address, {**question_form(page, [(HERE, "第一节")], cites), **more})


def test_a_draft_may_lose_its_section_and_keeps_all_that_was_written(boss):
    page = a_lesson()
    assert send(boss, page, GONE).status_code == 302
    draft = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert cites(draft.body.get_prep_value()) == [GONE]
    assert {cited.section for cited in document_of(draft.body).self_check.questions} == {""}


def test_no_lesson_goes_to_review_with_a_question_whose_section_was_deleted(boss):
    page = a_lesson()
    answer = send(boss, page, GONE, **{"action-submit": "1"})
    assert answer.status_code == 200
    told = answer.context["form"].errors.as_data()["body"][0].block_errors[1]
    assert "第 1 题原来的小节已删除" in str(told)


def test_a_section_that_was_never_saved_may_be_cited(boss):
    page = a_lesson()
    answer = send(boss, page, HERE, **{"action-submit": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    draft = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert document_of(draft.body).self_check.questions[0].heading == "第一节"
