"""What must hold before real people's data is served, by whichever process."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.db.models import Model

from studyhub.core.unfinished import restore_marker
from studyhub.people.encrypted import encrypted_fields
from studyhub.people.models import User


def refuse_unsafe_data() -> None:
    """Raise ImproperlyConfigured where this database and these settings must not serve together.

    Web processes and workers call it at their start; commands that set things right do not. The
    demo's data may be lost, but not half of it be there.
    """
    refuse_unfinished_restore()
    if not settings.DEMO_ALLOWED:
        refuse_demo_accounts()
        refuse_unreadable_fields()


def refuse_unfinished_restore() -> None:
    """Half of what was there, and phones not asked yet to send again what the rest was."""
    if restore_marker().exists():
        raise ImproperlyConfigured(
            "拒绝启动：从备份恢复没有做完。请再执行一次同样的 manage.py restore，它会从头来过。"
        )


def refuse_unreadable_fields() -> None:
    """Where a key is missing, nothing may be written under another: one row of each is read."""
    for model, field in encrypted_fields():
        _read_one(model, field.name)


def _read_one(model: type[Model], name: str) -> None:
    try:
        model._base_manager.exclude(**{f"{name}__exact": ""}).values_list(name).first()
    except DatabaseError:
        return  # not migrated or not reachable: /readyz tells
    except ValueError as error:
        raise ImproperlyConfigured(
            "拒绝启动：库里的加密字段用现在的 STUDYHUB_FIELD_KEYS 解不开，"
            "请把写入时用的旧密钥加回列表末尾。"
        ) from error


def refuse_demo_accounts() -> None:
    """Everybody can read their password in the documentation."""
    try:
        names = list(User.objects.filter(is_demo=True).values_list("username", flat=True)[:5])
    except DatabaseError:
        return  # not migrated or not reachable: /readyz tells, and nobody can sign in either
    if names:
        raise ImproperlyConfigured(
            f"生产环境拒绝启动：库里有演示账号（{'、'.join(names)}……），它们的密码是公开的。"
            "请换一个没有载入过演示数据的数据库。"
        )
