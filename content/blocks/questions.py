"""Self-check (自测): questions that cite the section which answers them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from content.blocks.base import LessonBlock, word
from content.blocks.sections import SectionChoiceBlock, heading_of, is_id
from content.elements import CitedQuestion, Element, SelfCheck
from content.outline import Answer, Option, Question


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(max_length=80, label="选项")
    correct = blocks.BooleanBlock(required=False, label="正确")


class QuestionBlock(blocks.StructBlock):
    """One question; its id and its options' ids are those of their list items."""

    kind = blocks.ChoiceBlock(
        choices=[
            ("single", "单选"),
            ("multi", "多选"),
            ("truefalse", "判断"),
            ("blank", "填空"),
        ],
        default="single",
        label="题型",
    )
    stem = blocks.CharBlock(max_length=200, label="题目")
    options = blocks.ListBlock(
        OptionBlock(), min_num=0, max_num=6, default=[], label="选项（单选、多选用）"
    )
    truth = blocks.ChoiceBlock(
        choices=[("true", "对"), ("false", "错")], required=False, label="答案（判断题用）"
    )
    accepted = blocks.TextBlock(
        required=False, label="答案（填空题用）", help_text="每行一种写法，第一行是标准答案"
    )
    explanation = blocks.CharBlock(max_length=200, label="解析")
    section = SectionChoiceBlock(label="出自哪一小节", help_text="答错时打开这一节")
    source = blocks.CharBlock(max_length=120, required=False, label="依据")

    class Meta:
        icon = "help"
        label = "题目"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if problem := _key_problem(cleaned):
            raise StructBlockValidationError({problem[0]: ValidationError(problem[1])})
        return cleaned


def _key_problem(question: Any) -> tuple[str, str] | None:
    """The field at fault and what to do about it, or None when the answer key fits the kind."""
    kind = question["kind"]
    right = sum(bool(option["correct"]) for option in question["options"])
    if kind in ("single", "multi") and len(question["options"]) < 2:
        return "options", "选择题至少要有两个选项"
    if kind == "single" and right != 1:
        return "options", "单选题要勾选且只勾选一个正确选项"
    if kind == "multi" and right < 2:
        return "options", "多选题至少勾选两个正确选项；只有一个时请用单选题"
    if kind == "truefalse" and question["truth"] not in ("true", "false"):
        return "truth", "判断题请选“对”或“错”"
    if kind == "blank" and not question["accepted"].strip():
        return "accepted", "填空题请写出标准答案"
    return None


class SelfCheckBlock(LessonBlock):
    title = blocks.CharBlock(max_length=40, default="学完自测", label="标题")
    required = blocks.BooleanBlock(
        required=False,
        default=True,
        label="学完本课须通过自测",
        help_text="可以反复作答，取最好一次",
    )
    pass_mark = blocks.IntegerBlock(
        min_value=0, max_value=100, default=60, label="通过线（答对的百分比）"
    )
    questions = blocks.ListBlock(QuestionBlock(), min_num=1, max_num=10, label="题目")

    class Meta:
        icon = "help"
        label = "自测"

    def document(self, value: Any) -> Iterable[Element]:
        asked = (_cited(child.id, child.value) for child in value["questions"].bound_blocks)
        marks = (word(value, "title"), bool(value["required"]), value["pass_mark"] or 0)
        yield SelfCheck(*marks, tuple(asked))


def _cited(question_id: str, value: Any) -> CitedQuestion:
    kind = value["kind"]
    children = value["options"].bound_blocks if kind in ("single", "multi") else []
    lines = word(value, "accepted").splitlines()
    accepted = tuple(line.strip() for line in lines if line.strip())
    question = Question(
        id=question_id,
        kind=kind,
        stem=word(value, "stem"),
        options=tuple(Option(child.id, word(child.value, "text")) for child in children),
        answer=_answer(value, [child.id for child in children if child.value["correct"]], accepted),
        accepted=accepted if kind == "blank" else (),
        explanation=word(value, "explanation"),
        section_id=None,  # the outline says it
        source=word(value, "source"),
    )
    chosen = heading_of(value.get("section"))
    return CitedQuestion(question, "" if is_id(chosen) else chosen, chosen)


def _answer(value: Any, right: list[str], accepted: tuple[str, ...]) -> Answer:
    """What a phone sends for a right answer; empty where an unfinished draft has none yet."""
    if value["kind"] == "multi":
        return right
    if value["kind"] == "truefalse":
        return bool(value["truth"] == "true")
    given = right if value["kind"] == "single" else accepted
    return given[0] if given else ""
