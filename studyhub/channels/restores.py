"""The database came back from a backup: what was sent since is not known here."""

from studyhub.channels import accounts
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.ports import Mode

REASON = "数据库从备份恢复过，备份之后发出的文章系统已经不记得了。"
NEEDS = (
    "请到平台后台看一眼备份之后发出的文章：系统里还显示没发的，请先按“已在后台确认发布”贴上链接，"
    "再恢复这个账号。"
)


def pause_after_restore() -> None:
    """Every account that posts by itself waits for a person; no first call without a look.

    Called in the transaction that begins the new epoch.
    """
    by_api = ChannelAccount.objects.filter(mode=Mode.API)
    Delivery.objects.filter(account__in=by_api).exclude(
        state__in=(Delivery.State.PUBLISHED, Delivery.State.REMOVED)
    ).update(restored=True)
    accounts.pause(by_api, reason=REASON, needs=NEEDS)
