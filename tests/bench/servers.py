"""Servers for measuring: started here, asked here, ended here. Loopback only."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(var: Path, port: int, database: str = "") -> dict[str, str]:
    dropped = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "CELERY_BROKER_URL")
    env = {k: v for k, v in os.environ.items() if k not in dropped}
    env |= {"STUDYHUB_VAR": str(var), "HOST": "127.0.0.1", "PORT": str(port)}
    return env | ({"DATABASE_URL": database} if database else {})


def manage(env: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def store_pages(env: dict[str, str]) -> None:
    """As a worker does, which a bench has not."""
    refill = "from studyhub.stored_pages.filling import refill; assert refill()"
    manage(env, "shell", "--no-imports", "-c", refill)


@contextlib.contextmanager
def gunicorn(env: dict[str, str], *, workers: int = 1, pin: str = "") -> Iterator[str]:
    with application("studyhub.wsgi", env, workers=workers, pin=pin) as served:
        yield served.base


@dataclass(frozen=True)
class Served:
    """An application behind gunicorn: its address, and its first process."""

    base: str
    pid: int


@contextlib.contextmanager
def application(
    module: str,
    env: dict[str, str],
    *,
    workers: int = 1,
    pin: str = "",
    python: str = sys.executable,
    ready: str = "/healthz",
) -> Iterator[Served]:
    """Ours or another one, under the same settings of gunicorn, once it answers at ``ready``."""
    command = [python, "-m", "gunicorn", module, "--log-level", "error"]
    command += ["--bind", f"127.0.0.1:{env['PORT']}", "--workers", str(workers)]
    command += ["--worker-class", "gthread", "--threads", "4", "--keep-alive", "30"]
    with running(pinned(command, pin), env=env) as child:
        served = Served(f"http://127.0.0.1:{env['PORT']}", child.pid)
        wait_for(f"{served.base}{ready}", child=child)
        yield served


def pinned(command: list[str], cpus: str) -> list[str]:
    return ["taskset", "-c", cpus, *command] if cpus else command


@contextlib.contextmanager
def running(
    command: list[str], *, env: dict[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    child = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(timeout=20)


def wait_for(
    url: str, seconds: float = 40, *, child: "subprocess.Popen[bytes] | None" = None
) -> None:
    """Until the address answers; not longer than the child lives that is to answer."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline or (child and child.poll() is not None):
                raise
            time.sleep(0.1)
