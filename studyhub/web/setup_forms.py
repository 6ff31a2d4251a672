"""The pages of the first set-up: what each asks, and which step of ``studyhub.setup`` it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError

from studyhub.channels import connections, registry
from studyhub.organisation.models import Organisation
from studyhub.people.models import Branch, User
from studyhub.setup import steps
from studyhub.setup.models import Setup

MISSING = "这一格要填。"
BAD_LOGIN = "账号只能用文字、数字和 @ . + - _，中间不空格。"


class StepForm(forms.Form):
    """A page's questions, filled with what is stored. ``save`` is called with the locked row."""

    def __init__(self, setup: Setup, data: Any = None) -> None:
        self.setup = setup
        super().__init__(data, initial=self.stored())
        for field in self.fields.values():
            field.error_messages["required"] = MISSING

    def stored(self) -> dict[str, Any]:
        return {}

    def save(self) -> None:
        raise NotImplementedError

    def refuse(self, error: ValidationError) -> None:
        """A rule of the model was broken: said beside its field, where the page has it."""
        for name, messages in getattr(error, "message_dict", {"": error.messages}).items():
            self.add_error(name if name in self.fields else None, messages)


class OrganisationForm(StepForm):
    """单位."""

    name = forms.CharField(
        label="单位名称", max_length=40, help_text="写在每一页的顶上，例如：扎鲁特旗委组织部"
    )
    mark = forms.CharField(
        label="简称",
        max_length=4,
        required=False,
        help_text="2 到 4 个字，写在红印里和手机桌面上",
    )
    place_code = forms.CharField(
        label="行政区划代码",
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="6 位数字，例如扎鲁特旗是 150526",
    )
    contact = forms.CharField(
        label="联系人和电话", max_length=80, help_text="写在页脚，党员遇到问题照着找人"
    )
    filing = forms.CharField(
        label="备案号", max_length=60, required=False, help_text="还没有备案的，以后在后台补"
    )
    complaints = forms.CharField(
        label="投诉举报", max_length=120, required=False, help_text="电话、信箱或网址"
    )

    def stored(self) -> dict[str, Any]:
        organisation = Organisation.current()
        return {name: getattr(organisation, name) for name in self.base_fields}

    def save(self) -> None:
        organisation = Organisation.load()
        for name, value in self.cleaned_data.items():
            setattr(organisation, name, value)
        organisation.full_clean()
        organisation.save()


class AdministratorForm(StepForm):
    """第一个管理员."""

    username = forms.CharField(
        label="账号",
        max_length=150,
        validators=[UnicodeUsernameValidator(message=BAD_LOGIN)],
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        help_text="登录用，字母和数字，例如：gaowa",
    )
    display_name = forms.CharField(label="姓名", max_length=40)
    password = forms.CharField(
        label="密码",
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 12 个字符，不能和账号、姓名太像",
    )
    again = forms.CharField(
        label="再写一遍密码",
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, setup: Setup, data: Any = None) -> None:
        super().__init__(setup, data)
        if setup.administrator:
            self.fields["password"].help_text = "已经设过；空着就不改"
        else:
            self.fields["password"].required = self.fields["again"].required = True

    def stored(self) -> dict[str, Any]:
        user = self.setup.administrator
        return {"username": user.username, "display_name": user.display_name} if user else {}

    def clean_username(self) -> str:
        username = User.normalize_username(self.cleaned_data["username"])
        known = User.objects.filter(username=username).first()
        if known and known != self.setup.administrator:
            raise ValidationError("这个账号已经有人用了，请换一个。")
        return username

    def clean(self) -> None:
        asked = self.cleaned_data
        password = asked.get("password", "")
        if password != asked.get("again", password):
            self.add_error("again", "两遍密码不一样，请再写一遍。")
        if password:
            words = {name: asked.get(name, "") for name in ("username", "display_name")}
            try:
                validate_password(password, User(**words))
            except ValidationError as error:
                self.add_error("password", error)

    def save(self) -> None:
        names = ("username", "display_name", "password")
        steps.put_administrator(self.setup, **{name: self.cleaned_data[name] for name in names})


