"""An account of ours is the platform's own account: what lies there belongs to it and no other."""

import pytest

from studyhub.channels import accounts
from studyhub.channels.adapters.wechat.channel import WeChatChannel
from studyhub.channels.models import ChannelAccount, ChannelAsset, Delivery
from studyhub.core.errors import Conflict
from studyhub.sandbox.models import Article, Material
from tests.channels.factories import DeliveryFactory
from tests.channels.world import ask, carry

pytestmark = pytest.mark.django_db
State = Delivery.State


def put(key="main", app_id="wx-one", **values):
    return accounts.put_account("wechat", key, {"app_id": app_id, "app_secret": "s", **values})


def test_a_second_account_of_the_same_app_is_refused():
    put("main")
    with pytest.raises(Conflict) as refusal:
        put("again")
    assert refusal.value.code == "same_account"
    assert "main" in refusal.value.detail
    assert ChannelAccount.objects.count() == 1


def test_a_second_directory_of_the_same_name_is_refused(settings):
    settings.CHANNEL_BASES = {**settings.CHANNEL_BASES, "FOLDER_BASE": "/"}
    accounts.put_account("folder", "one", {"folder": "x"})
    with pytest.raises(Conflict):
        accounts.put_account("folder", "two", {"folder": "x"})


def test_people_may_post_to_several_accounts_of_a_platform():
    accounts.put_account("toutiao", "one", {})
    accounts.put_account("toutiao", "two", {})
    assert ChannelAccount.objects.count() == 2


@pytest.mark.parametrize("belonging", ["delivery", "material"])
def test_a_key_with_articles_or_material_never_becomes_another_app(belonging):
    account = put(app_id="wx-one")
    if belonging == "delivery":
        DeliveryFactory(account=account, published=True)
    else:
        ChannelAsset.objects.create(account=account, use="cover", sha256="0", remote_id="c")
    with pytest.raises(Conflict) as refusal:
        put(app_id="wx-two")
    assert refusal.value.code == "another_account"
    assert "新的标识" in refusal.value.detail
    assert ChannelAccount.objects.get().secrets["app_id"] == "wx-one"


def test_a_key_that_was_never_used_may_be_corrected():
    put(app_id="wx-typo")
    assert put(app_id="wx-one").platform_id == "wx-one"


def test_a_new_secret_of_the_same_app_keeps_all_that_is_its_own():
    account = put()
    DeliveryFactory(account=account, published=True)
    assert put(app_secret="new").pk == account.pk


def test_material_that_was_deleted_in_the_console_is_uploaded_anew(wechat, platform, make_lesson):
    carry(ask(make_lesson("甲")))
    Material.objects.all().delete()
    delivery = carry(ask(make_lesson("乙")))
    assert delivery.state == State.PUBLISHED
    assert Article.objects.count() == 2


def test_material_that_is_refused_although_it_is_new_is_not_uploaded_for_ever(
    wechat, platform, lesson, monkeypatch
):
    monkeypatch.setattr(WeChatChannel, "upload_cover", lambda self, picture: "unknown")
    assert carry(ask(lesson)).state == State.REJECTED
