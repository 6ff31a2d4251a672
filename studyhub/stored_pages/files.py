"""The same bytes as files, for a web server that sends them without asking (docs/nginx.conf).

``current`` leads to the folder of one edition. Taking the link away takes every page away at once;
it is put back only for an edition that holds, and taken away again if a change came in between.
Below the folder each page lies three times, by how it is packed: ``br``, ``gz``, ``plain``.
"""

import contextlib
import gzip
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from studyhub.stored_pages.models import Edition, StoredPage

LINK = "current"
# Every address of a page: small letters, digits and hyphens between slashes.
_PLAIN_ADDRESS = re.compile(r"/(?:[a-z0-9_-]+/)*")
HTML = "text/html"


def folder() -> Path | None:
    """None where no web server of this machine sends them."""
    return Path(settings.PAGE_FILES) if settings.PAGE_FILES else None


def drop() -> None:
    """No web server sends a stored page from now on."""
    if place := folder():
        (place / LINK).unlink(missing_ok=True)


def stand(edition: Edition) -> bool:
    """Whether they are those of this edition, or none are wanted."""
    place = folder()
    return place is None or (place / LINK / "plain").parent.resolve() == place / str(edition.number)


def write(edition: Edition) -> None:
    """All pages of an edition, then the link; none where the edition is over by then."""
    place = folder()
    if place is None:
        return
    mine = place / str(edition.number)
    shutil.rmtree(mine, ignore_errors=True)
    for page in _pages(edition):
        _write_page(mine, page)
    mine.mkdir(parents=True, exist_ok=True)
    _point(place, str(edition.number))
    if not edition.holds():
        drop()
    _clean(place, keep=str(edition.number))


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


def _clean(place: Path, keep: str) -> None:
    for old in place.iterdir():
        if old.name.isdecimal() and old.name != keep:
            with contextlib.suppress(OSError):  # another worker is at it
                shutil.rmtree(old)
