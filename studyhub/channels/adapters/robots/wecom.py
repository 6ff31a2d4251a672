"""企业微信群机器人: one card with the lesson's name, its summary and the link."""

from typing import Any

from studyhub.channels.adapters.robots.robot import Effect, Robot, wrong_key
from studyhub.channels.adapters.robots.texts import headline
from studyhub.channels.ports import Base, Field, Post
from studyhub.channels.shortening import in_bytes, shortened

TITLE, DESCRIPTION = 128, 512  # bytes of UTF-8


class WeComRobot(Robot):
    """The key is the whole secret; there is no signature."""

    LABEL = "企业微信群机器人"
    BASE = Base("WECOM_API_BASE", live="https://qyapi.weixin.qq.com", sandbox="/wecom")
    FIELDS = (
        Field(
            "webhook_key",
            "机器人密钥（key= 后面的一段）",
            check=wrong_key,
            names_account=True,
            secret=True,
        ),
    )
    EFFECTS = {
        45009: Effect.WAIT_A_MINUTE,
        93000: Effect.STOPPED,
        40058: Effect.CONTENT,
        40008: Effect.CONTENT,
        44004: Effect.CONTENT,
    }
    SETTINGS_HELP = "请到企业微信群里看机器人还在不在；新建一个的话，把新的密钥填进渠道账号。"

    def _address(self) -> tuple[str, dict[str, str]]:
        return "/cgi-bin/webhook/send", {"key": self._settings["webhook_key"]}

    def _body(self, post: Post) -> dict[str, Any]:
        card = {
            "title": shortened(headline(post.title), TITLE, in_bytes),
            "description": shortened(post.digest, DESCRIPTION, in_bytes),
            "url": post.source_url,
        }
        return {"msgtype": "news", "news": {"articles": [card]}}
