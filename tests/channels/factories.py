"""Accounts and deliveries for tests, in every state they can be in. No page, no platform needed."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from studyhub.channels.models import ChannelAccount, Delivery, DeliveryAttempt
from studyhub.core.ids import uuid7

APP_ID, APP_SECRET = "wx-test", "not-a-real-secret"
State = Delivery.State


def a_post(marker, *, pictures=()):
    """A frozen text, as a row keeps it."""
    shown = "".join(f'<img src="picture:{number}">' for number in pictures)
    return {
        "title": "长征出发",
        "digest": "红军为什么出发",
        "author": "指尖课堂",
        "html": f"<section><p>中央红军出发。{shown}</p></section>",
        "text": "中央红军出发。",
        "source_url": f"https://studyhub.example/courses/a/b/?p={marker}",
        "pictures": list(pictures),
        "cover": None,
        "lost": [],
    }


class AccountFactory(DjangoModelFactory):
    """A WeChat account of ours that may do everything; traits make it another platform's."""

    class Meta:
        model = ChannelAccount
        django_get_or_create = ("key",)

    class Params:
        manual = factory.Trait(
            kind="toutiao",
            key="toutiao",
            name="头条号",
            mode="manual",
            capabilities=[],
            secrets={},
        )
        folder = factory.Trait(
            kind="folder", key="folder", name="文件目录", secrets={"folder": "lessons"}
        )
        paused = factory.Trait(health="paused", paused_reason="没有权限", needs="请看一眼")
        drafts_only = factory.Trait(capabilities=["draft"])

    kind = "wechat"
    key = "wechat-main"
    name = "公众号"
    mode = "api"
    capabilities = factory.List(["draft", "publish", "withdraw"])
    secrets = factory.Dict({"app_id": APP_ID, "app_secret": APP_SECRET})


class DeliveryFactory(DjangoModelFactory):
    """A delivery that has just been asked for; a trait puts it further on its way."""

    class Meta:
        model = Delivery

    class Params:
        pictures = ()
        in_box = factory.Trait(state=State.PREPARING, external={"draft_id": "m1"})
        submitting = factory.Trait(
            state=State.SUBMITTING,
            external={"draft_id": "m1"},
            submit_started_at=factory.LazyFunction(timezone.now),
            quiet_until=factory.LazyFunction(lambda: timezone.now() + timedelta(minutes=30)),
        )
        unknown = factory.Trait(
            state=State.OUTCOME_UNKNOWN,
            external={"draft_id": "m1"},
            submit_started_at=factory.LazyFunction(timezone.now),
        )
        in_review = factory.Trait(
            state=State.IN_REVIEW,
            external={"draft_id": "m1", "submission_id": "7", "msg_data_id": "8"},
            submit_started_at=factory.LazyFunction(timezone.now),
            submitted_at=factory.LazyFunction(timezone.now),
        )
        published = factory.Trait(
            state=State.PUBLISHED,
            external={"draft_id": "m1", "submission_id": "7", "article_id": "a1"},
            url="https://mp.weixin.qq.com/s/a1",
            submit_started_at=factory.LazyFunction(timezone.now),
            published_at=factory.LazyFunction(timezone.now),
        )
        pasted = factory.Trait(state=State.PUBLISHED, url="https://www.toutiao.com/article/1/")
        waiting = factory.Trait(state=State.WAITING_HUMAN, external={"draft_id": "m1"})
        needs_auth = factory.Trait(state=State.NEEDS_AUTH, error_code="48001")
        deferred = factory.Trait(state=State.DEFERRED, error_code="45009")
        rejected = factory.Trait(state=State.REJECTED, error_code="45166")
        failed = factory.Trait(state=State.FAILED, error_code="-1")
        cancelled = factory.Trait(state=State.CANCELLED)
        removed = factory.Trait(state=State.REMOVED)

    id = factory.LazyFunction(uuid7)
    account = factory.SubFactory(AccountFactory)
    lesson_key = factory.LazyFunction(uuid7)
    lesson_title = "长征出发"
    revision = 1
    action = "publish"
    marker = factory.LazyAttribute(lambda row: row.id.hex[-12:])
    post = factory.LazyAttribute(lambda row: a_post(row.marker, pictures=row.pictures))
    content_hash = "-"


class AttemptFactory(DjangoModelFactory):
    """One step that a worker has tried."""

    class Meta:
        model = DeliveryAttempt

    delivery = factory.SubFactory(DeliveryFactory)
    step = "draft"
    outcome = DeliveryAttempt.Outcome.DONE
    finished_at = factory.LazyFunction(timezone.now)
