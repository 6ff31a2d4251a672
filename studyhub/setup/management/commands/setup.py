import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from studyhub.core.errors import StudyhubError
from studyhub.setup import links, unattended

NEEDED = {
    "organisation": "--organisation 单位名称",
    "code": "--code 行政区划代码",
    "contact": "--contact 联系人和电话",
    "admin": "--admin 管理员账号",
}


class Command(BaseCommand):
    help = (
        "首次设置：不带参数，打印一个 24 小时内有效、只用一次的链接；"
        "带参数，不用浏览器直接设好。可以重复执行，已有的不改。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", help="单位名称")
        parser.add_argument("--code", help="6 位行政区划代码")
        parser.add_argument("--contact", help="联系人和电话，写在页脚")
        parser.add_argument("--admin", help="第一个管理员的账号")
        parser.add_argument("--root", help="党组织的根，不写就用单位名称")
        parser.add_argument(
            "--password-stdin", action="store_true", help="从标准输入的第一行读管理员的密码"
        )
        parser.add_argument(
            "--starter-lessons", action="store_true", help="载入二十课起步内容，全部是草稿"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given = {key: (options[key] or "").strip() for key in (*NEEDED, "root")}
        try:
            if any(given.values()) or options["password_stdin"] or options["starter_lessons"]:
                self._set_up(given, options)
            else:
                self._print_link()
        except StudyhubError as error:
            raise CommandError(error.detail) from None

    def _print_link(self) -> None:
        self.stdout.write(
            f"请在 24 小时内用浏览器打开（只用一次，别转给别人）：\n{links.make_link()}\n"
            "再执行一次会换新的链接，旧的随即作废。"
        )

    def _set_up(self, given: dict[str, str], options: dict[str, Any]) -> None:
        if missing := [words for key, words in NEEDED.items() if not given[key]]:
            raise CommandError(f"还缺：{'、'.join(missing)}。请补上再执行一次。")
        wish = unattended.Wish(
            organisation=given["organisation"],
            place_code=given["code"],
            contact=given["contact"],
            username=given["admin"],
            password=sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else "",
            root=given["root"] or given["organisation"],
            starter_lessons=options["starter_lessons"],
        )
        try:
            with transaction.atomic():
                said = unattended.set_up(wish)
        except ValidationError as error:
            raise CommandError(f"什么也没有改。{' '.join(error.messages)}") from None
        self.stdout.write("\n".join(said))
