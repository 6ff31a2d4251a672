from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content import catalogue
from studyhub.packs.builder import stale_lessons
from studyhub.packs.tasks import build_each


class Command(BaseCommand):
    help = "重建全部离线包（升级以后运行一次）；内容没变的不会让手机重新下载。"

    def handle(self, *args: Any, **options: Any) -> None:
        keys = {card.lesson_key for card in catalogue.lessons()} | set(stale_lessons())
        failed = build_each(sorted(keys))
        if options["verbosity"]:
            self.stdout.write(f"离线包：{len(keys) - len(failed)} 课。")
        if failed:
            names = "、".join(title for title, _ in catalogue.titles(failed).values())
            raise CommandError(f"这几课没有做成，原因见 /cms/ 首页：{names}")
