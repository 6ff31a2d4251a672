"""The one-time link to the set-up pages: stored as a digest, good for a day, one at a time."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from studyhub.core.errors import Conflict, NotFound
from studyhub.setup.models import Setup

GOOD_FOR = timedelta(hours=24)
AGAIN = "请在服务器上再执行一次 manage.py setup，用新的链接。已经填好的都在。"
FINISHED = "系统已经设好了。请用管理员账号登录后台，在“设置”里改单位信息。"


@transaction.atomic
def make_link() -> str:
    """The address of the set-up pages; a link made before is void from now on.

    Raises Conflict ``already_set_up``.
    """
    setup = Setup.locked()
    if setup.finished_at:
        raise Conflict("already_set_up", FINISHED)
    token = secrets.token_urlsafe(32)
    setup.token_hash, setup.expires_at = _digest(token), timezone.now() + GOOD_FOR
    setup.save()
    return f"{settings.PUBLIC_URL}/setup/?key={token}"


def setup_behind(token: str, *, lock: bool = False) -> Setup:
    """What this token leads to, also once it is finished.

    Raises NotFound ``setup_link_unknown``, Conflict ``setup_link_expired``.
    """
    setup = Setup.locked() if lock else Setup.objects.filter(pk=1).first()
    if not (setup and token and setup.token_hash and _is_same(setup, token)):
        raise NotFound("setup_link_unknown", f"这个设置链接不对，或者已经作废。{AGAIN}")
    if setup.expires_at is None or setup.expires_at < timezone.now():
        raise Conflict("setup_link_expired", f"这个设置链接过了 24 小时，已经失效。{AGAIN}")
    return setup


def _is_same(setup: Setup, token: str) -> bool:
    return secrets.compare_digest(setup.token_hash, _digest(token))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
