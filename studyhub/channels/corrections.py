"""A correction opens a task for each channel on which an older text still stands.

Nobody closes a task by ticking it off: it is over once nothing older is out on that account, or a
person has said what became of it (decision 0047).
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from wagtail.admin.utils import get_user_display_name

from content import catalogue
from studyhub.channels import requests
from studyhub.channels.models import ChannelAccount, CorrectionAnswer, Delivery
from studyhub.core.characters import one_line, shows_nothing
from studyhub.core.errors import Conflict, Invalid

MOST_WORDS = 200
IMPORTANT, FACT, WORDING = "重要", "事实", "文字"
State = Delivery.State
Outcome = CorrectionAnswer.Outcome
Place = tuple[UUID, int]  # a lesson on an account


@dataclass(frozen=True)
class Task:
    """One lesson on one account. ``copies`` are out and older than the correction ``revision``;
    ``kind`` is in a word what they have wrong, ``newer`` the delivery of the corrected text."""

    lesson_key: UUID
    title: str
    account: ChannelAccount
    revision: int
    kind: str
    copies: list[Delivery]
    newer: Delivery | None

    @property
    def anchor(self) -> str:
        """Where it stands on the page of all."""
        return f"t-{self.lesson_key}-{self.account.key}"

    @property
    def next_step(self) -> str:
        """What a person does about it."""
        if self.newer is None:
            return "新版还没有交给这个渠道。"
        if self.newer.state == State.PUBLISHED:
            return "新版已经发出，旧的还在。请把旧的撤回；撤不回的，在下面写明。"
        return f"新版：{self.newer.get_state_display()}。发出以后还要把旧的撤回。"


def open_tasks() -> list[Task]:
    """What matters most first; four queries however many there are."""
    told = catalogue.told_corrections()
    copies = [row for row in _out(list(told)) if row.revision < max(told[row.lesson_key])]
    answered, newer = _answered(copies), _newer(copies)
    by_place = groupby(sorted(copies, key=_place_of), key=_place_of)
    tasks = [
        _task(list(rows), told[place[0]], newer.get(place))
        for place, rows in by_place
        if answered.get(place, 0) < max(told[place[0]])
    ]
    return sorted(tasks, key=lambda task: (task.kind != IMPORTANT, task.title, task.account.key))


def _place_of(row: Delivery) -> Place:
    return row.lesson_key, row.account_id


def _out(keys: list[UUID]) -> list[Delivery]:
    """What is out of these lessons; lessons that were taken down are a task of another kind."""
    rows = Delivery.objects.filter(
        state=State.PUBLISHED, lesson_key__in=keys, lesson_withdrawn_at=None
    )
    return list(rows.select_related("account").defer("post").order_by("revision"))


def _answered(copies: list[Delivery]) -> dict[Place, int]:
    """Up to which revision a person has spoken."""
    rows = CorrectionAnswer.objects.filter(lesson_key__in={row.lesson_key for row in copies})
    grouped = rows.values_list("lesson_key", "account").annotate(newest=Max("revision"))
    return {(key, account): newest for key, account, newest in grouped}


def _newer(copies: list[Delivery]) -> dict[Place, Delivery]:
    rows = Delivery.objects.alive().filter(lesson_key__in={row.lesson_key for row in copies})
    return {_place_of(row): row for row in rows.defer("post").order_by("revision")}


def _task(copies: list[Delivery], told: dict[int, str], newest: Delivery | None) -> Task:
    oldest, revision = min(row.revision for row in copies), max(told)
    newer = newest if newest and newest.revision >= revision else None
    return Task(
        lesson_key=copies[0].lesson_key,
        title=copies[-1].lesson_title,
        account=copies[0].account,
        revision=revision,
        kind=matters_since(told, oldest),
        copies=copies,
        newer=newer,
    )


def matters_since(told: dict[int, str], revision: int) -> str:
    """In a word what a text of this revision has wrong; ``told`` are corrections by revision."""
    kinds = {kind for number, kind in told.items() if number > revision}
    return IMPORTANT if "important" in kinds else FACT if kinds else WORDING


def task_at(lesson_key: UUID | None, account_key: str, revision: int | None) -> Task:
    """Raises Conflict where it is over, or the lesson was corrected once more."""
    wanted = (lesson_key, account_key, revision)
    for task in open_tasks():
        if (task.lesson_key, task.account.key, task.revision) == wanted:
            return task
    raise Conflict("task_over", "这一件刚刚有了变化，下面是现在的样子，请再看一遍。")


@transaction.atomic
def answer(task: Task, *, outcome: str, reason: str, by: Any) -> CorrectionAnswer:
    """Say what became of the old copies. Raises Conflict, Invalid."""
    reason = one_line(reason).strip()
    if outcome not in Outcome.values:
        raise Invalid("bad_outcome", "请选“已在平台上改好”或“不改”。")
    if shows_nothing(reason):
        raise Invalid("no_reason", "请写一句：在哪里改的，或者为什么不改。")
    if len(reason) > MOST_WORDS:
        raise Invalid("long_reason", f"说明最多 {MOST_WORDS} 字，请短一些。")
    answered, is_new = CorrectionAnswer.objects.get_or_create(
        account=task.account,
        lesson_key=task.lesson_key,
        revision=task.revision,
        defaults={
            "lesson_title": task.title,
            "outcome": outcome,
            "reason": reason,
            "person": by,
            "name": get_user_display_name(by)[:80],
        },
    )
    if not is_new:
        raise Conflict("task_over", "别人已经写过了，请刷新再看。")
    return answered


def send_corrected(task: Task, *, by: Any) -> Delivery:
    """Hand the corrected text to the channel. Raises Conflict, NotFound."""
    delivery, _ = requests.request_delivery(
        lesson_key=task.lesson_key,
        account_key=task.account.key,
        action=Delivery.Action.PUBLISH,
        requested_by=by,
    )
    return delivery
