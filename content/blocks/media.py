"""Blocks one looks at or listens to: picture, audio, video, route drawing."""

from collections.abc import Iterable
from typing import Any

from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtailmedia.blocks import AudioChooserBlock, VideoChooserBlock

from content.blocks.base import LessonBlock, word, words
from content.elements import Element, Figure, Film, Route, Sound, Stop

VOICES = [("human", "真人录音"), ("machine", "机器合成语音")]


class PictureBlock(LessonBlock):
    image = ImageChooserBlock(label="图片")
    alt = blocks.CharBlock(max_length=120, label="画面说明", help_text="读给看不见图的人听")
    caption = blocks.CharBlock(max_length=80, required=False, label="图注")
    source = blocks.CharBlock(max_length=80, label="来源")
    licence = blocks.CharBlock(max_length=40, label="授权")

    class Meta:
        icon = "image"
        label = "图片"

    def document(self, value: Any) -> Iterable[Element]:
        texts = words(value, "alt", "caption", "source", "licence")
        if value["image"]:
            yield Figure(value["image"].pk, *texts)


class AudioBlock(LessonBlock):
    media = AudioChooserBlock(label="音频")
    title = blocks.CharBlock(max_length=60, label="标题")
    voice = blocks.ChoiceBlock(choices=VOICES, default="human", label="声音")
    transcript = blocks.TextBlock(label="文字稿", help_text="每段声音都要有全文")

    class Meta:
        icon = "media"
        label = "音频"

    def document(self, value: Any) -> Iterable[Element]:
        machine = value.get("voice") == "machine"
        title, transcript = words(value, "title", "transcript")
        if value["media"]:
            yield Sound(value["media"].pk, title, transcript, machine)


class VideoBlock(LessonBlock):
    media = VideoChooserBlock(label="视频")
    title = blocks.CharBlock(max_length=60, label="标题")
    transcript = blocks.TextBlock(label="文字稿", help_text="每段视频都要有全文")

    class Meta:
        icon = "media"
        label = "视频"

    def document(self, value: Any) -> Iterable[Element]:
        if value["media"]:
            yield Film(value["media"].pk, *words(value, "title", "transcript"))


class RouteStopBlock(blocks.StructBlock):
    name = blocks.CharBlock(max_length=20, label="地名")
    lon = blocks.FloatBlock(min_value=70, max_value=140, label="经度（WGS-84）")
    lat = blocks.FloatBlock(min_value=15, max_value=56, label="纬度（WGS-84）")
    when = blocks.CharBlock(max_length=30, required=False, label="时间")
    text = blocks.CharBlock(max_length=120, required=False, label="说明")


class RouteBlock(LessonBlock):
    """A schematic drawing of places; the server draws it, the list below it says the same in
    words."""

    title = blocks.CharBlock(max_length=40, label="标题")
    note = blocks.CharBlock(max_length=60, required=False, label="附注")
    line = blocks.BooleanBlock(required=False, default=True, label="用线连起来")
    stops = blocks.ListBlock(RouteStopBlock(), min_num=1, max_num=14, label="地点")

    class Meta:
        icon = "site"
        label = "路线图"

    def document(self, value: Any) -> Iterable[Element]:
        stops = tuple(
            Stop(word(stop, "name"), stop["lon"], stop["lat"], *words(stop, "when", "text"))
            for stop in value["stops"]
            if None not in (stop["lon"], stop["lat"])
        )
        if stops:
            yield Route(word(value, "title"), word(value, "note"), bool(value["line"]), stops)
