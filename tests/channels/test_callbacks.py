"""What a platform sends: verified, kept once, answered at once; and a delivery is looked at."""

import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from studyhub.channels import inbox, replies, tasks
from studyhub.channels.models import ChannelAccount, Delivery, InboxMessage
from studyhub.channels.models import inbox as rows
from tests.channels import callbacks as platform
from tests.channels.callbacks import an_account, event, job_ended, post, request_of, send, target
from tests.channels.factories import AccountFactory, DeliveryFactory

pytestmark = pytest.mark.django_db
Outcome = InboxMessage.Outcome
LATER = timezone.now() + timedelta(days=1)


@pytest.fixture(autouse=True)
def hinted(monkeypatch):
    """The deliveries that a worker was told of."""
    told = []
    monkeypatch.setattr(tasks, "hint", told.append)
    return told


def in_review(account, **values):
    return DeliveryFactory(account=account, in_review=True, not_before=LATER, **values)


def verification(to, at=None, **more):
    query, _ = request_of({"ToUserName": "gh", "MsgType": "text"}, to, at)
    kept = {name: query[name] for name in ("signature", "timestamp", "nonce")}
    return platform.address({**kept, "echostr": "98765", **more})


# --- the address is tried ---


@pytest.mark.parametrize("mode", ["plain", "compat", "safe"])
def test_the_console_gets_its_echo_in_every_mode(client, mode):
    an_account(mode)
    answer = client.get(verification(target()))
    assert (answer.status_code, answer.content) == (200, b"98765")
    assert answer["Content-Type"].startswith("text/plain")
    assert "no-store" in answer["Cache-Control"]
    assert not InboxMessage.objects.exists()


def test_without_the_right_signature_there_is_no_echo(client):
    an_account()
    answer = client.get(verification(target(token="guessed")))
    assert (answer.status_code, answer.content) == (403, b"")


# --- what is taken in ---


@pytest.mark.parametrize(("mode", "form"), platform.WAYS)
def test_the_end_of_a_job_is_kept_and_its_delivery_is_looked_at(client, hinted, mode, form):
    delivery = in_review(an_account(mode))
    answer = send(client, job_ended(), target(mode, form))
    assert (answer.status_code, answer.content) == (200, b"success")
    row = InboxMessage.objects.get()
    delivery.refresh_from_db()
    assert (row.outcome, row.handled_at is None) == (Outcome.WOKEN, False)
    assert row.facts == {"publish_id": "7", "publish_status": "0", "article_id": "a1"}
    assert hinted == [delivery.pk]
    # Published it is only when the platform says so to our own question (decision 0012).
    assert (delivery.not_before, delivery.state) == (None, Delivery.State.IN_REVIEW)


def test_a_hundred_repeats_are_one_row_and_one_look(client, hinted):
    in_review(an_account())
    query, body = request_of(job_ended(), target())
    assert {post(client, query, body).content for _ in range(100)} == {b"success"}
    assert (InboxMessage.objects.count(), len(hinted)) == (1, 1)


def test_two_jobs_that_end_in_the_same_second_are_two(client, hinted):
    account = an_account()
    for number in ("7", "8"):
        references = {"draft_id": "m1", "submission_id": number}
        in_review(account, external=references)
        send(client, job_ended(number), target())
    assert (InboxMessage.objects.count(), len(hinted)) == (2, 2)


def test_the_key_before_is_still_read(client):
    an_account(previous_aes_key=platform.OLD_KEY)
    assert send(client, job_ended(), target(aes_key=platform.OLD_KEY)).content == b"success"


