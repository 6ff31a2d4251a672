from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import APIToken

from studyhub.people import tokens
from studyhub.people.models import TokenGrant, User


class Command(BaseCommand):
    help = "给接口调用方发一枚令牌：api_token create USERNAME。只显示这一次，请当场记下。"

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="发一枚新令牌")
        create.add_argument("username", help="令牌代表哪个账号")
        create.add_argument("--name", default="命令行", help="在后台列表里显示的名字")
        scopes = TokenGrant.Scope
        create.add_argument(
            "--scope",
            action="append",
            choices=scopes.values,
            help="能做什么，可以写几次；不写就是账号能做的都行，也不到期",
        )
        create.add_argument("--days", type=int, help=f"几天后到期，默认 {tokens.DEFAULT_DAYS}")

    def handle(self, *args: Any, username: str, name: str, **options: Any) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"没有“{username}”这个账号，或者它已停用。")
        if options["scope"]:
            days = options["days"] or tokens.DEFAULT_DAYS
            token = tokens.grant_token(user, name=name, scopes=options["scope"], days=days, by=None)
        elif options["days"]:
            raise CommandError("有期限的令牌也要说能做什么，请加上 --scope。")
        else:
            _, token = APIToken.create_token(user=user, name=name)
        self.stdout.write(token)
