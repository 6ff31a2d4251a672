"""A table is judged row by row, taken in, and what is written out comes back as it was."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.models import Question, QuestionVersion
from content.question_bank.export import export_questions, sample_file
from content.question_bank.keeping import add_question, change_question
from content.question_bank.reading import read_questions
from content.question_bank.rows import Row
from content.question_bank.taking import judge, rows_from_json, rows_to_json, take_in
from content.question_wording import Choice, Wording
from studyhub.core.errors import Conflict, Invalid
from tests import factories as make
from tests.content.question_bank.files import a_file

pytestmark = pytest.mark.django_db
ROW = ("单选", "在哪里开会？", "遵义", "延安", "", "", "A", "正文里写着。")


def acts(verdicts):
    return [verdict.act.value for verdict in verdicts]


def rows(*cells, **how):
    return read_questions(a_file(*cells, **how)).rows


def test_new_rows_are_taken_in_once():
    assert acts(take_in(rows(ROW), None)) == ["new"]
    assert acts(take_in(rows(ROW), None)) == ["same"]
    assert QuestionVersion.objects.count() == 1


def test_a_row_twice_in_the_file_is_named():
    again = ("单选", "在哪里开会? ", *ROW[2:])
    [_, second] = take_in(rows(ROW, again), None)
    assert "第 2 行" in second.why
    assert Question.objects.count() == 1


def test_another_wording_of_a_known_stem_needs_its_number():
    take_in(rows(ROW), None)
    other = (*ROW[:7], "换了解析。")
    [verdict] = judge(rows(other))
    number = Question.objects.get().pk
    assert (verdict.act, str(number) in verdict.why) == ("refused", True)
    head = ("题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析", "题库编号")
    assert acts(take_in(rows((*other, number), head=head), None)) == ["changed"]
    assert Question.objects.get().newest == 2


def again(question, **changed):
    """The question as a row of a table that names it."""
    wording = replace(question.version.words, **changed)
    return Row(number=2, stem=wording.stem, wording=wording, id=question.pk)


def looked_at(*wanted):
    return rows_from_json(rows_to_json([one.row for one in judge(wanted)]))


TRUE = Wording("truefalse", "会开了三天。", truth="true", explanation="一")


def test_what_was_the_same_at_the_look_undoes_no_later_change():
    question = add_question(TRUE, None)
    looked = looked_at(again(question))
    change_question(question.pk, replace(TRUE, explanation="同事写的"), None)
    [verdict] = take_in(looked, None)
    assert (verdict.act, "又有人改过" in verdict.why) == ("refused", True)
    assert Question.objects.get().newest == 2


@pytest.mark.parametrize("labels", [{"state": "retired"}, {"category": "同事定的"}])
def test_nor_what_became_of_its_labels(labels):
    question = add_question(TRUE, None)
    looked = looked_at(again(question, explanation="二"))
    Question.objects.update(**labels)
    assert acts(take_in(looked, None)) == ["refused"]
    assert Question.objects.filter(newest=1, **labels).exists()


def test_what_nobody_changed_since_the_look_is_taken_in_once():
    question = add_question(TRUE, None)
    looked = looked_at(again(question, explanation="二"))
    assert acts(take_in(looked, None)) == ["changed"]
    assert acts(take_in(looked, None)) == ["same"]


def test_stems_of_signs_alone_are_told_apart_by_their_signs():
    signs = [Wording("truefalse", stem, truth="true") for stem in ("？？？", "！！！")]
    assert acts(judge([Row(n, one.stem, one) for n, one in enumerate(signs)])) == ["new", "new"]
    for one in signs:
        add_question(one, None)
    with pytest.raises(Conflict, match="已经有这道题"):
        add_question(replace(signs[0], stem="???"), None)


@pytest.mark.parametrize("unseen", ["\u200b", "\u2060\ufeff", " \u3164", "\u202e"])
def test_what_shows_nothing_is_not_written(unseen):
    options = (Choice("遵义", correct=True), Choice(unseen))
    for wording, words in (
        (replace(TRUE, stem=unseen), "题目还没有写"),
        (Wording("single", "在哪里？", options), "选项是空的"),
        (Wording("blank", "在哪里？", accepted=(unseen,)), "标准答案"),
    ):
        with pytest.raises(Invalid, match=words):
            add_question(wording, None)


@pytest.mark.parametrize("second", ["Ａ", "A\u200b", "\u200eA"])
def test_options_that_look_alike_are_refused(second):
    options = (Choice("A", correct=True), Choice(second))
    with pytest.raises(Invalid, match="两个选项一样"):
        add_question(Wording("single", "在哪里？", options), None)


def test_a_wrong_row_keeps_no_other_back():
    verdicts = take_in(rows(("单选", "坏的？", "甲", "", "", "", "A"), ROW), None)
    assert acts(verdicts) == ["refused", "new"]


def test_a_citation_is_found_by_titles_or_named():
    lesson = make.a_lesson(title="遵义会议")
    head = ("题型", "题干", "答案", "课", "小节")
    found, lost = take_in(
        rows(
            ("判断", "一？", "对", "遵义会议", "第二节"),
            ("判断", "二？", "对", "遵义会议", "没有的"),
            head=head,
        ),
        None,
    )
    assert "没有找到" in lost.why
    assert "没有找到" not in found.why
    version = Question.objects.get(stem="一？").version
    assert (version.lesson_key, version.section) == (lesson.lesson_key, str(lesson.body[1].id))


def test_the_sample_takes_itself_in():
    assert acts(take_in(read_questions(sample_file()).rows, None)) == ["new"] * 4


def test_versions_are_never_changed():
    question = add_question(Wording("truefalse", "会开了三天。", truth="true"), None)
    with pytest.raises(TypeError):
        question.version.save()


def test_worded_alike_it_is_no_new_version_and_who_is_second_is_told():
    wording = Wording("truefalse", "会开了三天。", truth="true", explanation="一")
    question = add_question(wording, None)
    assert change_question(question.pk, wording, None, seen=1).newest == 1
    changed = Wording("truefalse", "会开了三天。", truth="true", explanation="二")
    change_question(question.pk, changed, None, seen=1)
    with pytest.raises(Conflict, match="第 2 版"):
        change_question(question.pk, wording, None, seen=1)
    assert [version.words for version in question.versions.all()] == [wording, changed]


def test_thirteen_options_are_too_many_and_twelve_are_not():
    options = tuple(Choice(f"第{n}", n == 0) for n in range(12))
    assert add_question(Wording("single", "一？", options), None).pk
    with pytest.raises(Invalid, match="最多 12 个选项"):
        add_question(Wording("single", "二？", (*options, Choice("第13"))), None)


SIGNS = "甲乙AB1.、;；=+-'×/ （）_％①"
words = st.text(st.sampled_from(SIGNS), min_size=1, max_size=8).map(str.strip).filter(bool)


def _folded(text):
    return unicodedata.normalize("NFKC", text).strip()


@st.composite
def wordings(draw):
    kind = draw(st.sampled_from(["single", "multi", "truefalse", "blank"]))
    texts = draw(st.lists(words, min_size=2, max_size=12, unique_by=_folded))
    right = 1 if kind == "single" else draw(st.integers(2, len(texts)))
    return Wording(
        kind=kind,
        stem=f"题{draw(words)}",
        options=tuple(Choice(t, n >= len(texts) - right) for n, t in enumerate(texts))
        if kind in ("single", "multi")
        else (),
        truth=draw(st.sampled_from(["true", "false"])) if kind == "truefalse" else "",
        accepted=tuple(texts[:3]) if kind == "blank" else (),
        explanation=draw(words),
        source=draw(st.sampled_from(["", "史实卡"])),
    )


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wording=wordings())
def test_what_is_written_out_is_read_back_as_it_was(wording):
    Question.objects.all().delete()
    question = add_question(wording, None, category="党史")
    found = read_questions(export_questions(Question.objects.filter(pk=question.pk))).rows
    assert found[0].wording == wording
    assert acts(judge(rows_from_json(rows_to_json(found)))) == ["same"]


def test_what_somebody_wrote_at_the_same_moment_is_not_written_twice(monkeypatch):
    wording = Wording("single", "在哪里开会？", (Choice("遵义", correct=True), Choice("延安")))
    add_question(wording, None)
    monkeypatch.setattr("content.question_bank.keeping.find_alike", lambda stem: None)
    with pytest.raises(Conflict, match="别人刚写了"):
        add_question(wording, None)
    assert Question.objects.count() == 1