@pytest.mark.django_db(transaction=True)
def test_who_comes_three_times_at_once_is_kept_once(hinted):
    in_review(an_account())
    query, body = request_of(job_ended(), target())
    start, answers = threading.Barrier(3), []

    def call():
        start.wait()
        answers.append(post(Client(), query, body).content)
        connection.close()

    callers = [threading.Thread(target=call) for _ in range(3)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert answers == [b"success"] * 3
    assert (InboxMessage.objects.count(), len(hinted)) == (1, 1)


# --- what a hint may wake ---


def test_a_mass_send_instead_wakes_what_is_in_review(client, hinted):
    delivery = in_review(an_account())
    send(client, event("MASSSENDJOBFINISH", MsgID=99, Status="send success"), target())
    assert hinted == [delivery.pk]


def test_a_mass_send_that_names_ours_wakes_that_one(client, hinted):
    account = an_account()
    ours = in_review(account)
    in_review(account, external={"draft_id": "m2", "submission_id": "17", "msg_data_id": "18"})
    send(client, event("MASSSENDJOBFINISH", MsgID=8, Status="send success"), target())
    assert hinted == [ours.pk]


def test_where_our_number_was_lost_the_platform_is_asked(client, hinted):
    delivery = DeliveryFactory(account=an_account(), unknown=True, not_before=LATER)
    send(client, job_ended("4711"), target())
    assert hinted == [delivery.pk]
    assert InboxMessage.objects.get().handled_at is None  # until the number is known, or two days


def test_an_event_before_its_number_is_known_is_matched_by_the_sweep(client, hinted):
    delivery = in_review(an_account(), external={"draft_id": "m1", "submission_id": "1"})
    send(client, job_ended("7"), target())
    assert hinted == []
    Delivery.objects.update(external={"draft_id": "m1", "submission_id": "7"})
    tasks.sweep_callbacks()
    assert hinted == [delivery.pk]
    assert InboxMessage.objects.get().outcome == Outcome.WOKEN


def test_what_belongs_to_nothing_of_ours_is_kept_and_no_error(client, hinted):
    an_account()
    assert send(client, job_ended("555"), target()).content == b"success"
    row = InboxMessage.objects.get()
    assert (row.outcome, row.handled_at, hinted) == (Outcome.UNMATCHED, None, [])
    InboxMessage.objects.update(received_at=timezone.now() - timedelta(hours=49))
    tasks.sweep_callbacks()
    assert not InboxMessage.objects.waiting().exists()


def test_what_matches_nothing_stands_in_nobodys_way(client, hinted, monkeypatch):
    monkeypatch.setattr(rows, "SWEEP_AT_MOST", 1)
    account = an_account()
    send(client, job_ended("555"), target())
    delivery = in_review(account)
    platform.tell_by(monkeypatch, lambda: throw(OperationalError()))
    send(client, job_ended("7"), target())
    tasks.sweep_callbacks()
    assert hinted == [delivery.pk]


def test_late_news_of_what_is_published_is_no_work(client, hinted):
    DeliveryFactory(account=an_account(), published=True)
    send(client, job_ended("7"), target())
    assert (InboxMessage.objects.get().outcome, hinted) == (Outcome.IGNORED, [])


def test_a_worker_that_asks_at_this_moment_is_followed_by_another(client, hinted):
    delivery = in_review(an_account(), lease_owner="w", lease_until=LATER)
    send(client, job_ended(), target())
    assert hinted == []
    Delivery.objects.update(lease_owner="", lease_until=None)
    tasks.sweep_callbacks()
    assert hinted == [delivery.pk]


def test_events_that_we_do_not_know_are_kept_and_mean_nothing(client, hinted):
    in_review(an_account())
    for name in ("LOCATION", "unsubscribe", "view", "card_pass_check"):
        assert send(client, event(name), target()).content == b"success"
    assert set(InboxMessage.objects.values_list("outcome", flat=True)) == {Outcome.IGNORED}
    assert hinted == []


# --- nothing else may matter ---


def test_without_a_broker_the_row_is_the_job(client, hinted, monkeypatch):
    delivery = in_review(an_account())
    platform.tell_by(monkeypatch, lambda: throw(OperationalError()))
    assert send(client, job_ended(), target()).content == b"success"
    assert hinted == []
    tasks.sweep_callbacks()
    assert hinted == [delivery.pk]


def throw(error):
    raise error


# --- refusals ---


def refused(answer):
    return (answer.status_code, answer.content) == (403, b"")


def test_a_key_that_is_not_there_and_a_wrong_signature_are_told_apart_by_nobody(client):
    an_account()
    query, body = request_of(job_ended(), target(token="guessed"))
    wrong, nowhere = post(client, query, body), post(client, query, body, key="nowhere")
    assert refused(wrong)
    assert refused(nowhere)
    assert dict(wrong.headers) == dict(nowhere.headers)
    assert not InboxMessage.objects.exists()


def test_a_kind_that_sends_nothing_has_no_address(client):
    AccountFactory(manual=True)
    query, body = request_of(job_ended(), target())
    assert post(client, query, body, kind="toutiao", key="toutiao").status_code == 404
    assert post(client, query, body, kind="fax").status_code == 404


@pytest.mark.parametrize("minutes", [-11, 11, 60 * 24])
def test_what_was_caught_is_worth_nothing_ten_minutes_later(client, minutes):
    an_account()
    at = time.time() - minutes * 60
    assert refused(send(client, job_ended(), target(), at=at))
    assert refused(client.get(verification(target(), at=at)))
    assert "核对服务器的时间" in ChannelAccount.objects.get().callback_refusal


def test_a_repeat_that_keeps_its_time_is_in_time(client):
    an_account()
    at = time.time() - 9 * 60
    assert send(client, job_ended(), target(), at=at).content == b"success"


@pytest.mark.parametrize("mode", ["compat", "safe"])
def test_where_encryption_was_chosen_clear_text_is_refused(client, mode):
    an_account(mode)
    assert refused(send(client, job_ended(), target("plain")))
    assert "明文" in ChannelAccount.objects.get().callback_refusal


def test_in_compat_mode_only_the_encrypted_fields_count(client):
    an_account("compat")
    query, body = request_of(job_ended("7"), target("compat"))
    assert body.count("<publish_id>") == 1
    post(client, query, body.replace("<publish_id><![CDATA[7]]>", "<publish_id><![CDATA[8]]>"))
    assert InboxMessage.objects.get().submission_id == "7"


def test_another_accounts_callback_is_refused(client):
    an_account()
    theirs = target()
    query, body = platform.callbacks.request_of(
        platform.callbacks.Target("wx-other", theirs.url, theirs.token, theirs.aes_key, "safe"),
        job_ended(),
        int(time.time()),
        "n1",
    )
    assert refused(post(client, query, body))
    assert "消息加解密密钥" in ChannelAccount.objects.get().callback_refusal


def test_an_account_without_a_token_takes_nothing(client):
    AccountFactory()
    assert refused(send(client, job_ended(), target("plain", token="")))
    assert "回调令牌" in ChannelAccount.objects.get().callback_refusal


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no xml",
        "<xml>",
        "[]",
        "{",
        "{}",
        "<xml/>",
        '{"a":' * 5000 + "1" + "}" * 5000,
        "<a>" * 9000 + "</a>" * 9000,
        '<!DOCTYPE x [<!ENTITY a "b">]><xml><MsgType>&a;</MsgType></xml>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/"><xml><MsgType>text</MsgType></xml>',
        "\x00\x01\x02",
        '{"MsgType": "event", "Event": ["PUBLISHJOBFINISH"], "PublishEventInfo": 7}',
        '{"MsgType": {"a": 1}}',
    ],
    ids=range(14),
)
def test_what_cannot_be_read_is_refused_and_breaks_nothing(client, body):
    an_account("plain")
    query, _ = request_of(job_ended(), target("plain"))
    assert post(client, query, body).status_code in (200, 403)


