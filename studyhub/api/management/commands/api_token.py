from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import APIToken

from studyhub.people.models import User


class Command(BaseCommand):
    help = "给接口调用方发一枚令牌：api_token create USERNAME。只显示这一次，请当场记下。"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="发一枚新令牌")
        create.add_argument("username", help="令牌代表哪个账号")
        create.add_argument("--name", default="命令行", help="在后台列表里显示的名字")

    def handle(self, *args: Any, username: str, name: str, **options: Any) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"没有“{username}”这个账号，或者它已停用。")
        _, token = APIToken.create_token(user=user, name=name)
        self.stdout.write(token)
