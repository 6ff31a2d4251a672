"""待复核: a cited section was worded anew, so its questions wait for a look."""

import json

import pytest
from django.core.exceptions import ValidationError

from content.models import LessonPage, LessonQuestion, Question, QuestionVersion, SignOff
from content.models.question_checks import (
    confirm_questions,
    due_words,
    looks_of,
    note_questions,
)
from content.models.reviews import unsigned_of
from content.models.signing import sign_for_all
from content.question_bank.keeping import add_question
from content.question_bank.lessons import copies_in, store_questions, take_into, uses_of
from content.question_wording import Wording
from content.reviews import urgent
from studyhub.core.errors import Conflict
from tests.content.reviews import pieces as way

pytestmark = pytest.mark.django_db


def due(page):
    rows = LessonQuestion.objects.filter(page=page, is_due=True)
    assert not rows.filter(number=0)
    return list(rows.values_list("number", flat=True))


def draft_of(page):
    return way.again(page).get_latest_revision_as_object()


@pytest.fixture
def live(desk):
    return way.publish(way.pass_all(way.a_draft(desk["editor"]), desk))


def test_a_new_lesson_has_nothing_to_look_at_again(live):
    assert LessonQuestion.objects.filter(page=live).count() == 4
    assert due(live) == []


def test_an_edited_section_marks_the_questions_that_cite_it(live, desk):
    way.edit(live, desk["editor"], way.reword(0, "换了的标题"))
    assert due(live) == [1, 2, 3, 4]


def test_another_section_marks_none(live, desk):
    way.edit(live, desk["editor"], way.reword(1, "第二节改"))
    assert due(live) == []


def test_whether_a_section_must_be_read_is_no_word_of_it(live, desk):
    def optional(draft):
        draft.body[0].value["required"] = not draft.body[0].value["required"]

    way.edit(live, desk["editor"], optional)
    assert due(live) == []
    way.edit(live, desk["editor"], optional)
    assert due(live) == []


def _delete_the_cited(draft):
    draft.body.pop(0)


def test_a_question_whose_section_was_deleted_is_not_signed_on_the_last_level(live, desk):
    way.edit(live, desk["editor"], _delete_the_cited)
    way.submit(live, desk["editor"])
    way.sign(live, desk["first"])
    way.sign(live, desk["second"])
    with pytest.raises(Conflict, match="第 1、2、3、4 题原来的小节已删除"):
        way.sign(live, desk["last"])


@pytest.mark.parametrize("levels", [0, 3])
def test_nor_does_it_go_live_by_any_door(desk, settings, levels):
    settings.REVIEW_LEVELS = levels
    page = way.a_draft(desk["editor"])
    way.edit(page, desk["editor"], _delete_the_cited)
    draft = draft_of(page)
    sign_for_all(draft, SignOff.Kind.BEFORE)
    with pytest.raises(ValidationError, match="第 1、2、3、4 题原来的小节已删除"):
        draft.get_latest_revision().publish()
    assert not way.again(page).live


def test_what_is_live_with_one_from_before_stays_and_gets_no_second(live, desk):
    raw = list(live.body.get_prep_value())
    for number, item in enumerate(raw[-1]["value"]["questions"]):
        item["value"]["section"] = item["value"]["section"] if number else "没有的"
    LessonPage.objects.filter(pk=live.pk).update(body=json.dumps(raw))
    page = way.again(live)
    page.save()
    raw[-1]["value"]["questions"][1]["value"]["section"] = "也没有的"
    page.body = page.body.stream_block.to_python(raw)
    sign_for_all(page, SignOff.Kind.BEFORE)
    with pytest.raises(ValidationError, match="自测第 2 题原来的小节已删除"):
        page.save()


def test_put_back_as_it_was_nothing_waits(live, desk):
    way.edit(live, desk["editor"], way.reword(0, "换了的标题"))
    way.edit(live, desk["editor"], way.reword(0, "第一节"))
    assert due(live) == []


def test_a_question_worded_anew_is_looked_at(live, desk):
    def both(draft):
        draft.body[0].value["heading"] = "换了的标题"
        draft.body[-1].value["questions"][0]["explanation"] = "按新的正文写的。"

    way.edit(live, desk["editor"], both)
    assert due(live) == [2, 3, 4]


def test_the_last_level_signs_nothing_before_and_what_is_live_stays(live, desk):
    way.edit(live, desk["editor"], way.reword(0, "换了的标题"))
    way.submit(live, desk["editor"])
    way.sign(live, desk["first"])
    way.sign(live, desk["second"])
    with pytest.raises(Conflict, match="第 1、2、3、4 题"):
        way.sign(live, desk["last"])
    assert way.again(live).live
    draft = draft_of(live)
    assert confirm_questions(draft, looks_of(draft)) == (4, [])
    way.sign(live, desk["last"])
    assert unsigned_of(draft_of(live)) == []