def test_a_body_that_is_too_large_is_not_even_read(client):
    an_account("plain")
    query, _ = request_of(job_ended(), target("plain"))
    answer = post(client, query, "<xml>" + "a" * 70_000)
    assert (answer.status_code, answer.content) == (413, b"")


def test_other_methods_are_not_answered(client):
    assert client.put("/hooks/wechat/wechat-main").status_code == 405


def test_whoever_knocks_without_end_writes_little(client):
    an_account()
    query, body = request_of(job_ended(), target(token="guessed"))
    post(client, query, body)
    first = ChannelAccount.objects.get().callback_refused_at
    post(client, query, body)
    assert ChannelAccount.objects.get().callback_refused_at == first


# --- answers to people ---


@pytest.mark.parametrize(("mode", "form"), platform.WAYS)
def test_who_writes_is_answered_in_the_way_that_was_asked(client, settings, mode, form):
    an_account(mode)
    to = target(mode, form)
    answer = send(client, platform.text("我的进度"), to)
    assert f"{settings.PUBLIC_URL}/me/" in platform.callbacks.words_in(to, answer.content)
    assert ("<Encrypt>" in answer.content.decode() or '"Encrypt"' in answer.content.decode()) == (
        mode != "plain"
    )


def test_a_repeat_reads_what_was_answered_even_if_the_words_have_changed(client, monkeypatch):
    an_account()
    query, body = request_of(platform.text("报名"), target())
    first = platform.callbacks.words_in(target(), post(client, query, body).content)
    monkeypatch.setattr(replies, "KEYWORDS", ())
    assert platform.callbacks.words_in(target(), post(client, query, body).content) == first


