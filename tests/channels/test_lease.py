"""Who may write on a delivery, and in which ways a worker lets go of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studyhub.channels.models import Delivery
from studyhub.channels.ports import Published, Submission
from studyhub.channels.worker.lease import claim
from studyhub.core.jobs import ClaimLost
from tests.channels.factories import DeliveryFactory

pytestmark = pytest.mark.django_db
State = Delivery.State
LATER = timedelta(hours=1)


def taken(*traits, **values):
    """A claim on a new delivery."""
    return claim(DeliveryFactory(**dict.fromkeys(traits, True), **values).pk)


def stored(held):
    return Delivery.objects.get(pk=held.delivery.pk)


def test_a_claim_raises_the_fence_and_ends_by_itself():
    held = taken(fence=4)
    assert stored(held).fence == held.fence == 5
    assert stored(held).lease_until > timezone.now()


def test_a_try_is_counted_right_before_the_first_call():
    held = taken()
    held.confirm()
    held.confirm()
    assert stored(held).attempts == 1


@pytest.mark.parametrize("trait", ["unknown", "in_review"])
def test_asking_the_platform_is_no_try(trait):
    held = taken(trait)
    held.confirm()
    assert stored(held).attempts == 0


def test_while_the_lease_lasts_nobody_else_gets_it():
    held = taken()
    assert claim(held.delivery.pk) is None


def test_after_the_lease_another_takes_over_and_the_death_is_counted():
    held = taken()
    Delivery.objects.update(lease_until=timezone.now() - LATER)
    heir = claim(held.delivery.pk)
    assert (heir.fence, heir.delivery.crashes) == (held.fence + 1, 1)


@pytest.mark.parametrize(
    "write",
    [
        lambda held: held.write(state=State.PREPARING),
        lambda held: held.open("draft"),
        lambda held: held.poll_later(),
        lambda held: held.mark_published(Published("a", "")),
        lambda held: held.wait_for_person(action="看一眼"),
    ],
)
def test_whoever_lost_the_claim_writes_no_more(write):
    held = taken()
    Delivery.objects.update(fence=held.fence + 1)
    before = Delivery.objects.values().get()
    with pytest.raises(ClaimLost):
        write(held)
    assert Delivery.objects.values().get() == before


def test_a_delivery_is_not_taken_before_its_hour():
    assert taken(not_before=timezone.now() + LATER) is None


def test_a_newer_text_is_not_taken_while_an_older_one_is_on_its_way():
    older = DeliveryFactory()
    newer = DeliveryFactory(account=older.account, lesson_key=older.lesson_key, revision=2)
    assert claim(newer.pk) is None
    assert claim(older.pk)


def test_polling_later_asks_less_often_each_time(settings):
    settings.CHANNELS = {**settings.CHANNELS, "POLL_DELAYS": (5.0, 60.0)}
    held = taken("in_review", polls=1)
    held.poll_later()
    row = stored(held)
    assert (row.state, row.polls) == (State.IN_REVIEW, 2)
    assert row.not_before - held.now == timedelta(seconds=60)


def test_polling_later_is_no_later_than_the_quiet_time_lasts(settings):
    settings.CHANNELS = {**settings.CHANNELS, "POLL_DELAYS": (3600.0,)}
    held = taken("unknown")
    held.poll_later(no_later_than=timedelta(seconds=2))
    assert stored(held).not_before - held.now < timedelta(seconds=3)


def test_what_is_published_has_its_article_its_link_and_no_error():
    held = taken("unknown", error_code="-1", error_detail="忙")
    held.mark_published(Published("a9", "https://mp.weixin.qq.com/s/a9"))
    row = stored(held)
    assert (row.state, row.article_id, row.error_code) == (State.PUBLISHED, "a9", "")
    assert row.url.endswith("/a9")
    assert row.draft_id == "m1"


def test_what_the_platform_took_keeps_all_its_numbers():
    held = taken("in_box")
    held.write(**held.accepted_values(Submission("7", {"msg_data_id": "8"})))
    assert stored(held).external == {"draft_id": "m1", "submission_id": "7", "msg_data_id": "8"}


def test_waiting_for_a_person_says_what_to_do():
    held = taken("in_box")
    held.wait_for_person("draft_gone", "没有了", action="看一眼")
    row = stored(held)
    assert (row.state, row.error_code, row.error_action) == (
        "waiting_human",
        "draft_gone",
        "看一眼",
    )


def test_letting_go_frees_the_row_and_forgets_the_deaths():
    held = taken(crashes=1)
    held.release(State.QUEUED)
    row = stored(held)
    assert (row.lease_owner, row.lease_until, row.crashes, held.held) == ("", None, 0, False)


def test_a_step_is_closed_together_with_what_it_brought():
    held = taken()
    attempt = held.open("draft")
    assert held.delivery.steps.get().outcome == "open"
    held.finish(attempt, "好", external={"draft_id": "m2"})
    assert (held.delivery.steps.get().note, stored(held).draft_id) == ("好", "m2")
