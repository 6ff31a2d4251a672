"""Backup and restore of a province, encrypted, beside the bare tools of PostgreSQL."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from tests.bench.completion import LESSONS, MEMBERS, generator
from tests.bench.database import bench_database
from tests.bench.report import Figure
from tests.bench.servers import environment, free_port, manage

MINUTES = {"备份": 10, "恢复": 20}


def measure() -> list[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        bench_database("studyhub_bench_backup") as full,
        bench_database("studyhub_bench_restore") as empty,
    ):
        place = Path(folder)
        here, there = (_machine(place / name, url) for name, url in (("a", full), ("b", empty)))
        manage(here, "migrate", "--verbosity", "0")
        manage(here, "demo")
        with psycopg.connect(full.replace("postgres://", "postgresql://")) as connection:
            connection.execute(generator(MEMBERS).encode())
        dump, key = str(place / "bare.dump"), str(place / "key")
        public = manage(here, "backup_key", key).split("=", 1)[1].split()[0]
        sets = str(place / "sets")
        return [
            _figure(
                "备份",
                _timed(lambda: manage(here, "backup", sets, "--to", public)),
                _timed(lambda: _run("pg_dump", "-Fc", "-Z1", "-f", dump, full)),
                _size(Path(sets)),
            ),
            _figure(
                "恢复",
                _timed(lambda: manage(there, "restore", sets, "--key-file", key, "--quick")),
                _timed(lambda: _bare_restore(dump)),
                "逐条核对学习进度另算",
            ),
        ]


def _machine(var: Path, url: str) -> dict[str, str]:
    return environment(var, free_port(), url)


def _bare_restore(dump: str) -> None:
    with bench_database("studyhub_bench_bare") as url:
        _run("pg_restore", "--single-transaction", "--no-owner", "-d", url, dump)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, env=os.environ)


def _timed(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def _size(folder: Path) -> str:
    total = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return f"{total / 1024**2:,.0f} MB"


def _figure(what: str, seconds: float, bare: float, remark: str) -> Figure:
    return Figure(
        f"{what}，加密（库内 {MEMBERS:,} 人 × {LESSONS} 课；{remark}）",
        f"{seconds:.0f} 秒",
        f"裸 pg 工具 {bare:.0f} 秒，比 {seconds / bare:.1f}",
        f"≤ {MINUTES[what]} 分钟",
        seconds <= MINUTES[what] * 60,
    )
