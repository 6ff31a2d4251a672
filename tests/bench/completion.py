"""A group's completion with a province in the tables, beside the bare query."""

import json
import statistics
import tempfile
from pathlib import Path

import psycopg

from tests.bench.database import bench_database
from tests.bench.report import Figure
from tests.bench.servers import environment, free_port, manage

MEMBERS = 200_000
LESSONS = 50
GROUP = 30
ROUNDS = 200


MEASURE = """
import json, time, random
from django.db import connection
from studyhub.people.models import StudyGroup
from studyhub.learning.completion import group_completion
pks = list(StudyGroup.objects.filter(name__startswith="生成小组").values_list("pk", flat=True))
chance = random.Random(7)
def timed(work):
    times = []
    for pk in chance.sample(pks, %d):
        started = time.perf_counter()
        work(pk)
        times.append((time.perf_counter() - started) * 1000)
    return times
def whole(pk):
    group_completion(StudyGroup.objects.select_related("branch").get(pk=pk))
def bare(pk):
    with connection.cursor() as cursor:
        cursor.execute("SELECT m.name, p.lesson_key, p.finished_at FROM people_groupmembership g"
            " JOIN people_member m ON m.id = g.member_id"
            " JOIN learning_progress p ON p.member_id = m.id"
            " WHERE g.group_id = %%s AND p.lesson_key IN (SELECT lesson_key FROM"
            " learning_plannedlesson) ORDER BY m.name", [pk])
        cursor.fetchall()
whole(pks[0]); bare(pks[0])
print("BENCH" + json.dumps([timed(whole), timed(bare)]))
"""


def measure() -> list[Figure]:
    with bench_database("studyhub_bench_completion") as url, tempfile.TemporaryDirectory() as var:
        env = environment(Path(var), free_port(), url)
        manage(env, "migrate", "--verbosity", "0")
        manage(env, "demo")
        with psycopg.connect(url.replace("postgres://", "postgresql://")) as connection:
            connection.execute(generator(MEMBERS))
        told = manage(env, "shell", "--no-imports", "-c", MEASURE % ROUNDS)
    whole, bare = json.loads(told.split("BENCH", 1)[1])
    p95, bare_p95 = (statistics.quantiles(times, n=20)[-1] for times in (whole, bare))
    return [
        Figure(
            f"30 人小组完成情况（库内 {MEMBERS:,} 人 × {LESSONS} 课）",
            f"p95 {p95:.1f} ms，中位 {statistics.median(whole):.1f} ms",
            f"裸查询 p95 {bare_p95:.1f} ms，比 {p95 / bare_p95:.1f}",
            "p95 ≤ 20 ms",
            p95 <= 20,
        )
    ]


def generator(members: int) -> str:
    """The SQL that fills the tables for so many members."""
    sql = Path(__file__).with_name("generate.sql").read_text("utf-8")
    numbers = {"members": members, "groups": members // GROUP, "size": GROUP, "others": LESSONS - 8}
    for name, number in numbers.items():
        sql = sql.replace(f"@{name}", str(number))
    return sql
