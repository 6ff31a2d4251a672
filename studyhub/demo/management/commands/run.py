"""Everything in one foreground process group: web, worker, scheduler, channel sandbox."""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from gunicorn.app.base import BaseApplication

from content.fixed_pages import put_address
from studyhub.core.models import Heartbeat
from studyhub.demo.people import PASSWORD
from studyhub.demo.supervising import ProcessGroup, wait_until_up
from studyhub.demo.tables import lay_tables
from studyhub.people.models import User

ACCOUNTS = """
  学员      member01 … member60      组长    leader1 leader2     联络员  liaison1
  组织部    orgadmin                 编辑    editor              发布    publisher
  审核      reviewer1 reviewer2 reviewer3                        管理员  admin
  蒙文译校  translator1 translator2 translator3
"""


class Web(BaseApplication):
    """gunicorn around the application this process has loaded already."""

    def load_config(self) -> None:
        options = {
            "bind": f"{settings.HOST}:{settings.PORT}",
            "worker_class": "gthread",
            "threads": 8,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "proc_name": "studyhub-web",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        from studyhub.wsgi import application  # loaded in the worker, after the fork

        return application


class Command(BaseCommand):
    help = "一条命令启动整个产品（演示用）：网页、后台任务、定时任务、渠道沙箱。"
    requires_system_checks: list[str] = []  # `make check` runs them; starting must be quick

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prepare", action="store_true", help="只准备，不启动")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            detail = "manage.py run 只用于演示；生产环境请看 studyhub/docs/operations.md。"
            raise CommandError(detail)
        self._prepare()
        if options["prepare"]:
            return
        put_address(settings.PUBLIC_URL)
        connection.close()
        group = ProcessGroup()
        group.fork("网页", Web().run)
        if not wait_until_up(f"{settings.PUBLIC_URL}/healthz", seconds=30):
            self.stderr.write(f"端口 {settings.PORT} 上没有应答：是不是被别的程序占用了？")
        self._announce()
        sys.stdout.flush()
        celery = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A"]
        quiet = ["--loglevel", "WARNING"]
        both = ["--concurrency", "2", "--queues", "celery,videos"]
        worker = ["worker", *both, "--without-mingle", "--without-gossip", *quiet]
        group.start("后台任务", [*celery, "studyhub", *worker], _worker_shows_life)
        group.start("定时任务", [*celery, "studyhub.beat", "beat", "--pidfile=", *quiet])
        raise SystemExit(group.supervise())

    def _prepare(self) -> None:
        """Bring the state directory up to date; skipped when nothing changed since last time."""
        stamp = settings.VAR_DIR / "prepared"
        state = _state_of_the_code()
        if stamp.exists() and stamp.read_text() == state:
            return
        self.stdout.write("正在准备数据库和页面资源……")
        # Beside the database, on the other core. Not a fork: libraries have threads by now.
        collect = [sys.executable, sys.argv[0], "collectstatic", "--no-input", "--verbosity", "0"]
        files = subprocess.Popen(collect)  # noqa: S603  our own command
        lay_tables()
        call_command("migrate", verbosity=0)
        if not User.objects.exists():
            self.stdout.write("正在载入演示数据……")
            call_command("demo")
        else:
            # What an older version published, in today's form; packs name the files.
            _wait_for(files)
            call_command("rebuild_search", verbosity=0)
            call_command("build_packs", verbosity=0)
        connection.close()
        _wait_for(files)
        stamp.write_text(state)

    def _announce(self) -> None:
        url = settings.PUBLIC_URL
        self.stdout.write(
            f"\n指尖课堂（演示）\n"
            f"  学员页面   {url}/\n"
            f"  组长页面   {url}/lead/\n"
            f"  编辑后台   {url}/cms/\n"
            f"  渠道沙箱   {url}/sandbox/   （不是真的公众号）\n"
            f"  接口文档   {url}/api/v1/docs\n"
            f"\n演示账号（密码都是 {PASSWORD}）{ACCOUNTS}\n"
            f"按 Ctrl-C 全部停止。\n"
        )


def _wait_for(files: subprocess.Popen[bytes]) -> None:
    """This process, and the web process forked from it, know the names of the files then."""
    if files.wait():
        raise CommandError("页面资源没有备好，原话见上。")
    if isinstance(staticfiles_storage, ManifestFilesMixin):
        staticfiles_storage.hashed_files, staticfiles_storage.manifest_hash = (
            staticfiles_storage.load_manifest()
        )


def _worker_shows_life() -> bool:
    """Through the whole way: scheduler, broker, worker, database."""
    try:
        return Heartbeat.is_alive("worker")
    finally:
        connection.close()


def _state_of_the_code() -> str:
    """Changes with the locked libraries, our migrations and our static files."""
    digest = hashlib.sha256((settings.BASE_DIR / "uv.lock").read_bytes())
    for package in ("studyhub", "content"):
        root = settings.BASE_DIR / package
        for path in sorted([*root.rglob("migrations/0*.py"), *root.rglob("static/**/*")]):
            digest.update(f"{path.relative_to(root)} {_size_and_time(path)}\n".encode())
    return digest.hexdigest()


def _size_and_time(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns}"
