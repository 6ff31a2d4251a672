"""What people ask for: send a lesson to a channel, try again, stop, take back, confirm.

Called alike by the editor's screens, the API and the receiver of ``page_published``. Everything
here is one short transaction; a worker does the rest.
"""

import hashlib
import json
import logging
import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from content import catalogue
from content.catalogue import LessonContent
from studyhub.channels import accounts, connections, films, registry, rendering
from studyhub.channels.errors import ChannelRefused
from studyhub.channels.models import ChannelAccount, Delivery, DeliveryAttempt
from studyhub.channels.models.deliveries import BY_HAND, FRESH_START, NO_ERROR
from studyhub.channels.ports import Mode, Post, StepName
from studyhub.channels.tasks import hint
from studyhub.core.errors import Conflict, Invalid, NotFound
from studyhub.core.hints import hint_after_commit
from studyhub.core.ids import uuid7

log = logging.getLogger(__name__)
State = Delivery.State
Person = AbstractBaseUser | None


def request_delivery(
    *,
    lesson_key: UUID,
    account_key: str,
    action: str,
    publish_at: datetime | None = None,
    idempotency_key: str = "",
    requested_by: Person = None,
) -> tuple[Delivery, bool]:
    """The delivery and whether it is new.

    The same key and body again give the same delivery; the same key with another body is refused.
    One revision goes to one account once, whoever asks and however often. The text is frozen now.
    """
    body_hash = _hash_of(str(lesson_key), account_key, action, publish_at)
    if known := _known(idempotency_key, body_hash, requested_by):
        return known, False
    account = accounts.account_of(account_key)
    _refuse_draft(account, action)
    lesson = catalogue.content(lesson_key)
    _refuse_without_consent(account, lesson_key)
    _refuse_unread(account, lesson_key)
    try:
        _refuse_second(account, lesson_key, lesson.card.revision)
    except Conflict:  # unless it was made by this very request, sent twice, since we looked
        if known := _known(idempotency_key, body_hash, requested_by):
            return known, False
        raise
    delivery = _frozen(lesson, account)
    delivery.action = action
    delivery.publish_at = delivery.not_before = publish_at
    delivery.idempotency_key, delivery.body_hash = idempotency_key, body_hash
    delivery.requested_by_id = requested_by.pk if requested_by else None
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
            _note(delivery, "request", f"第 {delivery.revision} 版", requested_by)
    except IntegrityError:  # somebody asked for the same at the same moment
        if known := _known(idempotency_key, body_hash, requested_by):
            return known, False
        _refuse_second(account, lesson_key, lesson.card.revision)
        raise
    _hint(delivery)
    return delivery, True


def _frozen(lesson: LessonContent, account: ChannelAccount) -> Delivery:
    """A delivery of the lesson as it is now, not stored yet."""
    delivery_id = uuid7()
    marker = delivery_id.hex[-12:]
    post = rendering.build_post(lesson, kind=account.kind, marker=marker, look=account.dress)
    if registry.takes_film(account.kind):
        post = _with_film(post, lesson, account)
    stored = rendering.post_to_json(post)
    return Delivery(
        pk=delivery_id,
        lesson_key=lesson.card.lesson_key,
        lesson_title=lesson.card.title,
        revision=lesson.card.revision,
        account=account,
        marker=marker,
        post=stored,
        lost=list(post.lost),
        content_hash=_hash_of(stored),
        certificate=catalogue.certificate(lesson.card.lesson_key),
    )


def _with_film(post: Post, lesson: LessonContent, account: ChannelAccount) -> Post:
    """Refused here, at the desk, what the platform would refuse."""
    key = films.video_key_of(lesson.card.page_id, lesson.card.revision)
    if not key:
        raise Invalid(
            "no_film", f"这一课还没有竖屏视频，不能发到“{account.name}”。请先生成竖屏视频。"
        )
    try:
        connections.open_films(account).check(post)
    except ChannelRefused as error:
        said = f"不能发到“{account.name}”：{error.detail}{error.action}"
        raise Invalid(error.code, said) from None
    return replace(post, video=key)


