"""Small things editors keep beside the pages: how hard names are read aloud."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel

HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]+")


class Pronunciation(models.Model):
    """One entry of the reading lexicon (读音库): a hard name or a character with several readings.

    Serves the ruby above the text, the phone's voice and the search. No personal data.
    """

    term = models.CharField("词", max_length=20, unique=True, help_text="课文里怎么写，只写汉字")
    pinyin = models.CharField(
        "拼音",
        max_length=120,
        help_text="带声调，一个字一个音，用空格分开，例如：wǎ yáo bǔ",
    )
    spoken = models.CharField(
        "读成",
        max_length=40,
        blank=True,
        help_text="手机朗读会念错时，写一个念得对的同音写法，例如“柏辉章”写成“百辉章”；念得对就不用填",
    )
    aliases = models.TextField(
        "别名",
        max_length=400,
        blank=True,
        help_text="大家还会怎么叫、怎么搜，一行一个",
    )
    note = models.CharField(
        "备注", max_length=120, blank=True, help_text="读音的依据，给编辑自己看"
    )

    loaded_term = ""  # as it stood in the database: lessons are known by the old word too

    panels = [
        FieldPanel("term"),
        FieldPanel("pinyin"),
        FieldPanel("spoken"),
        FieldPanel("aliases"),
        FieldPanel("note"),
    ]

    class Meta:
        verbose_name = "读音"
        verbose_name_plural = "读音库"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.term}（{self.pinyin}）"

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> "Pronunciation":
        reading = super().from_db(*args, **kwargs)
        reading.loaded_term = reading.__dict__.get("term", "")
        return reading

    def clean(self) -> None:
        self.term = self.term.strip()
        self.pinyin = " ".join(self.pinyin.split())
        if not HAN.fullmatch(self.term):
            raise ValidationError({"term": "这里只写汉字，不要带标点、空格和字母。"})
        if len(self.pinyin.split()) != len(self.term):
            detail = (
                f"“{self.term}”有 {len(self.term)} 个字，请写 {len(self.term)} 个音，用空格分开。"
            )
            raise ValidationError({"pinyin": detail})

    def other_names(self) -> list[str]:
        return [line.strip() for line in self.aliases.splitlines() if line.strip()]
