"""What the doctor looks at of backups and restores."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from studyhub.backup import directory
from studyhub.core.unfinished import restore_marker
from studyhub.people.erasure_ledger import damage_of, ledger_path
from studyhub.setup.findings import Finding, error, warning

# The nightly backup may start late; after a week of failures somebody has not looked.
FRESH, TOO_OLD = timedelta(hours=26), timedelta(days=7)


def look_at_restore() -> Iterator[Finding]:
    if restore_marker().exists():
        yield error(
            "从备份恢复没有做完",
            "数据只有一半，网页和后台任务拒绝启动",
            "再执行一次同样的 manage.py restore，它会从头来过",
        )


def look_at_backup() -> Iterator[Finding]:
    """The folder is the truth: only what lies there whole can be restored."""
    if settings.DEMO_ALLOWED:
        return
    place = settings.BACKUP_DIR
    newest = directory.newest(place)
    made_at = directory.begun_at(newest) if newest else None
    if made_at is None or timezone.now() - made_at > FRESH:
        yield _late_backup(made_at)
    failure = directory.last_failure(place)
    if failure and (made_at is None or failure[0] > made_at):
        yield warning(
            f"最近一次备份没有做成：{failure[1]}",
            "再坏一次盘，这以后的都没有了",
            "照上面说的改好，执行 manage.py backup",
        )
    ledger = ledger_path()
    if ledger.exists() and (damage := damage_of(ledger)):
        yield error(
            f"注销名册（{ledger}）{damage}",
            "从备份恢复的时候，已经要求删除的人会回来，所以恢复会被拒绝",
            "把拷到别处的那份拿回来；真的没有了，把它移走，下一次备份会另建一份",
        )
    if directory.is_cut_off(place):
        yield warning(
            "有一份备份做到一半断了",
            "断了的那份不能用来恢复",
            "执行 manage.py backup，它会先清掉断了的",
        )


def _late_backup(made_at: datetime | None) -> Finding:
    age = timezone.now() - made_at if made_at else None
    what = f"最近一份备份是 {age.days} 天 {age.seconds // 3600} 小时前的" if age else "没有一份备份"
    level = warning if age and age < TOO_OLD else error
    return level(
        f"{what}（{settings.BACKUP_DIR}）",
        "机器坏了或者误删了，这以后的内容和名单都找不回来",
        "执行 manage.py backup；再看 studyhub-backup.timer 是否启用",
    )
