"""Self-check (自测): questions that cite the section which answers them."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from content.blocks.base import LessonBlock, word, words
from content.blocks.sections import SectionChoiceBlock, heading_of, is_id
from content.elements import CitedQuestion, Element, Figure, SelfCheck
from content.outline import Answer, Option, Question
from content.question_wording import (
    KINDS,
    LONGEST_OF_PICTURE,
    MOST_OPTIONS,
    Choice,
    QuestionPicture,
    Wording,
    key_problem,
)


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock(max_length=80, label="选项")
    correct = blocks.BooleanBlock(required=False, label="正确")


class BankReferenceBlock(blocks.FieldBlock):
    """Of which version of which question of the bank this is a copy: ``12-3``, or nothing.

    It says nothing on any surface, and no signature covers it: words are signed, not their origin.
    """

    def __init__(self, required: bool = False, help_text: str = "", **kwargs: Any) -> None:
        widget = forms.TextInput({"readonly": True, "placeholder": "不是从题库取来的"})
        reference = RegexValidator(r"^[0-9]{1,9}-[0-9]{1,9}\Z", "这不是题库里的编号，请清空这一格")
        options: dict[str, Any] = {"required": False, "help_text": help_text, "max_length": 20}
        self.field = forms.CharField(widget=widget, validators=[reference], **options)
        super().__init__(**kwargs)

    def get_default(self) -> str:
        return ""


def reference_of(text: Any) -> tuple[int, int] | None:
    """Number of the question and of its version."""
    found = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})", str(text or ""))
    return (int(found[1]), int(found[2])) if found else None


class QuestionBlock(blocks.StructBlock):
    """One question; its id and its options' ids are those of their list items."""

    kind = blocks.ChoiceBlock(
        choices=list(KINDS.items()),
        default="single",
        label="题型",
    )
    stem = blocks.CharBlock(max_length=200, label="题目")
    image = ImageChooserBlock(required=False, label="图片")
    image_alt = blocks.CharBlock(
        max_length=LONGEST_OF_PICTURE["alt"],
        required=False,
        default="",
        label="画面说明（有图片时必填）",
        help_text="读给看不见图的人听，不要说出答案",
    )
    image_source = blocks.CharBlock(
        max_length=LONGEST_OF_PICTURE["source"],
        required=False,
        default="",
        label="图片来源（有图片时必填）",
    )
    options = blocks.ListBlock(
        OptionBlock(),
        min_num=0,
        max_num=MOST_OPTIONS,
        default=[],
        label="选项（单选、多选用）",
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
    fixed_order = blocks.BooleanBlock(
        required=False,
        label="选项的次序不打乱",
        help_text="“以上都对”“A和B”这样互相指代的，不勾也不打乱",
    )
    bank = BankReferenceBlock(required=False, label="题库", help_text="从题库取来的题才有，不用填")

    class Meta:
        icon = "help"
        label = "题目"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if problem := key_problem(wording_of(cleaned)):
            raise StructBlockValidationError({problem[0]: ValidationError(problem[1])})
        if missing := _missing_of_picture(cleaned):
            raise StructBlockValidationError(
                {name: ValidationError(problem) for name, problem in missing.items()}
            )
        return cleaned


def _missing_of_picture(value: Any) -> dict[str, str]:
    """By field what has to be added; a figure of the text needs the same."""
    picture = picture_of(value)
    if picture is None:
        return {}
    if not picture.image_id:
        return {"image": "写了画面说明，还没有图片。请选一张，或者清空说明"}
    missing = {"image_alt": "请写上画面说明", "image_source": "请写上图片来源"}
    said = {"image_alt": picture.alt, "image_source": picture.source}
    return {name: problem for name, problem in missing.items() if not said[name]}


def picture_of(value: Any) -> QuestionPicture | None:
    """What is described and has no image is a picture that is gone."""
    image, (alt, source) = value.get("image"), words(value, "image_alt", "image_source")
    if image is None and not alt.strip():
        return None
    return QuestionPicture(image.pk if image else 0, alt.strip(), source.strip())


def wording_of(value: Any) -> Wording:
    """A question of a body as the bank would keep it."""
    kind = value["kind"]
    chosen = value["options"] if kind in ("single", "multi") else []
    lines = word(value, "accepted").splitlines() if kind == "blank" else []
    return Wording(
        kind=kind,
        stem=word(value, "stem").strip(),
        options=tuple(Choice(word(one, "text").strip(), bool(one["correct"])) for one in chosen),
        truth=word(value, "truth") if kind == "truefalse" else "",
        accepted=tuple(line.strip() for line in lines if line.strip()),
        explanation=word(value, "explanation").strip(),
        source=word(value, "source").strip(),
        picture=picture_of(value),
    )


class DrawBlock(blocks.IntegerBlock):
    """How many questions an attempt shows; nothing means all."""

    def render_basic(self, value: Any, context: Any = None) -> str:
        """Where two drafts are compared."""
        return "全部" if value is None else str(value)


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
    draw = DrawBlock(
        min_value=1,
        max_value=10,
        required=False,
        label="每次抽几道",
        help_text="空着就是全部。不能抽题的手机上全部列出",
    )
    shuffle = blocks.BooleanBlock(
        required=False, label="打乱选项", help_text="每次作答，选项的次序都不一样"
    )
    questions = blocks.ListBlock(QuestionBlock(), min_num=1, max_num=10, label="题目")

    class Meta:
        icon = "help"
        label = "自测"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        count = len(cleaned["questions"])
        if (cleaned["draw"] or 0) > count:
            problem = f"这里一共 {count} 题，抽不出这么多。请改小，或者空着"
            raise StructBlockValidationError({"draw": ValidationError(problem)})
        return cleaned

    def document(self, value: Any) -> Iterable[Element]:
        asked = (_cited(child.id, child.value) for child in value["questions"].bound_blocks)
        marks = (word(value, "title"), bool(value["required"]), value["pass_mark"] or 0)
        yield SelfCheck(*marks, tuple(asked), value.get("draw") or 0, bool(value.get("shuffle")))


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
        fixed_order=bool(value.get("fixed_order")),
    )
    chosen = heading_of(value.get("section"))
    heading = "" if is_id(chosen) else chosen
    return CitedQuestion(question, heading, chosen, _figure(question_id, picture_of(value)))


def _figure(question_id: str, picture: QuestionPicture | None) -> Figure | None:
    if picture is None:
        return None
    return Figure(picture.image_id, picture.alt, source=picture.source, block=question_id)


def _answer(value: Any, right: list[str], accepted: tuple[str, ...]) -> Answer:
    """What a phone sends for a right answer; empty where an unfinished draft has none yet."""
    if value["kind"] == "multi":
        return right
    if value["kind"] == "truefalse":
        return bool(value["truth"] == "true")
    given = right if value["kind"] == "single" else accepted
    return given[0] if given else ""
