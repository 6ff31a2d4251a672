"""What the running product notes about itself."""

from datetime import timedelta

from django.db import models
from django.utils import timezone


class Heartbeat(models.Model):
    """When a background process was last alive. No personal data."""

    STALE_AFTER = timedelta(seconds=60)

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        """Note that this process is alive now."""
        cls.objects.update_or_create(name=name, defaults={"beat_at": timezone.now()})

    @classmethod
    def alive(cls, beginning: str, within: timedelta) -> list[str]:
        """The processes whose name begins so and that beat within this time."""
        recent = cls.objects.filter(name__startswith=beginning, beat_at__gt=timezone.now() - within)
        return sorted(recent.values_list("name", flat=True))

    @classmethod
    def is_alive(cls, name: str) -> bool:
        """Whether it beat within ``STALE_AFTER``; a process never seen is not alive."""
        return cls.objects.filter(name=name, beat_at__gt=timezone.now() - cls.STALE_AFTER).exists()
