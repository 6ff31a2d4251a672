"""What must hold before a restore touches anything; what does not is said in words."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.db import connection

from studyhub.backup import media, origin
from studyhub.backup.engines import NAMES, engine
from studyhub.backup.manifest import Manifest, StoredFile
from studyhub.backup.streams import Say, digest_of, shown_bytes
from studyhub.core.errors import Conflict, Invalid
from studyhub.core.kept_files import nearest_folder
from studyhub.core.models import Heartbeat
from studyhub.core.unfinished import restore_marker

# What `migrate` itself fills, and what anybody leaves who only looks at a page.
FILLED_BY_MIGRATE = {
    "auth.Group",
    "auth.Group_permissions",
    "auth.Permission",
    "content.CourseIndexPage",
    "content.HomePage",
    "content.ReviewTask",
    "content.ProofRule",
    "content.SignOff",
    "content.SiteIndexPage",
    "contenttypes.ContentType",
    "sessions.Session",
    "setup.Upgrade",
    "studyhub_core.Heartbeat",
    "wagtailcore.Collection",
    "wagtailcore.GroupApprovalTask",
    "wagtailcore.GroupApprovalTask_groups",
    "wagtailcore.GroupCollectionPermission",
    "wagtailcore.GroupPagePermission",
    "wagtailcore.Locale",
    "wagtailcore.Page",
    "wagtailcore.PageLogEntry",
    "wagtailcore.ReferenceIndex",
    "wagtailcore.Site",
    "wagtailcore.Task",
    "wagtailcore.Workflow",
    "wagtailcore.WorkflowPage",
    "wagtailcore.WorkflowTask",
    "stored_pages.Edition",
    "stored_pages.PageChange",
    "stored_pages.StoredPage",
}


def place() -> str:
    """Which database and folder are meant: what a restore writes into its marker."""
    names = ("ENGINE", "HOST", "PORT", "NAME")
    return "\n".join(
        [*(str(connection.settings_dict[name]) for name in names), str(media.folder())]
    )


def is_begun_here() -> bool:
    """Whether what lies here is of a restore that was cut off: it may be done over.

    A marker that was left by one into another database says nothing of this one.
    """
    marker = restore_marker()
    return marker.exists() and marker.read_text("utf-8") == place()


def check_fit(manifest: Manifest) -> None:
    """The backup is of this kind of database, not of a later version of it or of the program."""
    kind = manifest.facts.kind
    if kind != connection.vendor:
        raise Invalid(
            "other_database",
            f"备份是 {NAMES.get(kind, kind)} 的，这里用的是 {NAMES[connection.vendor]}。"
            "请把 DATABASE_URL 改成同一种数据库。",
        )
    _check_versions(manifest)
    _check_migrations(manifest.migrations)
    if manifest.media and not media.is_here():
        raise Conflict(
            "files_elsewhere",
            "备份里有图片和录音，这里的文件放在对象存储里。请先去掉 S3_BUCKET，恢复到本机的目录，"
            "再照“人多了”一节抄进桶里。",
        )


def _check_versions(manifest: Manifest) -> None:
    server, tool = engine().versions()
    if server < manifest.facts.version or tool < manifest.facts.tool:
        needed = max(manifest.facts.version, manifest.facts.tool)
        raise Conflict(
            "database_older",
            f"备份是 {NAMES[connection.vendor]} {needed} 的，这里是 {min(server, tool)}，"
            f"旧的读不了新的。请换成 {needed} 或更新的数据库和客户端。",
        )


def _check_migrations(applied: list[str]) -> None:
    unknown = sorted(set(applied) - origin.known_migrations())
    labels = {app.label for app in apps.get_app_configs()}
    strange = {name.split(".")[0] for name in unknown} - labels
    if strange:
        raise Conflict(
            "other_parts",
            f"备份里有这里没有装的部分（{'、'.join(sorted(strange))}）。"
            "演示环境的备份不能恢复到正式环境；不是这个原因，就先升级程序。",
        )
    if unknown:
        raise Conflict(
            "backup_newer",
            f"备份是更新的程序做的（这里没有 {unknown[0]}）。请先升级程序，再恢复。",
        )


def check_keys(manifest: Manifest) -> None:
    """One of today's keys reads what is encrypted in the backup."""
    if not set(manifest.field_keys) & set(origin.field_key_fingerprints()):
        raise Conflict(
            "field_key_lost",
            "STUDYHUB_FIELD_KEYS 里没有备份时用的密钥。姓名、学习记录、课都读得出；"
            "手机号、渠道密钥、两步登录的应用读不出。请把当时的密钥加进 STUDYHUB_FIELD_KEYS；"
            "真的丢了，加 --lost-keys：读不出的清空，以后重填。",
        )


def check_empty() -> None:
    """Nobody's data is here, and nobody is at work."""
    if running := _running():
        raise Conflict(
            "still_running",
            f"{running} 还在用这个数据库。请先停掉网页、后台任务和定时任务，一分钟以后再来。",
        )
    if filled := next(_filled(), None):
        raise Conflict(
            "not_empty",
            f"这个数据库里已经有数据（{filled}），恢复只能进空的系统，免得盖掉它。"
            "请新建一个空数据库，把 DATABASE_URL 指向它。",
        )
    if not media.is_empty():
        raise Conflict(
            "media_not_empty",
            f"媒体目录 {media.folder()} 里已经有文件，恢复只能进空的系统。请先把它移走。",
        )


def check_files(folder: Path, manifest: Manifest, say: Say) -> None:
    """Every file is whole. Read once in full: a cut or rotten one is found before it is needed."""
    say(f"核对备份：{len(manifest.files()):,} 个文件，{shown_bytes(manifest.total_bytes())} ……")
    wrong = [file.path for file in manifest.files() if not _is_whole(folder, file)]
    if wrong:
        raise Invalid(
            "backup_damaged",
            f"备份不完整：{wrong[0]} 等 {len(wrong)} 个文件缺少、残缺或被改过。"
            "什么也没有动，请换一份备份。",
        )


def check_room(manifest: Manifest) -> None:
    needed = sum(file.stored.bytes for file in manifest.media)
    free = shutil.disk_usage(nearest_folder(media.folder())).free
    if free < needed:
        raise Conflict(
            "no_room",
            f"媒体目录的磁盘只剩 {shown_bytes(free)}，备份里的文件要 {shown_bytes(needed)}。"
            "请加大磁盘，再恢复。",
        )


def _is_whole(folder: Path, file: StoredFile) -> bool:
    """A link is none of ours, and may lead to anything."""
    path = folder / file.path
    if path.resolve() != folder.resolve() / file.path:
        return False
    return path.is_file() and path.stat().st_size == file.bytes and digest_of(path) == file.sha256


def _running() -> str:
    if Heartbeat._meta.db_table not in _tables():
        return ""
    return "、".join(Heartbeat.alive("", timedelta(seconds=30)))


def _filled() -> Iterator[str]:
    """What is in the tables that a migration leaves empty, by its name."""
    tables = _tables()
    for model in apps.get_models(include_auto_created=True):
        left_empty = model._meta.label not in FILLED_BY_MIGRATE
        if left_empty and model._meta.db_table in tables and model._base_manager.exists():
            yield str(model._meta.verbose_name)


def _tables() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))
