"""Recordings of people who tell what they lived through, and what they agreed to."""

import json
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any, Self
from urllib.parse import unquote
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models, transaction
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.documents import get_document_model_string
from wagtailmedia.edit_handlers import MediaChooserPanel
from wagtailmedia.models import get_media_model

from content.models.recordings import with_same_sound
from content.models.ticked import Ticked
from content.models.twins import BlockTwin
from studyhub.core.clock import today

_Mixin: Any = object  # in the page models it stands before Page, whose methods it calls
RECORDED = ("audio", "video", "exhibit")  # kinds of blocks that play a recording
# Kinds of channels and their Chinese names; whoever delivers says so (``oral_histories``).
channel_names: Callable[[], Iterable[tuple[str, str]]] = lambda: ()  # noqa: E731


class ChannelKinds(Ticked):
    """Kinds of channels."""

    def names(self) -> Iterable[tuple[str, str]]:
        return channel_names()


class OralHistoryQuerySet(models.QuerySet["OralHistory"]):
    def of(self, media_ids: Collection[int]) -> Self:
        """Of these recordings, and of every file in which the same is heard."""
        return self.filter(media_id__in=with_same_sound(media_ids))


class OralHistory(models.Model):
    """One recording, who tells in it, and where it may be heard until when.

    Personal data: the teller's name, which no page shows unless it is also ``shown_as``.
    """

    media = models.OneToOneField(
        "wagtailmedia.Media",
        on_delete=models.CASCADE,  # refused by name while it stands here
        related_name="oral_history",
        verbose_name="录音或视频",
    )
    teller = models.CharField("讲述人", max_length=40, help_text="真名，只在后台看得到")
    shown_as = models.CharField(
        "对外的称呼",
        max_length=40,
        help_text="愿意用真名就写真名，也可以写化名，例如“巴老人”",
    )
    told_on = models.DateField("哪天讲的", null=True, blank=True)
    consented_on = models.DateField("哪天同意的")
    form = models.ForeignKey(
        get_document_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name="同意书",
        help_text="签字的扫描件或说明；只在后台看得到",
    )
    on_site = models.BooleanField(
        "同意放在网站和手机上",
        default=False,
        db_default=False,
        help_text="不勾选，用到它的课不能上线",
    )
    channels = ChannelKinds("同意发到的渠道", default=list, blank=True, db_default=[])
    expires_on = models.DateField(
        "同意到哪天为止", null=True, blank=True, help_text="这一天还可以用；不填就是没有期限"
    )
    withdrawn_on = models.DateField(
        "哪天撤回的",
        null=True,
        blank=True,
        help_text="填上并保存，用到它的课当场下架，排队的不再发出，手机上的离线课也会拿掉",
    )

    objects = OralHistoryQuerySet.as_manager()

    panels = [
        MediaChooserPanel("media"),
        FieldRowPanel([FieldPanel("teller"), FieldPanel("shown_as"), FieldPanel("told_on")]),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("consented_on"), FieldPanel("expires_on")]),
                FieldPanel("form"),
                FieldPanel("on_site"),
                FieldPanel("channels"),
                FieldPanel("withdrawn_on"),
            ],
            heading="本人的同意",
        ),
    ]

    class Meta:
        verbose_name = "口述"
        verbose_name_plural = "口述历史"
        ordering = ["-consented_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.shown_as}的口述"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk and self._other_recording():
            raise ValidationError("一份同意只管一段录音，不能换。")
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.media_id and self.pk and self._other_recording():
            problem = "一份同意只管一段录音，不能换。换了录音，请另写一条。"
            raise ValidationError({"media": problem})
        if self.media_id and (other := self._same_sound()):
            problem = f"这段录音已经有一条口述：{other}。请改那一条，不用另写。"
            raise ValidationError({"media": problem})
        if self.media_id and self._is_in_a_twin():
            problem = "这段录音在译文里用着，不是口述。请先到“蒙文译校”里换下来。"
            raise ValidationError({"media": problem})
        if self.consented_on and self.consented_on > today():
            raise ValidationError({"consented_on": "这一天还没有到，请填实际同意的日期。"})
        for name, what in (("expires_on", "期限"), ("withdrawn_on", "撤回")):
            moment = getattr(self, name)
            if moment and self.consented_on and moment < self.consented_on:
                raise ValidationError({name: f"{what}的日期在同意以前，请核对。"})

    def _same_sound(self) -> "OralHistory | None":
        """Another entry, of a file in which the same is heard."""
        return OralHistory.objects.of([self.media_id]).exclude(pk=self.pk).first()

    def _is_in_a_twin(self) -> bool:
        same = with_same_sound([self.media_id])
        return BlockTwin.objects.at_work().filter(sound__in=same).exists()

    def _other_recording(self) -> bool:
        stored = type(self).objects.filter(pk=self.pk)
        return stored.exists() and not stored.filter(media_id=self.media_id).exists()

    def ended(self, day: date) -> str:
        """Why it may be heard nowhere on this day; empty where it may."""
        if self.withdrawn_on and self.withdrawn_on <= day:
            return f"{self}已经撤回同意（{self.withdrawn_on:%Y-%m-%d}）"
        if self.expires_on and self.expires_on < day:
            return f"{self}的同意已经到期（{self.expires_on:%Y-%m-%d}）"
        return ""

    def refused_on_site(self, day: date) -> str:
        """Why no page may play it on this day; empty where one may."""
        return self.ended(day) or ("" if self.on_site else f"{self}没有同意放在网站和手机上")

    def named_in(self, texts: str, files: str = "") -> str:
        """What is wrong where these texts, or what its file (or ``files``, which are played) is
        called, say the true name of a teller who asked for another; empty where nothing is."""
        if self.teller == self.shown_as:
            return ""
        if self.teller in f"{self.media.title} {unquote(self.media.file.name)} {files}":
            return f"{self}的文件名或标题里有真名，请改了名字重新上传，另写一条口述"
        named = f"写到了{self}的真名，对外请称“{self.shown_as}”"
        return named if self.teller in texts else ""

    def refused_for(self, kind: str, day: date) -> str:
        """The same for a kind of channel."""
        named = dict(channel_names()).get(kind, kind)
        agreed = self.on_site and kind in self.channels
        return self.ended(day) or ("" if agreed else f"{self}没有同意发到“{named}”")


class OralHistoryPlace(models.Model):
    """A lesson in which a recording could be heard, now or once: what it said stands in the history
    of the lesson. No personal data.
    """

    story = models.ForeignKey(
        OralHistory,
        on_delete=models.CASCADE,
        related_name="places",
        related_query_name="place",
        db_index=False,
    )
    lesson_key = models.UUIDField(db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["story", "lesson_key"], name="content_oralplace_once")
        ]

    def __str__(self) -> str:
        return f"{self.story_id} {self.lesson_key}"


