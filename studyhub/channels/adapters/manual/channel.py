"""Platforms that a person posts to by hand: we prepare the text, they paste it."""

from collections.abc import Mapping
from dataclasses import replace

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
)


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
    HOW_TO: tuple[str, ...] = ()  # for the person, in Chinese

    def __init__(self, kit: Kit) -> None:
        self._settings = kit.settings

    def pack(self, post: Post) -> Package:
        return Package(post.title, self.write(post), self.HOW_TO)

    def write(self, post: Post) -> str:
        return f"{post.text}\n\n完整课程：{post.source_url}"


class ToutiaoChannel(_ByHand):
    """头条号 has no open posting API for us."""

    LABEL = "头条号"
    HOW_TO = (
        "登录头条号后台，点“文章”",
        "把标题和正文分别粘贴进去，按提示插入图片",
        "发布后复制文章链接，回到这里点“已在后台确认发布”",
    )


class VideoAccountChannel(_ByHand):
    """视频号 takes a video and a short text beside it."""

    LABEL = "视频号"
    HOW_TO = (
        "在视频号助手里上传视频",
        "把文字粘贴到描述里",
        "发布后复制链接，回到这里点“已在后台确认发布”",
    )

    def write(self, post: Post) -> str:
        return f"{post.title}\n{post.digest}\n完整课程：{post.source_url}"


class GroupChannel(_ByHand):
    """微信群: a few lines and the link."""

    LABEL = "微信群"
    FORM = replace(_ByHand.FORM, preview="群里转发的话", good_length=200)
    HOW_TO = ("把文字粘贴到微信群里发出去", "发出后回到这里贴上课程链接确认")

    def write(self, post: Post) -> str:
        return f"【学习】{post.title}\n{post.digest}\n点开就学：{post.source_url}"
