"""A question of the bank as a form: one option a line, several pasted at once."""

import re
from typing import Any

from django import forms

from content.models import Question
from content.question_bank.answers import spellings
from content.question_wording import KINDS, LONGEST, Choice, Wording, key_problem, problem_of

RIGHT = re.compile(r"^[√✓✔☑*＊]\s*")
OPTIONS_HELP = "一行一个，最多 12 个；正确的在行首写 √（例：√1935年）。可以整段粘贴。"


class QuestionForm(forms.Form):
    """``seen`` is the version that was on the screen."""

    kind = forms.ChoiceField(label="题型", choices=list(KINDS.items()))
    stem = forms.CharField(
        label="题目", max_length=LONGEST["stem"], widget=forms.Textarea({"rows": 2})
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
        )


def shown_as(question: Question) -> dict[str, Any]:
    """What stands in the form of a question that is there."""
    words = question.version.words
    options = [f"√{one.text}" if one.correct else one.text for one in words.options]
    return {
        "kind": words.kind,
        "stem": words.stem,
        "options": "\n".join(options),
        "truth": words.truth,
        "accepted": "\n".join(words.accepted),
        "explanation": words.explanation,
        "source": words.source,
        "category": question.category,
        "state": question.state,
        "seen": question.newest,
    }