def recordings_in(body: Any) -> list[int]:
    """The numbers of the recordings that a page plays."""
    blocks = [child.value for child in body if child.block_type in RECORDED]
    return [value["media"].pk for value in blocks if value.get("media")]


def said_of(body: Any, texts: Iterable[Any]) -> list[str]:
    """What keeps a page with this body and these texts from the site: a recording that may not be
    heard there, a true name where its teller asked for another."""
    numbers = recordings_in(body)
    stories = list(OralHistory.objects.of(numbers).select_related("media"))
    if not stories:
        return []
    played = get_media_model().objects.filter(pk__in=numbers)
    files = " ".join(f"{one.title} {unquote(one.file.name)}" for one in played)
    whole = json.dumps([*texts, body.get_prep_value()], ensure_ascii=False, default=str)
    refused = [said for story in stories if (said := story.refused_on_site(today()))]
    return [*refused, *(said for story in stories if (said := story.named_in(whole, files)))]


def refusals(page: Any) -> list[str]:
    """The same of a page as it stands in memory."""
    return said_of(page.body, [page.title, page.summary, getattr(page, "change_note", "")])


@transaction.atomic
def refuse_without_consent(page: Any) -> None:
    """Raises ValidationError where a recording may not be heard on the site, or names who tells.

    Whoever withdraws at this moment waits, and then finds the page live; or it waits for them.
    """
    numbers = recordings_in(page.body)
    list(OralHistory.objects.of(numbers).order_by("pk").select_for_update())
    if numbers and (said := refusals(page)):
        detail = f"不能上线：{'；'.join(said)}。请改好这一处，或到“口述历史”补上同意。"
        raise ValidationError(detail)


def is_taken_back(lesson_key: UUID) -> bool:
    """Whether somebody who told in this lesson, now or once, may not be heard any more."""
    stories = OralHistory.objects.filter(place__lesson_key=lesson_key)
    return any(story.refused_on_site(today()) for story in stories)


class ToldWithConsent(_Mixin):
    """Whichever way a page goes live, it goes with the consent of whoever tells in it."""

    def save(self, *args: Any, update_fields: Collection[str] | None = None, **kwargs: Any) -> None:
        if self.live and (update_fields is None or "body" in update_fields):
            refuse_without_consent(self)
        super().save(*args, update_fields=update_fields, **kwargs)
