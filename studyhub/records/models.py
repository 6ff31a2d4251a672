"""The append-only log of what phones report. A grow-only set: nothing here is ever changed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from studyhub.core.signals import database_restored
from studyhub.people.models import Member

MOST_RANGES = 1000  # of one device; more would make every answer slow and every row large


class Fact(NamedTuple):
    """What progress needs of a record.

    Half of all that is ever read, so columns instead of whole objects.
    """

    kind: str
    lesson_key: UUID
    revision: int | None
    data: dict[str, Any]
    effective_at: datetime


class RecordQuerySet(models.QuerySet["Record"]):
    """Records by whose they are and what they are about."""

    def of_lessons(self, member: Member, keys: Collection[UUID]) -> Self:
        """One member's records of these lessons."""
        return self.filter(member=member, lesson_key__in=list(keys))

    def marks(self, member: Member, word: str) -> Self:
        """Marks of one sort, such as ``correction_seen``."""
        return self.filter(member=member, kind=Record.Kind.MARK, data__kind=word)

    def facts(self) -> list[Fact]:
        """What progress is derived from; records outside any lesson move none."""
        return [Fact(*row) for row in self.values_list(*Fact._fields) if row[1]]


class Record(models.Model):
    """One thing a learner did.

    The id was made on the phone; that is what makes sending it twice safe.

    Personal data: what somebody studied, answered and wrote. Deleted with the member, or by age.
    """

    class Kind(models.TextChoices):
        """What was done; the shape of ``data`` hangs on it (``records.kinds``)."""

        SECTIONS_READ = "sections_read", "读了小节"
        LESSON_FINISHED = "lesson_finished", "学完了"
        QUIZ_ATTEMPT = "quiz_attempt", "做自测"
        REFLECTION = "reflection", "学习心得"
        MARK = "mark", "书签与笔记"

    class Source(models.TextChoices):
        """How a record came in; flagged for audits, without weight in any result."""

        SESSION = "session", "登录上传"
        TICKET = "ticket", "上传凭证"
        FORM = "form", "网页表单"
        RECEIPT = "receipt", "学习凭条"

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="records", db_index=False
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    lesson_key = models.UUIDField(null=True, blank=True)
    revision = models.PositiveIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField("手机上的时间")
    effective_at = models.DateTimeField("计入的时间")
    received_at = models.DateTimeField(default=timezone.now)
    device_id = models.UUIDField()
    seq = models.PositiveBigIntegerField(null=True, blank=True)
    content_hash = models.CharField(max_length=32)
    source = models.CharField(max_length=8, choices=Source.choices)
    late = models.BooleanField("迟到", default=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "学习记录"
        indexes = [
            models.Index(fields=["member", "lesson_key"], name="records_record_of_lesson"),
            models.Index(fields=["member", "device_id", "seq"], name="records_record_of_device"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class DeviceCursorQuerySet(models.QuerySet["DeviceCursor"]):
    """What is said of many devices at once."""

    def note_gaps(self) -> int:
        """Says so of those that have gaps and were written by who did not know; how many.

        Looks at every row: for the night after an upgrade, while which the version before writes.
        """
        begun_late, torn = Q(ranges__0__0__gt=1), Q(ranges__1__isnull=False)
        return self.filter(begun_late | torn, has_gaps=False).update(has_gaps=True)


class DeviceCursor(models.Model):
    """Which sequence numbers of one device have arrived: makes loss visible.

    ``has_gaps`` says of ``ranges`` whether some are missing, so that the few phones of which that
    is true are found among all (``records.metrics``).

    Personal data: that somebody used some device; the id is random, not derived from the hardware.
    """

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="devices", db_index=False
    )
    device_id = models.UUIDField()
    ranges = models.JSONField(default=list)
    has_gaps = models.BooleanField(default=False, db_default=False, editable=False)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = DeviceCursorQuerySet.as_manager()

    class Meta:
        verbose_name = "设备进度"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "device_id"], name="records_devicecursor_unique"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(has_gaps=True), name="records_devicecursor_gaps"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.device_id}"

    def note(self, numbers: set[int]) -> None:
        """These numbers have arrived, and the device was heard of now; the caller saves."""
        self._hold(close_oldest(merge_ranges(self.ranges, numbers), MOST_RANGES))
        self.seen_at = timezone.now()

    def unite(self, other: "DeviceCursor") -> None:
        """What arrived under either has arrived; the caller saves."""
        self._hold(merge_ranges([*self.ranges, *other.ranges], set()))
        self.seen_at = max(self.seen_at, other.seen_at)

    def _hold(self, ranges: list[list[int]]) -> None:
        self.ranges = ranges
        self.has_gaps = bool(self.missing)

    def has(self, number: int) -> bool:
        """Whether this number arrived at some time."""
        return any(first <= number <= last for first, last in self.ranges)

    @property
    def is_torn(self) -> bool:
        """Whether gaps had to be given up: no phone of ours numbers so wildly."""
        return len(self.ranges) >= MOST_RANGES

    @property
    def max_seq(self) -> int:
        """The highest number that arrived, 0 before the first."""
        return self.ranges[-1][1] if self.ranges else 0

    @property
    def missing(self) -> list[list[int]]:
        """Gaps below ``max_seq`` as [from, to], both counted."""
        gaps, expected = [], 1
        for first, last in self.ranges:
            if first > expected:
                gaps.append([expected, first - 1])
            expected = last + 1
        return gaps


def merge_ranges(ranges: list[list[int]], numbers: set[int]) -> list[list[int]]:
    """Union of sorted, disjoint [from, to] ranges with single numbers."""
    spans = sorted([*map(list, ranges), *([n, n] for n in numbers)])
    merged: list[list[int]] = []
    for first, last in spans:
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return merged


def close_oldest(ranges: list[list[int]], most: int) -> list[list[int]]:
    """At most so many ranges: the oldest gaps are given up."""
    spare = len(ranges) - most
    if spare <= 0:
        return ranges
    return [[ranges[0][0], ranges[spare][1]], *ranges[spare + 1 :]]


class Epoch(models.Model):
    """The life of this database.

    A restore starts a new one, and phones then resend what they keep. No personal data.
    """

    number = models.PositiveIntegerField(unique=True)
    started_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=80, blank=True)

    FIRST = 1  # before any restore

    class Meta:
        verbose_name = "数据纪元"

    def __str__(self) -> str:
        return str(self.number)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A second one and any later one say that the database was restored: that is told."""
        begins = self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if begins and self.number > 1:
                database_restored.send(Epoch, number=self.number)

    @classmethod
    def begin(cls, reason: str) -> "Epoch":
        """A number that no phone has met, also where the same backup is restored a second time.

        Minutes since 1970: counting on from what a backup remembers would come to the same number.
        """
        number = max(cls.current() + 1, int(timezone.now().timestamp() // 60))
        return cls.objects.create(number=number, reason=reason[:80])

    @classmethod
    def current(cls) -> int:
        """The running number."""
        latest: Any = cls.objects.aggregate(latest=models.Max("number"))["latest"]
        return int(latest or cls.FIRST)
