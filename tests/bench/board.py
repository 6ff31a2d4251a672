"""The board of 500 lessons and six channels, and the sweep beside a million that lie still."""

import json
import statistics

from tests.bench.database import bench_product
from tests.bench.report import Figure
from tests.bench.servers import manage

LESSONS, CHANNELS, OLD, ROUNDS = 500, 6, 1_000_000, 30
PAGE_GOAL, QUERIES_GOAL, SWEEP_GOAL = 300, 8, 10  # ms, number, ms

# Lessons are copies of the demo's first one; what lies still is written by the database itself.
MEASURE = """
import json, statistics, time
from uuid import uuid4
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from content.models import LessonPage
from content.models.signing import sign_for_all
from content.models import SignOff
from studyhub.channels.accounts import put_account
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.core.ids import uuid7
from studyhub.people.models import User
LESSONS, CHANNELS, OLD, ROUNDS = %d, %d, %d, %d
first = LessonPage.objects.live().order_by("pk").first()
course = first.get_parent()
for number in range(LESSONS - LessonPage.objects.live().count()):
    named = {"title": f"第{number}课", "slug": f"b{number}", "summary": "概要"}
    page = LessonPage(**named, body=first.body, live=False)
    course.add_child(instance=page)
    LessonPage.objects.filter(pk=page.pk).update(live=True, first_published_at="2026-01-01T00:00Z")
while ChannelAccount.objects.count() < CHANNELS:
    put_account("toutiao", f"more-{ChannelAccount.objects.count()}", {})
accounts = list(ChannelAccount.objects.all()[:CHANNELS])
Delivery.objects.all().delete()
rows = []
for page in LessonPage.objects.live():
    for account in accounts:
        key = uuid7()
        rows.append(Delivery(id=key, marker=key.hex[-12:], account=account, action="publish",
            lesson_key=page.translation_key, lesson_title=page.title, revision=1,
            state="published", content_hash="-", post={"text": "字" * 3000}, lost=["1 张图片"]))
Delivery.objects.bulk_create(rows, batch_size=500)
client = Client(HTTP_HOST="127.0.0.1")
client.force_login(User.objects.get(username="publisher"))
def page():
    started = time.perf_counter()
    answer = client.get("/cms/channels/board/", secure=True)
    assert answer.status_code == 200, answer.status_code
    return (time.perf_counter() - started) * 1000
page()
with CaptureQueriesContext(connection) as caught:
    page()
    asked = [one["sql"] for one in caught.captured_queries]
board = [page() for _ in range(ROUNDS)]
own = [sql for sql in asked if '"studyhub_channels_' in sql or '"content_' in sql]
with connection.cursor() as cursor:
    columns = [field.column for field in Delivery._meta.concrete_fields]
    copied = [name for name in columns if name not in ("id", "marker", "lesson_key")]
    names = ", ".join(f'"{name}"' for name in copied)
    cursor.execute(f'INSERT INTO {Delivery._meta.db_table} (id, marker, lesson_key, {names}) '
        f"SELECT gen_random_uuid(), substr(md5(n::text), 1, 16), gen_random_uuid(), {names} "
        f"FROM {Delivery._meta.db_table}, generate_series(1, %%s) n WHERE id = %%s",
        [OLD, rows[0].pk])
    cursor.execute("ANALYZE")
def sweep():
    started = time.perf_counter()
    list(Delivery.objects.due().overdue_ids())
    return (time.perf_counter() - started) * 1000
sweep()
sweeps = [sweep() for _ in range(ROUNDS)]
print("BENCH" + json.dumps([board, len(asked), len(own), sweeps]))
"""


def measure() -> list[Figure]:
    with bench_product("board") as (env, _):
        manage(env, "collectstatic", "--noinput", "--verbosity", "0")
        told = manage(
            env, "shell", "--no-imports", "-c", MEASURE % (LESSONS, CHANNELS, OLD, ROUNDS)
        )
    board, queries, own, sweeps = json.loads(told.split("BENCH", 1)[1])
    slowest = statistics.quantiles(board, n=20)[-1]
    sweep = statistics.median(sweeps)
    return [
        Figure(
            f"渠道总表 {LESSONS} 课 × {CHANNELS} 个渠道，五十课一页",
            f"p95 {slowest:.0f} ms，中位 {statistics.median(board):.0f} ms",
            f"{queries} 次查询，其中课和渠道的 {own} 次",
            f"≤ {PAGE_GOAL} ms，≤ {QUERIES_GOAL} 次",
            slowest <= PAGE_GOAL and own <= QUERIES_GOAL,
        ),
        Figure(
            "找该发的，旁边躺着一百万次旧的",
            f"中位 {sweep:.1f} ms",
            "",
            f"≤ {SWEEP_GOAL} ms",
            sweep <= SWEEP_GOAL,
        ),
    ]
