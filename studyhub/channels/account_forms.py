"""The form of a channel's account: made from what its adapter says of its settings."""

from collections.abc import Iterator
from typing import Any

from django import forms

from studyhub.channels import connections, registry
from studyhub.channels.models import ChannelAccount
from studyhub.channels.ports import Capability, Field

WORDS = {
    Capability.DRAFT: "放进草稿箱",
    Capability.PUBLISH: "用接口发布",
    Capability.WITHDRAW: "用接口撤回",
    Capability.STATS: "读取阅读数",
    Capability.SEND: "在群里说话",
}
KEPT = "已经设好，不再显示；空着就不变"
FORGET = "forget"


class AccountForm(forms.Form):
    """Secrets are written and never shown; left empty they stay as they are."""

    name = forms.CharField(
        label="名称", max_length=60, help_text="后台里看得到的名字，例如：某某先锋"
    )

    def __init__(self, kind: str, account: ChannelAccount | None = None, data: Any = None) -> None:
        stored = account.secrets if account else {}
        super().__init__(data, initial={"name": account.name} if account else {})
        self.kind = kind
        for field in registry.fields_of(kind):
            self.fields[field.name] = _input_of(field, stored)
        if forgettable := [(f.name, f.label) for f in _optional(kind) if f.name in stored]:
            self.fields[FORGET] = forms.MultipleChoiceField(
                label="去掉不用的设置",
                choices=forgettable,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if len(known := registry.capabilities_of(kind)) > 1:
            self.fields["capabilities"] = forms.MultipleChoiceField(
                label="这个账号能做什么",
                choices=[(str(one), WORDS[one]) for one in known],
                initial=account.capabilities if account else known,
                widget=forms.CheckboxSelectMultiple,
                help_text="没有接口发布权限的，只留“放进草稿箱”：稿子备在草稿箱里，由人在平台上按发布。",
                error_messages={"required": "至少选一样。"},
            )

    def values(self) -> dict[str, Any]:
        """What ``accounts`` wants: names, settings, abilities."""
        given = {name: value for name, value in self.cleaned_data.items() if name != FORGET}
        return {name: value for name, value in given.items() if value not in ("", [])}

    def cleared(self) -> list[str]:
        """Settings that go."""
        return list(self.cleaned_data.get(FORGET, []))


def _input_of(field: Field, stored: dict[str, Any]) -> forms.Field:
    """Checked by the adapter's own rule, with its words."""
    if field.choices:
        return forms.ChoiceField(
            label=field.label,
            choices=[
                ("", "不设"),
                *((word, f"{label}（{word}）") for word, label in field.choices),
            ],
            required=field.required,
            initial=stored.get(field.name, ""),
        )
    known = field.name in stored
    text = forms.CharField(
        label=field.label,
        max_length=500,
        required=field.required and not known,
        strip=True,
        initial="" if field.secret else stored.get(field.name, ""),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_help(field, known=known),
    )
    text.validators.append(lambda value: _check(field, value))
    return text


def _help(field: Field, *, known: bool) -> str:
    if field.secret and known:
        return KEPT
    hidden = "加密保存，以后不再显示。" if field.secret else ""
    return hidden + ("" if field.required else "可以空着。")


def _check(field: Field, value: str) -> None:
    if wrong := field.check(value):
        raise forms.ValidationError(f"{wrong}。")


def _optional(kind: str) -> Iterator[Field]:
    return (field for field in registry.fields_of(kind) if not field.required)


def kinds_offered() -> list[tuple[str, str, str]]:
    """Kind, name, and what is still missing on the server for it; empty where nothing is."""
    return [(kind, label, _missing(kind)) for kind, label in registry.kind_choices()]


def _missing(kind: str) -> str:
    base = registry.base_of(kind)
    if base is None or connections.address_of(kind):
        return ""
    return f"要先在服务器的设置文件里写 {base.variable}"
