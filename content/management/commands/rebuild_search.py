from typing import Any

from django.core.management.base import BaseCommand

from content import search_index


class Command(BaseCommand):
    help = "重建全部课的搜索索引。升级旧库、改了读音库之后可用；可以重复执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        count = search_index.rebuild()
        if options["verbosity"] > 0:
            self.stdout.write(f"搜索索引已重建：{count} 课。")
