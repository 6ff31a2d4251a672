"""Platforms that a person posts to by hand: we prepare the texts, they paste them."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from studyhub.channels.ports import (
    Capability,
    Field,
    Form,
    Kit,
    Mode,
    Package,
    Post,
    Step,
    StepName,
    Words,
)
from studyhub.channels.shortening import shortened

PASTE_BACK = "发布后复制链接，回到这里贴上，点“已在后台确认发布”"
FEW, LONG = 8, 500  # fewer words say nothing; from here on the text itself is told
CHECKS = ("标题和正文没有错字", "没有勾选推广、带货一类的选项", "没有发定位")


def _wrong_word(value: Any) -> str:
    good = isinstance(value, str) and re.fullmatch(r"[!-~]{1,500}", value)
    return "" if good else "要是一段没有空格的字母和数字"


class _ByHand:
    MODE = Mode.MANUAL
    BASE = None
    FIELDS: tuple[Field, ...] = ()
    STEPS = (Step(StepName.PACKAGE, "备好文稿", repeatable=True),)
    CAPABILITIES: tuple[Capability, ...] = ()
    FORMER_CAPABILITIES: Mapping[str, tuple[Capability, ...]] = {}
    REFERENCE_NAMES: Mapping[str, str] = {}
    FORM = Form(
        losses={
            "figure": "{n} 张图片需要人工插入",
            "sound": "{n} 段音频没有带上",
            "film": "{n} 段视频没有带上",
            "table": "{n} 张表格改成了逐行文字",
            "route": "{n} 幅路线图改成了地点列表",
            "selfcheck": "自测没有带上，作答要回到课程页",
            "links": "{n} 个外部链接只留下文字",
        }
    )
    PROBE = ""
    TITLE = 0  # the most characters of a title; 0: any
    HOW_TO: tuple[str, ...] = ()  # for the person, in Chinese
    CHECKS: tuple[str, ...] = CHECKS

    def __init__(self, kit: Kit) -> None:
        self._settings = kit.settings

    def pack(self, post: Post) -> Package:
        title, text = self.name(post), self.write(post)
        return Package(title, text, self.HOW_TO, self.words(title, text, post), self.CHECKS)

    def name(self, post: Post) -> str:
        return shortened(post.title, self.TITLE) if self.TITLE else post.title

    def write(self, post: Post) -> str:
        return f"{post.text}\n\n完整课程：{post.source_url}"

    def words(self, title: str, text: str, post: Post) -> tuple[Words, ...]:
        return (Words("标题", title), Words("正文", text))


class ToutiaoChannel(_ByHand):
    """头条号 has no open posting API for us; a picture by address makes it refuse the article."""

    LABEL = "头条号"
    TITLE = 30
    HOW_TO = (
        "登录头条号后台，点“文章”",
        "把标题和正文分别粘贴进去",
        "图片一张一张上传，不要从别处粘贴：粘贴来的图片会让整篇发不出去",
        PASTE_BACK,
    )
    CHECKS = ("标题在 2 到 30 个字之间", "封面选好了一张或三张", *CHECKS)


class VideoAccountChannel(_ByHand):
    """视频号 takes a video, a short title and a text beside it."""

    LABEL = "视频号"
    SHORT = 15  # and at least six: shorter ones are not shown
    HOW_TO = ("在视频号助手里上传视频", "把短标题和描述分别粘贴进去", PASTE_BACK)
    CHECKS = ("短标题在 6 到 15 个字之间", "画面里没有二维码和水印", *CHECKS)

    def write(self, post: Post) -> str:
        return f"{post.title}\n{post.digest}\n完整课程：{post.source_url}"

    def words(self, title: str, text: str, post: Post) -> tuple[Words, ...]:
        return (Words("短标题", shortened(post.title, self.SHORT)), Words("描述", text))


class _ShortVideo(_ByHand):
    """Posts by API are for accounts that were granted it; until then a person posts.

    The settings are those of the application on the open platform: by them its callbacks are told.
    """

    TITLE, TEXT = 30, 1000
    FIELDS = (
        Field("client_key", "应用的 client_key", required=False, check=_wrong_word),
        Field("client_secret", "应用的 client_secret", False, _wrong_word, secret=True),
        Field("access_token", "授权令牌", False, _wrong_word, secret=True),
        Field("refresh_token", "续期令牌", False, _wrong_word, secret=True),
        Field("expires_at", "授权到什么时候", False, _wrong_word),
    )
    CHECKS = ("画面里没有二维码和水印", *CHECKS)

    def write(self, post: Post) -> str:
        return shortened(f"{post.title}\n{post.digest}", self.TEXT)


class DouyinChannel(_ShortVideo):
    """抖音: title and words beside a film."""

    LABEL = "抖音"
    HOW_TO = ("在抖音创作者中心点“发布视频”，上传视频", "把标题和作品简介分别粘贴进去", PASTE_BACK)


class KuaishouChannel(_ShortVideo):
    """快手: title and words beside a film."""

    LABEL = "快手"
    HOW_TO = (
        "在快手创作者服务平台点“发布作品”，上传视频",
        "把标题和作品描述分别粘贴进去",
        PASTE_BACK,
    )


class XiaohongshuChannel(_ByHand):
    """小红书 shows pictures first; no link in a text can be opened."""

    LABEL = "小红书"
    TITLE, TEXT = 20, 1000
    HOW_TO = (
        "在小红书里点“＋”，先选图片",
        "把标题和正文分别粘贴进去",
        PASTE_BACK,
    )
    CHECKS = ("第一张图片做封面，字看得清", "没有带别的平台的水印和二维码", *CHECKS)

    def write(self, post: Post) -> str:
        return shortened(f"{post.digest}\n\n{post.text}", self.TEXT)


class GroupChannel(_ByHand):
    """微信群 and QQ群: a few lines and the link, in three lengths."""

    LABEL = "微信群"
    FORM = replace(_ByHand.FORM, preview="群里转发的话", good_length=200)
    LENGTHS = (("短的", 60), ("一般长", 200), ("长的", 500))
    HOW_TO = ("挑一段，粘贴到群里发出去", "发出后回到这里贴上课程链接确认")
    CHECKS = ("发的是自己这一组的群", "没有点名，没有催学的话")

    def write(self, post: Post) -> str:
        return f"【学习】{post.title}\n{post.digest}\n点开就学：{post.source_url}"

    def words(self, title: str, text: str, post: Post) -> tuple[Words, ...]:
        link = f"点开就学：{post.source_url}"
        return tuple(
            Words(f"{label}（{most} 字以内，不算链接）", f"{_lines(post, most)}\n{link}")
            for label, most in self.LENGTHS
        )


def _lines(post: Post, most: int) -> str:
    """The title, and as much of what the lesson says as there is room for."""
    title = shortened(f"【学习】{post.title}", most)
    said = post.text if most >= LONG else post.digest
    room = most - len(title) - 1
    words = shortened(said, room) if room > FEW else ""
    return f"{title}\n{words}" if len(words) > FEW else title
