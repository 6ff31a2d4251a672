"""What the doctor looks at: small checks, each by itself, none of which changes anything."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.mail import get_connection
from django.utils import timezone

from content import catalogue
from studyhub.backup import origin
from studyhub.core import parts
from studyhub.core.clock import database_now
from studyhub.core.errors import FilesAway
from studyhub.core.kept_files import nearest_folder
from studyhub.core.models import Heartbeat
from studyhub.core.review_levels import LEVELS
from studyhub.core.tasks import SCHEDULER
from studyhub.core.version import version
from studyhub.organisation.models import Organisation
from studyhub.packs.builder import stale_lessons
from studyhub.people import obligations, staff, startup
from studyhub.setup import steps
from studyhub.setup.backup_checks import look_at_backup, look_at_restore
from studyhub.setup.drawing_checks import look_at_drawing, look_at_films
from studyhub.setup.findings import Check, Finding, error, warning
from studyhub.setup.models import Setup, Upgrade

ROOM = 2 * 1024**3  # bytes free below which somebody should look
DRIFT = timedelta(seconds=5)
# A scheduler beats every ten seconds; one that was stopped is silent for longer than this.
OVERLAP = timedelta(seconds=25)
NAMED = 5  # titles in one finding


def look_at_database() -> Iterator[Finding]:
    """Reachable, and of today's shape."""
    if newer := origin.newer_migrations():
        yield error(
            f"程序比数据库旧（这里没有 {newer[0]}）",
            "旧程序不认识新的表，写进去的可能是坏的",
            "换回数据库原来用的新程序；要用旧程序，就恢复升级以前的备份",
        )
    if pending := parts.pending_migrations():
        yield error(
            f"数据库还有 {pending} 步没有升级",
            "程序是新的，表还是旧的，有些页面会出错",
            "执行 manage.py migrate，再重启网页和后台任务",
        )


def look_at_version() -> Iterator[Finding]:
    """New code may ask more of a server than tables; one never noted is not judged."""
    before = Upgrade.latest()
    if before and before != version():
        yield warning(
            f"程序是 {version()}，上一次升级做到 {before}",
            "旧的图片、搜索、离线包、学习进度可能还没有整理",
            "执行 manage.py upgrade，再重启网页和后台任务",
        )


def look_at_setup() -> Iterator[Finding]:
    if not Setup.is_finished():
        left = steps.missing(Setup.objects.first() or Setup())
        yield error(
            f"首次设置没有做完（还差：{'、'.join(left) or '最后一页'}）",
            "没有单位、管理员和党组织，谁也用不了",
            "执行 manage.py setup，打开它打印的链接",
        )


def look_at_contact() -> Iterator[Finding]:
    if not Organisation.current().contact:
        yield warning(
            "没有写联系人和电话",
            "党员遇到问题不知道找谁",
            "在后台“设置 → 单位”里填上",
        )


def look_at_address() -> Iterator[Finding]:
    if not settings.DEMO_ALLOWED and not settings.PUBLIC_URL.startswith("https://"):
        yield error(
            f"对外网址不是 https（{settings.PUBLIC_URL}）",
            "密码和学习记录会在路上被人看到，手机也不让存离线课",
            "配好证书，把 STUDYHUB_PUBLIC_URL 改成 https:// 开头的网址",
        )


def look_at_keys() -> Iterator[Finding]:
    """Fields can be read, and no key of before lies about."""
    try:
        startup.refuse_unreadable_fields()
    except ImproperlyConfigured:
        yield error(
            "有加密的内容用现在的密钥解不开",
            "手机号和渠道密钥读不出来，新写的会用另一把钥匙",
            "把写入时用的旧密钥加回 STUDYHUB_FIELD_KEYS 末尾，再重启",
        )
    if len(settings.FIELD_KEYS) > 1 or settings.SECRET_KEY_FALLBACKS:
        yield warning(
            "还留着旧密钥",
            "旧密钥泄露，照样能用",
            "执行 manage.py reencrypt；30 天以后从环境变量里删去旧的",
        )


def look_at_demo() -> Iterator[Finding]:
    if settings.DEMO_ALLOWED:
        return
    try:
        startup.refuse_demo_accounts()
    except ImproperlyConfigured:
        yield error(
            "库里有演示账号",
            "它们的密码是公开的，网页和后台任务拒绝启动",
            "换一个没有载入过演示数据的数据库",
        )


def look_at_second_factors() -> Iterator[Finding]:
    """Those who must have one set it up at their next sign-in; until then the password is all."""
    without = [user.username for user in obligations.accounts_without()]
    if without:
        yield warning(
            f"有 {len(without)} 个账号该两步登录还没有设：{_some(without)}",
            "密码被人知道了，就能进后台、看党员的资料",
            "请他们重新登录一次，照着页面设好；不再用的账号在后台停用",
        )


def look_at_broker() -> Iterator[Finding]:
    try:
        parts.check_broker()
    except Exception as problem:  # noqa: BLE001  each kind of broker has errors of its own
        yield error(
            f"消息服务连不上（{type(problem).__name__}）",
            "发布以后的事（离线包、渠道）都停着，来的不会丢，要等它恢复",
            "看 Redis 是否开着，REDIS_URL 或 CELERY_BROKER_URL 是否写对",
        )


