"""Which adapter serves which kind of account: one line a kind, and the only list of kinds.

Dotted paths, loaded on first use: the one place where channels reach their adapters without
importing them. It knows no table, so that settings and models may ask it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, cast

from django.utils.module_loading import import_string

from studyhub.channels.callback_ports import Receiver
from studyhub.channels.ports import Adapter, Base, Capability, Field, Form, Mode, Step

ADAPTERS: dict[str, str] = {
    "wechat": "studyhub.channels.adapters.wechat.channel.WeChatChannel",
    "toutiao": "studyhub.channels.adapters.manual.channel.ToutiaoChannel",
    "channels": "studyhub.channels.adapters.manual.channel.VideoAccountChannel",
    "douyin": "studyhub.channels.adapters.manual.channel.DouyinChannel",
    "kuaishou": "studyhub.channels.adapters.manual.channel.KuaishouChannel",
    "xiaohongshu": "studyhub.channels.adapters.manual.channel.XiaohongshuChannel",
    "group": "studyhub.channels.adapters.manual.channel.GroupChannel",
    "wecom_robot": "studyhub.channels.adapters.robots.wecom.WeComRobot",
    "feishu_robot": "studyhub.channels.adapters.robots.feishu.FeishuRobot",
    "dingtalk_robot": "studyhub.channels.adapters.robots.dingtalk.DingTalkRobot",
    "kuaishou_api": "studyhub.channels.adapters.kuaishou.channel.KuaishouFilmChannel",
    "folder": "studyhub.channels.adapters.folder.channel.FolderChannel",
}

# Kinds whose platform calls us back: ``callback_ports``.
RECEIVERS: dict[str, str] = {
    "wechat": "studyhub.channels.adapters.wechat.callbacks.WeChatReceiver",
    "douyin": "studyhub.channels.adapters.douyin.callbacks.DouyinReceiver",
}


def receiver_class(kind: str) -> type[Receiver] | None:
    """None for a kind whose platform sends nothing."""
    return cast("type[Receiver]", import_string(RECEIVERS[kind])) if kind in RECEIVERS else None


def adapter_class(kind: str) -> type[Adapter]:
    """Raises KeyError for a kind that nobody serves."""
    return cast("type[Adapter]", import_string(ADAPTERS[kind]))


def kind_choices() -> list[tuple[str, str]]:
    """The kinds with their Chinese names, for the model and the screens."""
    return [(kind, label_of(kind)) for kind in ADAPTERS]


def label_of(kind: str) -> str:
    """The platform's name in Chinese."""
    return adapter_class(kind).LABEL


def mode_of(kind: str) -> Mode:
    """Whether a worker posts or a person."""
    return adapter_class(kind).MODE


def is_messenger(kind: str) -> bool:
    """Whether what goes there is said in a chat, once, without a draft and without a look."""
    return kind in ADAPTERS and Capability.SEND in adapter_class(kind).CAPABILITIES


def takes_film(kind: str) -> bool:
    """Whether what goes there is a film: ``film_ports.FilmChannel``."""
    return kind in ADAPTERS and hasattr(adapter_class(kind), "send_film")


def is_authorised(kind: str) -> bool:
    """Whether a person must let us post, at the platform itself: ``film_ports.Authorised``."""
    return kind in ADAPTERS and hasattr(adapter_class(kind), "authorise_url")


def base_of(kind: str) -> Base | None:
    """Where the platform's address is told; None for a platform that is not called."""
    return adapter_class(kind).BASE


def fields_of(kind: str) -> tuple[Field, ...]:
    """The settings of an account of this kind."""
    return adapter_class(kind).FIELDS


def capabilities_of(kind: str) -> list[Capability]:
    """What an account of this kind can do when its settings say nothing."""
    return list(adapter_class(kind).CAPABILITIES)


def rations(kind: str) -> bool:
    """Whether a platform of this kind tells how many calls are left."""
    return kind in ADAPTERS and bool(getattr(adapter_class(kind), "RATIONS", ()))


def probe_of(kind: str) -> str:
    """The words of the button that tries an account of this kind; empty where nothing is called."""
    return adapter_class(kind).PROBE if kind in ADAPTERS else ""


def platform_id_from(kind: str, secrets: Mapping[str, Any]) -> str:
    """By what the platform itself knows the account; empty where people post.

    A secret that names it is told as a digest: the column is not encrypted.
    """
    name = next((field for field in fields_of(kind) if field.names_account), None)
    if name is None:
        return ""
    told = str(secrets[name.name])
    return hashlib.sha256(told.encode()).hexdigest() if name.secret else told


def form_of(kind: str) -> Form:
    """How a channel of this kind shows a lesson."""
    return adapter_class(kind).FORM


def capabilities_from(kind: str, words: list[str]) -> list[str]:
    """The words of a settings form in today's words; what is unknown stays as it is."""
    former = adapter_class(kind).FORMER_CAPABILITIES
    today = [new for word in words for new in former.get(word, (word,))]
    return list(dict.fromkeys(str(word) for word in today))


def steps_of(kind: str) -> dict[str, Step]:
    """The calls an adapter may make, by name."""
    return {str(step.name): step for step in adapter_class(kind).STEPS} if kind in ADAPTERS else {}


def external_names_of(kind: str) -> dict[str, str]:
    """What the platform itself calls our references; for a retired kind our own words."""
    return dict(adapter_class(kind).REFERENCE_NAMES) if kind in ADAPTERS else {}


def bases() -> list[Base]:
    """Every address that the environment may set."""
    found: list[Any] = [base_of(kind) for kind in ADAPTERS]
    return [base for base in found if base is not None]
