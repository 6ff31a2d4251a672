"""A database from before keeps everything: deliveries in every state, accounts, attempts."""

from datetime import UTC, datetime

import pytest

from studyhub.channels.models import Delivery
from studyhub.core.ids import uuid7
from tests import migration

APP = "studyhub_channels"
OLD, NEW = "0001_initial", "0004_drop_platform_columns"
LONG_AGO = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
IDS = {"media_id": "m" * 128, "publish_id": "7" * 64, "msg_data_id": "8", "article_id": "a" * 128}
# How far the columns of WeChat were filled in when a delivery came to rest in a state.
FILLED = {
    "queued": (),
    "preparing": ("media_id",),
    "submitting": ("media_id",),
    "in_review": ("media_id", "publish_id", "msg_data_id"),
    "published": ("media_id", "publish_id", "msg_data_id", "article_id"),
    "waiting_human": ("media_id",),
    "needs_auth": ("media_id",),
    "deferred": (),
    "outcome_unknown": ("media_id",),
    "rejected": ("media_id", "publish_id", "msg_data_id"),
    "failed": ("media_id", "publish_id"),
    "cancelled": ("media_id",),
    "removed": ("media_id", "publish_id", "msg_data_id", "article_id"),
}


def migrate(name):
    return migration.migrate(APP, name)


@pytest.fixture
def old(transactional_db):
    """The tables as they were; afterwards they are today's again."""
    yield migrate(OLD)
    migration.migrate_to_the_newest()


def fill(apps):
    account = apps.get_model(APP, "ChannelAccount").objects.create(
        key="wechat-main", kind="wechat", mode="api", name="公众号", secrets={"app_secret": "s"},
        capabilities=["draft", "freepublish"],
    )  # fmt: skip
    for state, columns in FILLED.items():
        row = apps.get_model(APP, "Delivery").objects.create(
            id=(pk := uuid7()), account=account, lesson_key=uuid7(), lesson_title=state,
            revision=1, action="publish", state=state, post={"title": "题"}, content_hash="-",
            marker=pk.hex[-12:], looks=3, attempts=2, fence=5, url=f"https://x.example/{state}",
            **{name: IDS[name] for name in columns},
        )  # fmt: skip
        row.steps.create(step="follow", note=state)
    apps.get_model(APP, "Delivery").objects.filter(state="waiting_human").update(
        error_code="no_freepublish"
    )
    apps.get_model(APP, "Delivery").objects.update(updated_at=LONG_AGO)


def everything(apps, *names):
    rows = apps.get_model(APP, "Delivery").objects.order_by("pk")
    return list(rows.values("pk", "lesson_title", "state", "url", "fence", "updated_at", *names))


def test_every_state_is_covered():
    assert set(FILLED) == set(Delivery.State.values)


def test_deliveries_in_every_state_keep_their_ids_and_all_else(old):
    fill(old)
    before = everything(old)
    new = migrate(NEW)
    assert everything(new) == before
    neutral = {"media_id": "draft_id", "publish_id": "submission_id"}
    for row in new.get_model(APP, "Delivery").objects.all():
        filled = FILLED[row.state]
        assert row.external == {neutral.get(name, name): IDS[name] for name in filled}, row.state
        assert (row.polls, row.attempts) == (3, 2)


def test_words_of_the_platform_become_words_of_the_house(old):
    fill(old)
    new = migrate(NEW)
    account = new.get_model(APP, "ChannelAccount").objects.get()
    assert account.capabilities == ["draft", "publish", "withdraw"]
    assert account.secrets == {"app_secret": "s"}
    assert new.get_model(APP, "Delivery").objects.filter(error_code="no_publish").count() == 1
    assert set(new.get_model(APP, "DeliveryAttempt").objects.values_list("step")) == {("poll",)}


def test_going_back_loses_nothing_either(old):
    fill(old)
    before = everything(old, *IDS, "looks", "error_code")
    migrate(NEW)
    again = migrate(OLD)
    assert everything(again, *IDS, "looks", "error_code") == before
    account = again.get_model(APP, "ChannelAccount").objects.get()
    assert account.capabilities == ["draft", "freepublish"]


def test_a_second_key_of_one_account_is_paused_and_says_why(old):
    accounts = migrate("0006_rest_during_an_outage").get_model(APP, "ChannelAccount").objects
    for key in ("first", "second"):
        accounts.create(key=key, kind="wechat", mode="api", name=key, secrets={"app_id": "wx"})
    accounts.create(key="group", kind="group", mode="manual", name="群", secrets={})
    new = migrate("0007_an_account_is_the_platforms").get_model(APP, "ChannelAccount").objects
    named = {row.key: (row.platform_id, row.health, bool(row.needs)) for row in new.all()}
    assert named == {
        "first": ("wx", "untried", False),
        "second": ("", "paused", True),
        "group": ("", "untried", False),
    }


def test_what_is_out_already_is_looked_at_one_after_the_other(old):
    apps = migrate("0008_restored")
    deliveries = apps.get_model(APP, "Delivery").objects
    accounts = apps.get_model(APP, "ChannelAccount").objects
    for mode in ("api", "manual"):
        account = accounts.create(key=mode, kind="wechat", mode=mode, name=mode, secrets={})
        for number in (1, 2):
            deliveries.create(
                id=uuid7(), account=account, lesson_key=uuid7(), revision=1, state="published",
                marker=f"{mode}{number}", lesson_title="课", content_hash="-", action="publish",
            )  # fmt: skip
    looks = migrate("0009_look_again").get_model(APP, "Delivery").objects
    assert len(set(looks.filter(account__mode="api").values_list("not_before"))) == 2
    assert set(looks.filter(account__mode="manual").values_list("not_before")) == {(None,)}