def look_at_worker() -> Iterator[Finding]:
    if not Heartbeat.is_alive("worker"):
        yield error(
            "后台任务没有心跳",
            "离线包不更新，渠道不发，定时发布不动",
            "启动 celery -A studyhub worker；它开着的话，看定时任务和消息服务",
        )


def look_at_scheduler() -> Iterator[Finding]:
    """Exactly one."""
    alive = Heartbeat.alive(SCHEDULER, Heartbeat.STALE_AFTER)
    if not alive:
        yield error(
            "定时任务没有心跳",
            "到点的发布、夜里的整理都不会做",
            "启动 celery -A studyhub.beat beat（全系统只要一个）",
        )
    both = Heartbeat.alive(SCHEDULER, OVERLAP)
    if len(both) > 1:
        yield error(
            f"有 {len(both)} 个定时任务同时在跑",
            "每件事都会做两遍",
            "只留一台机器上的 celery beat，停掉别的；刚刚重启过的，等半分钟再看",
        )


def look_at_clock() -> Iterator[Finding]:
    drift = abs(timezone.now() - database_now())
    if drift > DRIFT:
        yield warning(
            f"这台机器的钟和数据库差 {round(drift.total_seconds())} 秒",
            "学习时间、租期、登录期限都会算错",
            "两边都打开时间同步（systemd-timesyncd 或 chrony）",
        )


def look_at_storage() -> Iterator[Finding]:
    """Media can be written, and there is room."""
    try:
        parts.check_storage()
    except FilesAway:
        yield error(
            "存放图片、录音的桶（S3_BUCKET）连不上，或者不让进",
            "图片看不到也传不上去，离线包生成不了；课文还能看",
            "看 S3_ENDPOINT_URL 从这台机器通不通，桶名、密钥对不对，密钥能不能列、读、写、删",
        )
    except Exception as problem:  # noqa: BLE001  whatever a storage raises
        yield error(
            f"媒体目录不能写（{type(problem).__name__}）",
            "图片传不上去，离线包生成不了",
            "看目录属于谁、磁盘是否只读或者满了",
        )


def look_at_room() -> Iterator[Finding]:
    if not isinstance(default_storage, FileSystemStorage):
        return
    free = shutil.disk_usage(nearest_folder(Path(default_storage.location))).free
    if free < ROOM:
        yield warning(
            f"磁盘只剩 {free / 1024**3:.1f} GB",
            "满了以后图片、离线包、数据库都写不进去",
            "清理或加大磁盘，至少留 2 GB",
        )


def look_at_mail() -> Iterator[Finding]:
    """None is well: everything works without."""
    if not settings.EMAIL_URL:
        return
    try:
        mail = get_connection(timeout=5)
        mail.open()
        mail.close()
    except OSError as problem:
        yield warning(
            f"邮件服务器连不上（{type(problem).__name__}）",
            "重设密码的邮件和提醒发不出去",
            "改对 EMAIL_URL，再重启；不用邮件就留空",
        )


def look_at_reviewers() -> Iterator[Finding]:
    """Each level has somebody, and nobody has to sign on two levels of one piece."""
    named = LEVELS[: settings.REVIEW_LEVELS]
    people = staff.reviewers()
    empty = [level for level in named if not people[level]]
    if empty or len(set().union(*(people[level] for level in named))) < len(named):
        yield warning(
            f"做审核的人不够（{'、'.join(empty)}没有人）" if empty else "做审核的人比审级少",
            "同一课一个人不能审两级，没有审完的课发布不了",
            "在后台“工作人员账号”里加上初审、复审、终审；人手不够就改 STUDYHUB_REVIEW_LEVELS",
        )


def look_at_sources() -> Iterator[Finding]:
    lessons = catalogue.contents([card.lesson_key for card in catalogue.lessons()])
    without = [one.card.title for one in lessons if not one.document.sources]
    if without:
        yield warning(
            f"有 {len(without)} 课没有写来源：{_some(without)}",
            "说不清出处的内容过不了审，也经不起问",
            "在后台打开这些课，补上“资料来源”",
        )


def look_at_packs() -> Iterator[Finding]:
    stale = list(stale_lessons())
    if stale:
        yield warning(
            f"有 {len(stale)} 课的离线包比课旧",
            "手机里存的还是旧的课文",
            "后台任务开着的话等几分钟；还不行，执行 manage.py build_packs",
        )


def _some(titles: list[str]) -> str:
    more = "……" if len(titles) > NAMED else ""
    return "、".join(titles[:NAMED]) + more


# In the order in which they are to be put right.
CHECKS: dict[str, Check] = {
    "database": look_at_database,
    "restore": look_at_restore,
    "version": look_at_version,
    "setup": look_at_setup,
    "contact": look_at_contact,
    "address": look_at_address,
    "keys": look_at_keys,
    "demo": look_at_demo,
    "second_factor": look_at_second_factors,
    "broker": look_at_broker,
    "worker": look_at_worker,
    "scheduler": look_at_scheduler,
    "clock": look_at_clock,
    "storage": look_at_storage,
    "room": look_at_room,
    "backup": look_at_backup,
    "mail": look_at_mail,
    "reviewers": look_at_reviewers,
    "sources": look_at_sources,
    "packs": look_at_packs,
    "drawing": look_at_drawing,
    "films": look_at_films,
}
# They wait for other servers, for seconds where one is away: not while a page is made.
SLOW = frozenset({"broker", "storage", "mail"})