def _hash_of(*parts: Any) -> str:
    text = json.dumps(parts, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _known(idempotency_key: str, body_hash: str, person: Person) -> Delivery | None:
    if not idempotency_key:
        return None
    mine = Delivery.objects.filter(requested_by_id=person.pk if person else None)
    delivery = mine.filter(idempotency_key=idempotency_key).first()
    if delivery and delivery.body_hash != body_hash:
        raise Invalid(
            "idempotency_mismatch",
            "这个 Idempotency-Key 已经用于另一个请求。请为新的请求换一个键。",
        )
    return delivery


def _refuse_second(account: ChannelAccount, lesson_key: UUID, revision: int) -> None:
    alive = Delivery.objects.alive().filter(account=account, lesson_key=lesson_key)
    first = alive.filter(revision=revision).first()
    if first:
        raise Conflict(
            "already_delivered",
            f"这一版已经交给“{account.name}”了（{first.get_state_display()}），不会再发第二遍。",
            id=str(first.pk),
        )


def _refuse_draft(account: ChannelAccount, action: str) -> None:
    """A chat has no box: what is put there is read at once."""
    if action == Delivery.Action.DRAFT and registry.is_messenger(account.kind):
        raise Invalid(
            "no_draft_box",
            f"“{account.name}”没有草稿箱，发了就在群里。要发的话，请选“发布”。",
        )


def _refuse_without_consent(account: ChannelAccount, lesson_key: UUID) -> None:
    """Whoever tells in it agrees to each channel by itself."""
    if said := catalogue.refused_for(lesson_key, [account.kind]).get(account.kind):
        advice = "请取消勾选这个渠道，或到“口述历史”补上同意。"
        raise Invalid("no_consent", f"不能发到“{account.name}”：{'；'.join(said)}。{advice}")


def _refuse_unread(account: ChannelAccount, lesson_key: UUID) -> None:
    """A rule of proof-reading may hold for some kinds of channels alone."""
    if said := catalogue.proofs_against(lesson_key, account.kind):
        advice = "请改好、送审后再发布，或者取消勾选这个渠道；确实不用改的，在“校对”里按“忽略”。"
        raise Invalid("proof_rules", f"不能发到“{account.name}”：{'；'.join(said)}。{advice}")


def deliver_picked(lesson_key: UUID, revision: int) -> list[Delivery]:
    """Deliveries for every ticked account, once per revision whatever became of the first.

    A tick counts as long as who ticked may send: whoever has left publishes nothing more.
    """
    seen = Delivery.objects.filter(lesson_key=lesson_key, revision=revision)
    done = set(seen.values_list("account_id", flat=True))
    made = []
    for pick in accounts.picks_of(lesson_key):
        if not accounts.may_send(pick.picked_by):
            log.warning(
                "lesson %s not sent to %s: who ticked may not", lesson_key, pick.account.key
            )
        elif pick.account_id in done or _waits_for_film(pick.account, lesson_key):
            continue
        else:
            delivery, _ = request_delivery(
                lesson_key=lesson_key,
                account_key=pick.account.key,
                action=Delivery.Action.PUBLISH,
                requested_by=pick.picked_by,
            )
            made.append(delivery)
    return made


def _waits_for_film(account: ChannelAccount, lesson_key: UUID) -> bool:
    """A film is made after its revision is out: whoever finishes it calls ``deliver_picked``."""
    if not registry.takes_film(account.kind):
        return False
    card = catalogue.content(lesson_key).card
    missing = not films.video_key_of(card.page_id, card.revision)
    if missing:
        log.warning("lesson %s waits for its film before %s", lesson_key, account.key)
    return missing


def delivery_of(delivery_id: object) -> Delivery:
    """The delivery with its account, by an id from outside. Raises NotFound."""
    try:
        return Delivery.objects.select_related("account").get(pk=UUID(str(delivery_id)))
    except (Delivery.DoesNotExist, ValueError):
        raise NotFound("delivery_not_found", "没有这次发布，请回到列表重新选择。") from None


@transaction.atomic
def retry(delivery_id: object, *, by: Person = None) -> Delivery:
    """After a definite failure start anew; what may be out is looked for at once, never begun anew.

    A draft of ours that still lies in the box is used again, never doubled.
    """
    delivery = delivery_of(delivery_id)
    if not delivery.may_be_retried:
        raise Conflict("not_retryable", f"现在是“{delivery.get_state_display()}”，不需要重试。")
    if delivery.state == State.NEEDS_AUTH or delivery.wish:
        accounts.resume(delivery.account)
        delivery.refresh_from_db()
    values: dict[str, Any] = {"not_before": None, "attempts": 0, "crashes": 0, "polls": 0}
    begins_anew = delivery.state in (State.FAILED, State.REJECTED, State.WAITING_HUMAN)
    if delivery.wish:
        values |= NO_ERROR
    elif begins_anew and not delivery.may_be_out:
        values |= FRESH_START
    else:
        values |= {"state": delivery.resting_state}
    _bring_back(delivery, **values)
    _note(delivery, "retry", "", by)
    _hint(delivery)
    return delivery


@transaction.atomic
def cancel(delivery_id: object, *, by: Person = None) -> Delivery:
    """Stop before it is submitted. A worker that is busy with it loses its claim."""
    delivery = delivery_of(delivery_id)
    if not delivery.may_be_cancelled:
        raise Conflict(
            "too_late_to_cancel",
            f"现在是“{delivery.get_state_display()}”，已经不能取消。发布以后可以撤回。",
        )
    may_lie_there = delivery.draft_id or _was_begun(delivery)
    wish = Delivery.Wish.DISCARD if may_lie_there else Delivery.Wish.NONE
    # A draft that is just being made may appear until the lease of its worker is over.
    _change(delivery, state=State.CANCELLED, wish=wish, not_before=delivery.lease_until)
    _note(delivery, "cancel", "", by)
    _hint(delivery)
    return delivery


@transaction.atomic
def withdraw(delivery_id: object, *, by: Person = None) -> Delivery:
    """Take a published article back: by a worker where the platform lets us, else by a person."""
    delivery = delivery_of(delivery_id)
    if not delivery.may_be_withdrawn:
        raise _nothing_out(delivery)
    if delivery.withdrawn_by_worker:
        _change(delivery, wish=Delivery.Wish.WITHDRAW, not_before=None, polls=0)
        _note(delivery, "withdraw", "已提出撤回", by)
    else:
        _change(delivery, **BY_HAND)
        _note(delivery, "withdraw", "要由人在平台上删除", by)
    _hint(delivery)
    return delivery


def _nothing_out(delivery: Delivery) -> Conflict:
    detail = f"现在是“{delivery.get_state_display()}”，没有可以撤回的文章。"
    return Conflict("not_withdrawable", detail)


def _was_begun(delivery: Delivery) -> bool:
    return delivery.account.mode == Mode.API and delivery.steps.filter(step=StepName.DRAFT).exists()


@transaction.atomic
def confirm_removed(delivery_id: object, *, by: Person = None) -> Delivery:
    """A person says that the article is deleted at the platform."""
    delivery = delivery_of(delivery_id)
    if not delivery.may_be_gone:
        raise _nothing_out(delivery)
    gone = {"state": State.REMOVED, "wish": Delivery.Wish.NONE, "not_before": None}
    _change(delivery, **gone, **NO_ERROR)
    _note(delivery, "removed", "由人在平台上删除", by)
    return delivery


@transaction.atomic
def handoff(delivery_id: object, *, url: str, by: Person = None) -> Delivery:
    """A person has published it and pastes the link."""
    delivery = delivery_of(delivery_id)
    if not delivery.may_be_handed_off:
        raise Conflict("not_waiting", f"现在是“{delivery.get_state_display()}”，不需要人工确认。")
    _bring_back(
        delivery,
        state=State.PUBLISHED,
        url=_checked_url(url),
        published_at=delivery.published_at or timezone.now(),
        not_before=timezone.now() if delivery.can_be_watched else None,
        polls=0,
        **NO_ERROR,
    )
    _note(delivery, "handoff", "由人确认已发布", by)
    return delivery


def _checked_url(url: str) -> str:
    url = url.strip()
    if len(url) > 1000 or not _leads_somewhere(url):
        raise Invalid("bad_url", "请粘贴文章的完整链接，以 http:// 或 https:// 开头。")
    return url


def _leads_somewhere(url: str) -> bool:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        return whole and "@" not in parts.netloc and not re.search(r"[\s\x00-\x1f\x7f]", url)
    except ValueError:
        return False


def _bring_back(delivery: Delivery, **values: Any) -> None:
    """Change one that may have given its place to another delivery of the same revision."""
    try:
        with transaction.atomic():
            _change(delivery, **values)
    except IntegrityError:
        _refuse_second(delivery.account, delivery.lesson_key, delivery.revision)
        raise


def _change(delivery: Delivery, **values: Any) -> None:
    """Only if nothing moved since it was read. The fence goes up: a busy worker stops writing."""
    seen = Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence, state=delivery.state)
    values |= {"fence": delivery.fence + 1, "lease_owner": "", "lease_until": None}
    if not seen.update(**values):
        raise Conflict("moved_on", "这次发布刚刚有了变化，请刷新后再操作。")
    DeliveryAttempt.close_left([delivery])
    for name, value in values.items():
        setattr(delivery, name, value)


def _note(delivery: Delivery, step: str, note: str, by: Person) -> None:
    DeliveryAttempt.objects.create(
        delivery=delivery,
        step=step,
        outcome=DeliveryAttempt.Outcome.DONE,
        note=note,
        by_id=by.pk if by else None,
        finished_at=timezone.now(),
    )


def _hint(delivery: Delivery) -> None:
    hint_after_commit(hint, delivery.pk)
