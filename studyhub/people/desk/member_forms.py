"""What can be written about a member at the desk."""

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet

from studyhub.core.clock import today
from studyhub.people.desk.fields import Cell, Day, Form, PastDay
from studyhub.people.models import Branch, Member, StudyGroup
from studyhub.people.roster import values

CHOOSE = {"required": "请选一个。", "invalid_choice": "请从列表里选一个。"}
TRADES = Member.Trade.choices


class ContactForm(Form):
    """How somebody is reached and what they do: also a liaison's to write."""

    phone = Cell(values.phone_of, label="手机", help_text="不改就空着")
    no_phone = forms.BooleanField(label="删去现在的手机号", required=False)
    place = Cell(values.place_of, label="现居地", help_text="写到县区，不写街道")
    trade = forms.ChoiceField(label="行业", choices=TRADES, error_messages=CHOOSE)
    return_month = Cell(values.month_of, label="预计返乡月份", help_text="例如 2027-01")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("phone") and data.get("no_phone"):
            self.add_error("no_phone", "写了新的手机号，就不用勾这一项。")
        return data

    def details(self) -> dict[str, Any]:
        """As ``people.entries`` takes it; a number that was left alone is not in it."""
        data = self.cleaned_data
        place = data["place"]
        found = {
            "host_place_code": place.code if place else "",
            "host_place_name": place.name if place else "",
            "trade": data["trade"],
            "return_month": data["return_month"] or "",
        }
        if data["phone"] or data["no_phone"]:
            found["phone"] = data["phone"] or ""
        return found


class DetailsForm(ContactForm):
    """All of the member's own row."""

    name = Cell(
        values.name_of,
        label="姓名",
        required=True,
        max_length=60,
        error_messages={"required": "请写姓名。"},
    )
    left_on = PastDay("外出时间")
    field_order: tuple[str, ...] = (
        *("name", "phone", "no_phone", "place", "trade", "left_on", "return_month"),
    )

    def details(self) -> dict[str, Any]:
        data = self.cleaned_data
        return super().details() | {"name": data["name"], "left_on": data["left_on"]}


class EntryForm(DetailsForm):
    """Somebody new."""

    home = forms.ModelChoiceField(
        Branch.objects.none(), label="所在党组织", empty_label="请选", error_messages=CHOOSE
    )
    on = PastDay("从哪天起", required=True)
    field_order = ("name", "home", "on", *DetailsForm.field_order[1:])

    def __init__(self, *args: Any, branches: QuerySet[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home"].queryset = branches  # type: ignore[attr-defined]
        self.fields["on"].initial = today()
        self.fields["phone"].help_text = ""
        del self.fields["no_phone"]

    def clean(self) -> dict[str, Any]:
        return {"no_phone": False, **super().clean()}


def contact_of(member: Member) -> dict[str, Any]:
    """What the forms show of a member; the number is never shown whole."""
    return {
        "name": member.name,
        "place": member.host_place_name,
        "trade": member.trade,
        "left_on": member.left_on,
        "return_month": member.return_month,
    }


class Places:
    """Branches and groups that somebody may choose; read once for all forms of a page."""

    def __init__(self, branches: QuerySet[Branch], groups: QuerySet[StudyGroup]) -> None:
        self.branches, self.groups = branches, groups

    def offer_branches(self, field: Any) -> None:
        field.queryset = self.branches
        field.choices = self._branches

    def offer_groups(self, field: Any) -> None:
        field.queryset = self.groups
        field.choices = self._groups

    @cached_property
    def _branches(self) -> list[tuple[Any, str]]:
        return [("", "请选"), *((one.pk, one.name) for one in self.branches)]

    @cached_property
    def _groups(self) -> list[tuple[Any, str]]:
        return [("", "请选"), *((one.pk, one.name) for one in self.groups)]


class BranchForm(Form):
    """Another branch from a day on."""

    branch = forms.ModelChoiceField(Branch.objects.none(), label="党组织", error_messages=CHOOSE)
    on = Day("从哪天起", required=True)

    def __init__(self, *args: Any, places: "Places", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places.offer_branches(self.fields["branch"])
        self.fields["on"].initial = today()


class GroupForm(Form):
    """A group from a day on."""

    group = forms.ModelChoiceField(
        StudyGroup.objects.none(), label="学习小组", error_messages=CHOOSE
    )
    on = Day("从哪天起", required=True)

    def __init__(self, *args: Any, places: "Places", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places.offer_groups(self.fields["group"])
        self.fields["on"].initial = today()


class LastDayForm(Form):
    """The last day of something."""

    on = PastDay("最后一天", required=True)

    def __init__(self, *args: Any, places: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()


class EndForm(LastDayForm):
    """Leaving the ledger."""

    reason = forms.ChoiceField(
        label="原因", choices=Member.EndReason.choices[1:-1], error_messages=CHOOSE
    )
    field_order = ("reason", "on")


class ExemptForm(Form):
    """The class of a reason, never a diagnosis."""

    reason = forms.ChoiceField(
        label="原因", choices=Member.Exemption.choices[1:], error_messages=CHOOSE
    )

    def __init__(self, *args: Any, places: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class PlainForm(Form):
    """Nothing but its button."""

    def __init__(self, *args: Any, places: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class CorrectionForm(PlainForm):
    """The days of a tie as they really were."""

    starts_on = Day("开始", required=True)
    ends_on = Day("最后一天", help_text="还没有结束就空着")


class MergeForm(PlainForm):
    """Which other entry is the same person's, by its whole name and the end of its number."""

    other = forms.UUIDField(
        label="另一条登记",
        widget=forms.Select,
        error_messages={"required": "请选一个。", "invalid": "请从列表里选一个。"},
    )
