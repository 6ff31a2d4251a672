from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studyhub.backup import directory, encryption
from studyhub.backup.restoration import Choices, check, only_one, restore
from studyhub.backup.troubles import told
from studyhub.core.unfinished import restore_marker

DONE = (
    "恢复好了。请启动网页、后台任务和定时任务，手机会把最近的学习记录再传一遍，重复的不会重复计算。\n"
    "接口渠道的账号都已停下：请到各平台后台看一眼备份之后发出的文章，再在“渠道发布”里逐个恢复。"
)
AGAIN = "网页和后台任务在恢复做完以前拒绝启动；改好以后再执行同一条命令，它会从头来过。"


class Command(BaseCommand):
    help = "把一份备份恢复到空的系统：先核对，再恢复数据库和文件，开始新的数据纪元。"
    requires_system_checks: list[str] = []  # the tables may not be there yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, help="一份备份，或放备份的目录（取最新的一份）")
        parser.add_argument(
            "--check", action="store_true", help="只核对这份备份能不能恢复，什么也不动"
        )
        parser.add_argument("--key-file", type=Path, help="加密的备份：私钥文件")
        parser.add_argument(
            "--lost-keys", action="store_true", help="字段密钥丢了：清空读不出的内容"
        )
        parser.add_argument(
            "--without-erasures", action="store_true", help="注销名册没有了，也要恢复"
        )
        parser.add_argument(
            "--quick",
            action="store_true",
            help="不逐条核对学习进度（人多时要很久），恢复使用以后再运行 verify_progress --repair",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = directory.find_backup(options["directory"])
        if options["check"]:
            with told("这份备份现在不能恢复"):
                check(folder, _choices(options), self._say)
            self.stdout.write(f"{folder.name} 是完整的，这里的程序和密钥都能恢复它。什么也没有动。")
            return
        with told("恢复没有做成"), only_one():
            self._restore(folder, options)

    def _restore(self, folder: Path, options: dict[str, Any]) -> None:
        try:
            with told("恢复没有做成"):
                restore(folder, _choices(options), self._say)
        except CommandError as trouble:
            again = f"\n{AGAIN}" if restore_marker().exists() else ""
            raise CommandError(f"{trouble}{again}") from trouble
        self.stdout.write(DONE)

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _choices(options: dict[str, Any]) -> Choices:
    file = options["key_file"]
    return Choices(
        key=encryption.read_key(file) if file else "",
        lost_keys=options["lost_keys"],
        without_erasures=options["without_erasures"],
        quick=options["quick"],
    )
