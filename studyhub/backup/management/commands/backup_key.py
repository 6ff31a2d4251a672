import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studyhub.backup.encryption import new_key
from studyhub.backup.troubles import told


class Command(BaseCommand):
    help = "生成加密备份用的一对钥匙：私钥写进文件，公钥打印出来，可以直接接在设置后面。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="私钥写到哪里；已有的文件不会覆盖")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        private, public = new_key()
        try:
            with told("没有生成"), os.fdopen(_create(file), "w") as target:
                target.write(f"# 公钥：{public}\n{private}\n")
        except CommandError as trouble:
            if file.exists():
                raise CommandError(f"{file} 已经有了，不覆盖。请换一个文件名。") from trouble
            raise
        self.stdout.write(f"STUDYHUB_BACKUP_KEY={public}")
        self.stderr.write(
            f"这一行写进设置。私钥在 {file}：抄到别处锁好，再从这台机器上删掉；"
            "丢了它，加密的备份谁也打不开。"
        )


def _create(file: Path) -> int:
    """Readable by its owner alone from the first moment on."""
    return os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
