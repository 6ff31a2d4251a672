"""``manage.py channel put KIND KEY`` and ``manage.py channel list``."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studyhub.channels import accounts, registry
from studyhub.channels.models import ChannelAccount
from studyhub.core.errors import StudyhubError


class Command(BaseCommand):
    help = "设置渠道账号（从标准输入读 JSON，加密保存），或列出渠道（不显示密钥）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        put = actions.add_parser("put", help="新建或更新一个账号")
        put.add_argument("kind", help="、".join(registry.ADAPTERS))
        put.add_argument("key", help="自己起的标识，例如 main")
        actions.add_parser("list", help="列出全部账号")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if action == "put":
            self._put(options["kind"], options["key"])
        else:
            self._list()

    def _put(self, kind: str, key: str) -> None:
        text = sys.stdin.read().strip() or "{}"
        try:
            values = json.loads(text)
        except ValueError as error:
            raise CommandError(
                f"标准输入不是有效的 JSON（第 {_line_of(error)} 行附近）。"
            ) from None
        if not isinstance(values, dict):
            raise CommandError('标准输入要是一个 JSON 对象，例如 {"app_id": "…"}。')
        try:
            account = accounts.put_account(kind, key, values)
        except StudyhubError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(f"已保存：{account.key}（{account.get_kind_display()}）")

    def _list(self) -> None:
        found = list(ChannelAccount.objects.order_by("key"))
        if not found:
            self.stdout.write("还没有渠道。用 channel put KIND KEY 新建。")
        for account in found:
            can = "、".join(account.capabilities) or "人工"
            line = [account.kind, account.key, account.name, can, account.get_health_display()]
            line += [account.needs] if account.needs else []
            self.stdout.write("\t".join(line))


def _line_of(error: ValueError) -> int:
    return getattr(error, "lineno", 1)
