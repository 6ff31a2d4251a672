import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from studyhub.core.version import version
from studyhub.setup.doctor import examine, worst
from studyhub.setup.findings import Finding, Level

WORDS = {Level.WARNING: "提醒", Level.ERROR: "问题"}


class Command(BaseCommand):
    help = "检查系统：还差什么、为什么、怎么办。一切正常以 0 退出，有提醒 1，有问题 2。"
    requires_system_checks: list[str] = []  # it looks by itself, also where those would stop it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="给程序看的格式")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = examine()
        state = worst(findings)
        if options["json"]:
            shapes = [one.shape() for one in findings]
            told = {"version": version(), "state": state.name.lower(), "findings": shapes}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(map(_in_words, findings)) or "一切正常。")
        raise SystemExit(int(state))


def _in_words(finding: Finding) -> str:
    return (
        f"[{WORDS[finding.level]}] {finding.what}\n"
        f"    为什么要管：{finding.why}\n"
        f"    怎么办：{finding.to_do}"
    )
