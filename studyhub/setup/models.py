"""How an empty system becomes a county's: what has been set up, and by which link."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from studyhub.people.models import Branch, User


class Setup(models.Model):
    """The one row of the first set-up: its link, and what each page made.

    Personal data: which account was the first administrator's, by reference.
    """

    class Lessons(models.TextChoices):
        """What the first course holds."""

        EMPTY = "empty", "先建一门空的课程"
        STARTER = "starter", "载入二十课起步内容，全部是草稿"

    token_hash = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField("链接到期", null=True, blank=True)
    administrator = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    root = models.ForeignKey(
        Branch, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lessons = models.CharField(max_length=8, choices=Lessons.choices, blank=True)
    finished_at = models.DateTimeField("设好的时间", null=True, blank=True)

    class Meta:
        verbose_name = "首次设置"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="setup_setup_one_row")]

    def __str__(self) -> str:
        return f"finished {self.finished_at:%Y-%m-%d}" if self.finished_at else "unfinished"

    @classmethod
    def locked(cls) -> "Setup":
        """The row, made where it is missing; whoever else writes it waits for this transaction."""
        cls.objects.get_or_create(pk=1)
        return cls.objects.select_for_update(of=("self",)).get(pk=1)

    @classmethod
    def is_finished(cls) -> bool:
        return cls.objects.filter(finished_at__isnull=False).exists()


class Upgrade(models.Model):
    """A version that everything here was brought up to. No personal data."""

    version = models.CharField(max_length=40, primary_key=True)
    finished_at = models.DateTimeField()

    class Meta:
        verbose_name = "升级"
        ordering = ["-finished_at"]

    def __str__(self) -> str:
        return self.version

    @classmethod
    def note(cls, version: str) -> None:
        """Everything is as this version wants it, as of now."""
        cls.objects.update_or_create(version=version, defaults={"finished_at": timezone.now()})

    @classmethod
    def latest(cls) -> str:
        """The version noted last; empty on a server where none was."""
        return str(cls.objects.values_list("version", flat=True).first() or "")
