"""What people ask for is done once, and told plainly when it cannot be done."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from kombu.exceptions import OperationalError

from content.units import certificate_of, units_of
from studyhub.channels import accounts, requests, tasks
from studyhub.channels.models import ChannelPick, Delivery, DeliveryAttempt
from studyhub.channels.ports import Token
from studyhub.channels.tokens import RowTokenStore
from studyhub.channels.worker.run import run
from studyhub.core.errors import Conflict, Invalid, NotFound
from studyhub.sandbox.models import App, Article, Call
from tests import factories as make
from tests.channels.factories import AccountFactory, DeliveryFactory
from tests.channels.world import ask, carry, fault

pytestmark = pytest.mark.django_db
State = Delivery.State


def test_the_same_key_and_body_give_the_same_delivery(wechat, lesson, publisher):
    first = ask(lesson, idempotency_key="a", requested_by=publisher)
    again, created = requests.request_delivery(
        lesson_key=lesson.translation_key,
        account_key="wechat-main",
        action="publish",
        idempotency_key="a",
        requested_by=publisher,
    )
    assert (again.pk, created) == (first.pk, False)


def test_the_same_key_with_another_body_is_refused(wechat, toutiao, lesson, publisher):
    ask(lesson, idempotency_key="a", requested_by=publisher)
    with pytest.raises(Invalid) as refusal:
        ask(lesson, account="toutiao", idempotency_key="a", requested_by=publisher)
    assert refusal.value.code == "idempotency_mismatch"


def test_one_revision_goes_to_one_channel_once(wechat, lesson):
    first = ask(lesson)
    with pytest.raises(Conflict) as refusal:
        ask(lesson, action="draft")
    assert refusal.value.code == "already_delivered"
    assert refusal.value.extra == {"id": str(first.pk)}


def test_after_cancelling_it_may_be_asked_for_again(wechat, lesson):
    requests.cancel(ask(lesson).pk)
    assert ask(lesson).state == State.QUEUED


def test_cancelling_is_refused_once_it_may_be_out(wechat, platform, lesson):
    App.objects.update(publish_delay=3600)
    delivery = carry(ask(lesson))
    with pytest.raises(Conflict) as refusal:
        requests.cancel(delivery.pk)
    assert refusal.value.code == "too_late_to_cancel"


def test_an_unknown_lesson_or_channel_is_not_found(wechat, lesson):
    with pytest.raises(NotFound):
        ask(lesson, account="nowhere")
    with pytest.raises(NotFound):
        requests.delivery_of("no-uuid")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "mp.weixin.qq.com/s/x",
        "https://",
        "",
        "https://x y/",
        "https://user:pw@mp.toutiao.com/1",
        "https://a.example/\r\nSet-Cookie: a=b",
    ],
)
def test_only_whole_links_confirm_a_publication(toutiao, lesson, url):
    delivery = carry(ask(lesson, account="toutiao"))
    with pytest.raises(Invalid):
        requests.handoff(delivery.pk, url=url)
    delivery.refresh_from_db()
    assert delivery.state == State.WAITING_HUMAN


def test_ticked_channels_get_the_lesson_when_it_is_published(
    wechat, toutiao, make_lesson, publisher
):
    lesson = make_lesson()
    accounts.set_picks(lesson.translation_key, ["wechat-main", "toutiao"], by=publisher)
    lesson.save_revision().publish()
    assert Delivery.objects.count() == 2
    assert {d.requested_by for d in Delivery.objects.all()} == {publisher}


def test_a_tick_for_no_account_of_ours_is_none(wechat, make_lesson, publisher):
    """PostgreSQL failed at the NUL of a form that somebody wrote by hand."""
    lesson = make_lesson()
    accounts.set_picks(lesson.translation_key, ["\0", "nobody", "wechat-main"], by=publisher)
    assert [pick.account for pick in ChannelPick.objects.all()] == [wechat]
    accounts.set_picks(lesson.translation_key, ["\0"], by=publisher)
    assert not ChannelPick.objects.exists()


def test_publishing_the_same_text_again_sends_nothing_new(wechat, make_lesson, publisher):
    lesson = make_lesson()
    accounts.set_picks(lesson.translation_key, ["wechat-main"], by=publisher)
    lesson.save_revision().publish()
    requests.cancel(Delivery.objects.get().pk)
    lesson.save_revision().publish()
    assert Delivery.objects.count() == 1


def test_a_corrected_lesson_is_sent_as_a_new_revision(wechat, make_lesson, publisher):
    lesson = make_lesson()
    accounts.set_picks(lesson.translation_key, ["wechat-main"], by=publisher)
    lesson.save_revision().publish()
    lesson.title = "长征出发（更正）"
    lesson.save_revision().publish()
    assert list(Delivery.objects.order_by("pk").values_list("revision", flat=True)) == [1, 2]


def test_every_task_run_twice_has_one_effect(wechat, platform, lesson):
    delivery = ask(lesson)
    for _ in range(2):
        tasks.send_delivery(str(delivery.pk))
        tasks.sweep_deliveries()
    carry(delivery)
    tasks.send_delivery(str(delivery.pk))
    tasks.sweep_deliveries()
    assert Article.objects.count() == 1
    assert Call.objects.filter(path="freepublish/submit").count() == 1


def test_the_sweeper_finds_what_lost_its_hint(wechat, platform, lesson):
    delivery = ask(lesson)
    for _ in range(3):
        tasks.sweep_deliveries()
    delivery.refresh_from_db()
    assert delivery.state == State.PUBLISHED


def test_a_step_is_written_down_before_the_platform_is_called(
    wechat, platform, lesson, monkeypatch
):
    seen = []

    def watch():
        seen.append(DeliveryAttempt.objects.filter(finished_at=None).count())

    monkeypatch.setattr("studyhub.channels.worker.attempts.reach", lambda name: watch())
    carry(ask(lesson))
    assert seen[0] == 1


def test_secrets_are_stored_encrypted_and_never_listed(wechat, capsys):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM studyhub_channels_channelaccount")
        stored = cursor.fetchone()[0]
    call_command("channel", "list")
    assert "not-a-real-secret" not in stored
    assert "not-a-real-secret" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("wechat", "{}", "缺少 app_id"),
        ("wechat", '{"app_id":"a","app_secret":"b","colour":1}', "不认识的设置“colour”"),
        ("wechat", '{"app_id":"a","app_secret":"b","aes_key":"kurz"}', "43 个字母或数字"),
        ("wechat", "{", "不是有效的 JSON"),
        ("wechat", "[]", "JSON 对象"),
        ("fax", "{}", "没有“fax”这种渠道"),
    ],
)
def test_wrong_settings_are_refused_in_plain_words(db, monkeypatch, kind, text, says):
    monkeypatch.setattr("sys.stdin.read", lambda: text, raising=False)
    with pytest.raises(CommandError, match=says):
        call_command("channel", "put", kind, "x")


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ([], ["draft", "publish", "withdraw", "stats"]),
        (["draft"], ["draft"]),
        (["draft", "freepublish"], ["draft", "publish", "withdraw"]),
        (["publish", "freepublish"], ["publish", "withdraw"]),
    ],
)
def test_former_words_for_capabilities_are_still_understood(db, given, stored):
    values = {"app_id": "a", "app_secret": "b", "capabilities": given}
    assert accounts.put_account("wechat", "main", values).capabilities == stored


@pytest.mark.parametrize("given", [["fly"], "draft", [7], ["send"], [["draft"]]])
def test_a_capability_that_is_not_offered_is_refused_with_those_that_are(db, given):
    values = {"app_id": "a", "app_secret": "b", "capabilities": given}
    with pytest.raises(Invalid, match="只能从这些里选：draft、publish、withdraw"):
        accounts.put_account("wechat", "main", values)


def test_a_freepublish_is_unknown_where_it_never_was(db, settings):
    settings.CHANNEL_BASES = {**settings.CHANNEL_BASES, "FOLDER_BASE": "/"}
    with pytest.raises(Invalid, match="capabilities"):
        accounts.put_account("folder", "f", {"folder": "x", "capabilities": ["freepublish"]})


def test_settings_given_again_put_a_paused_account_in_order(db):
    waiting = DeliveryFactory(account=AccountFactory(paused=True), needs_auth=True)
    account = accounts.put_account("wechat", "wechat-main", {"app_id": "a", "app_secret": "b"})
    waiting.refresh_from_db()
    assert (account.health, account.needs, waiting.state) == ("untried", "", State.QUEUED)


def test_a_key_never_changes_its_kind(toutiao):
    with pytest.raises(Invalid) as refusal:
        accounts.put_account("group", "toutiao", {})
    assert refusal.value.code == "kind_differs"


@pytest.mark.parametrize(
    ("button", "trait", "code"),
    [
        (requests.retry, "published", "not_retryable"),
        (requests.retry, "in_review", "not_retryable"),
        (requests.cancel, "unknown", "too_late_to_cancel"),
        (requests.cancel, "removed", "too_late_to_cancel"),
        (requests.withdraw, "in_review", "not_withdrawable"),
        (requests.withdraw, "removed", "not_withdrawable"),
    ],
)
def test_a_button_that_cannot_work_says_so_and_changes_nothing(db, button, trait, code):
    delivery = DeliveryFactory(**{trait: True})
    before = Delivery.objects.values().get()
    with pytest.raises(Conflict) as refusal:
        button(delivery.pk)
    assert refusal.value.code == code
    assert Delivery.objects.values().get() == before


def test_what_moved_since_it_was_read_is_not_changed(db, monkeypatch):
    seen = DeliveryFactory(in_box=True)
    Delivery.objects.update(fence=seen.fence + 1)
    monkeypatch.setattr(requests, "delivery_of", lambda delivery_id: seen)
    with pytest.raises(Conflict) as refusal:
        requests.cancel(seen.pk)
    assert refusal.value.code == "moved_on"


def test_what_a_person_posted_is_removed_when_a_person_says_so(toutiao):
    delivery = DeliveryFactory(account=toutiao, pasted=True)
    asked = requests.withdraw(delivery.pk)
    assert (asked.state, asked.error_code) == (State.PUBLISHED, "remove_by_hand")
    assert requests.confirm_removed(delivery.pk).state == State.REMOVED
    assert delivery.steps.last().note == "由人在平台上删除"


def test_ticks_are_kept_exactly(wechat, toutiao, lesson, publisher):
    key = lesson.translation_key
    accounts.set_picks(key, ["wechat-main", "toutiao"], by=publisher)
    accounts.set_picks(key, ["toutiao"], by=publisher)
    assert [p.account.key for p in ChannelPick.objects.all()] == ["toutiao"]


@pytest.mark.django_db(transaction=True)
def test_five_workers_on_one_delivery_publish_once(wechat, platform):
    delivery = DeliveryFactory(account=wechat)
    fault("freepublish/submit", "slow", seconds=0.2)

    def work(_):
        try:
            run(delivery.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(work, range(5)))
    assert carry(delivery).state == State.PUBLISHED
    assert Call.objects.filter(path="freepublish/submit").count() == 1
    assert Call.objects.filter(path="stable_token").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_without_a_token_fetch_one(wechat, platform):
    fetched = []

    def fetch():
        fetched.append(1)
        return Token("one", 7200)

    def read(_):
        try:
            return RowTokenStore(wechat.pk).read(fetch)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        values = set(pool.map(read, range(20)))
    assert (values, len(fetched)) == ({"one"}, 1)


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_it_is_asked_for_all_the_same(wechat, monkeypatch):
    """The sweep takes what no hint told of."""
    make.a_tree()

    def away(*args):
        raise OperationalError("no broker")

    monkeypatch.setattr(requests, "hint", away)
    assert Delivery.objects.due().filter(pk=ask(make.a_lesson()).pk).exists()


def test_what_is_frozen_carries_the_number_of_its_review(wechat, lesson):
    delivery = ask(lesson)
    number = certificate_of(units_of(lesson))
    assert delivery.certificate == number
    lesson.body[0].value["heading"] = "换了说法"
    make.publish_page(lesson)
    delivery.refresh_from_db()
    assert delivery.certificate == number != certificate_of(units_of(lesson))