def test_a_button_of_the_menu_is_answered_as_its_word(client, settings):
    an_account()
    answer = send(client, event("CLICK", EventKey="我换地方了"), target())
    assert f"{settings.PUBLIC_URL}/me/move/" in platform.callbacks.words_in(
        target(), answer.content
    )


def test_nothing_of_who_wrote_or_what_is_kept(client):
    an_account()
    send(client, platform.text("我家住在兴安路"), target())
    row = InboxMessage.objects.values().get()
    assert platform.FOLLOWER not in str(row)
    assert "兴安路" not in str(row)


# --- in time ---


def test_what_is_thirty_days_old_is_forgotten(client):
    an_account()
    for number in (1, 2):
        send(client, platform.text("报名", number), target())
    old = InboxMessage.objects.earliest("pk")
    InboxMessage.objects.filter(pk=old.pk).update(received_at=timezone.now() - timedelta(days=31))
    tasks.forget_callbacks()
    assert InboxMessage.objects.get().pk != old.pk


def test_forgetting_says_how_many(db):
    assert inbox.forget_old() == 0


# --- what our own people see ---


def page_of(client, publisher, key="wechat-main"):
    client.force_login(publisher)
    return client.get(f"/cms/channels/accounts/{key}/")


def test_the_desk_shows_the_address_to_copy_and_what_was_wrong_last(client, publisher, settings):
    an_account()
    send(client, job_ended(), target())
    send(client, job_ended(), target(token="guessed"))
    shown = page_of(client, publisher).content.decode()
    assert f">{settings.PUBLIC_URL}/hooks/wechat/wechat-main</textarea>" in shown
    assert "安全模式" in shown
    assert "publishjobfinish" in shown
    assert "签名不对" in shown


def test_the_desk_says_what_is_missing(client, publisher):
    AccountFactory()
    assert "还没有设置回调令牌" in page_of(client, publisher).content.decode()
    AccountFactory(manual=True)
    assert "回调" not in page_of(client, publisher, "toutiao").content.decode()


def test_only_publishers_see_an_account(client, django_user_model):
    an_account()
    client.force_login(django_user_model.objects.create_user(username="somebody"))
    assert client.get("/cms/channels/accounts/wechat-main/").status_code in (302, 403, 404)


CANARIES = (platform.TOKEN, platform.KEY, platform.OLD_KEY, platform.FOLLOWER, "兴安路")


def test_no_secret_and_nobody_stands_in_a_log_a_task_an_answer_or_a_page(
    client, publisher, monkeypatch, caplog, capsys
):
    asked = []
    given = lambda *args, **options: asked.append((args, options))  # noqa: E731
    monkeypatch.setattr(tasks.handle_callbacks, "apply_async", given)
    platform.tell_by(monkeypatch, partial(tasks.handle_callbacks.apply_async, retry=False))
    account = an_account(previous_aes_key=platform.OLD_KEY)
    answers = []
    with caplog.at_level("DEBUG"):
        for fields in (job_ended(), platform.text("我家住在兴安路"), event("unsubscribe")):
            for to in (target(), target(aes_key=platform.OLD_KEY), target(token="guessed")):
                answers.append(send(client, fields, to).content.decode())
        answers.append(page_of(client, publisher).content.decode())
        answers.append(client.get("/cms/channels/").content.decode())
    rows = [list(InboxMessage.objects.values()), str(account), repr(account)]
    told = f"{caplog.text}{capsys.readouterr()}{asked}{answers}{rows}"
    assert [canary for canary in CANARIES if canary in told] == []
