"""A group's completion and a branch's summary in a full province, beside the bare queries."""

import json
import statistics
from pathlib import Path

import psycopg

from tests.bench.database import bench_product
from tests.bench.report import Figure
from tests.bench.servers import manage

MEMBERS = 200_000
LESSONS = 50
GROUP = 30
ROUNDS = 200
TOWNS, VILLAGES = 100, 10  # below the root, and below each of them

# Everybody is at home in a village; the plan asks all fifty lessons, as if all were open.
SETTLE = """
from studyhub.learning.counter_upkeep import fold_changes, repair_counts
from studyhub.people.models import Branch
from django.db import connection
kind = "branch"
villages = [{"data": {"name": f"村{n}", "kind": kind}} for n in range(%d)]
towns = [{"data": {"name": f"镇{n}", "kind": kind}, "children": villages} for n in range(%d)]
Branch.load_bulk(towns, Branch.get_first_root_node())
with connection.cursor() as cursor:
    cursor.execute("INSERT INTO people_branchmembership (member_id, branch_id, kind, starts_on)"
        " SELECT m.id, v.id, 'home', date '2026-09-01' + (m.id %% 5)::int"
        " FROM people_member m JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS slot"
        " FROM people_branch WHERE name LIKE '村%%') v ON v.slot = m.id %% %d"
        " WHERE m.name LIKE '生成学员%%'")
    cursor.execute("INSERT INTO learning_plannedlesson (plan_id, lesson_key, required, position)"
        " SELECT (SELECT min(id) FROM learning_studyplan), k, true, 50 FROM (SELECT DISTINCT"
        " lesson_key AS k FROM learning_progress WHERE member_id = (SELECT max(id) FROM"
        " people_member)) l WHERE k NOT IN (SELECT lesson_key FROM learning_plannedlesson)")
repair_counts(); fold_changes()
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE learning_branchcount")
    cursor.execute("VACUUM ANALYZE learning_branchcountchange")
    cursor.execute("VACUUM ANALYZE people_branch")
"""
BRANCHES = """
import json, time
from unittest.mock import patch
from django.db import connection
from content import catalogue
from studyhub.core.clock import today
from studyhub.learning import progress, submissions
from studyhub.learning.branches import branch_summary
from studyhub.learning.models import PlannedLesson
from studyhub.people.models import Branch, Member
from studyhub.records.models import Record
from tests import factories as make
root = Branch.get_first_root_node()
town = Branch.objects.get(name="镇0")
keys = list(PlannedLesson.objects.order_by("position").values_list("lesson_key", flat=True))[:50]
def timed(work, rounds=100):
    work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return times
open_keys = {key: ("课", "/") for key in keys}
with patch.object(catalogue, "titles", lambda asked: open_keys):
    whole, small = timed(lambda: branch_summary(root)), timed(lambda: branch_summary(town))
def sums():
    with connection.cursor() as cursor:
        cursor.execute("SELECT branch_id, sum(count) FROM learning_branchcount"
            " WHERE subject = ANY(%s) AND day <= %s GROUP BY branch_id", [keys, today()])
        cursor.fetchall()
bare = timed(sums)
spent = {"counts": 0.0, "all": 0.0}
def clocked(name, work):
    def inner(*told, **more):
        started = time.perf_counter()
        try:
            return work(*told, **more)
        finally:
            spent[name] += time.perf_counter() - started
    return inner
lessons = [catalogue.outline(card.lesson_key) for card in catalogue.lessons()]
progress.count_study = clocked("counts", progress.count_study)
submit = clocked("all", submissions.submit_records)
own = list(Member.objects.filter(name__startswith="生成学员").order_by("-pk")[:60])
for number, member in enumerate(own):
    records = [one for outline in lessons for one in make.whole_study(outline)][:50]
    if number == 10:
        spent.update(counts=0.0, all=0.0)
    submit(member=member, device_id=make.device(), records=records, source=Record.Source.SESSION)
print("BENCH" + json.dumps([whole, small, bare, 100 * spent["counts"] / spent["all"],
    1000 * spent["all"] / 50]))
"""


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
    with bench_product("completion") as (env, url):
        with psycopg.connect(url.replace("postgres://", "postgresql://")) as connection:
            connection.execute(generator(MEMBERS))
        told = manage(env, "shell", "--no-imports", "-c", MEASURE % ROUNDS)
        settle = SETTLE % (VILLAGES, TOWNS, TOWNS * VILLAGES)
        manage(env, "shell", "--no-imports", "-c", settle)
        branches = manage(env, "shell", "--no-imports", "-c", BRANCHES)
    return [*_group(told), *_branches(branches)]


def _group(told: str) -> list[Figure]:
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


def _branches(told: str) -> list[Figure]:
    whole, small, bare, share, batch = json.loads(told.split("BENCH", 1)[1])
    p95, small_p95, bare_p95 = (statistics.quantiles(x, n=20)[-1] for x in (whole, small, bare))
    tree = f"{MEMBERS:,} 人 × {LESSONS} 课，{1 + TOWNS + TOWNS * VILLAGES} 个党组织"
    return [
        Figure(
            f"{TOWNS} 个下级的党组织学习情况（{tree}）",
            f"p95 {p95:.1f} ms，中位 {statistics.median(whole):.1f} ms",
            f"裸查询 p95 {bare_p95:.1f} ms，比 {p95 / bare_p95:.1f}；"
            f"{VILLAGES} 个下级的 p95 {small_p95:.1f} ms",
            "p95 ≤ 20 ms",
            p95 <= 20,
        ),
        Figure(
            "计数占一批 50 条学习记录的时间",
            f"{share:.1f}%",
            f"一批平均 {batch:.1f} ms，全部学完新课",
            "≤ 5%",
            share <= 5,
        ),
    ]


def generator(members: int) -> str:
    """The SQL that fills the tables for so many members."""
    sql = Path(__file__).with_name("generate.sql").read_text("utf-8")
    numbers = {"members": members, "groups": members // GROUP, "size": GROUP, "others": LESSONS - 8}
    for name, number in numbers.items():
        sql = sql.replace(f"@{name}", str(number))
    return sql
