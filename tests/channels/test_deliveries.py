"""What one row knows: whether it may be out, where it rests, which buttons it has."""

import pytest

from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.worker import run
from studyhub.channels.worker.poll import poll
from studyhub.channels.worker.prepare import prepare
from studyhub.channels.worker.submit import reconcile, submit
from studyhub.channels.worker.wishes import discard, withdraw
from tests.channels.factories import AccountFactory, DeliveryFactory

State = Delivery.State


def row(*traits, **values):
    """A delivery that lies in no table."""
    account = values.pop("account", None) or AccountFactory.build()
    return DeliveryFactory.build(account=account, **dict.fromkeys(traits, True), **values)


@pytest.mark.parametrize("trait", ["submitting", "unknown", "in_review", "published"])
def test_what_was_submitted_may_be_out(trait):
    assert row(trait).may_be_out


@pytest.mark.parametrize("trait", ["in_box", "deferred", "needs_auth", "cancelled", "pasted"])
def test_what_was_never_submitted_by_us_is_not_out_by_us(trait):
    assert not row(trait).may_be_out


@pytest.mark.parametrize(
    ("trait", "state"),
    [
        ("deferred", State.QUEUED),
        ("in_box", State.PREPARING),
        ("unknown", State.OUTCOME_UNKNOWN),
        ("in_review", State.IN_REVIEW),
    ],
)
def test_a_row_at_rest_stands_where_its_references_say(trait, state):
    assert row(trait).resting_state == state


@pytest.mark.parametrize(
    ("trait", "step"),
    [
        ("deferred", prepare),
        ("in_box", submit),
        ("unknown", reconcile),
        ("submitting", reconcile),
        ("in_review", poll),
    ],
)
def test_the_next_step_is_told_from_the_row_alone(trait, step):
    assert run.next_step(row(trait)) is step


@pytest.mark.parametrize(("wish", "step"), [("withdraw", withdraw), ("discard", discard)])
def test_a_wish_comes_before_all_else(wish, step):
    assert run.next_step(row("in_review", wish=wish)) is step


@pytest.mark.parametrize(
    "delivery",
    [
        row("in_box", action="draft"),
        row("in_box", account=AccountFactory.build(drafts_only=True)),
    ],
    ids=["asked for a draft", "may not publish"],
)
def test_a_draft_that_is_not_to_be_submitted_is_left(delivery):
    assert run.next_step(delivery) is run.leave_draft


@pytest.mark.parametrize("trait", ["submitting", "unknown", "in_review", "published", "removed"])
def test_what_may_be_out_or_is_over_cannot_be_cancelled(trait):
    assert not row(trait).may_be_cancelled


@pytest.mark.parametrize("trait", ["in_box", "deferred", "needs_auth", "waiting"])
def test_what_is_not_out_can_be_cancelled(trait):
    assert row(trait).may_be_cancelled


@pytest.mark.parametrize("trait", ["failed", "rejected", "needs_auth", "deferred", "unknown"])
def test_what_is_stuck_can_be_retried(trait):
    assert row(trait).may_be_retried


@pytest.mark.parametrize("code", ["", "no_publish"])
def test_a_draft_that_waits_as_it_should_is_not_retried(code):
    assert not row("waiting", error_code=code).may_be_retried


def test_a_person_takes_down_what_a_person_put_up():
    assert row("published").withdrawn_by_worker
    assert not row("pasted", account=AccountFactory.build(manual=True)).withdrawn_by_worker
    assert not row("published", account=AccountFactory.build(drafts_only=True)).withdrawn_by_worker


def test_the_platforms_own_names_are_shown_for_its_numbers():
    shown = row("in_review").external_names
    assert shown == {"media_id": "m1", "publish_id": "7", "msg_data_id": "8"}


def test_another_platform_has_other_names():
    account = AccountFactory.build(folder=True)
    delivery = row("published", account=account, external={"article_id": "a1"})
    assert delivery.external_names == {"item_id": "a1"}


def test_a_reference_is_added_to_the_others_and_an_empty_one_goes():
    delivery = row("in_box")
    assert delivery.with_references(submission_id="7") == {"draft_id": "m1", "submission_id": "7"}
    assert delivery.with_references(draft_id="") == {}


@pytest.mark.django_db
def test_of_two_claims_on_one_row_the_first_wins_and_the_second_gets_nothing():
    delivery = DeliveryFactory()
    assert run.claim(delivery.pk)
    assert run.claim(delivery.pk) is None


@pytest.mark.django_db
def test_nothing_of_a_paused_account_is_due():
    delivery = DeliveryFactory(account=AccountFactory(paused=True))
    assert not Delivery.objects.due().exists()
    ChannelAccount.objects.update(health="ok")
    assert Delivery.objects.due().get() == delivery


@pytest.mark.django_db
@pytest.mark.parametrize(
    "trait", ["published", "waiting", "needs_auth", "rejected", "failed", "cancelled", "removed"]
)
def test_what_has_come_to_rest_is_not_due(trait):
    DeliveryFactory(**{trait: True})
    assert not Delivery.objects.due().exists()


@pytest.mark.django_db
@pytest.mark.parametrize("trait", ["in_box", "submitting", "unknown", "in_review", "deferred"])
def test_what_moves_is_due(trait):
    DeliveryFactory(**{trait: True})
    assert Delivery.objects.due().exists()


def test_the_index_of_the_sweep_holds_what_a_worker_works_on():
    """Written out once more there, where the class's own names cannot be used."""
    (index,) = (i for i in Delivery._meta.indexes if i.name == "channels_delivery_due")
    assert index.condition == Delivery.WORKED_ON
