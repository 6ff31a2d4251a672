"""What was changed on the ledger, by whom and when."""

from collections.abc import Collection
from typing import Any, Self

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils import timezone

from studyhub.people.models.accounts import User
from studyhub.people.models.members import Member


class LedgerChangeQuerySet(models.QuerySet["LedgerChange"]):
    """Changes, the last first."""

    def of(self, member: Member) -> Self:
        """All that was done to the member, and to entries that were merged into theirs."""
        merged = Member.objects.filter(merged_into=member).values("pk")
        whose = models.Q(member=member) | models.Q(member__in=merged)
        return self.filter(whose).select_related("changed_by").order_by("-pk")


class LedgerChange(models.Model):
    """One act on a member's lines of the ledger: each field as it was and as it is. Append-only.

    ``before`` and ``after`` say the same fields by the name people read, each as people read it; a
    field that was empty is left out. Phones are masked.

    Personal data: what the ledger said of somebody, and who changed it.
    """

    class Act(models.TextChoices):
        """What was done, in a word or two for the member."""

        ENTERED = "entered", "登记进台账"
        DETAILS = "details", "改资料"
        OWN_DETAILS = "own_details", "本人改资料"  # until decision 0035; now it waits as a report
        HOME = "home", "改所在党组织"
        HOST = "host", "改流入地党组织"
        GROUP_JOINED = "group_joined", "进学习小组"
        GROUP_LEFT = "group_left", "离开学习小组"
        EXEMPTED = "exempted", "免除学习要求"
        EXEMPTION_ENDED = "exemption_ended", "不再免除学习要求"
        ENDED = "ended", "离开名册"
        RETURNED = "returned", "撤销离开名册"
        CORRECTED = "corrected", "更正日期"
        MERGED = "merged", "合并重复的登记"
        BRANCH_MERGED = "branch_merged", "党组织合并"
        BRANCH_ENDED = "branch_ended", "党组织撤销"
        UNDONE = "undone", "撤销花名册导入"

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="ledger_changes")
    changed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    act = models.CharField(max_length=20, choices=Act.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = LedgerChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "台账变更"

    def __str__(self) -> str:
        return f"{self.member_id} {self.act}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Written once: what was believed before is never written anew."""
        if not self._state.adding:
            raise ImproperlyConfigured("A change of the ledger is never changed.")
        super().save(*args, **kwargs)

    @property
    def fields(self) -> Collection[tuple[str, str, str]]:
        """Each field that differs: its name, what it said, what it says."""
        names = dict.fromkeys([*self.before, *self.after])
        return [(name, self.before.get(name, ""), self.after.get(name, "")) for name in names]