class RootForm(StepForm):
    """党组织的根."""

    name = forms.CharField(label="名称", max_length=80, help_text="例如：中共扎鲁特旗委员会")
    kind = forms.ChoiceField(label="类型", choices=Branch.Kind.choices, widget=forms.RadioSelect)

    def stored(self) -> dict[str, Any]:
        root = self.setup.root or Branch.get_first_root_node()
        if root:
            return {"name": root.name, "kind": root.kind}
        return {"name": "", "kind": Branch.Kind.PARTY_COMMITTEE}

    def save(self) -> None:
        steps.put_root(self.setup, **self.cleaned_data)


class LessonsForm(StepForm):
    """第一门课."""

    lessons = forms.ChoiceField(
        label="从什么开始", choices=Setup.Lessons.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label="空课程的名字", max_length=60, required=False, help_text="选了“空的课程”才要填"
    )

    def stored(self) -> dict[str, Any]:
        return {"lessons": self.setup.lessons or Setup.Lessons.STARTER}

    def clean(self) -> None:
        if self.cleaned_data.get("lessons") == Setup.Lessons.EMPTY:
            self.cleaned_data["title"] = self.cleaned_data.get("title") or steps.FIRST_TITLE

    def save(self) -> None:
        if self.cleaned_data["lessons"] == Setup.Lessons.EMPTY:
            steps.put_empty_course(self.setup, title=self.cleaned_data["title"])
        else:
            steps.put_starter_lessons(self.setup)


def _kinds() -> list[tuple[str, str]]:
    """The channels that want no more of the server than is there already."""
    ready = [
        (kind, label)
        for kind, label in registry.kind_choices()
        if registry.base_of(kind) is None or connections.address_of(kind)
    ]
    return [("", "先不设"), *ready]


class ChannelsForm(StepForm):
    """渠道账号: one or none, and the set-up is over."""

    kind = forms.ChoiceField(
        label="先发到哪里",
        choices=_kinds,
        required=False,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label="账号的名称", max_length=60, required=False, help_text="例如：某某先锋"
    )

    def __init__(self, setup: Setup, data: Any = None) -> None:
        super().__init__(setup, data)
        for name, (label, kinds) in _first_settings().items():
            self.fields[name] = forms.CharField(
                label=label,
                max_length=200,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
                help_text=f"{kinds}要填，在它的后台能找到；加密保存，以后不再显示",
            )

    def save(self) -> None:
        if kind := self.cleaned_data["kind"]:
            values = {name: value for name, value in self.cleaned_data.items() if value}
            known = {"name", *(field.name for field in registry.fields_of(kind))}
            steps.put_channel(kind, {name: values[name] for name in values.keys() & known})
        steps.finish(self.setup, with_factor=True)


def _first_settings() -> dict[str, tuple[str, str]]:
    """The settings without which one of these cannot be: label, and whose they are."""
    return {
        field.name: (field.label, label)
        for kind, label in _kinds()
        if kind
        for field in registry.fields_of(kind)
        if field.required
    }


@dataclass(frozen=True)
class Page:
    """One of the five. ``is_done`` says whether what it asks for is there."""

    slug: str
    title: str
    lead: str
    form: type[StepForm]
    is_done: Callable[[Setup], bool]


PAGES = (
    Page(
        "organisation",
        "单位",
        "这个网站是谁办的。以后随时能在后台的“设置”里改。",
        OrganisationForm,
        lambda setup: bool(Organisation.current().name),
    ),
    Page(
        "administrator",
        "第一个管理员",
        "管后台、开账号的人。密码请自己记好，系统里查不到。",
        AdministratorForm,
        lambda setup: setup.administrator_id is not None and not steps.lacks_factor(setup),
    ),
    Page(
        "branch",
        "党组织的根",
        "各级党组织都挂在它下面，名称以后可以改。",
        RootForm,
        lambda setup: setup.root_id is not None,
    ),
    Page(
        "lessons",
        "第一门课",
        "起步内容是草稿，学员看不到，三审三校以后才发布。",
        LessonsForm,
        lambda setup: bool(setup.lessons),
    ),
    Page(
        "channels",
        "渠道账号",
        "发到公众号、头条号、视频号、微信群用的账号。可以先不设，课照样发布在这个网站上。",
        ChannelsForm,
        lambda setup: setup.finished_at is not None,
    ),
)
