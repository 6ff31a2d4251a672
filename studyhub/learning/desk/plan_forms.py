"""The form of a study plan: its head, and a line for each lesson in the order of the numbers."""

from typing import Any
from uuid import UUID

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from studyhub.core.characters import one_line
from studyhub.core.numbers import whole_number
from studyhub.learning.plan_changes import PlanLine, PlanText
from studyhub.people.models import Branch

LINES = "lines"
MOST_LESSONS = 200

_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_UNKNOWN_DAY = {"invalid": "看不懂这个日期，请写成 2027-03-01 的样子。"}


class PlanForm(forms.Form):
    """What a plan is called, whom it is for, and when."""

    title = forms.CharField(label="名称", max_length=60, error_messages={"required": "请写名称。"})
    branch = forms.ModelChoiceField(
        Branch.objects.none(),
        label="给哪个党组织",
        empty_label=None,
        help_text="它下面的各级党组织也按这个计划学",
        error_messages={"required": "请选党组织。", "invalid_choice": "请选您管的党组织。"},
    )
    starts_on = forms.DateField(
        label="开始", widget=_DAY, error_messages={"required": "请写开始的日期。"} | _UNKNOWN_DAY
    )
    ends_on = forms.DateField(
        label="结束", widget=_DAY, error_messages={"required": "请写结束的日期。"} | _UNKNOWN_DAY
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, *args: Any, branches: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["branch"]
        field.queryset = branches
        field.label_from_instance = lambda branch: f"{'　' * (branch.depth - 1)}{branch.name}"

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"]).strip()

    def clean_ends_on(self) -> Any:
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data["ends_on"]
        if first and last < first:
            raise forms.ValidationError("结束的日期早于开始的日期，请改一个。")
        return last


class LineForm(forms.Form):
    """A lesson of the plan."""

    lesson_key = forms.UUIDField(widget=forms.HiddenInput)
    required = forms.BooleanField(label="必学", required=False)
    due_on = forms.DateField(
        label="最迟哪天学完", widget=_DAY, required=False, error_messages=_UNKNOWN_DAY
    )


class BaseLines(BaseFormSet):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The lines; each lesson stands once."""

    @staticmethod
    def get_ordering_widget() -> forms.Widget:  # type: ignore[override]
        return forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"})

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = "顺序"
        form.fields["ORDER"].error_messages["invalid"] = "请写一个数字。"
        form.fields["DELETE"].label = "去掉"

    @property
    def kept(self) -> list[Any]:
        """The forms of what stays, in order; each lesson once."""
        forms_by_key = {form.cleaned_data["lesson_key"]: form for form in self.ordered_forms}
        return list(forms_by_key.values())


Lines = formset_factory(
    LineForm,
    formset=BaseLines,
    extra=0,
    can_order=True,
    can_delete=True,
    max_num=MOST_LESSONS,
    absolute_max=MOST_LESSONS,
)


def with_lesson(data: QueryDict, key: UUID) -> QueryDict:
    """What was typed, and one more lesson at the end."""
    data = data.copy()
    number = whole_number(data.get(f"{LINES}-TOTAL_FORMS")) or 0
    data[f"{LINES}-TOTAL_FORMS"] = str(number + 1)
    line = {"lesson_key": str(key), "required": "on", "due_on": "", "ORDER": str(number + 1)}
    for name, value in line.items():
        data[f"{LINES}-{number}-{name}"] = value
    return data


def initial_of(text: PlanText) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the head and the lines begin with."""
    head = {name: getattr(text, name) for name in ("title", "branch", "starts_on", "ends_on")}
    return head, [vars(line) for line in text.lines]


def text_from(head: PlanForm, lines: Any) -> PlanText | None:
    """What the forms say, if all of it is right; else each says at its field what is not."""
    if not (head.is_valid() & lines.is_valid()):
        return None
    if not _dues_fit(head, lines.kept):
        return None
    data = head.cleaned_data
    return PlanText(
        data["title"],
        data["branch"],
        data["starts_on"],
        data["ends_on"],
        tuple(
            PlanLine(x["lesson_key"], x["required"], x["due_on"])
            for x in (form.cleaned_data for form in lines.kept)
        ),
    )


def _dues_fit(head: PlanForm, lines: list[Any]) -> bool:
    first, last = head.cleaned_data["starts_on"], head.cleaned_data["ends_on"]
    for line in lines:
        due = line.cleaned_data["due_on"]
        if due and not first <= due <= last:
            line.add_error("due_on", f"要在计划的日期里（{first} 到 {last}）。")
    return not any(line.errors for line in lines)
