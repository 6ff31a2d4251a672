"""Study plans, and progress derived from records.

Progress may be thrown away and rebuilt at any time.
"""

from datetime import date
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from studyhub.people.models import Branch, Member


class LessonStatus(models.TextChoices):
    """Where a member stands with a lesson; the values are those of the API."""

    NOT_STARTED = "not_started", "未开始"
    IN_PROGRESS = "in_progress", "在学"
    FINISHED = "finished", "学完"


class StudyPlanQuerySet(models.QuerySet["StudyPlan"]):
    """Plans by when they run and whom they reach."""

    def published(self) -> Self:
        """Those that learners see; a draft is for whoever writes it."""
        return self.filter(is_draft=False)

    def running(self, day: date) -> Self:
        """Those that run on ``day``; first and last day count."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def for_branch(self, branch: Branch) -> Self:
        """Plans of the branch and of everything above it."""
        return self.reaching(Branch.objects.filter(pk=branch.pk))

    def reaching(self, branches: models.QuerySet[Branch]) -> Self:
        """The same of several, each plan once."""
        below = branches.filter(path__startswith=OuterRef("branch__path"))
        return self.filter(Exists(below))


class StudyPlan(models.Model):
    """What a branch and everything below it studies in a season. No personal data.

    ``version`` counts what was saved, so that of two people at one plan the second is told.
    Written through ``learning.plan_changes`` alone.
    """

    slug = models.SlugField("代号", unique=True)
    title = models.CharField("名称", max_length=60)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="plans")
    starts_on = models.DateField("开始")
    ends_on = models.DateField("结束")
    is_draft = models.BooleanField("草稿", default=False, db_default=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = StudyPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "学习计划"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="learning_studyplan_dates"
            )
        ]

    def __str__(self) -> str:
        return self.title


class PlannedLesson(models.Model):
    """A lesson of a plan. No personal data."""

    plan = models.ForeignKey(
        StudyPlan, on_delete=models.CASCADE, related_name="planned", db_index=False
    )
    lesson_key = models.UUIDField()
    required = models.BooleanField("必学", default=True)
    due_on = models.DateField("最迟", null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "计划中的课"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "lesson_key"], name="learning_plannedlesson_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.lesson_key}"


class ProgressQuerySet(models.QuerySet["Progress"]):
    """Rows of progress by how far they are and of what."""

    def finished(self) -> Self:
        """Those whose lesson was finished at some time; that is never taken back."""
        return self.filter(finished_at__isnull=False)

    def of_lessons(self, keys: list[UUID]) -> Self:
        """Those of these lessons, whoever's they are."""
        return self.filter(lesson_key__in=keys)


class Progress(models.Model):
    """How far a member is with a lesson: a function of their records (``learning.progress_rules``).

    ``first_read`` is the revision by section read. It may be null, so that the version before can
    still write rows.

    Personal data: what somebody studied.
    """

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="progress", db_index=False
    )
    lesson_key = models.UUIDField()
    sections_read = models.JSONField(default=list)
    first_read = models.JSONField(default=dict, null=True, blank=True)
    quiz_best = models.PositiveSmallIntegerField(null=True, blank=True)
    quiz_attempts = models.PositiveIntegerField(default=0)
    declared_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_revision = models.PositiveIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = "学习进度"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "lesson_key"], name="learning_progress_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.lesson_key}"


class BranchCount(models.Model):
    """How much counts for a branch itself from ``day`` on: a sum of changes, which were deleted.

    ``subject`` is the key of a lesson finished, or one of ``learning.counters``. No personal data,
    but counts of few people: shown through ``learning.branches`` alone.
    """

    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject = models.UUIDField()
    day = models.DateField()
    count = models.IntegerField()

    class Meta:
        verbose_name = "党组织的学习计数"
        constraints = [
            models.UniqueConstraint(
                fields=["branch", "subject", "day"], name="learning_branchcount_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.branch_id} {self.day} {self.subject}: {self.count}"


class BranchCountChange(models.Model):
    """What a count becomes more or less by, until it is added to it. Written and deleted only.

    Without a key to the branch in the database: who moves a branch would wait for who studies.
    No personal data, as with ``BranchCount``.
    """

    branch = models.ForeignKey(
        Branch, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    subject = models.UUIDField()
    day = models.DateField()
    count = models.IntegerField()

    class Meta:
        verbose_name = "学习计数的变动"

    def __str__(self) -> str:
        return f"{self.branch_id} {self.day} {self.subject}: {self.count:+}"
