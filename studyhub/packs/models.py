"""What phones may keep: for each lesson the newest pack, or the word that it was withdrawn."""

from typing import Any, Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from studyhub.core.browsers import Browser


class PackHeadQuerySet(models.QuerySet["PackHead"]):
    def since(self, serial: int) -> Self:
        return self.filter(serial__gt=serial).order_by("serial")

    def in_force(self) -> Self:
        return self.exclude(change=PackHead.Change.WITHDRAWN)


class PackHead(models.Model):
    """The newest pack of one lesson. A phone never keeps more than this says.

    ``serial`` rises with every change of any head; a phone asks for what is newer than the last one
    it saw. ``parts`` are ``{url, sha256, bytes, role, type, optional, pieces?}``; files of old
    versions stay where they are, so that a slow download can end.

    No personal data.
    """

    class Change(models.TextChoices):
        """What the newest change asks of a phone that holds the one before."""

        MINOR = "minor", "小改"  # swapped silently at the next opening
        MAJOR = "major", "重要改动"  # swapped, and the reader is told
        WITHDRAWN = "withdrawn", "已下架"  # removed at the first contact

    lesson_key = models.UUIDField("课的标识", unique=True)
    serial = models.PositiveBigIntegerField(unique=True)
    change = models.CharField(max_length=9, choices=Change.choices)
    revision = models.PositiveIntegerField(default=0)
    version = models.CharField(max_length=32, blank=True)
    facts = models.JSONField(default=dict)
    parts = models.JSONField(default=list)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = PackHeadQuerySet.as_manager()

    class Meta:
        verbose_name = "离线包"

    def __str__(self) -> str:
        return f"{self.lesson_key} {self.version}"

    @property
    def required_bytes(self) -> int:
        """Text and pictures: what is stored without asking."""
        return sum(part["bytes"] for part in self.parts if not part["optional"])


class PackSerial(models.Model):
    """The one row that hands out serials; its lock puts concurrent changes in order.

    No personal data.
    """

    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.last)

    @classmethod
    def take(cls) -> int:
        """The next serial. Call inside a transaction: the order of serials is that of commits."""
        row, _ = cls.objects.get_or_create(pk=1)
        row = cls.objects.select_for_update().get(pk=1)
        row.last += 1
        row.save()
        return row.last


def put_head(lesson_key: UUID, **values: Any) -> None:
    """Replace the head of a lesson, under a new serial. Call inside a transaction."""
    values |= {"serial": PackSerial.take(), "changed_at": timezone.now()}
    PackHead.objects.update_or_create(lesson_key=lesson_key, defaults=values)


class PhoneCount(models.Model):
    """How many phones of one kind told in one month what they can do without a network.

    No personal data: counts only.
    """

    class Tier(models.IntegerChoices):
        """As in docs/offline.md."""

        NOTHING = 0, "什么也存不住"
        COLD_START = 1, "没有信号也能打开"
        WHILE_OPEN = 2, "页面开着时能接着学"

    month = models.DateField("月份")  # its first day
    tier = models.PositiveSmallIntegerField("档", choices=Tier.choices)
    browser = models.CharField("浏览器", max_length=16, choices=Browser.choices)
    phones = models.PositiveIntegerField("部", default=0)

    class Meta:
        verbose_name = "手机档位"
        ordering = ["-month", "browser", "tier"]
        constraints = [
            models.UniqueConstraint(fields=["month", "tier", "browser"], name="packs_phones_once")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.browser} {self.tier}: {self.phones}"
