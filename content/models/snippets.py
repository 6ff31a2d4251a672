"""Small things editors keep beside the pages: how hard names are read aloud (decision 0051)."""

import hashlib
import json
import re
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel

from studyhub.core.errors import Conflict

HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff]+")
SHOWN = ("term", "pinyin", "spoken", "aliases")  # what pages, voices and the search say
RETIRED = "retired"  # in what was signed, where it is shown no more


class ReadingForm(WagtailAdminModelForm):
    """Whoever words a reading anew has written it, and does not sign it."""

    def save(self, commit: bool = True) -> Any:
        is_new = self.instance.pk is None
        reading = super().save(commit)
        if commit and self.for_user and (is_new or {*SHOWN, RETIRED} & set(self.changed_data)):
            reading.written_by(self.for_user)
        return reading


class Pronunciation(models.Model):
    """One entry of the reading lexicon (读音库): a hard name or a character with several readings.

    What stands in the row is proposed; what is shown are the words of its newest signature.
    Personal data: which accounts worded it since it was signed.
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
        "备注", max_length=120, blank=True, help_text="读音的依据，给签的同事看，不上页面"
    )
    retired = models.BooleanField(
        "停用",
        default=False,
        db_default=False,
        help_text="页面不再显示这条读音；和别的改动一样，要另一位同事签过才停",
    )
    writers: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="ReadingWriter", related_name="+", editable=False
    )

    base_form_class = ReadingForm
    panels = [
        FieldPanel("term"),
        FieldPanel("pinyin"),
        FieldPanel("spoken"),
        FieldPanel("aliases"),
        FieldPanel("note"),
        FieldPanel("retired"),
    ]

    class Meta:
        verbose_name = "读音"
        verbose_name_plural = "读音库"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.term}（{self.pinyin}）"

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

    @property
    def words(self) -> dict[str, Any]:
        """What would be shown of it once it is signed; forms send other line ends."""
        words = {name: "\n".join(getattr(self, name).strip().splitlines()) for name in SHOWN}
        return {**words, RETIRED: True} if self.retired else words

    @property
    def words_hash(self) -> str:
        """SHA-256 of the words, 64 hexadecimal digits."""
        written = json.dumps(self.words, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def signed(self) -> "ReadingSignOff | None":
        """The newest signature: its words are shown, unless it took them off."""
        return max(self.signatures.all(), key=lambda one: one.pk, default=None)

    @property
    def waits(self) -> bool:
        """Whether it is worded otherwise than what is shown."""
        signed = self.signed
        return signed is None or signed.told != self.words

    @property
    def state(self) -> str:
        if self.waits:
            return "改动等人签" if self.signed else "等人签，还没有用"
        return "已签，停用了" if self.retired else "已签，在用"

    @property
    def is_shown(self) -> bool:
        """Whether pages say what was signed of it."""
        return self.signed is not None and RETIRED not in self.signed.told

    def refuse_deletion(self) -> None:
        """Nobody alone takes off the pages what two have put there. Raises Conflict
        ``still_shown``."""
        if self.is_shown:
            detail = (
                f"“{self.term}”的读音签过，页面上在用，一个人不能删。"
                "请打开这一条，勾上“停用”保存，再请另一位同事签；停用以后就可以删。"
            )
            raise Conflict("still_shown", detail)

    def written_by(self, person: Any) -> None:
        """Words that are shown already were signed, and wait for nobody."""
        if self.waits:
            self.writers.add(person)
        else:
            self.writers.clear()

    def why_not(self, person: Any) -> str:
        """What keeps this person from signing it, as a sentence; empty where nothing does."""
        if any(one.pk == person.pk for one in self.writers.all()):
            return "这条读音是您写的，或者您改过，自己不能签。请换一位同事看。"
        return ""


class ReadingWriter(models.Model):
    """Somebody who worded a reading since it was signed last: whoever did does not sign it.

    Personal data: which account wrote what.
    """

    wagtail_reference_index_ignore = True

    reading = models.ForeignKey(
        Pronunciation, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "写读音的人"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["reading", "person"], name="content_readingwriter_once")
        ]

    def __str__(self) -> str:
        return f"{self.reading_id} {self.person_id}"


class ReadingSignOffQuerySet(models.QuerySet["ReadingSignOff"]):
    def shown(self) -> Self:
        """The newest of each reading that is in use: all that pages ask of the lexicon."""
        later = ReadingSignOff.objects.filter(reading=OuterRef("reading"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later), **{f"told__{RETIRED}__isnull": True})


class ReadingSignOff(models.Model):
    """A second person's name under one wording of a reading; only ever added.

    ``told`` is what was signed, and what is shown. Of what was there before there were signatures,
    and of the starter readings, nobody is named.
    Personal data: the name of who signed.
    """

    wagtail_reference_index_ignore = True

    reading = models.ForeignKey(Pronunciation, on_delete=models.CASCADE, related_name="signatures")
    told: Any = models.JSONField("签的是什么", default=dict)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField("姓名", max_length=80, blank=True)
    signed_at = models.DateTimeField("时间", default=timezone.now)

    objects = ReadingSignOffQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "读音的审签"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.reading_id} {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """By whatever door: never changed, never of who wrote it, and of the words as they stand.

        Raises Conflict ``may_not_sign``.
        """
        if not self._state.adding:
            raise TypeError("a signature is never changed")
        if self.person and (reason := self.reading.why_not(self.person)):
            raise Conflict("may_not_sign", reason)
        self.told = self.reading.words
        super().save(*args, **kwargs)
