"""A member's way in without a password."""

from datetime import datetime
from typing import Self

from django.db import models

from studyhub.core.crypto import lookup_indexes
from studyhub.people.models.accounts import User
from studyhub.people.models.members import Member


class PersonalCodeQuerySet(models.QuerySet["PersonalCode"]):
    """Codes, found by what was typed."""

    def good(self, now: datetime) -> Self:
        """Those that still let somebody in."""
        unused = models.Q(used_at=None) | models.Q(on_paper=True)
        return self.filter(unused, expires_at__gt=now)

    def spelled(self, code: str) -> Self:
        return self.filter(digest__in=lookup_indexes(code))


class PersonalCode(models.Model):
    """A code that a leader or liaison gave a member: good once, for some days.

    One ``on_paper`` is good for a year and as often as it is used, till the next one.

    Personal data: for whom, by whom and when; the code itself only as a keyed digest.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="personal_codes")
    digest = models.CharField(max_length=64, unique=True)
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField("给的时间")
    expires_at = models.DateTimeField("有效到")
    on_paper = models.BooleanField("写在纸上的", default=False, db_default=False)
    used_at = models.DateTimeField("用掉的时间", null=True)

    spoken = ""  # the code itself, on the one that was just given

    objects = PersonalCodeQuerySet.as_manager()

    class Meta:
        verbose_name = "个人码"

    def __str__(self) -> str:
        return f"{self.member_id} {self.given_at:%Y-%m-%d}"
