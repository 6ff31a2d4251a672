"""我换地方了: what members say of themselves, and what came of it. Both only ever grow."""

from typing import Self

from django.db import models
from django.utils import timezone

from studyhub.core.crypto import EncryptedJSONField, EncryptedTextField
from studyhub.people.models.accounts import User
from studyhub.people.models.members import Member


class MoveReportQuerySet(models.QuerySet["MoveReport"]):
    """Reports in the one order in which they count."""

    def in_order(self) -> Self:
        """By when they were said, then by id: the same for every phone and every order."""
        return self.order_by("at", "pk")


class MoveReport(models.Model):
    """A member's own word on where they are now; never the ledger itself. Append-only.

    The id was made on the phone or with the form. Whatever was not said is empty.

    Personal data: place to the county, phone (encrypted), trade, months of coming and going.
    """

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="move_reports", db_index=False
    )
    at = models.DateTimeField("什么时候说的")
    received_at = models.DateTimeField(default=timezone.now)
    place = models.CharField("去了哪里", max_length=60, blank=True)
    phone = EncryptedTextField("手机", blank=True)
    trade = models.CharField("行业", max_length=16, choices=Member.Trade.choices, blank=True)
    since = models.CharField("从哪个月起", max_length=7, blank=True)
    return_month = models.CharField("预计返乡月份", max_length=7, blank=True)

    objects = MoveReportQuerySet.as_manager()

    class Meta:
        verbose_name = "换地方的报告"
        indexes = [models.Index(fields=["member", "at"], name="people_movereport_of_member")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.at:%Y-%m-%d}"


class MoveAnswer(models.Model):
    """What who looks after the member did about the reports up to ``through``. Append-only.

    Both stay: what was reported stands in the reports, what was entered and what the ledger said
    before stand here.

    Personal data: as in ``MoveReport`` (encrypted), and who answered.
    """

    class Outcome(models.TextChoices):
        """What was done."""

        ENTERED = "entered", "已登记"
        ASKED_BACK = "asked_back", "想再问一句"

    class Question(models.TextChoices):
        """What is asked back; anything else is better said by telephone."""

        NONE = "", ""
        WHICH_PLACE = "which_place", "是哪个省、市、县？请写全一些"
        WHICH_PHONE = "which_phone", "电话打不通，请再核对一下号码"
        CALL_ME = "call_me", "请方便时给我打个电话"

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, related_name="move_answers", db_index=False
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    through = models.DateTimeField("答的是到什么时候为止的报告")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    question = models.CharField(max_length=12, choices=Question.choices, blank=True)
    before = EncryptedJSONField(default=dict, blank=True)
    entered = EncryptedJSONField(default=dict, blank=True)

    class Meta:
        verbose_name = "对报告的答复"
        indexes = [models.Index(fields=["member", "at"], name="people_moveanswer_of_member")]

    def __str__(self) -> str:
        return f"{self.member_id} {self.outcome}"
