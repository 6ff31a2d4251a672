"""钉钉群机器人: one card with the lesson's name, its summary and the link."""

import time
from typing import Any

from studyhub.channels.adapters.robots.robot import Effect, Robot, wrong_key, wrong_secret
from studyhub.channels.adapters.robots.texts import headline, sign
from studyhub.channels.ports import Base, Field, Post
from studyhub.channels.shortening import shortened

TITLE, TEXT = 64, 500


class DingTalkRobot(Robot):
    """With a secret each call is signed by the millisecond."""

    LABEL = "钉钉群机器人"
    BASE = Base("DINGTALK_API_BASE", live="https://oapi.dingtalk.com", sandbox="/dingtalk")
    FIELDS = (
        Field(
            "access_token",
            "机器人密钥（access_token= 后面的一段）",
            check=wrong_key,
            names_account=True,
            secret=True,
        ),
        Field("secret", "加签密钥（SEC 开头）", required=False, check=wrong_secret, secret=True),
    )
    EFFECTS = {
        130101: Effect.WAIT_A_WHILE,
        310000: Effect.STOPPED,
        300001: Effect.STOPPED,
        400: Effect.CONTENT,
        40035: Effect.CONTENT,
    }
    SETTINGS_HELP = (
        "请到钉钉群里看机器人的安全设置：关键词里加上“学习”，或者把加签密钥填进渠道账号，"
        "也请核对服务器的时间。"
    )

    def _address(self) -> tuple[str, dict[str, str]]:
        return "/robot/send", {"access_token": self._settings["access_token"], **self._signature()}

    def _signature(self) -> dict[str, str]:
        secret = self._settings.get("secret")
        if not secret:
            return {}
        stamp = str(int(time.time() * 1000))
        return {"timestamp": stamp, "sign": sign(secret, f"{stamp}\n{secret}")}

    def _body(self, post: Post) -> dict[str, Any]:
        card = {
            "title": headline(shortened(post.title, TITLE)),
            "text": shortened(post.digest, TEXT),
            "messageUrl": post.source_url,
        }
        return {"msgtype": "link", "link": card}
