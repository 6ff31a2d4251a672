"""What must not go out any more: its lesson was taken down, or has a newer text by now."""

from content import catalogue
from studyhub.channels.models import Delivery
from studyhub.channels.models.deliveries import NOT_SENT
from studyhub.channels.worker.lease import Claim

State = Delivery.State
Wish = Delivery.Wish


def set_aside_if_overtaken(claim: Claim) -> bool:
    """Whether it came to rest here instead of going out. What may be out is left to its end."""
    delivery = claim.delivery
    if delivery.wish or delivery.may_be_out or delivery.state == State.WAITING_HUMAN:
        return False
    if delivery.lesson_withdrawn_at:
        _cancel(claim, **NOT_SENT)
    elif newer := _newer_delivery(delivery):
        _cancel(claim, **_superseded(newer.revision))
    elif (newest := _newest_text(delivery)) > delivery.revision:
        _hold(claim, newest)
    return not claim.held


def _newer_delivery(delivery: Delivery) -> Delivery | None:
    others = Delivery.objects.alive().filter(
        account_id=delivery.account_id,
        lesson_key=delivery.lesson_key,
        revision__gt=delivery.revision,
    )
    return others.order_by("revision").last()


def _newest_text(delivery: Delivery) -> int:
    return catalogue.current_revisions([delivery.lesson_key]).get(delivery.lesson_key, 0)


def _cancel(claim: Claim, **words: str) -> None:
    wish = Wish.DISCARD if claim.delivery.draft_id else Wish.NONE
    claim.release(State.CANCELLED, wish=wish, **words)


def _superseded(revision: int) -> dict[str, str]:
    return {
        "error_code": "superseded",
        "error_detail": f"第 {revision} 版已经交给这个渠道，这一版不再发出。",
        "error_action": "",
    }


def _hold(claim: Claim, newest: int) -> None:
    claim.wait_for_person(
        "outdated",
        f"这一课已经更新到第 {newest} 版，这一版没有发出。",
        action="请取消这一次，再把新的一版交给这个渠道。",
    )
