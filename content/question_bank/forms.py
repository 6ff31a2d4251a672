"""A question of the bank as a form: one option a line, several pasted at once."""

import re
from typing import Any

from django import forms
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser

from content.models import Question
from content.question_bank import rights
from content.question_bank.answers import spellings
from content.question_wording import (
    KINDS,
    LONGEST,
    LONGEST_OF_PICTURE,
    Choice,
    QuestionPicture,
    Wording,
    key_problem,
    problem_of,
)

RIGHT = re.compile(r"^[√✓✔☑*＊]\s*")
OPTIONS_HELP = "一行一个，最多 12 个；正确的在行首写 √（例：√1935年）。可以整段粘贴。"


class QuestionForm(forms.Form):
    """``seen`` is the version that was on the screen. A picture is one that ``user`` may choose, or
    the one that is there."""

    kind = forms.ChoiceField(label="题型", choices=list(KINDS.items()))
    stem = forms.CharField(
        label="题目", max_length=LONGEST["stem"], widget=forms.Textarea({"rows": 2})
    )
    image = forms.ModelChoiceField(
        label="图片",
        required=False,
        queryset=get_image_model().objects.none(),
        widget=AdminImageChooser,
        error_messages={"invalid_choice": "这张图片不在了，或者您没有权限用它。请另选一张。"},
    )
    image_alt = forms.CharField(
        label="画面说明（有图片时写）",
        required=False,
        max_length=LONGEST_OF_PICTURE["alt"],
        help_text="读给看不见图的人听，不要说出答案。没有写，放进课里以后要补。",
    )
    image_source = forms.CharField(
        label="图片来源（有图片时写）",
        required=False,
        max_length=LONGEST_OF_PICTURE["source"],
        help_text="没有写，放进课里以后要补。",
    )
    options = forms.CharField(
        label="选项（单选、多选用）",
        required=False,
        help_text=OPTIONS_HELP,
        widget=forms.Textarea({"rows": 6}),
    )
    truth = forms.ChoiceField(
        label="答案（判断题用）",
        required=False,
        choices=[("", "请选"), ("true", "对"), ("false", "错")],
    )
    accepted = forms.CharField(
        label="答案（填空题用）",
        required=False,
        help_text="每行一种写法，第一行是标准答案。",
        widget=forms.Textarea({"rows": 2}),
    )
    explanation = forms.CharField(
        label="解析",
        required=False,
        max_length=LONGEST["explanation"],
        widget=forms.Textarea({"rows": 2}),
    )
    source = forms.CharField(label="依据", required=False, max_length=LONGEST["source"])
    category = forms.CharField(label="类别", required=False, max_length=40)
    state = forms.ChoiceField(label="状态", choices=Question.State.choices)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["image"]
        chosen.queryset = rights.images_for(user, self.initial.get("image"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            wording = self.wording()
            if problem := problem_of(wording) or key_problem(wording):
                self.add_error(problem[0], f"{problem[1]}。")
        return cleaned

    def wording(self) -> Wording:
        """Of a form without mistakes; what does not belong to the kind is left out."""
        said = self.cleaned_data
        kind = said["kind"]
        lines = [line.strip() for line in said["options"].splitlines() if line.strip()]
        choices = (Choice(RIGHT.sub("", line), bool(RIGHT.match(line))) for line in lines)
        return Wording(
            kind=kind,
            stem=" ".join(said["stem"].split()),
            options=tuple(choices) if kind in ("single", "multi") else (),
            truth=said["truth"] if kind == "truefalse" else "",
            accepted=spellings(said["accepted"]) if kind == "blank" else (),
            explanation=" ".join(said["explanation"].split()),
            source=said["source"],
            picture=self._picture(),
        )

    def _picture(self) -> QuestionPicture | None:
        said = self.cleaned_data
        texts = (" ".join(said[name].split()) for name in ("image_alt", "image_source"))
        return QuestionPicture(said["image"].pk, *texts) if said["image"] else None


def shown_as(question: Question) -> dict[str, Any]:
    """What stands in the form of a question that is there."""
    words = question.version.words
    options = [f"√{one.text}" if one.correct else one.text for one in words.options]
    return {
        "kind": words.kind,
        "stem": words.stem,
        **QuestionPicture.fields_of(words.picture),
        "options": "\n".join(options),
        "truth": words.truth,
        "accepted": "\n".join(words.accepted),
        "explanation": words.explanation,
        "source": words.source,
        "category": question.category,
        "state": question.state,
        "seen": question.newest,
    }
