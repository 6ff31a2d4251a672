"""The same bytes as files, for a web server that sends them without asking (docs/nginx.conf).

``current`` leads to the folder of one edition. Taking the link away takes every page away at once;
it is put back only for an edition that holds, and taken away again if a change came in between.
Below the folder each page lies three times, by how it is packed: ``br``, ``gz``, ``plain``.
"""

import fcntl
import gzip
import logging
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

from django.conf import settings

from studyhub.core.errors import Conflict
from studyhub.stored_pages.models import Edition, StoredPage

logger = logging.getLogger(__name__)

LINK, LOCK = "current", ".lock"
# Every address of a page: letters, digits and hyphens between slashes; codes of exhibits are in
# capitals.
_PLAIN_ADDRESS = re.compile(r"/(?:[A-Za-z0-9_-]+/)*")
HTML = "text/html"


def folder() -> Path | None:
    """None where no web server of this machine sends them."""
    return Path(settings.PAGE_FILES) if settings.PAGE_FILES else None


def drop() -> None:
    """No web server sends a stored page from now on.

    Raises Conflict ``page_files_stuck`` where the link cannot be taken away: then what changes must
    not be committed, or readers would be sent what was there before.
    """
    place = folder()
    if place is None:
        return
    try:
        (place / LINK).unlink(missing_ok=True)
    except OSError as error:
        logger.exception("The stored pages in %s cannot be taken away", place)
        raise Conflict(
            "page_files_stuck",
            "存好的旧页面删不掉，改动没有保存，免得读者还看到旧的。请管服务器的人看看目录 "
            f"{place} 有没有写的权限，再试一次。",
        ) from error


def stand(edition: Edition) -> bool:
    """Whether they are those of this edition, or none are wanted."""
    place = folder()
    if place is None:
        return True
    shown = (place / LINK).resolve()
    return shown.is_dir() and shown.name.partition(".")[0] == str(edition.number)


def write(edition: Edition) -> None:
    """All pages of an edition, then the link; none where the edition is over by then.

    One worker of a machine at a time, into a folder of its own: nobody reads half a page.
    """
    place = folder()
    if place is None:
        return
    place.mkdir(parents=True, exist_ok=True)
    with (place / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stand(edition):
            _write_anew(place, edition)


def _write_anew(place: Path, edition: Edition) -> None:
    mine = place / f"{edition.number}.{token_hex(4)}"
    mine.mkdir()
    for page in _pages(edition):
        _write_page(mine, page)
    _point(place, mine.name)
    if not edition.holds():
        drop()
    for old in place.iterdir():
        if old.is_dir() and not old.is_symlink() and old != mine:
            shutil.rmtree(old, ignore_errors=True)


def _pages(edition: Edition) -> Iterator[StoredPage]:
    stored = StoredPage.objects.filter(edition=edition.number).iterator(chunk_size=50)
    return (page for page in stored if _PLAIN_ADDRESS.fullmatch(page.address))


def _write_page(mine: Path, page: StoredPage) -> None:
    if HTML not in page.headers:
        return
    packed = {"br": bytes(page.brotli), "gz": bytes(page.gzip)}
    packed["plain"] = gzip.decompress(packed["gz"])
    moment = _time_of(page)
    for packing, data in packed.items():
        path = mine / packing / page.address.strip("/") / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (moment, moment))


def _time_of(page: StoredPage) -> float:
    """What the web server makes its tag of, with the size: the same while the bytes are.

    Seconds alone would be the same for two corrections within one, of one length, and a phone would
    be told that it has the right text.
    """
    return page.changed_at.timestamp() - int(page.tag[:4], 16)


def _point(place: Path, name: str) -> None:
    """In one step: there is no moment at which half of it is there."""
    new = place / f"{LINK}.{os.getpid()}"
    new.unlink(missing_ok=True)
    new.symlink_to(name)
    new.replace(place / LINK)
