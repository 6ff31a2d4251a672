from typing import Any

from django.core.management.base import BaseCommand

from content.reviews.verification import differences


class Command(BaseCommand):
    help = "核对公开的每一页是不是各级都审签过、现在还是签的那个样子；有不一致时以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(differences())
        for line in found:
            self.stderr.write(line)
        if found:
            self.stderr.write(f"共 {len(found)} 处不一致。请打开这些页面，提交审核，审完再发布。")
            raise SystemExit(1)
        self.stdout.write("公开的页面都审签过，与签的一致。")
