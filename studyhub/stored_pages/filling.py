"""Rendering an edition: by a worker, page by page, until it is whole or over."""

import gzip
import json
import logging
import time
from collections.abc import Iterator

import brotli
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from content import catalogue
from studyhub.core.signals import memory_outdated
from studyhub.stored_pages import files
from studyhub.stored_pages.models import LONGEST_ADDRESS, Edition, PageChange, StoredPage
from studyhub.stored_pages.release import release
from studyhub.stored_pages.rendering import Rendered, render
from studyhub.web.sharing import packed, tag_of

logger = logging.getLogger(__name__)

AT_MOST = 60.0  # seconds in one go; a worker has other things to do
# Pages that are no part of the tree of pages.
NAMED = (
    "privacy",
    "offline",
    "lesson_shell",
    "page_shell",
    "receipts",
    "lessons_rss",
    "lessons_json",
    "videos_rss",
)


def refill() -> bool:
    """Take in what has changed and render; whether the edition is whole then."""
    edition = Edition.current()
    if PageChange.objects.exists() or edition.release != release():
        edition = Edition.begin(release())
        files.drop()
    if not edition.is_whole:
        return _fill(edition)
    if not files.stand(edition):
        files.write(edition)
    return True


def _fill(edition: Edition) -> bool:
    memory_outdated.send(Edition)
    deadline = time.monotonic() + AT_MOST
    done = set(StoredPage.objects.filter(edition=edition.number).values_list("address", flat=True))
    for address in addresses():
        if address not in done:
            if time.monotonic() > deadline or not edition.holds():
                return False
            _keep(edition, address)
    if not edition.holds():
        return False
    StoredPage.objects.filter(edition__lt=edition.number).delete()
    Edition.objects.filter(pk=1, number=edition.number).update(is_whole=True)
    files.write(edition)
    return True


def addresses() -> Iterator[str]:
    """Every page that may be public, each once; what is not answers so when it is asked.

    A longer address is rendered each time.
    """
    found = [page.get_url() for page in Page.objects.live().filter(depth__gt=1).order_by("path")]
    named = map(reverse, NAMED)
    histories = [*catalogue.history_addresses(), *catalogue.exhibit_addresses()]
    yield from dict.fromkeys(
        a for a in (*found, *histories, *named) if a and len(a) <= LONGEST_ADDRESS
    )


def _keep(edition: Edition, address: str) -> None:
    """A page that cannot be rendered, or lacks a picture for now, is asked for each time."""
    try:
        with catalogue.files_missed() as missed:
            page = render(address)
    except Exception:
        logger.exception("The page %s cannot be rendered", address)
        return
    if page and not missed:
        _store(edition, address, page)


def _store(edition: Edition, address: str, page: Rendered) -> None:
    """A worker that was paused and comes late overwrites nothing of a later edition."""
    tag, headers = tag_of(page.body), json.dumps(page.headers, ensure_ascii=False, sort_keys=True)
    earlier = StoredPage.objects.filter(address=address, edition__lte=edition.number)
    if earlier.filter(tag=tag, headers=headers).update(edition=edition.number):
        return
    values = {
        "edition": edition.number,
        "headers": headers,
        "tag": tag,
        "gzip": packed(page.body),
        "brotli": brotli.compress(page.body, mode=brotli.MODE_TEXT),
        "changed_at": timezone.now(),
    }
    if not earlier.update(**values):
        StoredPage.objects.bulk_create(
            [StoredPage(address=address, **values)], ignore_conflicts=True
        )


def differences() -> Iterator[str]:
    """Addresses whose stored bytes are not what is rendered now; for ``verify_pages``.

    What changes while it looks is no difference: then the edition is over, and it stops.
    """
    edition = Edition.current()
    memory_outdated.send(Edition)
    for stored in StoredPage.objects.filter(edition=edition.number).order_by("address"):
        page = render(stored.address)
        if not edition.holds():
            return
        told = json.loads(stored.headers)
        if page is None or page.body != gzip.decompress(stored.gzip) or page.headers != told:
            yield stored.address
