"""Reads of what is out, by article and day; what is left of the account's calls."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from studyhub.channels import counts, tasks
from studyhub.channels.connections import open_counting
from studyhub.channels.errors import ChannelUnavailable
from studyhub.channels.models import ChannelAccount, Delivery, DeliveryCount
from studyhub.channels.ports import Quota
from studyhub.core.clock import today
from studyhub.sandbox.models import Article, Call, Token
from tests.channels.factories import AccountFactory
from tests.channels.world import ask, carry, fault

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SPAN = timedelta(days=3)


@pytest.fixture
def counting(db):
    return AccountFactory(capabilities=["draft", "publish", "withdraw", "stats"])


@pytest.fixture
def out(counting, platform, lesson, time_machine):
    """An article that has been out for three days, at noon."""
    delivery = carry(ask(lesson))
    time_machine.move_to(NOON)
    Token.objects.update(expires_at=NOON + timedelta(hours=2))
    then = NOON - SPAN
    Article.objects.update(published_at=then)
    Delivery.objects.update(published_at=then, submitted_at=then)
    return delivery


def test_figures_come_by_day_and_grow(counting, out):
    counts.count_account(counting)
    days = [count.day for count in out.counts.all()]
    assert days == [today() - timedelta(days=n) for n in (3, 2, 1)]
    reads = [count.reads for count in out.counts.all()]
    assert reads == sorted(reads)
    assert reads[0] > 0
    counting.refresh_from_db()
    assert (counting.counted_on, counting.counts_note) == (today(), "")


def test_counting_again_replaces(counting, out):
    counts.count_account(counting)
    DeliveryCount.objects.update(reads=0)
    counts.count_account(counting)
    assert out.counts.count() == 3
    assert not out.counts.filter(reads=0).exists()


def test_what_is_not_reckoned_yet_is_asked_for_later(counting, out):
    fault("datacube/getarticletotaldetail", "errcode", errcode=61503)
    counts.count_account(counting)
    counting.refresh_from_db()
    assert counting.counted_on is None
    assert "还没有算好" in counting.counts_note
    assert [account.pk for account in counts.accounts_to_count()] == [counting.pk]
    counts.count_account(counting)
    assert not counts.accounts_to_count()


def test_before_eight_the_platform_has_not_reckoned_yesterday(counting, out, time_machine):
    time_machine.move_to(datetime(2026, 11, 20, 22, 0, tzinfo=UTC))
    with pytest.raises(ChannelUnavailable, match="还没有算好"):
        open_counting(counting).counts_of(today() - timedelta(days=1))


def test_no_right_to_figures_stops_no_delivery(counting, out):
    fault("datacube/getarticletotaldetail", "errcode", errcode=48001)
    counts.count_account(counting)
    counting.refresh_from_db()
    assert counting.health != ChannelAccount.Health.PAUSED
    assert "没有这项接口权限" in counting.counts_note


@pytest.mark.parametrize("kind", ["broken_json", "http500"])
def test_an_answer_that_cannot_be_read_is_noted(counting, out, kind):
    fault("datacube/getarticletotaldetail", kind)
    counts.count_account(counting)
    counting.refresh_from_db()
    assert counting.counts_note
    assert not DeliveryCount.objects.exists()


def test_only_accounts_that_may_are_asked(wechat, platform):
    assert not counts.accounts_to_count()


def test_the_task_asks_for_one_account_once_a_day(counting, out):
    tasks.count_account(counting.key)
    asked = Call.objects.filter(path="datacube/getarticletotaldetail").count()
    tasks.count_account(counting.key)
    assert Call.objects.filter(path="datacube/getarticletotaldetail").count() == asked == 1


def test_what_is_long_out_is_not_asked_for_again(counting, out):
    long_ago = NOON - timedelta(days=40)
    Delivery.objects.update(published_at=long_ago, submitted_at=long_ago)
    counts.count_account(counting)
    assert not Call.objects.filter(path="datacube/getarticletotaldetail").exists()


def test_figures_stand_on_both_pages(counting, out, admin_client):
    counts.count_account(counting)
    page = admin_client.get(reverse("channels:stats", args=[counting.key])).content.decode()
    last = out.counts.last()
    assert f"{last.reads} 人次" in page
    shown = admin_client.get(reverse("channels:delivery", args=[out.pk])).content.decode()
    assert f"{last.reads} 人次读过" in shown


def test_an_account_that_may_not_says_so(wechat, admin_client):
    page = admin_client.get(reverse("channels:stats", args=[wechat.key])).content.decode()
    assert "没有勾选“读取阅读数”" in page


def test_the_quota_is_asked_for_by_a_button_and_kept(wechat, platform, admin_client):
    address = reverse("channels:quota", args=[wechat.key])
    assert "还没有问过" in admin_client.get(address).content.decode()
    admin_client.post(address)
    wechat.refresh_from_db()
    told = {quota["path"]: Quota(**quota) for quota in wechat.quotas}
    token = told["/cgi-bin/stable_token"]
    assert (token.used, token.left) == (1, 999)
    assert "放进草稿箱" in admin_client.get(address).content.decode()


def test_what_was_known_of_the_quota_stays_when_nobody_answers(wechat, platform, admin_client):
    address = reverse("channels:quota", args=[wechat.key])
    admin_client.post(address)
    fault("openapi/quota/get", "http500")
    answer = admin_client.post(address, follow=True)
    assert "没有问到" in answer.content.decode()
    wechat.refresh_from_db()
    assert wechat.quotas


def test_a_path_that_the_platform_does_not_ration_is_left_out(wechat, platform, admin_client):
    fault("openapi/quota/get", "errcode", errcode=76021)
    admin_client.post(reverse("channels:quota", args=[wechat.key]))
    wechat.refresh_from_db()
    assert "/cgi-bin/stable_token" not in [quota["path"] for quota in wechat.quotas]
    assert len(wechat.quotas) == 9


def test_a_kind_without_figures_has_no_such_pages(admin_client):
    group = ChannelAccount.objects.create(key="group-1", kind="group", name="群", mode="manual")
    for name in ("stats", "quota"):
        assert admin_client.get(reverse(f"channels:{name}", args=[group.key])).status_code == 404
