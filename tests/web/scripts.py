"""The phone's scripts as they are collected, and which of them a page loads."""

import gzip
import re
from importlib.resources import files

from studyhub.web.storage import joined, served_within, small_source

WEB = files("studyhub.web").joinpath("static", "web")
# What the templates of a lesson name; the rest follows from there.
LESSON_STARTS = ("lesson.js", "appearance.js")
# At most, compressed: all that a lesson may load without being asked for anything, and the rest,
# which other pages load, or nobody before a button is pressed.
LESSON_MOST, REST_MOST = 23_000, 18_400
# What only pages of staff load, where there are security keys or words to copy: never a learner's.
STAFF, STAFF_MOST = {"passkey.js", "copying.js"}, 1_600
# The editors' desk alone.
DESK = {"desk_labels.js", "proofs.js", "rich_text.js", "rich_text_paste.js", "saved_at.js"}
DESK |= {"section_choice.js", "word_paste.js", "live_look.js", "video_progress.js"}
DESK_MOST = 6_800

_IMPORTED = re.compile(r'(?:from |import |import\()"\./([\w/]+\.js)"')


def _read(name: str) -> str:
    return WEB.joinpath(name).read_text("utf-8")


def served() -> dict[str, bytes]:
    """Name and source as collected: lists of modules as one, and small."""
    names = [path.name for path in WEB.iterdir()]
    names += [f"vendor/{path.name}" for path in WEB.joinpath("vendor").iterdir()]
    own = [name for name in names if name.endswith(".js") and name not in served_within()]
    return {name: small_source(f"web/{name}", joined(_read(name), _read).encode()) for name in own}


def packed(source: bytes) -> int:
    return len(gzip.compress(source, 9))


def loaded_by(*starts: str) -> set[str]:
    """These modules and all that they import, also later: what `import()` names counts as well."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _IMPORTED.findall(joined(_read(name), _read))
    return found
