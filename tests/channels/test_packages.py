"""What a person takes to a platform where only people can post."""

import io
import zipfile

import pytest
from wagtail.images import get_image_model

from studyhub.channels import packages
from studyhub.channels.models import Delivery
from studyhub.core.errors import NotFound
from tests.channels.factories import AccountFactory
from tests.channels.world import ask, carry, lesson_body, make_image

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, publisher):
    client.force_login(publisher)
    return client


def files_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


@pytest.fixture
def delivery(toutiao, make_lesson):
    return carry(ask(make_lesson(body=lesson_body(make_image())), account="toutiao"))


def test_the_zip_holds_words_pictures_and_the_way(desk, delivery):
    answer = desk.get(f"/cms/channels/{delivery.pk}/package.zip")
    held = files_of(answer.content)
    assert held["01-标题.txt"].decode() == "长征出发"
    assert "中央红军" in held["02-正文.txt"].decode()
    assert held["图片01.jpg"].startswith(b"\xff\xd8")
    assert "□" in held["00-怎么发.txt"].decode()
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_picture_that_is_gone_is_said_and_holds_up_nothing(delivery):
    get_image_model().objects.all().delete()
    assert "1 张图片已经不在图库里" in files_of(packages.zipped(delivery))["00-怎么发.txt"].decode()


def test_the_page_offers_each_part_to_copy_and_the_link_to_paste(desk, delivery):
    page = desk.get(f"/cms/channels/{delivery.pk}/").content.decode()
    assert "复制标题" in page
    assert "复制正文" in page
    assert "文章链接" in page
    desk.post(
        f"/cms/channels/{delivery.pk}/act/",
        {"act": "handoff", "url": "https://www.toutiao.com/article/1/"},
    )
    assert Delivery.objects.get().state == Delivery.State.PUBLISHED


def test_what_goes_by_api_has_no_package(desk, wechat, lesson):
    delivery = ask(lesson)
    with pytest.raises(NotFound):
        packages.zipped(delivery)
    assert desk.get(f"/cms/channels/{delivery.pk}/package.zip").status_code == 404


def test_another_platform_by_hand_is_one_class_and_one_line(make_lesson):
    AccountFactory(kind="xiaohongshu", key="xhs", mode="manual", capabilities=[], secrets={})
    package = packages.package_of(carry(ask(make_lesson(), account="xhs")))
    assert [words.label for words in package.words] == ["标题", "正文"]


def test_a_link_pasted_wrongly_is_put_right(desk, delivery):
    act = f"/cms/channels/{delivery.pk}/act/"
    desk.post(act, {"act": "handoff", "url": "https://www.toutiao.com/article/wrong/"})
    since = Delivery.objects.get().published_at
    assert "换一个链接" in desk.get(f"/cms/channels/{delivery.pk}/").content.decode()
    desk.post(act, {"act": "handoff", "url": "https://www.toutiao.com/article/1/"})
    row = Delivery.objects.get()
    assert (row.url, row.published_at) == ("https://www.toutiao.com/article/1/", since)
