"""What the robots of all platforms share: one call, and what its number means."""

import re
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any, ClassVar

from studyhub.channels.errors import (
    AccountStopped,
    ChannelError,
    ChannelRefused,
    ChannelUncertain,
    QuotaReset,
    QuotaUsedUp,
)
from studyhub.channels.lines import Line, as_json, errcode
from studyhub.channels.ports import Base, Capability, Field, Form, Kit, Mode, Post, Step, StepName

CHECK_LESSON = "请修改这一课后重新发布。"


class Effect(Enum):
    """What a number does."""

    STOPPED = auto()  # the key is gone, or a rule of the group's is not met
    WAIT_A_MINUTE = auto()
    WAIT_A_WHILE = auto()
    CONTENT = auto()


class Robot:
    """Passes the contract of ``ports.Messenger``; a platform adds its call and its numbers."""

    MODE = Mode.API
    STEPS = (Step(StepName.SUBMIT, "发到群里", repeatable=False),)
    CAPABILITIES = (Capability.SEND,)
    FORMER_CAPABILITIES: Mapping[str, tuple[Capability, ...]] = {}
    REFERENCE_NAMES: Mapping[str, str] = {}
    FORM = Form(
        losses={
            "figure": "{n} 张图片没有带上，群里只有课名、提要和链接",
            "sound": "{n} 段音频没有带上",
            "film": "{n} 段视频没有带上",
            "table": "{n} 张表格没有带上",
            "route": "{n} 幅路线图没有带上",
            "selfcheck": "自测没有带上，作答要回到课程页",
        }
    )
    PROBE = "在群里说一句测试"

    LABEL: ClassVar[str]
    BASE: ClassVar[Base]
    FIELDS: ClassVar[tuple[Field, ...]]
    NUMBER: ClassVar[str] = "errcode"  # where the platform's number stands
    SAID: ClassVar[str] = "errmsg"
    EFFECTS: ClassVar[Mapping[int, Effect]]
    SETTINGS_HELP: ClassVar[str]

    def __init__(self, kit: Kit) -> None:
        self._settings = kit.settings
        self._line = Line(kit, self.LABEL, self.BASE)

    def probe(self) -> None:
        words = "这是一句测试，看到它就说明机器人设好了。"
        self.send(Post("测试", words, "", "", words, self._line.kit.site))

    def check(self, post: Post) -> None:
        """Whatever is too long is cut; without words there is nothing to say."""
        if not post.title.strip():
            raise ChannelRefused("这一课没有标题。", code="no_title", action=CHECK_LESSON)

    def send(self, post: Post) -> None:
        """Say it in the group. The address says where, and is a secret."""
        path, params = self._address()
        answer = self._line.post(
            path, lost=ChannelUncertain, params=params, **as_json(self._body(post))
        )
        if self.NUMBER not in answer:
            raise ChannelUncertain("群机器人的答复里没有结果。", code="incomplete")
        if number := errcode(answer, self.NUMBER):
            raise self._error_for(number, str(answer.get(self.SAID, "")))

    def _address(self) -> tuple[str, dict[str, str]]:
        raise NotImplementedError

    def _body(self, post: Post) -> dict[str, Any]:
        raise NotImplementedError

    def _error_for(self, number: int, said: str) -> ChannelError:
        said, code = self._without_secrets(said)[:200], str(number)
        effect = self.EFFECTS.get(number)
        if effect is Effect.STOPPED:
            return AccountStopped(
                f"{self.LABEL}不让这个机器人说话：{said}", code=code, action=self.SETTINGS_HELP
            )
        if effect is Effect.WAIT_A_MINUTE:
            detail = "一分钟内发得太多，稍后自动继续。"
            return QuotaUsedUp(detail, reset=QuotaReset.NEXT_MINUTE, code=code)
        if effect is Effect.WAIT_A_WHILE:
            detail = "发得太快，平台暂时不收，过一会儿自动继续。"
            return QuotaUsedUp(detail, reset=QuotaReset.IN_A_WHILE, code=code)
        if effect is Effect.CONTENT:
            return ChannelRefused(
                f"{self.LABEL}不收这段内容：{said}", code=code, action=CHECK_LESSON
            )
        return ChannelUncertain(f"{self.LABEL}给出了没见过的答复：{said}", code=code)

    def _without_secrets(self, said: str) -> str:
        """Platforms repeat a wrong key in their answers."""
        for secret in self._settings.values():
            said = said.replace(str(secret), "…")
        return said


def wrong_key(value: Any) -> str:
    """What is wrong with a key, in Chinese: most people paste the whole address."""
    if wrong := wrong_secret(value):
        return wrong
    pasted_whole = any(sign in value for sign in "/?=")
    return "只要地址最后的那一段密钥，不要整个网址" if pasted_whole else ""


def wrong_secret(value: Any) -> str:
    """Of what the platform calls 加签密钥, and of every key."""
    good = isinstance(value, str) and re.fullmatch(r"[!-~]{1,200}", value)
    return "" if good else "要是一段没有空格的字母和数字，请重新复制"
