"""飞书群机器人: a title, the summary, and the link as words."""

import time
from typing import Any

from studyhub.channels.adapters.robots.robot import Effect, Robot, wrong_key, wrong_secret
from studyhub.channels.adapters.robots.texts import headline, sign
from studyhub.channels.ports import Base, Field, Post
from studyhub.channels.shortening import shortened

TITLE, DIGEST = 100, 1000


class FeishuRobot(Robot):
    """With a secret each call is signed by the second."""

    LABEL = "飞书群机器人"
    BASE = Base("FEISHU_API_BASE", live="https://open.feishu.cn", sandbox="/feishu")
    FIELDS = (
        Field(
            "hook_token",
            "机器人密钥（网址最后一段）",
            check=wrong_key,
            names_account=True,
            secret=True,
        ),
        Field("secret", "签名校验密钥", required=False, check=wrong_secret, secret=True),
    )
    NUMBER, SAID = "code", "msg"
    EFFECTS = {
        11232: Effect.WAIT_A_MINUTE,
        9499: Effect.CONTENT,
        19001: Effect.STOPPED,
        19021: Effect.STOPPED,
        19022: Effect.STOPPED,
        19024: Effect.STOPPED,
    }
    SETTINGS_HELP = (
        "请到飞书群里看机器人的安全设置：关键词里加上“学习”，或者把签名密钥填进渠道账号，"
        "也请核对服务器的时间。"
    )

    def _address(self) -> tuple[str, dict[str, str]]:
        return f"/open-apis/bot/v2/hook/{self._settings['hook_token']}", {}

    def _body(self, post: Post) -> dict[str, Any]:
        link = {"tag": "a", "text": "点开就学", "href": post.source_url}
        lines = [[{"tag": "text", "text": shortened(post.digest, DIGEST)}], [link]]
        title = headline(shortened(post.title, TITLE))
        shown = {"post": {"zh_cn": {"title": title, "content": lines}}}
        return {"msg_type": "post", "content": shown, **self._signature()}

    def _signature(self) -> dict[str, str]:
        secret = self._settings.get("secret")
        if not secret:
            return {}
        seconds = str(int(time.time()))
        return {"timestamp": seconds, "sign": sign(f"{seconds}\n{secret}", "")}
