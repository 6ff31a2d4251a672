"""Keeping in touch (2019 regulation, art. 29 and 33): who was called, and what came of it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone

from studyhub.people.models.accounts import User
from studyhub.people.models.members import Member


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts by whom they were with."""

    def newest_first(self) -> Self:
        return self.select_related("by").order_by("-at", "-pk")

    def reached(self) -> Self:
        """Those in which somebody answered."""
        return self.filter(outcome__in=Contact.ANSWERED)

    def since(self, moment: datetime) -> Self:
        return self.filter(at__gte=moment)


class Contact(models.Model):
    """One call, message or visit, noted by who keeps in touch; shown to its member. Append-only.

    The id was made with the form or on the phone, so that sending it twice is safe. There is room
    for what was done and for nothing about the person: no mood, whereabouts or opinion.

    Personal data: who kept in touch with whom, when and how.
    """

    class Way(models.TextChoices):
        """How somebody was spoken to."""

        PHONE = "phone", "打电话"
        MESSAGE = "message", "发消息"
        VISIT = "visit", "上门"

    class Outcome(models.TextChoices):
        """What came of it; says something of the call and nothing of the person."""

        REACHED = "reached", "联系上了"
        NO_ANSWER = "no_answer", "没有接"
        WRONG_NUMBER = "wrong_number", "号码不对"
        OTHER_DAY = "other_day", "改天再说"
        ASKED = "asked", "有事要帮"

    class NextStep(models.TextChoices):
        """What the one who noted it means to do."""

        NONE = "", "没有"
        CALL_AGAIN = "call_again", "过几天再联系"
        SHOW_HOW = "show_how", "教他怎么用"
        FIND_NUMBER = "find_number", "问到新号码"
        VISIT = "visit", "上门看看"
        PASS_ON = "pass_on", "报给党组织"

    ANSWERED = (Outcome.REACHED, Outcome.OTHER_DAY, Outcome.ASKED)

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="contacts", db_index=False
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("什么时候")
    received_at = models.DateTimeField(default=timezone.now)
    way = models.CharField("怎么联系", max_length=8, choices=Way.choices)
    outcome = models.CharField("结果", max_length=12, choices=Outcome.choices)
    next_step = models.CharField("下一步", max_length=12, choices=NextStep.choices, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = "联系记录"
        indexes = [models.Index(fields=["member", "-at"], name="people_contact_of_member")]

    def __str__(self) -> str:
        return f"{self.by_id} {self.way} {self.member_id}"
