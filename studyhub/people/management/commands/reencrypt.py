from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Field, Model

from studyhub.people.encrypted import encrypted_fields, pks
from studyhub.people.models import Member


class Command(BaseCommand):
    help = "用 STUDYHUB_FIELD_KEYS 里最新的密钥重写全部加密字段，并按最新的密码重算手机号索引。"

    def handle(self, *args: Any, **options: Any) -> None:
        unreadable = []
        for model, field in encrypted_fields():
            lost = [pk for pk in pks(model) if not rewrite(model, field, pk)]
            unreadable += [f"{model._meta.label}.{field.name} {pk}" for pk in lost]
        index_phones()
        if unreadable:
            raise CommandError(
                f"有 {len(unreadable)} 处解不开，没有动（{'、'.join(unreadable[:5])}……）。"
                "请把写入时用的旧密钥加回 STUDYHUB_FIELD_KEYS 末尾，再运行一次。"
            )
        self.stdout.write(
            "全部加密字段已用最新的密钥重写；STUDYHUB_FIELD_KEYS 和 "
            "STUDYHUB_SECRET_KEY_FALLBACKS 里的旧密钥 30 天后可以删去。"
        )


@transaction.atomic
def rewrite(model: type[Model], field: "Field[Any, Any]", pk: Any) -> bool:
    """Nobody writes the row meanwhile, and no other column of it is written."""
    rows = model._base_manager.filter(pk=pk)
    try:
        for value in rows.select_for_update().values_list(field.name, flat=True):
            rows.update(**{field.name: value})
    except ValueError:
        return False
    return True


def index_phones() -> None:
    """The digests by which phones are found, under today's secret."""
    for pk in pks(Member):
        with transaction.atomic():
            for member in Member.objects.select_for_update().defer("phone").filter(pk=pk):
                reindex(member)


def reindex(member: Member) -> None:
    """One that cannot be read keeps the digest it has."""
    try:
        member.save(update_fields=["phone_index"])
    except ValueError:
        return
