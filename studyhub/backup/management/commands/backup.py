from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from studyhub.backup import directory
from studyhub.backup.creation import back_up, refuse_place
from studyhub.backup.troubles import told

KEEP = 14


class Command(BaseCommand):
    help = "备份数据库、图片、录音、离线包到一个目录；每次一份，旧的只留最近几份。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "directory",
            nargs="?",
            type=Path,
            default=settings.BACKUP_DIR,
            help="放备份的目录，不写就是 STUDYHUB_BACKUP_DIR",
        )
        parser.add_argument(
            "--to",
            default=settings.BACKUP_KEY,
            help="用这把公钥加密（age1…），不写就用 STUDYHUB_BACKUP_KEY，都没有就不加密",
        )
        parser.add_argument("--keep", type=int, default=KEEP, help=f"留最近几份，默认 {KEEP}")

    def handle(self, *args: Any, **options: Any) -> None:
        to = options["directory"]
        with told("备份没有做成"):
            refuse_place(to)
        with told("备份没有做成"), directory.only_one(to):
            try:
                with told("备份没有做成"):
                    back_up(to, recipient=options["to"], keep=options["keep"], say=self._say)
            except CommandError as trouble:
                directory.note_failure(to, str(trouble))
                raise

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
