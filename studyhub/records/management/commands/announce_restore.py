from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from studyhub.records.models import Epoch


class Command(BaseCommand):
    """Begins a new epoch: phones send again what they keep, channels wait for a person."""

    help = "从备份恢复数据库之后运行一次：手机会把最近的记录再传一遍，渠道账号先停下等人核对。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reason", default="从备份恢复", help="写进记录的一句话")

    def handle(self, *args: Any, **options: Any) -> None:
        epoch = Epoch.begin(options["reason"])
        self.stdout.write(
            f"新的数据纪元开始了（{epoch.number}）。\n"
            "接口渠道的账号都已停下：请到各平台后台看一眼备份之后发出的文章，"
            "再在“渠道发布”里逐个恢复。"
        )
