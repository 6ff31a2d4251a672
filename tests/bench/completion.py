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

# The generator: members in groups of thirty, everybody with progress on fifty lessons, the first
# eight of which are the demo's plan. Plain SQL, since ten million objects are not made one by one.
GENERATE = f"""  -- every value is a constant of this module
INSERT INTO people_member (public_id, name, phone, phone_index, host_place_code, host_place_name,
  trade, return_month, language, large_type, exempt_reason, created_at)
SELECT gen_random_uuid(), '生成学员' || n, '', '', '', '', 'other', '', 'zh-hans', false, '', now()
FROM generate_series(1, {MEMBERS}) n;
INSERT INTO people_studygroup (public_id, name, branch_id)
SELECT gen_random_uuid(), '生成小组' || n, (SELECT max(id) FROM people_branch)
FROM generate_series(1, {MEMBERS // GROUP}) n;
INSERT INTO people_groupmembership (starts_on, member_id, group_id)
SELECT date '2026-09-01', m.id, g.id
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / {GROUP} AS slot
      FROM people_member WHERE name LIKE '生成学员%%') m
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS slot
      FROM people_studygroup WHERE name LIKE '生成小组%%') g ON g.slot = m.slot;
INSERT INTO records_devicecursor (member_id, device_id, ranges, seen_at)
SELECT id, gen_random_uuid(), '[[1, 60]]', now() - random() * interval '40 days'
FROM people_member WHERE name LIKE '生成学员%%';
CREATE TEMPORARY TABLE lesson AS
SELECT lesson_key, position AS n FROM learning_plannedlesson
UNION ALL SELECT gen_random_uuid(), 100 + n FROM generate_series(1, {LESSONS - 8}) n;
INSERT INTO learning_progress (member_id, lesson_key, sections_read, quiz_best, quiz_attempts,
  declared_at, finished_at, finished_revision, updated_at)
SELECT m.id, l.lesson_key, '["{{0}}", "{{1}}", "{{2}}"]', 100, 1, now(),
  CASE WHEN random() < 0.6 THEN now() END, 1, now()
FROM people_member m CROSS JOIN lesson l WHERE m.name LIKE '生成学员%%';
ANALYZE;
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
    with bench_database("studyhub_bench_completion") as url, tempfile.TemporaryDirectory() as var:
        env = environment(Path(var), free_port(), url)
        manage(env, "migrate", "--verbosity", "0")
        manage(env, "demo")
        with psycopg.connect(url.replace("postgres://", "postgresql://")) as connection:
            connection.execute(GENERATE)
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
