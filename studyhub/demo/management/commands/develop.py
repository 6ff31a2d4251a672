"""The demo under Django's own server, which reloads what is changed."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from studyhub.core.parts import pending_migrations
from studyhub.people.models import User

CHANGED = 3  # what Django's reloader ends a server with that is to be started anew


class Command(BaseCommand):
    help = "给开发者：DEBUG、自动重载、工具栏（make dev）。"
    requires_system_checks: list[str] = []  # runserver runs them

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("请用 make dev：manage.py develop 只在开发设置下运行。")
        self._prepare()
        self._serve(f"{settings.HOST}:{settings.PORT}")

    def _prepare(self) -> None:
        if pending_migrations():
            call_command("migrate", verbosity=0)
        if not User.objects.exists():
            self.stdout.write("正在载入演示数据……")
            call_command("demo")
        connection.close()

    def _serve(self, address: str) -> None:
        """Serve from this process until the first change, then from Django's usual two.

        The application is loaded here already; a parent that only waits would load it once more
        before the first page. Django's own parent survives a module that does not parse.
        """
        os.environ[DJANGO_AUTORELOAD_ENV] = "true"
        try:
            call_command("runserver", address)
        except SystemExit as ended:
            if ended.code != CHANGED:
                raise
            sys.stdout.flush()
            del os.environ[DJANGO_AUTORELOAD_ENV]
            os.execv(sys.executable, [sys.executable, sys.argv[0], "runserver", address])  # noqa: S606
