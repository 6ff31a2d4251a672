"""The demo under Django's own server, which reloads what is changed."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from studyhub.people.models import User


class Command(BaseCommand):
    help = "给开发者：DEBUG、自动重载、工具栏（make dev）。"
    requires_system_checks: list[str] = []  # runserver runs them

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("请用 make dev：manage.py develop 只在开发设置下运行。")
        if os.environ.get("RUN_MAIN") != "true":  # once, not at each reload
            self._prepare()
        call_command("runserver", f"{settings.HOST}:{settings.PORT}")

    def _prepare(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
        if not User.objects.exists():
            self.stdout.write("正在载入演示数据……")
            call_command("demo")
        connection.close()
