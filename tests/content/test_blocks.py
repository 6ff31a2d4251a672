"""What an editor may not publish, and what the message says to do."""

import pytest
from django.core.exceptions import ValidationError

from content.blocks import LessonBodyBlock
from tests.factories import cited, section, self_check


def problems_of(body) -> str:
    block = LessonBodyBlock()
    try:
        block.clean(block.to_python(cited(body)))
    except ValidationError as error:
        return _all_messages(error)
    return ""


def _all_messages(error) -> str:
    """Every message of the nested errors StreamField raises, in one text."""
    found = list(getattr(error, "messages", []))
    children = getattr(error, "block_errors", None) or {}
    values = children.values() if isinstance(children, dict) else children
    found += [_all_messages(child) for child in values if child]
    return " ".join(map(str, found))


def question(**fields):
    return {"kind": "single", "stem": "？", "options": [("对", True), ("错", False)]} | fields


def test_a_sound_lesson_passes():
    assert problems_of([section("第一节"), self_check()]) == ""


def test_a_lesson_needs_a_section():
    assert problems_of([self_check()]) != ""


def test_a_question_must_cite_a_section_that_exists():
    gone = section("结尾")["id"]
    assert problems_of([section("背景"), self_check([question()], cites="背景")]) == ""
    for cites in (gone, "结尾", ""):
        found = problems_of([section("背景"), self_check([question()], cites=cites)])
        assert "第 1 题原来的小节已删除" in found or "必需字段" in found


def test_two_sections_may_not_share_a_heading():
    assert "都叫" in problems_of([section("背景"), section("背景")])


@pytest.mark.parametrize(
    ("bad", "advice"),
    [
        (question(options=[("甲", True)]), "至少要有两个选项"),
        (question(options=[("甲", True), ("乙", True)]), "只勾选一个"),
        (question(options=[("甲", False), ("乙", False)]), "勾选"),
        (question(kind="multi", options=[("甲", True), ("乙", False)]), "至少勾选两个"),
        (question(kind="truefalse", options=[], truth=""), "对"),
        (question(kind="blank", options=[], accepted=" "), "标准答案"),
    ],
)
def test_an_answer_key_that_does_not_fit_its_kind_is_explained(bad, advice):
    assert advice in problems_of([section("第一节"), self_check([bad])])


@pytest.mark.parametrize(("draw", "advice"), [(None, ""), (1, ""), (4, ""), (5, "一共 4 题")])
def test_no_more_is_drawn_than_there_is(draw, advice):
    check = self_check()
    check["value"]["draw"] = draw
    found = problems_of([section("第一节"), check])
    assert (advice in found, bool(found)) == (True, bool(advice))
