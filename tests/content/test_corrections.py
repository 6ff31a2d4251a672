"""An edit is tagged once, told with before and after, and its tag never meets the next edit."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from content import catalogue
from content.models import LessonPage, LessonRevision
from content.text_diff import GAP, changed_blocks, differing
from tests.content.desk import lesson_form
from tests.factories import a_lesson, a_user, publish_page, section, self_check
from tests.web.factories import every_block

KEY = "0190a7e0-0000-7000-8000-000000000001"
DAY = "<p>会在1935年1月15日开始。</p><p>开了三天。</p>"
pytestmark = pytest.mark.django_db


def corrected(page, body, kind="fact", note="日子写错了一天。"):
    page = LessonPage.objects.get(pk=page.pk)
    page.body = page.body.stream_block.to_python(body)
    page.change_kind, page.change_note = kind, note
    return publish_page(page)


@pytest.fixture
def told():
    """A lesson, a draft of it with another day, and the ids of its blocks kept."""
    first = section("开会", text=DAY)
    second = {**first, "value": {**first["value"], "text": DAY.replace("15日", "16日")}}
    return a_lesson(body=[first], quiz=False), [second]


def test_a_correction_says_what_stood_and_what_stands(told):
    page, body = told
    corrected(page, body)
    [correction] = catalogue.changes(page.translation_key, 1)
    [block] = correction.blocks
    assert (correction.revision, correction.change) == (2, "fact")
    assert correction.note == "日子写错了一天。"
    assert (block.title, str(block.section_id)) == ("开会", body[0]["id"])
    assert block.before == "会在1935年1月15日开始。"
    assert block.after == "会在1935年1月16日开始。"


def test_a_typo_is_told_to_nobody(told):
    page, body = told
    corrected(page, body, kind="minor", note="")
    assert catalogue.changes(page.translation_key, 1) == []
    assert [c.change for c in catalogue.corrections(page.translation_key)] == ["minor"]


def test_the_first_publication_is_no_correction(told):
    page, _ = told
    stored = LessonRevision.objects.get(lesson_key=page.translation_key)
    assert stored.change == "first"
    assert catalogue.corrected([page.translation_key]) == []


def test_corrections_lead_from_the_text_that_was_read_to_the_right_one(told):
    page, body = told
    texts = [DAY.replace("15日", f"{day}日") for day in (16, 17, 18)]
    steps = [{**body[0], "value": {**body[0]["value"], "text": text}} for text in texts]
    for step, kind in zip(steps, ("fact", "minor", "important"), strict=True):
        corrected(page, [step], kind=kind)
    found = catalogue.changes(page.translation_key, 1)
    assert [c.revision for c in found] == [2, 4]
    assert [(c.blocks[0].before[9:12], c.blocks[0].after[9:12]) for c in found] == [
        ("15日", "16日"),
        ("16日", "18日"),
    ]
    assert [c.revision for c in catalogue.changes(page.translation_key, 2)] == [4]


def test_blocks_that_came_or_went_have_one_side_only(told):
    page, _ = told
    corrected(page, [section("另一节", text="<p>新的话。</p>")])
    came, went = catalogue.changes(page.translation_key, 1)[0].blocks
    assert (came.title, came.before, came.after) == ("另一节", "", "另一节新的话。")
    assert (went.title, went.after, went.section_id) == ("开会", "", None)


def test_texts_from_before_they_were_kept_are_not_guessed(told):
    page, body = told
    LessonRevision.objects.of(page.translation_key).update(texts={})
    corrected(page, body)
    [correction] = catalogue.changes(page.translation_key, 1)
    assert (correction.note, correction.blocks) == ("日子写错了一天。", [])


def test_a_text_stored_in_an_older_form_is_no_correction():
    def stored(text):
        return {KEY: {"title": "节", "text": text, "section": "", "place": 0}}

    assert changed_blocks(stored("甲乙\n丙&amp;丁"), stored("甲\n乙\n丙&丁")) == []


def test_a_question_with_another_answer_is_shown_with_its_section():
    body = [
        section("第一节"),
        self_check([{"kind": "truefalse", "stem": "对吗？", "truth": "true"}]),
    ]
    page = a_lesson(body=body)
    body[1]["value"]["questions"][0]["value"]["truth"] = "false"
    corrected(page, body)
    [block] = catalogue.changes(page.translation_key, 1)[0].blocks
    assert (block.title, block.before, block.after) == ("自测：对吗？", "答案：对。", "答案：错。")
    assert str(block.section_id) == body[0]["id"]


def test_every_kind_of_block_keeps_its_words():
    page = a_lesson(body=every_block())
    texts = LessonRevision.objects.get(lesson_key=page.translation_key).texts
    said = "\n".join(told["text"] for told in texts.values())
    for words in (
        "雪山下的队伍",
        "那一年雪很大",
        "1936年，会师",
        "几个提手",
        "红军不怕远征难",
        "会宁",
    ):
        assert words in said
    assert "答案：遵义。" in said
    assert "史实卡，演示" in said
    assert sorted(told["place"] for told in texts.values()) == list(range(len(texts)))


# The tag


def test_a_tag_is_cleared_by_its_publication(told):
    page, body = told
    page = corrected(page, body)
    assert (page.change_kind, page.change_note) == ("minor", "")
    draft = page.get_latest_revision_as_object()
    assert (draft.change_kind, draft.change_note) == ("minor", "")


def test_a_newer_draft_that_carried_the_tag_along_loses_it_too(told):
    page, body = told
    page.body = page.body.stream_block.to_python(body)
    page.change_kind, page.change_note = "fact", "日子写错了。"
    tagged = page.save_revision()
    page.title = "接着写的下一稿"
    page.save_revision()
    tagged.publish()
    draft = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (draft.title, draft.change_kind) == ("接着写的下一稿", "minor")


def test_a_tag_of_its_own_stays_on_a_newer_draft(told):
    page, body = told
    page.body = page.body.stream_block.to_python(body)
    plain = page.save_revision()
    page.change_kind, page.change_note = "important", "说法变了。"
    page.save_revision()
    plain.publish()
    draft = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (draft.change_kind, draft.change_note) == ("important", "说法变了。")


def test_a_forgotten_tag_may_be_given_by_publishing_once_more(told):
    page, body = told
    corrected(page, body, kind="minor", note="")
    corrected(page, body, kind="fact", note="补一句说明。")
    [correction] = catalogue.changes(page.translation_key, 1)
    assert (correction.revision, correction.note) == (2, "补一句说明。")


def test_a_tag_never_sinks(told):
    page, body = told
    corrected(page, body, kind="important", note="要紧。")
    corrected(page, body, kind="fact", note="不那么要紧。")
    assert [c.note for c in catalogue.changes(page.translation_key, 1)] == ["要紧。"]


def test_a_tag_asks_for_a_reason(told):
    page, _ = told
    page.change_kind, page.change_note = "fact", " "
    with pytest.raises(ValidationError, match="请写一句话"):
        page.clean()


# The editor's screen


@pytest.fixture
def publish_by_form(client, told):
    page, _ = told
    client.force_login(a_user("gaowa", is_superuser=True))

    def _publish(**tag):
        form = lesson_form(page, text="<p>另一天。</p>", **{"action-publish": "1"}, **tag)
        return client.post(f"/cms/pages/{page.pk}/edit/", form)

    return _publish


def test_an_editor_tags_the_edit_while_publishing_it(publish_by_form, told):
    assert publish_by_form(change_kind="fact", change_note="日子写错了。").status_code == 302
    [correction] = catalogue.changes(told[0].translation_key, 1)
    assert (correction.change, correction.note) == ("fact", "日子写错了。")


def test_the_editor_says_that_a_tag_needs_a_reason(publish_by_form):
    assert "请写一句话" in publish_by_form(change_kind="fact").content.decode()


def test_a_form_without_the_tag_is_a_small_edit(publish_by_form, told):
    assert publish_by_form().status_code == 302
    assert [c.change for c in catalogue.corrections(told[0].translation_key)] == ["minor"]


# Comparing, as laws

sentences = st.lists(st.sampled_from(["甲。", "乙。", "丙；", "丁！"]), max_size=8).map("".join)


@given(sentences, sentences)
def test_equal_texts_and_only_they_differ_in_nothing(before, after):
    assert (differing(before, after) == ("", "")) == (before == after)


@given(sentences, sentences)
def test_what_differs_stood_in_the_texts(before, after):
    was, now = differing(before, after)
    assert all(piece in before for piece in was.split(GAP))
    assert all(piece in after for piece in now.split(GAP))


@given(st.dictionaries(st.uuids().map(str), sentences, max_size=4), sentences)
def test_a_text_compared_with_itself_has_no_changes(told, text):
    texts = {
        key: {"title": "节", "text": said + text, "section": "", "place": place}
        for place, (key, said) in enumerate(told.items())
    }
    assert changed_blocks(texts, texts) == []
