"""The form of a receiver."""

from typing import Any

from django import forms

from studyhub.webhooks.destinations import NotAllowed, checked
from studyhub.webhooks.models import OFFERED, Endpoint, inner_hosts


class EndpointForm(forms.ModelForm[Endpoint]):
    """Where to, and of what; the secret is made by us and changed by a button."""

    events = forms.MultipleChoiceField(
        label="要哪些事件",
        choices=OFFERED,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="订阅中心不用选：课一有变化就告诉它去取新的订阅源。",
    )

    class Meta:
        model = Endpoint
        fields = ("name", "kind", "url", "events")
        help_texts = {
            "name": "后台里看得到的名字，例如：区委组织部业务平台",
            "url": "对方给的网址，外网的要以 https:// 开头",
        }
        widgets = {"url": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})}

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        try:
            checked(url, inner_hosts())
        except NotAllowed as error:
            raise forms.ValidationError(error.detail) from None
        return url

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") == Endpoint.Kind.HOOK and not given.get("events"):
            self.add_error("events", "至少选一种事件。")
        return given
