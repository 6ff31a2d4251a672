"""Files for the web server: those of an edition that holds, all of them, or none."""

import os
import shutil
from pathlib import Path

import pytest
from django.db import transaction

from studyhub.core.errors import Conflict
from studyhub.stored_pages import files, filling, tasks
from studyhub.stored_pages.changes import tell_change
from studyhub.stored_pages.models import Edition, StoredPage
from tests.content import site_material as sites

pytestmark = pytest.mark.once

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


def test_an_exhibit_lies_there_too(stored, page_files):
    sites.a_site(slug="ling-yuan")
    assert filling.refill()
    assert plain(page_files, "sites/ling-yuan/PTS-01/index.html").exists()


def test_feeds_and_odd_addresses_are_not_for_the_web_server(stored, page_files):
    StoredPage.objects.filter(address="/sites/").update(address="/sites/../../evil/")
    (page_files / "current").unlink()
    files.write(Edition.current())
    found = {path.name for path in page_files.rglob("*") if path.is_file()}
    assert found == {"index.html", files.LOCK}
    assert not list(page_files.parent.rglob("evil"))


def test_a_change_takes_all_away_before_it_is_committed_and_after(
    stored, page_files, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as after:
        tell_change()
    assert not plain(page_files).exists()
    (there,) = page_files.glob("*.*/")
    files._point(page_files, there.name)  # put back meanwhile
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
    (page_files / "current").unlink()
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
        (page_files / "current").unlink()
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


@pytest.mark.parametrize("how", ["by a link", "by a relative path"])
def test_the_folder_may_be_named_otherwise(stored, settings, tmp_path, monkeypatch, how):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    settings.PAGE_FILES = str(tmp_path / "link") if how == "by a link" else "real"
    assert not files.stand(Edition.current())
    files.write(Edition.current())
    assert files.stand(Edition.current())


def test_a_link_that_leads_nowhere_is_set_anew(stored, page_files):
    shutil.rmtree((page_files / "current").resolve())
    assert not files.stand(Edition.current())
    tasks.sweep_pages()
    assert plain(page_files).exists()


def test_nobody_reads_half_a_page(stored, page_files, monkeypatch):
    """A second worker that comes to the same edition writes nothing where the first one's lie."""
    before = plain(page_files).stat().st_ino
    monkeypatch.setattr(files, "stand", lambda edition: False)
    write_page, seen = files._write_page, set()

    def look(mine, page):
        seen.add(plain(page_files).stat().st_ino)
        write_page(mine, page)

    monkeypatch.setattr(files, "_write_page", look)
    files.write(Edition.current())
    assert seen == {before}


def test_what_cannot_be_taken_away_is_refused_in_words(stored, page_files, lesson, monkeypatch):
    """Rather than committed, while readers are sent what was there before."""
    unlink = Path.unlink

    def refuse(path, missing_ok=False):
        if path.name == "current":
            raise PermissionError(13, "refused")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    lesson.title = "改过"
    with pytest.raises(Conflict, match=r"目录.*写的权限") as refused:
        lesson.save_revision().publish()
    assert refused.value.code == "page_files_stuck"


def test_folders_of_earlier_editions_go(stored, page_files):
    for _ in range(3):
        tell_change()
        filling.refill()
    folders = {path.resolve() for path in page_files.iterdir() if path.is_dir()}
    assert folders == {(page_files / "current").resolve()}
    assert files.stand(Edition.current())
