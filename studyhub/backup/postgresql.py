"""PostgreSQL: its own ``pg_dump`` and ``pg_restore``, as they come with the server's packages."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient

from studyhub.backup.snapshots import Moment, count_rows
from studyhub.core.errors import Conflict

FILE = "database.dump"
_WHOSE = ["--no-owner", "--no-privileges", "--no-comments"]  # the user's that restores
# Level 1 takes a third of the time of level 6 for a tenth more bytes.
_DUMP = ["--format=custom", "--compress=1", *_WHOSE]
_RESTORE = ["--single-transaction", "--exit-on-error", *_WHOSE]


def versions() -> tuple[int, int]:
    """Major versions of server and tools. Raises Conflict where the tools do not fit the server."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10_000
    tool = _tool_version()
    if tool < server:
        raise Conflict(
            "tools_too_old",
            f"数据库是 PostgreSQL {server}，这台机器上的 pg_dump 是 {tool}，旧的读不了新的。"
            f"请安装 postgresql-client-{server}。",
        )
    return server, tool


@contextmanager
def moment() -> Iterator[Moment]:
    """``pg_dump`` writes the same moment that is counted, while others go on writing."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]

            def fetch(query: str) -> int:
                cursor.execute(query)
                return int(cursor.fetchone()[0])

            yield Moment(count_rows(fetch), lambda: _dumping(snapshot))
    finally:
        own.close()


@contextmanager
def loading() -> Iterator[IO[bytes]]:
    """What is written to the stream becomes the database, in one transaction."""
    _wipe()
    with _running("pg_restore", _RESTORE, stdin=subprocess.PIPE) as process:
        yield cast(IO[bytes], process.stdin)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _dumping(snapshot: str) -> Iterator[IO[bytes]]:
    options = [*_DUMP, f"--snapshot={snapshot}"]
    with _running("pg_dump", options, stdout=subprocess.PIPE) as process:
        yield cast(IO[bytes], process.stdout)


@contextmanager
def _running(tool: str, options: list[str], **pipes: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Over when this ends. Raises Conflict with the tool's own words where it failed."""
    with tempfile.TemporaryFile() as said:
        process = _start(tool, options, stderr=said, **pipes)
        try:
            yield process
            process.communicate()  # closes what is open, and waits
        except BaseException:
            failed_first = process.poll()
            process.kill()  # its transaction is rolled back
            process.communicate()
            if not failed_first:
                raise
        if process.returncode:
            said.seek(0)
            why = said.read().decode("utf-8", "replace").strip()[-600:]
            raise Conflict("tool_failed", f"{tool} 没有做成：{why}")


def _start(tool: str, options: list[str], **pipes: Any) -> "subprocess.Popen[bytes]":
    where, secrets = DatabaseClient.settings_to_cmd_args_env(
        connection.settings_dict, [*options, "--dbname"]
    )
    try:
        return subprocess.Popen(  # noqa: S603  no shell, and no word of a stranger's
            [tool, "--no-password", *where[1:]], env={**os.environ, **(secrets or {})}, **pipes
        )
    except FileNotFoundError:
        raise _missing() from None


def _wipe() -> None:
    """All tables go: they are empty, or of a restore that was cut off."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if tables:
            names = ", ".join(map(connection.ops.quote_name, tables))
            cursor.execute("SET lock_timeout = '10s'")
            cursor.execute(f"DROP TABLE {names} CASCADE")
            cursor.execute("RESET lock_timeout")


def _tool_version() -> int:
    try:
        done = subprocess.run(["pg_dump", "--version"], capture_output=True, text=True, check=True)  # noqa: S607
    except FileNotFoundError:
        raise _missing() from None
    found = re.search(r"\b(\d+)\.", done.stdout)
    return int(found[1]) if found else 0


def _missing() -> Conflict:
    return Conflict(
        "tools_missing",
        "这台机器上没有 pg_dump 和 pg_restore。请安装和数据库同一版本的 postgresql-client。",
    )
