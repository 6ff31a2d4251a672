"""Records per second through the endpoint, beside a bare upsert on one connection."""

import json
import socket
import threading
import time
from typing import Any
from uuid import UUID

import psycopg

from studyhub.core.ids import uuid7
from tests.bench.database import bench_product
from tests.bench.report import Figure
from tests.bench.servers import gunicorn, manage

BATCH = 50
BATCHES = 1200
ACCOUNTS = 400  # three batches each: a phone that comes back online after a while
CONNECTIONS = 6
GOAL = 0.15  # of the bare upsert, which sends no request, reads nothing and derives nothing

PREPARE = """
import json
from content import catalogue
from django.test import Client
from studyhub.people.models import User
from studyhub.people.models import Member
made = User.objects.bulk_create(
    User(username=f"bench{n}", password="!", display_name=f"生成学员{n}") for n in range(%d)
)
Member.objects.bulk_create(Member(user=user, name=user.display_name) for user in made)
accounts = []
for user in User.objects.filter(username__startswith="bench").order_by("pk"):
    phone = Client()
    phone.force_login(user)
    accounts.append([phone.session.session_key, str(user.account_id)])
lessons = []
for card in catalogue.lessons():
    outline = catalogue.outline(card.lesson_key)
    sections = [str(s.id) for s in outline.sections]
    answers = {q.id: q.answer for q in outline.quiz.questions}
    lessons.append([str(card.lesson_key), outline.revision, sections, outline.quiz.id, answers])
print("BENCH" + json.dumps([accounts, lessons]))
"""

VISITS = 60
VISIT = """
import json, time
from django.db import connection
from django.test import Client
from studyhub.people.models import User
phone = Client(headers={"Host": "127.0.0.1"})
phone.force_login(User.objects.get(username="member05"))
def visit(paths):
    for path in paths:
        assert phone.get("/api/v1/me" + path).status_code == 200
def cost(*paths):
    visit(paths)  # outlines are kept by the process
    asked = []
    def count(execute, sql, *rest):
        asked.append(sql)
        return execute(sql, *rest)
    with connection.execute_wrapper(count):
        visit(paths)
    started = time.process_time()
    for _ in range(%d):
        visit(paths)
    return (time.process_time() - started) / %d * 1000, len(asked)
one = cost("/now?parts=progress,plan,corrections")
four = cost("", "/progress?limit=100", "/plan?limit=100", "/corrections?limit=100")
print("BENCH" + json.dumps([one, four]))
"""


def measure() -> list[Figure]:
    with bench_product("records") as (env, url):
        told = manage(env, "shell", "--no-imports", "-c", PREPARE % ACCOUNTS)
        accounts, lessons = json.loads(told.split("BENCH", 1)[1])
        requests = [_request(n, accounts, lessons, env["PORT"]) for n in range(BATCHES)]
        with gunicorn(env, workers=2):
            _send_all(requests[:40], int(env["PORT"]))  # warm up; these count as nothing
            seconds = _send_all(requests[40:], int(env["PORT"]))
        stored = (len(requests) - 40) * BATCH
        manage(env, "verify_progress")
        told = manage(env, "shell", "--no-imports", "-c", VISIT % (VISITS, VISITS))
        (one, queries), (four, before) = json.loads(told.split("BENCH", 1)[1])
        bare = _bare_upserts(url)
    rate = stored / seconds
    return [
        Figure(
            "学习记录入库（每批 50 条，PostgreSQL，经接口）",
            f"{rate:,.0f} 条/秒",
            f"单连接裸 upsert {bare:,.0f} 条/秒，比 {rate / bare:.2f}",
            f"≥ 裸 upsert 的 {GOAL}",
            rate / bare >= GOAL,
        ),
        Figure(
            "登录后打开一页：进度、计划、改正一次问齐",
            f"处理器 {one:.1f} 毫秒，{queries} 次查询",
            f"分四次问 {four:.1f} 毫秒，{before} 次查询",
            "≤ 24 毫秒，≤ 12 次查询",
            one <= 24 and queries <= 12,
        ),
    ]


def _request(number: int, accounts: list[Any], lessons: list[Any], port: str) -> bytes:
    session, account_id = accounts[number % ACCOUNTS]
    round_number = number // ACCOUNTS
    records = [_record(round_number * BATCH + n, lessons) for n in range(BATCH)]
    envelope = {
        "device_id": str(UUID(int=number % ACCOUNTS + 1)),
        "account_id": account_id,
        "epoch": 1,
        "records": records,
    }
    body = json.dumps(envelope).encode()
    csrf = "a" * 32
    head = (
        f"POST /api/v1/me/records HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Cookie: sessionid={session}; csrftoken={csrf}\r\nX-CSRFToken: {csrf}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _record(seq: int, lessons: list[Any]) -> dict[str, Any]:
    """What a phone gathers: mostly sections read, some attempts, a finish for each lesson."""
    lesson_id, revision, sections, quiz_id, answers = lessons[seq // 10 % len(lessons)]
    step = seq % 10
    record = {
        "id": str(uuid7()),
        "seq": seq + 1,
        "at": "2026-11-20T12:00:00+08:00",
        "lesson_id": lesson_id,
        "revision": revision,
    }
    if step == 9:
        return record | {"kind": "lesson_finished", "data": {}}
    if step == 8:
        data = {"quiz_id": quiz_id, "attempt_id": str(uuid7()), "answers": answers}
        return record | {"kind": "quiz_attempt", "data": data}
    data = {"section_ids": [sections[step % len(sections)]]}
    return record | {"kind": "sections_read", "data": data}


def _send_all(requests: list[bytes], port: int) -> float:
    """Seconds for all of them over a few kept-alive connections; every answer must be 200."""
    queue, lock, failures = list(reversed(requests)), threading.Lock(), []

    def work() -> None:
        with socket.create_connection(("127.0.0.1", port)) as wire:
            answers = wire.makefile("rb")
            while True:
                with lock:
                    if not queue:
                        return
                    request = queue.pop()
                wire.sendall(request)
                status = _read_answer(answers)
                if status != 200:
                    failures.append(status)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} batches were not answered with 200: {failures[:5]}")
    return time.perf_counter() - started


def _read_answer(answers: Any) -> int:
    status = int(answers.readline().split()[1])
    length = 0
    while (line := answers.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    answers.read(length)
    return status


def _bare_upserts(url: str) -> float:
    """Rows per second of the plainest insert there is, 50 at a time on one connection."""
    rounds = 300
    with psycopg.connect(url.replace("postgres://", "postgresql://")) as connection:
        connection.execute("CREATE TABLE bare (id uuid PRIMARY KEY, member int, data jsonb)")
        batches = [
            [(uuid7(), 1, '{"section_ids": ["x"]}') for _ in range(BATCH)] for _ in range(rounds)
        ]
        marks = ",".join(["(%s,%s,%s)"] * BATCH)
        statement = f"INSERT INTO bare VALUES {marks} ON CONFLICT (id) DO NOTHING"  # noqa: S608
        started = time.perf_counter()
        for batch in batches:
            connection.execute(statement, [value for row in batch for value in row])
            connection.commit()
        return rounds * BATCH / (time.perf_counter() - started)
