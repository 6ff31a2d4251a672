from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from studyhub.learning.counter_upkeep import find_drift, repair_counts
from studyhub.learning.counters import COUNTED, MEMBERS, REACHED
from studyhub.people.models import Branch

SUBJECTS = {MEMBERS: "党员数", COUNTED: "没有免除学习要求的人数", REACHED: "开始学习的人数"}


class Command(BaseCommand):
    help = "核对党组织的学习计数与台账、学习进度是否一致；不一致时以 1 退出，--repair 重建。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="按台账和学习进度重建计数")

    def handle(self, *args: Any, repair: bool = False, **options: Any) -> None:
        if repair:
            count = repair_counts()
            self.stdout.write(f"已重建 {count} 处计数。" if count else "学习计数一致。")
            return
        drift = find_drift()
        branches = Branch.objects.in_bulk({one.branch_id for one in drift})
        for one in drift:
            subject = SUBJECTS.get(one.subject, f"学完课 {one.subject} 的人数")
            self.stderr.write(
                f"{branches[one.branch_id]} {one.day:%Y-%m-%d} 起 {subject}："
                f"存的是 {one.stored}，按台账和学习进度应是 {one.true}"
            )
        if drift:
            self.stderr.write(f"共 {len(drift)} 处不一致。加 --repair 重建。")
            raise SystemExit(1)
        self.stdout.write("学习计数与台账、学习进度一致。")
