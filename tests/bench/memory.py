"""Memory of what runs all day: web with two processes after some hundred requests, worker, beat."""

import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.bench.report import Figure
from tests.bench.servers import application, environment, free_port, manage, running, store_pages
from tests.bench.visits import family, memory_mb

WORKERS = 2
REQUESTS = 500
PATHS = ("/", "/courses/", "/login/", "/search/?q=%E9%81%B5%E4%B9%89", "/api/v1/lessons?limit=100")
LMS_MB = 212  # of wagtail-lms with as many processes (part ``comparison`` measures it anew)
STILL, APART, LONGEST = 4, 3, 180  # looks that agree to a megabyte; seconds
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A"]
WORKER = ["studyhub", "worker", "--concurrency", "2", "--loglevel", "ERROR"]
BEAT = ["studyhub.beat", "beat", "--pidfile=", "--loglevel", "ERROR"]


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as var:
        env = environment(Path(var), free_port())
        manage(env, "run", "--prepare")
        store_pages(env)
        before, after = _web(env)
        worker, beat = _process(env, WORKER, 3), _process(env, BEAT, 1)
    return [
        Figure(
            f"网页进程的内存（PSS，{WORKERS} 个进程合计，{REQUESTS} 次请求以后）",
            f"{after:.0f} MB",
            f"第一次请求以前 {before:.0f} MB；wagtail-lms 曾测得 {LMS_MB} MB",
            "≤ 1.2 倍于 wagtail-lms",
            after <= 1.2 * LMS_MB,
        ),
        Figure("后台任务的内存（PSS，一个主进程、两个子进程）", f"{worker:.0f} MB", "", "", None),
        Figure("定时任务的内存（PSS）", f"{beat:.0f} MB", "", "", None),
    ]


def _web(env: dict[str, str]) -> tuple[float, float]:
    with application("studyhub.wsgi", env, workers=WORKERS) as served:
        time.sleep(5)  # the second process is ready a little later than the first
        before = memory_mb(served.pid)
        for number in range(REQUESTS):
            path = PATHS[number % len(PATHS)]
            with urllib.request.urlopen(served.base + path) as answer:
                answer.read()
        return before, memory_mb(served.pid)


def _process(env: dict[str, str], words: list[str], processes: int) -> float:
    """Once all its processes are there and none grows or ends any more."""
    with running([*CELERY, *words], env=env) as child:
        seen = [0.0]
        deadline = time.monotonic() + LONGEST
        while len(seen) < STILL or max(seen[-STILL:]) - min(seen[-STILL:]) > 1:
            assert child.poll() is None, words
            assert time.monotonic() < deadline, words
            time.sleep(APART)
            seen = [*seen, memory_mb(child.pid)] if len(family(child.pid)) == processes else [0.0]
        return seen[-1]
