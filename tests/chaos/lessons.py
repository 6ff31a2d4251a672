"""What is to be sent, and what stands on the platforms in the end."""

from collections import Counter
from uuid import uuid4

from django.db import connection, transaction

from studyhub.channels import accounts, requests
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.core.signals import database_restored
from studyhub.sandbox.models import App, Article
from tests.channels.factories import DeliveryFactory
from tests.channels.world import make_image

State = Delivery.State
TOKEN, AES_KEY = "chaos-token", "chaosChaosChaosChaosChaosChaosChaosChaosCh0"
WECHAT = {"app_id": "wx-chaos", "app_secret": "s", "token": TOKEN, "aes_key": AES_KEY}
SETTINGS = {"wechat": {**WECHAT, "callback_mode": "safe"}}


def prepare(kinds, lessons, port):
    """Accounts on both sides, and a delivery of every lesson to each."""
    picture = make_image().pk
    App.objects.create(
        app_id="wx-chaos",
        secret="s",
        capabilities=list(App.CAPABILITIES),
        publish_delay=1.0,
        list_lag=1.5,
        callback={
            "url": f"http://127.0.0.1:{port}/hooks/wechat/chaos-wechat",
            "token": TOKEN,
            "aes_key": AES_KEY,
            "mode": "safe",
            "form": "xml",
        },
    )
    for kind in kinds:
        account = accounts.put_account(kind, f"chaos-{kind}", {"name": kind, **SETTINGS[kind]})
        for number in range(lessons):
            title = f"第{number + 1}课"
            DeliveryFactory(
                account=account, lesson_key=uuid4(), lesson_title=title, pictures=[picture]
            )


def standing():
    """Kind -> state -> number."""
    found = {}
    for kind, state in Delivery.objects.values_list("account__kind", "state"):
        found.setdefault(kind, Counter())[state] += 1
    return found


def unfinished():
    return Delivery.objects.filter(state__in=Delivery.MOVING).count()


def verdict():
    """Every lesson that is not there exactly once, with what is told of it."""
    wrong, held = [], []
    for row in Delivery.objects.select_related("account").order_by("pk"):
        there = POSTS[row.account.kind](row)
        told = f"{row.account.kind} {row.lesson_title} {row.state}: {row.error_detail}"
        if row.state == State.PUBLISHED and there == 1:
            continue
        explained = bool(row.error_detail and row.error_action)
        if there > 1 or row.state == State.PUBLISHED or not explained:
            wrong.append(f"{told} ({there} posts)")
        else:
            held.append(f"{told} ({there} posts)")
    return wrong, held


def _articles(row):
    marker = f"p={row.marker}"
    found = Article.objects.filter(is_deleted=False)
    return sum(marker in one.first["content_source_url"] for one in found)


POSTS = {"wechat": _articles}


def press():
    """A person has looked at each that waits, a day later, and presses 重试; how many these were.

    What is out by then is found by the same press, before anything is sent.
    """
    rows = Delivery.objects.filter(state__in=(State.WAITING_HUMAN, State.FAILED))
    found = list(rows.values_list("pk", flat=True))
    for pk in found:
        requests.retry(pk)
    return len(found)


def back_up():
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'CREATE TABLE "kept_{table}" AS TABLE "{table}"')


def tables():
    return [model._meta.db_table for model in (Delivery, *_children())]


def _children():
    return [relation.related_model for relation in Delivery._meta.related_objects]


@transaction.atomic
def restore():
    """What was known then is all that is known; the platforms have gone on."""
    with connection.cursor() as cursor:
        names = ", ".join(f'"{table}"' for table in tables())
        cursor.execute(f"TRUNCATE {names}")
        for table in tables():
            cursor.execute(f'INSERT INTO "{table}" TABLE "kept_{table}"')
    database_restored.send(None, number=2)


def resume():
    """A person has looked, and goes on."""
    for account in ChannelAccount.objects.filter(health=ChannelAccount.Health.PAUSED):
        accounts.resume(account)
