"""Channels on the editors' screens."""

import pytest
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from studyhub.channels.models import ChannelPick, Delivery
from tests.channels.world import ask, carry

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, publisher, course):
    for kind in ("add_page", "change_page", "publish_page"):
        GroupPagePermission.objects.get_or_create(
            group=publisher.groups.get(),
            page=Page.objects.get(depth=1),
            permission=GroupPagePermission._meta.get_field(
                "permission"
            ).remote_field.model.objects.get(codename=kind, content_type__model="page"),
        )
    client.force_login(publisher)
    return client


def _form(lesson, **extra):
    section = {"heading": "出发", "text": rich_text("<p>红军出发。</p>"), "required": "on"}
    return nested_form_data(
        {
            "title": lesson.title,
            "slug": lesson.slug,
            "summary": lesson.summary,
            "minutes": 5,
            "credit_hours": "0.25",
            "cover": "",
            "body": streamfield([("section", section)]),
            "change_kind": "minor",
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            **extra,
        }
    )


def test_ticking_and_pressing_publish_once_is_enough(desk, wechat, lesson):
    data = _form(lesson) | {
        "channel_picks_shown": "1",
        "channel_pick": "wechat-main",
        "action-publish": "1",
    }
    response = desk.post(reverse("wagtailadmin_pages:edit", args=[lesson.pk]), data)
    assert response.status_code == 302, response.context["form"].errors
    assert ChannelPick.objects.get().account == wechat
    assert Delivery.objects.get().revision == 2


def test_a_form_without_the_panel_leaves_the_ticks_alone(desk, wechat, lesson, publisher):
    ChannelPick.objects.create(
        account=wechat, lesson_key=lesson.translation_key, picked_by=publisher
    )
    desk.post(reverse("wagtailadmin_pages:edit", args=[lesson.pk]), _form(lesson))
    assert ChannelPick.objects.count() == 1


def test_the_editor_shows_how_the_last_delivery_stands(desk, wechat, platform, lesson):
    carry(ask(lesson))
    page = desk.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
    assert "发布到渠道" in page
    assert "已发布，第 1 版" in " ".join(page.replace("</a>", "").split())


def test_who_may_not_send_cannot_tick(desk, wechat, lesson, publisher):
    publisher.groups.get().permissions.filter(codename="send_delivery").delete()
    data = _form(lesson) | {"channel_picks_shown": "1", "channel_pick": "wechat-main"}
    desk.post(reverse("wagtailadmin_pages:edit", args=[lesson.pk]), data)
    assert not ChannelPick.objects.exists()
    assert desk.get(reverse("channels:deliveries")).status_code == 302


def test_the_list_tells_each_delivery_in_words(
    desk, wechat, platform, lesson, django_assert_max_num_queries
):
    delivery = carry(ask(lesson))
    with django_assert_max_num_queries(40):
        page = desk.get(reverse("channels:deliveries")).content.decode()
    assert "长征出发" in page
    detail = desk.get(reverse("channels:delivery", args=[delivery.pk])).content.decode()
    assert "提交发布" in detail
    assert "撤回" in detail


def test_the_buttons_work_and_say_when_they_cannot(desk, toutiao, lesson):
    delivery = carry(ask(lesson, account="toutiao"))
    url = reverse("channels:act", args=[delivery.pk])
    page = desk.get(reverse("channels:delivery", args=[delivery.pk])).content.decode()
    assert "要复制的文稿" in page
    response = desk.post(url, {"act": "handoff", "url": "https://t.example/1"}, follow=True)
    assert "已记下发布链接" in response.content.decode()
    response = desk.post(url, {"act": "cancel"}, follow=True)
    assert "已经不能取消" in response.content.decode()
    desk.post(url, {"act": "nothing"})
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.PUBLISHED
