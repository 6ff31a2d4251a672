"""ffmpeg, found and run: no shell, one thread, bounded in time and memory, names in its folder."""

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from studyhub.core.errors import Invalid

MOST_BYTES_AT_ONCE = str(256 * 1024 * 1024)
NO_TOOL = (
    "这台机器没有 ffmpeg，做不了视频。请管理员执行 apt-get install ffmpeg，再重启后台任务；"
    "分镜已经存好，装上以后再按一次“生成视频”。"
)


class ToolFailed(Exception):
    """It said no; its own words are for the log."""


@cache
def ffmpeg() -> str:
    """The machine's own before the one that came with the packages; empty where there is none."""
    return shutil.which("ffmpeg") or _packaged()


def _packaged() -> str:
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return ""


def can_film() -> bool:
    return bool(ffmpeg())


def require_ffmpeg() -> str:
    if not (found := ffmpeg()):
        raise Invalid("no_ffmpeg", NO_TOOL)
    return found


def run(arguments: Sequence[str], folder: Path, *, seconds: int) -> str:
    """What it said. Raises ToolFailed where it fails or takes longer than ``seconds``."""
    own = ["-hide_banner", "-nostdin", "-y", "-max_alloc", MOST_BYTES_AT_ONCE]
    command = [require_ffmpeg(), *own, "-filter_threads", "1", *arguments]
    try:
        done = subprocess.run(  # noqa: S603  arguments are ours, files have names of ours
            command, cwd=folder, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ToolFailed(f"longer than {seconds} s") from error
    said = done.stderr.decode(errors="replace")
    if done.returncode:
        raise ToolFailed(said[-2000:])
    return said
