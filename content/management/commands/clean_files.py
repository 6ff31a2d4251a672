from typing import Any

from django.core.management.base import BaseCommand

from content.stored_files import clean_stored_files


class Command(BaseCommand):
    help = "升级以后运行一次：去掉已有图片、录音里的地点和设备，图片统一成 8 位 RGB；可以重复。"

    def handle(self, *args: Any, **options: Any) -> None:
        changed, unreadable = clean_stored_files()
        self.stdout.write(f"改好 {changed} 个文件。")
        if unreadable:
            names = "、".join(unreadable)
            self.stderr.write(f"这些读不出来，请在编辑后台重新上传：{names}")
