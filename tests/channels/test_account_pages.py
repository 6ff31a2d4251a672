"""渠道账号 at the desk: no command line is needed, and no key is ever shown again."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from wagtail.models import ModelLogEntry

from studyhub.channels import account_pages, accounts
from studyhub.channels.models import ChannelAccount
from studyhub.core.errors import Conflict, Invalid
from studyhub.sandbox.models import App, Said
from tests.channels.factories import APP_ID, APP_SECRET, DeliveryFactory
from tests.channels.world import reach_robots

pytestmark = pytest.mark.django_db
Health = ChannelAccount.Health
LIST, ADD = "/cms/channels/accounts/", "/cms/channels/accounts/add/"
KEY_A, KEY_B = "a" * 43, "b" * 43
WECHAT = {
    "name": "某某先锋",
    "app_id": "wx-new",
    "app_secret": "canary-of-the-secret",
    "capabilities": ["draft", "publish", "withdraw"],
}


@pytest.fixture(autouse=True)
def robots(settings):
    reach_robots(settings)


@pytest.fixture
def admin(client, db):
    client.force_login(get_user_model().objects.create_superuser(username="boss"))
    return client


@pytest.fixture
def sender(client, publisher):
    client.force_login(publisher)
    return client


def page_of(client, key):
    return client.get(f"{LIST}{key}/").content.decode()


def save(client, key, values):
    """As the form sends it, with the version that it shows."""
    page = page_of(client, key)
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    return client.post(f"{LIST}{key}/", values | {"seen": seen}, follow=True).content.decode()


def press(client, key, word):
    return client.post(f"{LIST}{key}/act/", {"act": word}, follow=True).content.decode()


def test_an_account_is_made_without_the_command_line(admin):
    assert "微信公众号" in admin.get(ADD).content.decode()
    answer = admin.post(f"{ADD}?kind=wechat", WECHAT, follow=True)
    made = ChannelAccount.objects.get()
    assert "设好了" in answer.content.decode()
    assert (made.name, made.secrets["app_secret"]) == ("某某先锋", "canary-of-the-secret")
    assert made.key == "wechat-1"


def test_a_second_of_a_kind_gets_its_own_key(admin):
    accounts.put_account("toutiao", "toutiao-1", {})
    admin.post(f"{ADD}?kind=toutiao", {"name": "又一个头条号"})
    assert set(ChannelAccount.objects.values_list("key", flat=True)) == {"toutiao-1", "toutiao-2"}


def test_what_is_wrong_is_said_and_what_was_typed_stays(admin):
    wrong = {"name": "一组的群", "webhook_key": "https://qyapi.weixin.qq.com/x?key=1"}
    page = admin.post(f"{ADD}?kind=wecom_robot", wrong).content.decode()
    assert "不要整个网址" in page
    assert 'value="一组的群"' in page
    assert not ChannelAccount.objects.exists()


def test_the_same_account_of_the_platform_is_refused_in_words(admin, wechat):
    accounts.put_account("wechat", "wechat-main", {"app_id": APP_ID, "app_secret": APP_SECRET})
    page = admin.post(f"{ADD}?kind=wechat", WECHAT | {"app_id": APP_ID}).content.decode()
    assert "会重复发布" in page


@pytest.mark.parametrize("path", [LIST, f"{LIST}wechat-1/"])
def test_no_key_is_shown_again(admin, path):
    accounts.put_account("wechat", "wechat-1", WECHAT | {"token": "canary-token", "aes_key": KEY_A})
    page = admin.get(path).content.decode()
    assert "某某先锋" in page
    assert not [
        secret for secret in (WECHAT["app_secret"], "canary-token", KEY_A) if secret in page
    ]


def test_a_field_left_empty_stays_as_it_is(admin):
    accounts.put_account("wechat", "wechat-1", WECHAT | {"token": "t"})
    changed = WECHAT | {"name": "新名字", "app_secret": "", "token": ""}
    save(admin, "wechat-1", changed)
    account = ChannelAccount.objects.get()
    assert account.name == "新名字"
    assert (account.secrets["app_secret"], account.secrets["token"]) == (WECHAT["app_secret"], "t")


def test_a_setting_no_longer_used_goes_when_it_is_ticked(admin):
    accounts.put_account("wechat", "wechat-1", WECHAT | {"token": "t"})
    save(admin, "wechat-1", WECHAT | {"forget": ["token"]})
    assert "token" not in ChannelAccount.objects.get().secrets


def test_a_new_key_of_messages_keeps_the_one_before(admin):
    accounts.put_account("wechat", "wechat-1", WECHAT | {"aes_key": KEY_A})
    save(admin, "wechat-1", WECHAT | {"aes_key": KEY_B})
    secrets = ChannelAccount.objects.get().secrets
    assert (secrets["aes_key"], secrets["previous_aes_key"]) == (KEY_B, KEY_A)


def test_an_account_without_the_right_to_publish_keeps_drafts_alone(admin):
    accounts.put_account("wechat", "wechat-1", WECHAT)
    save(admin, "wechat-1", WECHAT | {"capabilities": ["draft"]})
    assert ChannelAccount.objects.get().capabilities == ["draft"]
    page = save(admin, "wechat-1", {**WECHAT, "capabilities": []})
    assert "至少选一样" in page
    assert ChannelAccount.objects.get().capabilities == ["draft"]


def test_who_sends_sees_how_it_stands_and_sets_nothing(sender):
    accounts.put_account("wechat", "wechat-1", WECHAT)
    assert "加一个渠道账号" not in sender.get(LIST).content.decode()
    assert "app_secret" not in page_of(sender, "wechat-1")
    for address in (f"{LIST}wechat-1/", f"{ADD}?kind=toutiao"):
        sender.post(address, {"name": "x", "app_id": "x", "app_secret": "x"})
    press(sender, "wechat-1", "delete")
    account = ChannelAccount.objects.get()
    assert (account.name, account.secrets["app_id"]) == ("某某先锋", "wx-new")


@pytest.mark.parametrize("path", [LIST, ADD, f"{LIST}wechat-1/"])
def test_nobody_else_comes_in(client, path):
    accounts.put_account("wechat", "wechat-1", WECHAT)
    client.force_login(get_user_model().objects.create_user(username="somebody"))
    assert client.get(path).status_code in (302, 403)


def test_a_pause_stops_what_waits_and_its_end_lets_it_go(sender):
    account = accounts.put_account("wechat", "wechat-1", WECHAT)
    DeliveryFactory(account=account)
    assert "暂停了" in press(sender, "wechat-1", "stop")
    account.refresh_from_db()
    assert account.health == Health.PAUSED
    assert "publisher按了“暂停”" in account.paused_reason
    assert not account.deliveries.due().exists()
    press(sender, "wechat-1", "resume")
    assert account.deliveries.due().exists()


def test_trying_says_what_the_platform_said(sender):
    accounts.put_account("wechat", "wechat-1", WECHAT)
    App.objects.create(app_id="wx-new", secret=WECHAT["app_secret"], capabilities=["draft"])
    assert "通了，设置是对的" in press(sender, "wechat-1", "try")
    assert ChannelAccount.objects.get().health == Health.OK


def test_trying_with_a_wrong_secret_pauses_the_account(sender):
    accounts.put_account("wechat", "wechat-1", WECHAT)
    App.objects.create(app_id="wx-new", secret="another", capabilities=["draft"])
    page = press(sender, "wechat-1", "try")
    assert "没有通" in page
    assert "AppSecret" in page
    assert WECHAT["app_secret"] not in page
    assert ChannelAccount.objects.get().health == Health.PAUSED


def test_a_robot_is_tried_by_a_word_in_the_group(sender):
    accounts.put_account("wecom_robot", "wecom-robot-1", {"webhook_key": "k1"})
    assert "在群里说一句测试" in page_of(sender, "wecom-robot-1")
    assert "通了" in press(sender, "wecom-robot-1", "try")
    assert Said.objects.get().title == "【学习】测试"


def test_where_nothing_is_called_nothing_is_tried(sender, toutiao):
    assert 'value="try"' not in page_of(sender, "toutiao")
    assert sender.post(f"{LIST}toutiao/act/", {"act": "try"}).status_code == 404


def test_an_account_that_has_carried_something_stays(admin, wechat):
    DeliveryFactory(account=wechat)
    assert "不能删除" in press(admin, wechat.key, "delete")
    with pytest.raises(Conflict):
        accounts.delete_account(wechat)
    assert ChannelAccount.objects.exists()


def test_one_made_by_mistake_goes(admin):
    accounts.put_account("toutiao", "toutiao-1", {"name": "按错了"})
    assert "删除了" in press(admin, "toutiao-1", "delete")
    assert not ChannelAccount.objects.exists()


def test_a_platform_that_the_server_does_not_know_yet_says_what_is_missing(admin, settings):
    settings.CHANNEL_BASES = {**settings.CHANNEL_BASES, "FOLDER_BASE": ""}
    page = admin.get(ADD).content.decode()
    assert "FOLDER_BASE" in page
    assert "?kind=folder" not in page


def test_of_two_people_who_change_an_account_the_second_is_told(admin):
    accounts.put_account("wechat", "wechat-1", WECHAT)
    seen = accounts.version_of(ChannelAccount.objects.get())
    save(admin, "wechat-1", WECHAT | {"capabilities": ["draft"]})
    page = admin.post(
        f"{LIST}wechat-1/", WECHAT | {"name": "乙写的", "seen": seen}
    ).content.decode()
    assert "刚才有人改过" in page
    assert 'value="乙写的"' in page
    assert ChannelAccount.objects.get().capabilities == ["draft"]


@pytest.mark.parametrize("key", ["a/b?c#d", "../x", "", "键", "k" * 41, "a b", "a\n"])
def test_a_key_that_no_address_can_hold_is_refused(db, key):
    with pytest.raises(Invalid, match="标识只能用"):
        accounts.put_account("toutiao", key, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("app_id", "x" * 500),
        ("app_secret", "http://127.0.0.1/?key=abc def"),
        ("token", "中文"),
        ("callback_mode", "open"),
    ],
)
def test_a_mistaken_paste_is_said_at_its_field(admin, name, value):
    page = admin.post(f"{ADD}?kind=wechat", WECHAT | {name: value}).content.decode()
    assert f'id="id_{name}_error"' in page
    assert not ChannelAccount.objects.exists()


def test_a_refused_deletion_is_not_told_as_one(admin, wechat):
    DeliveryFactory(account=wechat)
    press(admin, wechat.key, "delete")
    assert not ModelLogEntry.objects.filter(action=account_pages.DELETED).exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_an_account_while_its_platform_is_asked(sender, monkeypatch):
    accounts.put_account("wechat", "wechat-1", WECHAT)
    held = []
    monkeypatch.setattr(
        accounts, "try_out", lambda account: held.append(connection.in_atomic_block)
    )
    press(sender, "wechat-1", "try")
    assert held == [False]
