"""What draws Mongolian for phones that do not join its letters, and what makes films."""

from collections.abc import Iterator

from content import catalogue
from studyhub.setup.findings import Finding, warning


def look_at_drawing() -> Iterator[Finding]:
    """Nothing is asked where no lesson is shown in Mongolian."""
    if not catalogue.can_draw():
        yield warning(
            "这台机器画不出蒙文的图（Pillow 没有 Raqm，多半是缺 FriBidi）",
            "不会连写蒙文的旧手机，看到的是一个个散开的字母",
            "apt-get install libfribidi0，重启网页和后台任务，再执行 manage.py build_packs",
        )


def look_at_films() -> Iterator[Finding]:
    """The font is ours; the program is the machine's or comes with the packages."""
    if not catalogue.can_film():
        yield warning(
            "这台机器没有 ffmpeg",
            "编辑生成不了竖屏视频，课文和别的渠道不受影响",
            "apt-get install ffmpeg，重启网页和后台任务",
        )
