from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from studyhub.demo.channels import load_channels
from studyhub.demo.deliveries import load_deliveries
from studyhub.demo.lessons import load_lessons
from studyhub.demo.organisation import finish_setup, load_organisation
from studyhub.demo.people import load_people
from studyhub.demo.study import load_plan, load_records
from studyhub.demo.touches import load_touches


class Command(BaseCommand):
    help = "载入演示数据：党组织、账号、渠道、二十课、学习计划。可以重复执行。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("生产环境不能载入演示数据。")
        load_organisation()
        load_lessons()
        load_people()
        load_touches()
        finish_setup()
        load_channels()
        load_records(load_plan())
        load_deliveries()
        self.stdout.write("演示数据已载入。")
