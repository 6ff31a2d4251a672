"""Reviews: who signed which wording, who wrote it, and what was corrected before it was signed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from content.models.question_checks import due_words, writers_in_bank
from content.review_rules import Signature, Signed
from content.units import Unit, units_of


class SignOff(models.Model):
    """One signature under one unit of a page; only ever added. ``lesson_key`` is the page's key,
    of whatever kind it is.

    ``name`` and ``office`` stay when the account is gone; ``told`` is what was signed, for the day
    its revision is no longer kept.
    Personal data: the name of who signed.
    """

    class Kind(models.TextChoices):
        REVIEW = "review", "审核"
        URGENT = "urgent", "紧急更正"
        BEFORE = "before", "上线前已发布"

    wagtail_reference_index_ignore = True

    lesson_key = models.UUIDField("课的标识")
    unit = models.CharField("哪一处", max_length=36)
    unit_hash = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField("审级")
    kind = models.CharField("依据", max_length=6, choices=Kind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField("姓名", max_length=80)
    office = models.CharField("审级名称", max_length=20)
    opinion = models.CharField("意见", max_length=500, blank=True)
    told = models.JSONField("签的是什么", default=dict)
    signed_at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "审签"
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lesson_key", "unit", "unit_hash", "level"], name="content_signoff_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} {self.unit} {self.level}"

    def as_signature(self) -> Signature:
        owed = self.kind == self.Kind.URGENT
        return Signature(self.unit, self.unit_hash, self.level, self.person_id, owed)


class UnitAuthor(models.Model):
    """Who first wrote a unit in this wording; of what was there before, nobody.

    Personal data: which account wrote what.
    """

    wagtail_reference_index_ignore = True

    lesson_key = models.UUIDField("课的标识")
    unit = models.CharField("哪一处", max_length=36)
    unit_hash = models.CharField(max_length=64)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "起草人"
        constraints = [
            models.UniqueConstraint(
                fields=["lesson_key", "unit", "unit_hash"], name="content_unitauthor_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lesson_key} {self.unit}"


class UrgentCorrection(models.Model):
    """A live lesson was corrected first and is reviewed afterwards, within a day.

    Personal data: the name of who published it.
    """

    wagtail_reference_index_ignore = True

    lesson_key = models.UUIDField("课的标识", db_index=True)
    page = models.ForeignKey(
        "wagtailcore.Page", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField("姓名", max_length=80)
    reason = models.CharField("理由", max_length=200)
    units = models.JSONField("改了哪几处", default=dict)
    published_at = models.DateTimeField("发布时间", default=timezone.now)
    due_at = models.DateTimeField("补审期限")

    class Meta:
        verbose_name = verbose_name_plural = "紧急更正"
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return f"{self.lesson_key} {self.published_at:%Y-%m-%d}"


def levels() -> int:
    """How many levels a page passes at most before it is published; 0 to 3."""
    count: int = settings.REVIEW_LEVELS
    return count


def levels_asked(page: Any) -> int:
    """How many of them a page of its kind passes."""
    return min(levels(), page.most_levels)


def signatures_of(lesson_key: UUID) -> list[Signature]:
    rows = SignOff.objects.filter(lesson_key=lesson_key).defer("told", "opinion")
    return [one.as_signature() for one in rows]


def signed_of(page: Any, units: Sequence[Unit] | None = None) -> Signed:
    """The signatures that hold for the page as it stands in memory."""
    units = units_of(page) if units is None else units
    return Signed(units, signatures_of(page.translation_key))


def unsigned_of(page: Any) -> list[Unit]:
    """What keeps the page as it stands in memory from being published; nothing mostly."""
    return signed_of(page).unsigned(levels_asked(page)) if levels() else []


def authors_of(page: Any, units: Sequence[Unit]) -> set[tuple[str, int | None]]:
    """Who wrote each unit as it is worded now; of a copy, who worded it in the bank as well."""
    now = {(unit.id, unit.hash) for unit in units}
    rows = UnitAuthor.objects.filter(lesson_key=page.translation_key)
    columns = rows.values_list("unit", "unit_hash", "person")
    here = {(unit, person) for unit, digest, person in columns if (unit, digest) in now}
    return here | writers_in_bank(page)


def due_at(page: Any, level: int) -> str:
    """What keeps this level from signing although it may: the last one waits for 待复核."""
    return due_words(page) if level == levels_asked(page) else ""
