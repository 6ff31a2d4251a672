from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from studyhub.learning.progress import find_differences, refresh_progress
from studyhub.people.locks import lock_member
from studyhub.people.models import Member


class Command(BaseCommand):
    help = "核对学习进度与学习记录是否一致；不一致时以 1 退出，--repair 按记录重建。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="按记录重建不一致的进度")

    def handle(self, *args: Any, repair: bool = False, **options: Any) -> None:
        wrong: dict[int, set[Any]] = {}
        for difference in find_differences():
            wrong.setdefault(difference.member_id, set()).add(difference.lesson_key)
            self.stderr.write(
                f"党员 {difference.member_id} 课 {difference.lesson_key} {difference.field}："
                f"存的是 {difference.stored}，按记录应是 {difference.derived}"
            )
        if not wrong:
            self.stdout.write("学习进度与学习记录一致。")
            return
        count = sum(map(len, wrong.values()))
        if not repair:
            self.stderr.write(f"共 {count} 处不一致。加 --repair 按记录重建。")
            raise SystemExit(1)
        for member in Member.objects.filter(pk__in=wrong):
            with lock_member(member) as locked:
                refresh_progress(locked, wrong[member.pk])
        self.stdout.write(f"已按记录重建 {count} 处。")
