from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from studyhub.core.clock import BEIJING
from studyhub.people.erasure import erase_member
from studyhub.people.erasure_ledger import ledger_path
from studyhub.people.models import ErasureRequest, Member


class Command(BaseCommand):
    help = (
        "不带参数：列出没有答复的删除申请；带党员编号：删去这个人的全部资料和学习记录，不能恢复。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("member", nargs="?", help="党员编号，见不带参数的列表")
        parser.add_argument("--yes", action="store_true", help="不问，直接删")

    def handle(self, *args: Any, member: str | None, yes: bool, **options: Any) -> None:
        if member is None:
            self.stdout.write("\n".join(map(_shown, _open_requests())) or "没有未答复的删除申请。")
            return
        found = _find(member)
        if not yes:
            self._ask(found)
        self._erase(found)

    def _ask(self, member: Member) -> None:
        """A number copied from the wrong line deletes another person."""
        self.stdout.write(
            "要删去一个人的全部资料和学习记录，不能恢复。"
            f"确定的话，请输入这个人的姓名（{member.name}）："
        )
        self.stdout.flush()
        try:
            typed = input()
        except EOFError:
            raise CommandError("什么也没有删：没有人回答。要不问就删，加上 --yes。") from None
        if typed.strip() != member.name.strip():
            raise CommandError("什么也没有删：输入的不是这个人的姓名。请看清编号，再来一次。")

    def _erase(self, member: Member) -> None:
        try:
            with_account = erase_member(member)
        except OSError as error:
            raise CommandError(
                f"什么也没有删：注销名册 {ledger_path()} 写不进去（{error.strerror}）。"
                "没有它，恢复旧备份时这个人会回来；请先把这个目录修好。"
            ) from error
        self.stdout.write(f"已删去全部资料和学习记录{_account(with_account)}。")
        self.stdout.write("旧备份里还有，等它们过了保留份数删去；恢复旧备份时会自动再删一次。")


def _find(number: str) -> Member:
    try:
        key = UUID(number)
    except ValueError:
        raise CommandError(
            f"“{number}”不是党员编号。不带参数运行一次，照列表里的编号写。"
        ) from None
    member = Member.objects.defer("phone").filter(public_id=key).first()
    if member is None:
        raise CommandError("没有这个编号的党员。不带参数运行一次，照列表里的编号写。")
    return member


def _open_requests() -> Any:
    asked = ErasureRequest.objects.filter(answered_at=None).order_by("pk")
    return asked.select_related("member").defer("member__phone")


def _shown(asked: ErasureRequest) -> str:
    day = f"{asked.requested_at.astimezone(BEIJING):%Y-%m-%d}"
    return f"{asked.member.public_id} {asked.member.name} {day} 申请"


def _account(gone: bool) -> str:
    return "，连同账号" if gone else "；账号另有职责或看过别人的记录，账号留着，要停用请到后台"
