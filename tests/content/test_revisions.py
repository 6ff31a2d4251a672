"""A lesson's revision: its own rising number, set at publish, with its outline kept for ever."""

from importlib import import_module
from uuid import UUID

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse
from wagtail import blocks
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from content import catalogue
from content.document import document_of
from content.models import LessonPage, LessonRevision
from studyhub.core.errors import NotFound
from tests.factories import a_lesson, a_user, outline_of, publish_page, section

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


# What is no change -------------------------------------------------------------------------------
def through_the_editor(page, client):
    """Open the page at the desk and publish what its form sends back."""
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(address).context["form"]
    data = nested_form_data(_sent(form, page))
    answer = client.post(address, {**data, "action-publish": "1"})
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    return LessonPage.objects.get(pk=page.pk)


def _sent(form, page):
    sent = {name: form[name].value() for name in form.fields if name not in ("body", "comments")}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    body = streamfield([(c.block_type, _block_sent(c.block, c.value)) for c in page.body])
    for number, child in enumerate(page.body):
        body[str(number)]["id"] = child.id
    return {**sent, "body": body, "comments": inline_formset([])}


def _block_sent(block, value):
    if isinstance(block, blocks.StructBlock):
        return {n: _block_sent(b, value.get(n)) for n, b in block.child_blocks.items()}
    if isinstance(block, blocks.RichTextBlock):
        return rich_text(value.source, features=["bold", "ul", "ol", "link"])
    return value or ""


def test_opening_saving_and_publishing_a_lesson_unchanged_makes_no_new_revision(client):
    client.force_login(a_user("boss", is_superuser=True))
    text = "<p>会开了<b>三天</b>，换对了“带路”的人 &amp; 方向。</p><ul><li>一</li><li>二</li></ul>"
    page = a_lesson(body=[section("第一节", text=text), section("第二节")], quiz=False)
    page = through_the_editor(page, client)
    assert "data-block-key" in str(page.body.raw_data[0])
    assert catalogue.lesson(page.lesson_key).revision == 1


def test_the_keys_and_empty_fields_of_the_editor_are_no_content():
    block = section("第一节", text="<p>一 <b>二</b></p>")
    page = a_lesson(body=[block], quiz=False)
    keyed = block | {"value": {**block["value"], "text": '<p data-block-key="x1">一 <b>二</b></p>'}}
    page.body = page.body.stream_block.to_python([keyed])
    publish_page(page)
    assert catalogue.lesson(page.lesson_key).revision == 1


@pytest.mark.parametrize(
    "change",
    [
        {"heading": "另一节"},
        {"required": False},
        {"text": "<p>一 二</p>"},
        {"text": '<p>一 <b>二</b><a href="https://example.org">三</a></p>'},
    ],
)
def test_whatever_a_reader_can_see_is_a_change(change):
    block = section("第一节", text="<p>一 <b>二</b></p>")
    page = a_lesson(body=[block], quiz=False)
    page.body = page.body.stream_block.to_python([block | {"value": {**block["value"], **change}}])
    publish_page(page)
    assert catalogue.lesson(page.lesson_key).revision == 2


def test_dates_move_with_the_content_alone(client, time_machine):
    time_machine.move_to("2026-03-01T08:00:00+08:00", tick=False)
    page = a_lesson()
    first = catalogue.lesson(page.lesson_key)
    time_machine.move_to("2026-04-01T08:00:00+08:00", tick=False)
    publish_page(page)
    again = catalogue.lesson(page.lesson_key)
    assert (again.published_at, again.updated_at) == (first.published_at, first.updated_at)
    time_machine.move_to("2026-05-01T08:00:00+08:00", tick=False)
    page.title = "改过"
    publish_page(page)
    changed = catalogue.lesson(page.lesson_key)
    assert changed.published_at == first.published_at
    assert changed.updated_at > first.updated_at
    [item] = client.get("/feeds/lessons.json").json()["items"]
    assert item["date_published"] == first.published_at.isoformat()
    assert item["date_modified"] == changed.updated_at.isoformat()


def test_nothing_is_kept_of_a_transaction_that_was_rolled_back():
    page = a_lesson()
    with transaction.atomic():
        page.title = "不会有的"
        publish_page(page)
        assert outline_of(page, 2).title == "不会有的"
        transaction.set_rollback(True)
    with pytest.raises(NotFound):
        catalogue.outline(page.lesson_key, 2)


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_kept(django_assert_num_queries):
    page = a_lesson()
    outline_of(page, 1)
    with django_assert_num_queries(0):
        outline_of(page, 1)


def test_an_upgrade_takes_old_hashes_along():
    migration = import_module("content.migrations.0007_hash_of_what_is_said")
    page = a_lesson()
    raw = page.body.get_prep_value()
    stored = LessonRevision.objects.filter(lesson_key=page.lesson_key)
    stored.update(content_hash=migration._hash_of_what_is_stored(page, raw))
    migration.put_into_the_new_form(apps, None)
    publish_page(page)
    assert stored.count() == 1
