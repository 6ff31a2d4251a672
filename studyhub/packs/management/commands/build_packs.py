from typing import Any

from django.core.management.base import BaseCommand

from content import catalogue
from studyhub.packs.builder import build_pack, stale_lessons


class Command(BaseCommand):
    help = "重建全部离线包（升级以后运行一次）；内容没变的不会让手机重新下载。"

    def handle(self, *args: Any, **options: Any) -> None:
        keys = {card.lesson_key for card in catalogue.lessons()} | set(stale_lessons())
        for key in sorted(keys):
            build_pack(key)
        if options["verbosity"]:
            self.stdout.write(f"离线包：{len(keys)} 课。")