def test_looked_at_once_it_waits_again_after_the_next_edit(live, desk):
    way.edit(live, desk["editor"], way.reword(0, "一"))
    draft = draft_of(live)
    confirm_questions(draft, dict(list(looks_of(draft).items())[:1]))
    assert due(live) == [2, 3, 4]
    way.edit(live, desk["editor"], way.reword(0, "二"))
    assert due(live) == [1, 2, 3, 4]


def test_lessons_from_before_are_compared_with_what_is_live(live, desk):
    LessonQuestion.objects.all().delete()
    way.edit(live, desk["editor"], way.reword(0, "换了的标题"))
    assert due(live) == [1, 2, 3, 4]


def test_noted_twice_is_noted_once(live):
    note_questions(draft_of(live))
    assert LessonQuestion.objects.filter(page=live).count() == 4


def test_a_deleted_question_waits_no_longer(live, desk):
    way.edit(live, desk["editor"], way.reword(0, "换了的标题"))
    way.edit(live, desk["editor"], lambda draft: draft.body.pop())
    assert due(live) == []
    assert due_words(draft_of(live)) == ""


def test_a_deleted_question_comes_back_with_its_mark(live, desk):
    way.edit(live, desk["editor"], way.reword(0, "换了的标题"))
    kept = []
    way.edit(live, desk["editor"], lambda draft: kept.append(draft.body.pop()))
    way.edit(live, desk["editor"], lambda draft: draft.body.append(kept[0]))
    assert due(live) == [1, 2, 3, 4]


def test_a_section_worded_anew_while_its_question_was_gone_marks_it(live, desk):
    kept = []
    way.edit(live, desk["editor"], lambda draft: kept.append(_without_the_first(draft)))
    way.edit(live, desk["editor"], way.reword(0, "换了的标题"))
    assert due(live) == [1, 2, 3]
    way.edit(live, desk["editor"], lambda draft: _put_back(draft, kept[0]))
    assert due(live) == [1, 2, 3, 4]


def test_what_changed_since_it_was_on_the_screen_was_not_looked_at(live, desk):
    way.edit(live, desk["editor"], way.reword(0, "一"))
    seen = looks_of(draft_of(live))
    way.edit(live, desk["editor"], way.reword(0, "二"))
    assert confirm_questions(draft_of(live), seen) == (0, [1, 2, 3, 4])
    assert due(live) == [1, 2, 3, 4]


def test_a_question_gone_is_in_no_list_of_the_bank(live, desk):
    draft = draft_of(live)
    store_questions(live, [one.item for one in copies_in(draft)], desk["editor"])
    question = Question.objects.first()
    assert len(uses_of(question)) == 1
    way.edit(live, desk["editor"], lambda draft: draft.body.pop())
    assert uses_of(question) == []
    assert Question.objects.with_uses().get(pk=question.pk).uses == 0


def test_an_urgent_correction_goes_out_and_its_questions_wait_for_the_reviews(live, desk):
    def fact(draft):
        way.reword(0, "换了的标题")(draft)
        draft.change_kind, draft.change_note = "fact", "标题改正"

    way.edit(live, desk["editor"], fact)
    urgent.publish_urgently(way.again(live), desk["last"], "地点写错了")
    assert way.again(live).body[0].value["heading"] == "换了的标题"
    assert due(live) == [1, 2, 3, 4]


def test_who_wrote_a_question_in_the_bank_does_not_sign_its_copy(desk):
    words = Wording("truefalse", "会开了三天。", truth="true", explanation="正文里写着。")
    question = add_question(words, desk["first"])
    page = way.a_draft(desk["editor"])
    take_into(way.again(page), [question], desk["editor"])
    way.edit(page, desk["editor"], _cite_the_first)
    way.submit(page, desk["editor"])
    with pytest.raises(Conflict, match="自己写的不能自己审"):
        way.sign(page, desk["first"])


def test_a_question_taken_out_of_a_lesson_is_of_who_wrote_it_there(desk):
    page = way.a_draft(desk["second"])
    draft = draft_of(page)
    store_questions(page, [one.item for one in copies_in(draft)], desk["editor"])
    assert {version.by for version in QuestionVersion.objects.all()} == {desk["second"]}


def _cite_the_first(draft):
    draft.body[-1].value["questions"][-1]["section"] = str(draft.body[0].id)


def _without_the_first(draft):
    raw = list(draft.body.get_prep_value())
    taken = raw[-1]["value"]["questions"].pop(0)
    draft.body = draft.body.stream_block.to_python(raw)
    return taken


def _put_back(draft, item):
    raw = list(draft.body.get_prep_value())
    raw[-1]["value"]["questions"].append(item)
    draft.body = draft.body.stream_block.to_python(raw)
