"""A roster between the look at it and the word to take it in; how an office writes its own."""

from datetime import timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from studyhub.core.crypto import EncryptedJSONField
from studyhub.people.models.accounts import User
from studyhub.people.models.members import Branch

KEPT = timedelta(days=1)
LOST_AFTER = timedelta(seconds=150)  # a task is killed after 120: who took it up then is gone


class RosterUploadQuerySet(models.QuerySet["RosterUpload"]):
    """Uploads, the newest first."""

    def overdue(self) -> Self:
        """Those whose rows have been kept long enough."""
        return self.filter(uploaded_at__lt=timezone.now() - KEPT).exclude(rows=None)

    def lost(self) -> Self:
        """Those that wait to be taken in though a worker should have done it by now."""
        since = Coalesce("started_at", "asked_at")
        return self.asked().annotate(since=since).filter(since__lt=timezone.now() - LOST_AFTER)

    def asked(self) -> Self:
        """Those that somebody wants taken in, and that are not yet."""
        return self.filter(RosterUpload.ASKED)

    def past_undoing(self) -> Self:
        """Those taken in so long ago that they cannot be taken back."""
        taken = self.filter(taken_in_at__lt=timezone.now() - KEPT)
        return taken.exclude(done=None, left=None)


class RosterUpload(models.Model):
    """A file of an office, compared with the ledger and perhaps taken in.

    The row is the job (decision 0003): ``asked_at`` and ``asked_by`` say that a worker is to take
    it in, ``started_at`` and ``tries`` how often one took it up, ``problem`` why it was not done.

    Personal data: the rows of the file with what was ``chosen`` for them, encrypted, and gone
    within a day or as soon as they are taken in; what was ``done``, and the lines that were
    ``left`` out as unclear, encrypted, for as long as it can be undone; who uploaded it and who
    took it in, and how many lines changed what.
    """

    ASKED = models.Q(asked_at__isnull=False, taken_in_at__isnull=True, problem="")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField("文件", max_length=120)
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now)
    rows = EncryptedJSONField(null=True)
    create_missing = models.BooleanField("建好没有的党组织", default=False)
    taken_in_at = models.DateTimeField("写进台账的时间", null=True)
    counts = models.JSONField(default=dict)
    chosen = EncryptedJSONField(null=True)
    done = EncryptedJSONField(null=True)
    left = EncryptedJSONField(null=True)
    asked_at = models.DateTimeField("要求写的时间", null=True)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField("开始写的时间", null=True)
    tries = models.PositiveSmallIntegerField("写了几次", default=0, db_default=0)
    problem = models.CharField(
        "没有写的原因", max_length=200, blank=True, default="", db_default=""
    )
    undone_at = models.DateTimeField("撤销的时间", null=True)

    objects = RosterUploadQuerySet.as_manager()

    class Meta:
        verbose_name = "花名册"
        ordering = ["-uploaded_at", "-pk"]
        # What waits, among all that were taken in: the sweep's rows.
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(asked_at__isnull=False, taken_in_at__isnull=True, problem=""),
                name="people_rosterupload_asked",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_being_taken(self) -> bool:
        """Whether it waits for a worker, or is with one."""
        return self.asked_at is not None and self.taken_in_at is None and not self.problem

    @property
    def can_be_undone(self) -> bool:
        """Whether it is early enough; what was built on it is asked elsewhere."""
        taken = self.taken_in_at
        return bool(self.done) and taken is not None and taken > timezone.now() - KEPT


class RosterLayout(models.Model):
    """How an office writes its roster. No personal data.

    The office is the topmost branch that whoever imports keeps. ``headings`` are the columns of the
    roster it took in last, as it calls them and in its order; ``assigned`` is what it said columns
    are that we do not know by name.
    """

    branch = models.OneToOneField(Branch, on_delete=models.CASCADE, related_name="+")
    headings = models.JSONField(default=list)
    assigned = models.JSONField(default=dict)

    class Meta:
        verbose_name = "花名册的列"

    def __str__(self) -> str:
        return str(self.branch)


class RosterExport(models.Model):
    """A note that somebody took lines of the ledger along as a file.

    Personal data: who, when and how many people.
    """

    exported_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    exported_at = models.DateTimeField("导出时间", default=timezone.now)
    people = models.PositiveIntegerField("人数")

    class Meta:
        verbose_name = "花名册的导出"
        ordering = ["-exported_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.exported_at:%Y-%m-%d %H:%M} {self.people}"
