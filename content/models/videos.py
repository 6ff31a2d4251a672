"""What editors made of a lesson's scenes, and its rendered films (decision 0056)."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from content.models.lessons import LessonPage

CLAIM = timedelta(minutes=3)  # longer than one scene may take


class Storyboard(models.Model):
    """The scenes of a lesson as an editor left them: ``[{id, words, seconds, image_id, source,
    removed}]`` in order; ``source`` is the hash of the lesson's words they were made from.

    ``confirmed`` is the hash of the free words that a second person has confirmed. Personal data:
    who changed and confirmed it, by account.
    """

    wagtail_reference_index_ignore = True

    page = models.OneToOneField(LessonPage, on_delete=models.CASCADE, related_name="+")
    scenes: Any = models.JSONField(default=list, db_default=[])
    version = models.PositiveIntegerField(default=0, db_default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed = models.CharField(max_length=32, blank=True, default="", db_default="")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = "分镜"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.page_id)


class VerticalVideoQuerySet(models.QuerySet["VerticalVideo"]):
    def waiting(self) -> Self:
        """To be rendered, and in nobody's hands."""
        free = Q(claimed_until=None) | Q(claimed_until__lt=timezone.now())
        return self.filter(free, state=VerticalVideo.State.WAITING)

    def done(self) -> Self:
        return self.filter(state=VerticalVideo.State.DONE)


class VerticalVideo(models.Model):
    """One film of one revision of a lesson: the row is the job (decision 0003).

    ``plan`` are its scenes as they were when somebody pressed the button; ``key`` names what is in
    the film, and its files. No personal data but who pressed it, by account.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "正在生成"
        DONE = "done", "做好了"
        FAILED = "failed", "没有做成"

    wagtail_reference_index_ignore = True

    page = models.ForeignKey(LessonPage, on_delete=models.CASCADE, related_name="+", db_index=False)
    revision = models.PositiveIntegerField("版次")
    key = models.CharField(max_length=32)
    plan: Any = models.JSONField(default=list)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    error = models.CharField("为什么没有做成", max_length=500, blank=True, default="")
    scenes_done = models.PositiveSmallIntegerField("做好的镜头", default=0)
    seconds = models.PositiveSmallIntegerField("秒", default=0)
    bytes = models.PositiveBigIntegerField("大小", default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    machine_voice = models.BooleanField("机器合成的声音", default=False)
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)

    objects = VerticalVideoQuerySet.as_manager()

    class Meta:
        verbose_name = "竖屏视频"
        default_permissions = ()
        ordering = ["asked_at", "pk"]
        # Not ``db_index``: PostgreSQL would keep a second one for ``LIKE``.
        indexes = [models.Index(fields=["key"], name="content_verticalvideo_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "revision", "key"], name="content_verticalvideo_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id} r{self.revision} {self.state}"

    @property
    def file_name(self) -> str:
        return f"videos/{self.key}.mp4"

    @property
    def cover_name(self) -> str:
        return f"videos/{self.key}.jpg"

    @property
    def scenes_all(self) -> int:
        return len(self.plan)

    def claim(self) -> bool:
        """For one scene; False where a worker is busy with this or another film, or it is over."""
        if VerticalVideo.objects.filter(claimed_until__gt=timezone.now()).exists():
            return False
        mine = VerticalVideo.objects.waiting().filter(pk=self.pk)
        taken = mine.update(claimed_until=timezone.now() + CLAIM, tries=models.F("tries") + 1)
        self.refresh_from_db()
        return bool(taken)
