from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from studyhub.backup import origin
from studyhub.backup.troubles import told, words_of
from studyhub.core.errors import Conflict
from studyhub.core.version import version
from studyhub.setup.models import Upgrade

Options = Mapping[str, Any]
# What each is called, the command, its options. All may be repeated.
STEPS: tuple[tuple[str, str, Options], ...] = (
    ("检查程序和设置", "check", {}),
    ("升级数据库", "migrate", {"interactive": False}),
    ("收网页文件", "collectstatic", {"interactive": False}),
    ("整理已有的图片和录音", "clean_files", {}),
    ("重建搜索", "rebuild_search", {}),
    ("重建离线包", "build_packs", {}),
    ("核对学习进度", "verify_progress", {}),
    ("核对学习计数", "verify_counters", {"repair": True}),
)
ONCE = frozenset({"clean_files"})  # for a version: it opens every picture and recording there is
TROUBLES = (CommandError, DatabaseError, OSError, SystemExit)


class Command(BaseCommand):
    help = "换了新程序以后运行一次：升级数据库、网页文件、搜索和离线包，再核对学习进度；可以重复。"
    requires_system_checks: list[str] = []  # the first step makes them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--files", action="store_true", help="这个版本整理过图片和录音，也再整理一遍"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with told("没有升级，什么也没有动"):
            _refuse_newer_database()
        for number, (what, command, given) in enumerate(STEPS, start=1):
            self.stdout.write(f"{number}/{len(STEPS)} {what} ……")
            if command in ONCE and not options["files"] and Upgrade.latest() == version():
                self.stdout.write("这个版本已经做过，跳过；要再做，加上 --files。")
                continue
            try:
                call_command(command, verbosity=0, **given)
            except TROUBLES as trouble:
                raise CommandError(_told(what, trouble)) from trouble
        Upgrade.note(version())
        self.stdout.write(
            f"升级好了，现在是 {version()}。请重启网页、后台任务和定时任务，再看一遍 doctor。"
        )


def _refuse_newer_database() -> None:
    if newer := origin.newer_migrations():
        raise Conflict(
            "program_older",
            f"程序比数据库旧（这里没有 {newer[0]}）。请换回数据库原来用的新程序；"
            "要用旧程序，就恢复升级以前的备份。",
        )


def _told(what: str, trouble: BaseException) -> str:
    why = _why(trouble).rstrip("。")
    return f"“{what}”没有做成：{why}。前面几步已经做好，不用退回；改好以后再运行一次 upgrade。"


def _why(trouble: BaseException) -> str:
    if isinstance(trouble, SystemExit):
        return "原因见上面"
    return words_of(trouble) if isinstance(trouble, OSError | DatabaseError) else str(trouble)
