"""What must hold before real people's data is served."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from studyhub.people.models import User


def refuse_demo_accounts() -> None:
    """Raise ImproperlyConfigured where the demo is not allowed and its accounts are there.

    Everybody can read their password in the documentation.
    """
    if settings.DEMO_ALLOWED:
        return
    try:
        names = list(User.objects.filter(is_demo=True).values_list("username", flat=True)[:5])
    except DatabaseError:
        return  # not migrated or not reachable: /readyz tells, and nobody can sign in either
    if names:
        raise ImproperlyConfigured(
            f"生产环境拒绝启动：库里有演示账号（{'、'.join(names)}……），它们的密码是公开的。"
            "请换一个没有载入过演示数据的数据库。"
        )
