from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from studyhub.people.models import User
from studyhub.people.second_factor import take_away


class Command(BaseCommand):
    help = (
        "手机、安全密钥和备用码都丢了：取消一个账号的两步登录，下次登录重新设。"
        "别的管理员在后台也能取消。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login", metavar="LOGIN", help="哪个账号")

    def handle(self, *args: Any, login: str, **options: Any) -> None:
        try:
            user = User.objects.get_by_natural_key(login)
        except User.DoesNotExist:
            raise CommandError(f"没有“{login}”这个账号，请看看写对没有。") from None
        if take_away(user, by=None):
            self.stdout.write(f"{user.username} 的两步登录取消了，登录着的也都退出了。")
        else:
            self.stdout.write(f"{user.username} 没有设两步登录，什么也没有改。")
