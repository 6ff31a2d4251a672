"""The lesson page from the application alone, beside a plain Django application and wagtail-lms.

All three have the same text and questions and the same settings of gunicorn. The yardsticks are in
``tests/bench/yardsticks``; wagtail-lms is installed into an environment of its own once.
"""

import contextlib
import json
import shutil
import subprocess
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.pages import plain_card
from tests.bench.report import OUT, Figure
from tests.bench.servers import (
    ROOT,
    Served,
    application,
    environment,
    free_port,
    manage,
    store_pages,
)
from tests.bench.visits import first_visit, memory_mb, requests_per_second, visit_cpu
from tests.e2e.browser import CHROMIUM

WORKERS = 2
LMS = ("wagtail-lms==0.11.1", "gunicorn", "whitenoise")
MODULE = "tests.bench.yardsticks.lms"


@dataclass(frozen=True)
class Seen:
    """What was measured of one application; memory after the load, CPU of one visit."""

    per_second: float
    first_bytes: int
    visit_ms: float
    memory: float


def measure() -> list[Figure]:
    if not shutil.which("wrk") or not CHROMIUM:
        words = "缺少 wrk 或浏览器，未测（apt-get install wrk chromium）"
        return [Figure("课页与对照", words, "", "", None)]
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        ours = _ours(var)
        plain = _plain(var)
        python = _lms_environment()
        lms, queries = _lms(var, python) if python else (None, 0)
    return _figures(ours, plain, lms, queries)


def _ours(var: Path) -> Seen:
    env = environment(var, free_port())
    manage(env, "run", "--prepare")
    store_pages(env)
    with application("studyhub.wsgi", env, workers=WORKERS) as served:
        card = plain_card(served.base)
        with urllib.request.urlopen(f"{served.base}/api/v1/lessons/{card['id']}") as answer:
            (var / "lesson.json").write_bytes(answer.read())
        return _look_at(served, urlsplit(card["url"]).path)


def _plain(var: Path) -> Seen:
    module = "tests.bench.yardsticks.plain"
    env = environment(var, free_port()) | {"YARDSTICK_VAR": str(var)}
    with application(module, env, workers=WORKERS, ready="/lesson/") as served:
        return _look_at(served, "/lesson/")


def _lms(var: Path, python: str) -> tuple[Seen, int]:
    """Of a signed-in visit, as it shows lessons to nobody else; and its queries."""
    env = environment(var, free_port()) | {"YARDSTICK_VAR": str(var)}
    filling = [python, "-W", "ignore", "-m", MODULE]
    done = subprocess.run(filling, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.split("LMS", 1)[1])
    cookie = f"sessionid={told['session']}"
    with application(MODULE, env, workers=WORKERS, python=python, ready="/course/") as served:
        return _look_at(served, told["path"], cookie), told["queries"]


def _look_at(served: Served, path: str, cookie: str = "") -> Seen:
    url = served.base + path
    return Seen(
        # Both cores belong to whoever takes them: two workers and wrk.
        per_second=requests_per_second(url, cookie, pin=""),
        first_bytes=sum(size for _, size in first_visit(url, cookie)),
        visit_ms=visit_cpu(served.pid, url, cookie),
        memory=memory_mb(served.pid),
    )


def _lms_environment() -> str:
    """The Python that has wagtail-lms; empty where it cannot be installed."""
    home = OUT / "wagtail-lms"
    python = home / "bin" / "python"
    with contextlib.suppress(subprocess.CalledProcessError):
        if not (home / "ready").exists():
            _uv("venv", "--clear", "--quiet", str(home))
            _uv("pip", "install", "--quiet", "--python", str(python), *LMS)
            (home / "ready").touch()
        return str(python)
    return ""


def _uv(*words: str) -> None:
    subprocess.run([str(ROOT / ".ci" / "uv"), *words], check=True, capture_output=True)


def _figures(ours: Seen, plain: Seen, lms: Seen | None, queries: int) -> list[Figure]:
    return [
        Figure(
            f"课页每秒请求数（只有应用，{WORKERS} 个进程）",
            f"{ours.per_second:,.0f} 次/秒",
            _beside(f"{plain.per_second:,.0f}", lms and f"{lms.per_second:,.0f}（登录后）"),
            "≥ 0.6 倍于最简单的 Django，≥ 10 倍于 wagtail-lms",
            ours.per_second >= 0.6 * plain.per_second
            and (lms is None or ours.per_second >= 10 * lms.per_second),
        ),
        Figure(
            "课页首次打开的字节数",
            f"{ours.first_bytes / 1024:.1f} KB",
            _beside(
                f"{plain.first_bytes / 1024:.1f} KB", lms and f"{lms.first_bytes / 1024:.1f} KB"
            ),
            "≤ 1.3 倍于 wagtail-lms",
            ours.first_bytes <= 1.3 * lms.first_bytes if lms else None,
        ),
        Figure(
            "打开一次课页的 CPU",
            f"{ours.visit_ms:.1f} 毫秒（不登录）",
            _beside(
                f"{plain.visit_ms:.1f} 毫秒",
                lms and f"{lms.visit_ms:.1f} 毫秒、{queries} 次查询（登录后）",
            ),
            "",
            None,
        ),
        Figure(
            f"网页进程的内存（PSS，{WORKERS} 个进程合计）",
            f"{ours.memory:.0f} MB",
            _beside(f"{plain.memory:.0f} MB", lms and f"{lms.memory:.0f} MB"),
            "≤ 1.2 倍于 wagtail-lms",
            ours.memory <= 1.2 * lms.memory if lms else None,
        ),
    ]


def _beside(plain: str, lms: str | None) -> str:
    return f"最简单的 Django {plain}；wagtail-lms {lms or '没有装上，未测'}"
