"""What stops a backup or a restore, in words for whoever runs it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError

from studyhub.core.errors import StudyhubError

_WORDS = {
    errno.ENOENT: "没有这个文件或目录，请改对路径",
    errno.EISDIR: "这是一个目录，请写文件的位置",
    errno.ENOSPC: "磁盘满了，请清理或加大磁盘",
    errno.EDQUOT: "磁盘配额用完了，请清理或加大配额",
    errno.EROFS: "磁盘是只读的，请查一查它是不是坏了，再重新挂载",
    errno.EACCES: "没有权限，请把目录交给运行服务的账号",
    errno.EPERM: "没有权限，请把目录交给运行服务的账号",
    errno.ENOTDIR: "路径里有一个不是一个目录，请改对路径",
    errno.EEXIST: "这个名字不是一个目录，请改对路径",
    errno.EIO: "磁盘读写出错，请查一查它是不是坏了",
}


@contextmanager
def told(what: str) -> Iterator[None]:
    """Any trouble becomes the command's one sentence, with ``what`` was not done."""
    try:
        yield
    except StudyhubError as error:
        raise CommandError(f"{what}：{error.detail}") from error
    except (OSError, DatabaseError) as error:
        raise CommandError(f"{what}：{words_of(error)}") from error
    except KeyboardInterrupt:
        raise CommandError(f"{what}：被中断了。") from None


def words_of(error: OSError | DatabaseError) -> str:
    """A whole sentence."""
    if isinstance(error, DatabaseError):
        return _of_database(str(error).strip())
    where = f"（{error.filename}）" if error.filename else ""
    words = _WORDS.get(error.errno or 0) or error.strerror or str(error) or type(error).__name__
    return f"{words}{where}。"


def _of_database(trouble: str) -> str:
    if "file is not a database" in trouble:
        return "DATABASE_URL 指的文件不是数据库，请改对路径，或把备份恢复到空的系统。"
    if "disk is full" in trouble or "No space left" in trouble:
        return f"{_WORDS[errno.ENOSPC]}（数据库所在的那块）。"
    return f"数据库出错（{trouble[:200]}）。看数据库是否开着，DATABASE_URL 是否写对。"
