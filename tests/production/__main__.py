"""The operations page on an empty server: without development packages, behind the shipped nginx.

Run by ``.ci/production``. Each step is timed; the first that fails ends the rehearsal.
"""

import contextlib
import os
import re
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from studyhub.core.ids import uuid7
from tests.bench.database import ADMIN, bench_database
from tests.bench.servers import ROOT, free_port
from tests.production.doors import Door
from tests.production.manual import PAGE, blocks_of
from tests.production.second_step import sign_in_for_the_first_time
from tests.production.units import Units, until
from tests.web.shipped_nginx import HOST, nginx, trust

PASSWORD = "Caoyuan-2026-chunfeng"
ENOUGH = 20_000  # requests
REDIS = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/9"


class Rehearsal:
    """One empty server in one folder: its checkout, its files under /etc, its processes."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.places = {
            "/srv/studyhub": str(folder / "checkout"),
            "/etc/studyhub": str(folder / "settings"),
            "/etc/systemd/system": str(folder / "units"),
            "/usr/local/bin": str(folder / "bin"),
            "/root/first-password": str(folder / "first-password"),
            "/var/backups/studyhub": str(folder / "backups"),
        }
        for name in ("units", "bin"):
            (folder / name).mkdir()
        self.database, self.redis = Door(_server(ADMIN)), Door(_server(REDIS))
        self.address = _through(database, self.database.port)
        self.cache = _through(REDIS, self.redis.port)
        self.ports = {"8000": str(free_port()), "8001": str(free_port())}
        self.units = Units(folder / "units", folder / "processes.log")
        self.followed: list[str] = []
        self.sent: dict[str, Any] = {}
        self.blocks = {block.heading: block.lines for block in blocks_of(PAGE.read_text("utf-8"))}

    def open(self, address: str, trusted: ssl.SSLContext) -> None:
        """From now on people reach it through nginx."""
        self.public, self.trusted = address, trusted

    def phone(self) -> httpx.Client:
        """Somebody's phone, with cookies of its own."""
        return httpx.Client(
            base_url=self.public, verify=self.trusted, headers={"Host": HOST}, timeout=30
        )

    def follow(self, heading: str) -> None:
        """Type what the page says under this heading."""
        self.followed.append(heading)
        typed: list[str] = []
        for line in self.blocks[heading]:
            if line.startswith("systemctl "):
                self._type(typed)
                typed = []
                self.place("units")
                self.units.systemctl(*self._placed(line).split()[1:])
            else:
                typed.append(line)
        self._type(typed)

    def manage(self, *words: str, typed: str = "", allowed: tuple[int, ...] = (0,)) -> str:
        return self._run([str(self.folder / "bin" / "studyhub-manage"), *words], typed, allowed)

    def shell(self, script: str, typed: str = "") -> str:
        """Run a script of this folder inside the product."""
        text = Path(__file__).with_name(script).read_text("utf-8")
        return self.manage("shell", "--no-imports", "-c", text, typed=typed)

    def set(self, **values: str) -> None:
        """What an operator changes in the file of settings; a later line wins."""
        with (self.folder / "settings" / "studyhub.env").open("a") as file:
            file.writelines(f"{name}={value}\n" for name, value in values.items())

    def place(self, folder: str) -> None:
        """In files that were copied, the paths of this rehearsal."""
        for file in (self.folder / folder).iterdir():
            file.write_text(self._placed(file.read_text("utf-8")), "utf-8")

    def _placed(self, text: str) -> str:
        for example, here in self.places.items():
            text = text.replace(example, here)
        return re.sub(r"@(800[01])\b", lambda found: f"@{self.ports[found[1]]}", text)

    def _type(self, lines: list[str]) -> None:
        if lines:
            self._run(["bash", "-euo", "pipefail", "-c", self._placed("\n".join(lines))])

    def _run(self, command: list[str], typed: str = "", allowed: tuple[int, ...] = (0,)) -> str:
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        kept = ("PATH", "HOME", "LANG", "UV_", "PIP_", "SSL_", "HTTP", "NO_PROXY")
        env = {k: v for k, v in os.environ.items() if k.upper().startswith(kept)} | {"PATH": path}
        done = subprocess.run(command, env=env, input=typed, capture_output=True, text=True)
        if done.returncode not in allowed:
            raise AssertionError(f"{command[-1]}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
        return done.stdout


def _server(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or (6379 if "redis" in url else 5432)


def _through(url: str, port: int) -> str:
    parts = urlsplit(url)
    user = f"{parts.username}:{parts.password or ''}@" if parts.username else ""
    return parts._replace(netloc=f"{user}127.0.0.1:{port}").geturl()


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    print(f"  {what} …… ", end="", flush=True)
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        print("失败", flush=True)
        raise
    print(f"{time.monotonic() - begun:.1f} 秒", flush=True)


def install(server: Rehearsal) -> None:
    with step("取代码"):
        source, target = str(ROOT), str(server.folder / "checkout")
        subprocess.run(["git", "clone", "--quiet", source, target], check=True)
    with step("装程序，不含开发用的"):
        server.follow("二、程序")
        server.place("bin")
    with step("写设置"):
        server.follow("三、设置")
        address = {"DATABASE_URL": server.address, "REDIS_URL": server.cache}
        server.set(**address, CELERY_BROKER_URL=server.cache)
    with step("每个模块都引得进来；数据库、缓存、消息、邮件都接得上"):
        server.shell("imports.py")
    with step("建表、收网页文件"):
        server.follow("四、数据库和网页文件")


def start(server: Rehearsal) -> None:
    with step("进程起来"):
        server.follow("五、三种常驻进程")
        direct = f"http://127.0.0.1:{server.ports['8000']}/healthz"
        until(lambda: _answers(direct), 60, "网页进程没有起来")


def set_up(server: Rehearsal) -> None:
    heading = "七、单位、第一个管理员、入门课"
    (server.folder / "first-password").write_text(PASSWORD)
    with step("单位、第一个管理员、入门课、离线包"):
        server.follow(heading)
    with step("再来一遍，什么也不变"):
        server.follow(heading)
    with step("第一个管理员登录，当场设好两步登录"), server.phone() as phone:
        sign_in_for_the_first_time(phone, PASSWORD)


def first_lesson(server: Rehearsal, phone: httpx.Client) -> str:
    """Published by the administrator, read and recorded by a member, seen by the leader."""
    assert not _items(phone, "/api/v1/lessons"), "没有审过的课不应该有人看得到"
    with step("三级审签，发布第一课"):
        draft = server.shell("drafts.py").split()[0]
        server.shell("signed.py")
        token = server.manage("api_token", "create", "guanliyuan").split()[-1]
        bearer = {"Authorization": f"Bearer {token}"}
        publish = f"/api/cms/pages/{draft}/actions/publish/"
        _well(phone.post(publish, json={}, headers=bearer))
    with step("让学员和组长进来"):
        server.shell("people.py", typed=PASSWORD)
    with step("学员读、做、记"):
        lesson = _items(phone, "/api/v1/lessons")[0]
        page = urlsplit(lesson["url"]).path
        assert lesson["title"] in _well(phone.get(page)).text
        who = _sign_in(phone, "qiqige")
        server.sent = _store(phone, who, lesson["id"])
    with step("组长看得见"), server.phone() as leader:
        _sign_in(leader, "wuyun")
        group = _items(leader, "/api/v1/groups")[0]
        lines = _well(leader.get(f"/api/v1/groups/{group['id']}/completion")).json()["members"]
        assert [line["finished"] for line in lines if line["name"] == "其其格"] == [1]
    return page


def upgrade(server: Rehearsal) -> None:
    with step("升级：同一份程序，再走一遍（文件这个版本不用再整理）"):
        server.follow("升级")


def under_load(server: Rehearsal, phone: httpx.Client) -> None:
    """New code under load, by reload and by restart: nobody is refused.

    While the web restarts people wait at its socket, longer on a slow machine; that is no failure.
    """
    with step("换代码的时候一直有人来"):
        requests = 0
        while requests < ENOUGH:
            requests += _renewed_under_load(server, f"{phone.base_url}/healthz")
    print(f"    {requests:,} 次，没有一次失败")


def _renewed_under_load(server: Rehearsal, address: str) -> int:
    """How many requests were answered meanwhile."""
    command = ["wrk", "-t2", "-c16", "-d40s", "--timeout", "55s", "-H", f"Host: {HOST}", address]
    load = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    time.sleep(3)
    server.follow("不断线地换代码")
    time.sleep(6)
    server.units.systemctl("restart", f"studyhub-web@{server.ports['8000']}")
    said, _ = load.communicate(timeout=120)
    assert "Socket errors" not in said, said
    assert "Non-2xx" not in said, said
    answered = re.search(r"(\d+) requests in", said)
    assert answered, said
    return int(answered[1])


def each_part_stopped(server: Rehearsal, phone: httpx.Client, page: str) -> None:
    """``/readyz`` names it, a lesson stays readable, and all is well again by itself."""
    worker = "studyhub-worker@1"
    parts: list[tuple[str, str, Callable[[], None], Callable[[], None]]] = [
        (
            "worker",
            "后台任务",
            lambda: server.units.stop(worker, signal.SIGKILL),
            lambda: server.units.start(worker),
        ),
        (
            "worker",
            "定时任务",
            lambda: server.units.stop("studyhub-beat"),
            lambda: server.units.start("studyhub-beat"),
        ),
        ("broker", "Redis", server.redis.shut, server.redis.open),
        ("database", "数据库", server.database.shut, server.database.open),
    ]
    for part, name, stop, start_again in parts:
        with step(f"停掉{name}"):
            stop()
            until(
                lambda part=part: _parts(server).get(part, "ok") != "ok", 150, f"没说 {part} 停了"
            )
            _well(phone.get(page))
            for path in ("/", "/me/", "/login/", "/search/?q=x", "/api/v1/me/progress"):
                _works_or_says_so(phone.get(path))
            start_again()
            until(lambda: not _parts(server), 150, f"{name}恢复以后没有好")


def second_process(server: Rehearsal, phone: httpx.Client) -> None:
    """The same members at another process: nothing is in one process's memory."""
    with step("再开一个网页进程，认得同一个学员"):
        server.follow("人多了")
        other = f"http://127.0.0.1:{server.ports['8001']}"
        until(lambda: _answers(f"{other}/healthz"), 60, "第二个网页进程没有起来")
        passed_on = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
        cookie = "; ".join(f"{one.name}={one.value}" for one in phone.cookies.jar)
        me = httpx.get(f"{other}/api/v1/me", headers={**passed_on, "Cookie": cookie})
        assert _well(me).json()["member"]["name"] == "其其格"
    with step("在一个进程里输错的，另一个进程也记得"):
        first = f"http://127.0.0.1:{server.ports['8000']}"
        wrong = {"login": "wuyun", "password": "x"}
        tries = [
            httpx.post(f"{home}/api/v1/session", json=wrong, headers=passed_on).status_code
            for home in (first, other) * 3
        ]
        assert tries == [401] * 4 + [429] * 2, tries  # alone, neither would have refused yet


def _well(answer: httpx.Response) -> httpx.Response:
    assert answer.is_success, f"{answer.url} {answer.status_code} {answer.text[:500]}"
    return answer


def backed_up(server: Rehearsal) -> None:
    with step("第一份备份，加密"):
        server.follow("八、每夜备份")


def restored(server: Rehearsal, phone: httpx.Client, database: str) -> None:
    """The disk with database and media is gone; the phone sends again what it has."""
    running = list(server.units.children)
    with step("做一份备份，然后数据库和媒体都没了"):
        server.units.systemctl("start", "studyhub-backup")
        for name in running:
            server.units.stop(name)
        shutil.rmtree(server.folder / "checkout" / "var" / "media")
        server.set(DATABASE_URL=_through(database, server.database.port))
    with step("恢复到空的数据库"):
        server.follow("恢复")
    with step("再启动：同一个学员还在登录，再传一遍，没有丢也没有重"):
        for name in running:
            server.units.start(name)
        until(lambda: not _parts(server), 90, "恢复以后没有就绪")
        again = _well(phone.post("/api/v1/me/records", **server.sent)).json()
        assert {one["status"] for one in again["results"]} == {"duplicate"}, again
        assert again["epoch"] != server.sent["json"]["epoch"]
        progress = _items(phone, "/api/v1/me/progress")
        assert [one["status"] for one in progress] == ["finished"], progress
        server.manage("verify_progress")


def nothing_is_wrong(server: Rehearsal) -> None:
    with step("doctor 没有说哪里错了"):
        server.manage("doctor", allowed=(0, 1))


def _works_or_says_so(answer: httpx.Response) -> None:
    """Where a part is missing, Chinese words say so, and no page of nginx's own."""
    says_so = "请" in answer.text
    assert answer.is_success or says_so, f"{answer.url} {answer.status_code} {answer.text[:300]}"


def _items(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    return list(_well(client.get(path)).json()["items"])


def _sign_in(client: httpx.Client, login: str) -> dict[str, Any]:
    body = {"login": login, "password": PASSWORD}
    said: dict[str, Any] = _well(client.post("/api/v1/session", json=body)).json()
    return said


def _store(phone: httpx.Client, who: dict[str, Any], lesson_id: str) -> dict[str, Any]:
    """All that finishes a lesson, as a phone sends it; what it keeps, to send it again."""
    lesson = _well(phone.get(f"/api/v1/lessons/{lesson_id}")).json()
    acts = [("sections_read", {"section_ids": lesson["required_sections"]})]
    if quiz := lesson["quiz"]:
        answers = {one["id"]: one["answer"] for one in quiz["questions"]}
        attempt = {"quiz_id": quiz["id"], "attempt_id": str(uuid7()), "answers": answers}
        acts.append(("quiz_attempt", attempt))
    acts.append(("lesson_finished", {}))
    records = [
        {
            "id": str(uuid7()),
            "seq": seq,
            "kind": kind,
            "at": datetime.now(UTC).isoformat(),
            "lesson_id": lesson_id,
            "revision": lesson["revision"],
            "data": data,
        }
        for seq, (kind, data) in enumerate(acts, start=1)
    ]
    envelope = {"device_id": str(uuid4()), "account_id": who["account_id"], "epoch": who["epoch"]}
    csrf = {"X-CSRFToken": phone.cookies["csrftoken"], "Referer": f"https://{HOST}/"}
    sent = {"json": {**envelope, "records": records}, "headers": csrf}
    results = _well(phone.post("/api/v1/me/records", **sent)).json()["results"]
    assert {result["status"] for result in results} == {"accepted"}, results
    return sent


def _answers(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(url, timeout=5).is_success
    return False


def _parts(server: Rehearsal) -> dict[str, str]:
    """Those that fail, by what ``/readyz`` says; "web" where it says nothing."""
    try:
        said = httpx.get(f"http://127.0.0.1:{server.ports['8000']}/readyz", timeout=20).json()
    except (httpx.TransportError, ValueError):
        return {"web": "no answer"}
    return {name: state for name, state in said["parts"].items() if state != "ok"}


def rehearse(folder: Path, database: str, empty: str) -> None:
    server = Rehearsal(folder, database)
    try:
        begun = time.monotonic()
        install(server)
        start(server)
        (folder / "nginx").mkdir()
        port = int(server.ports["8000"])
        with nginx(folder / "nginx", folder / "checkout" / "var", port) as (_, secure):
            server.open(f"https://127.0.0.1:{secure}", trust(folder / "nginx"))
            with server.phone() as phone:
                until(lambda: not _parts(server), 90, "没有全部就绪")
                set_up(server)
                page = first_lesson(server, phone)
                backed_up(server)
                nothing_is_wrong(server)
                print(f"  从空机器到第一课有人学完：{time.monotonic() - begun:.0f} 秒")
                upgrade(server)
                under_load(server, phone)
                second_process(server, phone)
                each_part_stopped(server, phone, page)
                restored(server, phone, empty)
        left = server.blocks.keys() - set(server.followed)
        assert not left, f"说明里有没演练到的：{'、'.join(left)}"
    finally:
        server.units.close()


def main() -> int:
    with (
        tempfile.TemporaryDirectory(prefix="studyhub-") as folder,
        bench_database("studyhub_rehearsal") as database,
        bench_database("studyhub_restored") as empty,
    ):
        try:
            rehearse(Path(folder), database, empty)
        except BaseException:
            for log in ("processes.log", "nginx/error.log"):
                with contextlib.suppress(OSError):
                    print((Path(folder) / log).read_text("utf-8", "replace")[-3000:])
            raise
    print("演练完毕")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
