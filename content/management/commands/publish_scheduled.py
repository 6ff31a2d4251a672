from typing import Any

from django.core.management.base import BaseCommand

from content.featured import turn_the_day
from content.schedule import publish_and_expire


class Command(BaseCommand):
    help = "到点的页面发布，到期的下架；一页一页来，一页出错不耽误别的。工作进程每分钟自己做一次。"

    def handle(self, *args: Any, **options: Any) -> None:
        publish_and_expire()
        turn_the_day()
