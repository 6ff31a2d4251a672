"""Files for the web server: those of an edition that holds, all of them, or none."""

import os

from django.db import transaction

from studyhub.stored_pages import files, filling, tasks
from studyhub.stored_pages.changes import tell_change
from studyhub.stored_pages.models import Edition, StoredPage

LESSON = "courses/changzheng/zunyi/index.html"


def plain(page_files, place=LESSON):
    return page_files / "current" / "plain" / place


def test_every_page_lies_there_as_it_is_answered(stored, page_files, client):
    pages = [a for a in filling.addresses() if a.endswith("/")]
    for address in pages:
        place = f"{address.strip('/')}/index.html".lstrip("/")
        assert plain(page_files, place).read_bytes() == client.get(address).content
    packed = {path.name for path in (page_files / "current").iterdir()}
    assert packed == {"br", "gz", "plain"}


def test_feeds_and_odd_addresses_are_not_for_the_web_server(stored, page_files):
    StoredPage.objects.filter(address="/sites/").update(address="/sites/../../evil/")
    files.write(Edition.current())
    found = {path.name for path in page_files.rglob("*") if path.is_file()}
    assert found == {"index.html"}
    assert not list(page_files.parent.rglob("evil"))


def test_a_change_takes_all_away_before_it_is_committed_and_after(
    stored, page_files, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as after:
        tell_change()
    assert not plain(page_files).exists()
    files._point(page_files, str(Edition.current().number))  # put back meanwhile
    (hint,) = after
    hint()
    assert Edition.current().is_whole
    assert plain(page_files).exists()


def test_a_change_while_they_are_written_leaves_none(stored, page_files, monkeypatch):
    pages = files._pages

    def meanwhile(edition):
        yield from pages(edition)
        tell_change()

    monkeypatch.setattr(files, "_pages", meanwhile)
    files.write(Edition.current())
    assert not (page_files / "current").exists()


def test_what_did_not_change_keeps_its_time(stored, page_files):
    before = plain(page_files).stat().st_mtime_ns
    os.utime(plain(page_files))
    tell_change()
    filling.refill()
    assert plain(page_files).stat().st_mtime_ns == before


def test_two_texts_of_one_second_and_one_length_have_two_times(stored, page_files):
    """All that nginx makes its tag of; with the same tag a phone would keep the wrong text."""
    times = set()
    for tag in ("0001", "0002"):
        StoredPage.objects.filter(address=f"/{LESSON.removesuffix('index.html')}").update(
            tag=f"{tag}{'0' * 28}", changed_at="2026-11-28T08:00:00+08:00"
        )
        files.write(Edition.current())
        times.add(int(plain(page_files).stat().st_mtime))
    assert len(times) == 2


def test_a_rollback_costs_the_time_until_the_next_sweep(stored, page_files):
    with transaction.atomic():
        tell_change()
        transaction.set_rollback(True)
    assert not plain(page_files).exists()
    tasks.sweep_pages()
    assert plain(page_files).exists()


def test_folders_of_earlier_editions_go(stored, page_files):
    for _ in range(3):
        tell_change()
        filling.refill()
    assert sorted(path.name for path in page_files.iterdir()) == sorted(
        ["current", str(Edition.current().number)]
    )
