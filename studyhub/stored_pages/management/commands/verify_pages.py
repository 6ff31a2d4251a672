from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from studyhub.stored_pages.changes import tell_change
from studyhub.stored_pages.filling import differences
from studyhub.stored_pages.models import StoredPage


class Command(BaseCommand):
    help = "核对存好的公开页面与现在生成的是否一字不差；有差别时以 1 退出，--repair 全部重新生成。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="让后台全部重新生成")

    def handle(self, *args: Any, repair: bool = False, **options: Any) -> None:
        wrong = list(differences())
        for address in wrong:
            self.stderr.write(f"{address}：存好的和现在生成的不一样")
        if not wrong:
            self.stdout.write(f"存好的 {StoredPage.objects.count()} 个页面都和现在生成的一样。")
        elif repair:
            tell_change()
            self.stdout.write("已让后台重新生成全部页面。")
        else:
            raise SystemExit(1)
