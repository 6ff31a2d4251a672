"""A directory as a channel: whole or not at all, and every step may be repeated."""

import errno
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from studyhub.channels.adapters.folder import channel as folder_module
from studyhub.channels.adapters.folder import files
from studyhub.channels.adapters.folder.channel import FolderChannel
from studyhub.channels.errors import AccountStopped, ChannelRefused, ChannelUnavailable
from studyhub.channels.ports import Article, Post
from tests.channels.contract import (
    MARKER,
    PICTURE,
    SOURCE,
    ChannelContract,
    a_kit,
    draft_with,
    publish,
)


@pytest.fixture
def channel(tmp_path):
    return FolderChannel(a_kit(settings={"folder": "lessons"}, base=str(tmp_path)))


@pytest.fixture
def root(tmp_path):
    return tmp_path / "lessons"


@pytest.fixture
def drafted(channel):
    """A channel with the draft ``m`` in its box."""
    marked = draft_with(channel.upload_cover(PICTURE))
    channel.add_draft(Article(**{**vars(marked), "marker": "m"}))
    return channel


@pytest.fixture
def disk_says(monkeypatch):
    """From now on a call of the system ends with this error number."""

    def say(owner, name, number):
        def fail(*args, **kwargs):
            raise OSError(number, "the disk")

        monkeypatch.setattr(owner, name, fail)

    return say


class TestContract(ChannelContract):
    adapter = FolderChannel

    @pytest.fixture
    def accepting(self, channel):
        return channel

    @pytest.fixture
    def empty(self, channel):
        return channel

    @pytest.fixture
    def refusing(self, channel):
        """Its article asks for a cover that was never uploaded."""
        return channel

    @pytest.fixture
    def unreachable(self, drafted, disk_says):
        disk_says(Path, "rename", errno.EIO)
        return drafted

    @pytest.fixture
    def silent(self, drafted, disk_says):
        """It moves into place, and the disk does not confirm it."""
        disk_says(folder_module, "flush_names", errno.EIO)
        return drafted

    @pytest.fixture
    def garbled(self, drafted, root):
        (root / ".drafts" / "m" / "post.json").write_text("{", "utf-8")
        return drafted

    @pytest.fixture
    def strange(self, drafted, disk_says):
        disk_says(Path, "rename", 99999)
        return drafted

    @pytest.fixture
    def too_long(self):
        return Post("题", "摘", "作者", "长" * 2_000_000, "正文", SOURCE)


def test_a_post_is_a_page_its_facts_and_its_pictures(channel, root):
    picture = channel.upload_picture(PICTURE)
    article = draft_with(channel.upload_cover(PICTURE))
    html = f'<p>文</p><img src="{picture}">'
    channel.submit(channel.add_draft(Article(**{**vars(article), "html": html})))
    names = {path.name for path in (root / MARKER).iterdir()}
    assert names == {"index.html", "post.json", picture}
    assert picture in (root / MARKER / "index.html").read_text("utf-8")
    assert json.loads((root / MARKER / "post.json").read_text("utf-8"))["marker"] == MARKER


def test_before_it_is_submitted_no_reader_sees_anything(drafted, root):
    assert [path.name for path in root.iterdir() if not path.name.startswith(".")] == []


def test_submitting_twice_makes_one_post(channel, root):
    publish(channel)
    channel.submit(MARKER)
    assert {path.name for path in root.glob("[!.]*")} == {MARKER, "index.rss"}


def test_what_a_dead_worker_left_half_made_goes_with_the_next_try(channel, root):
    (root / ".drafts" / f".{MARKER}.left").mkdir(parents=True)
    channel.add_draft(draft_with(channel.upload_cover(PICTURE)))
    assert [path.name for path in (root / ".drafts").iterdir()] == [MARKER]


def test_the_list_names_what_is_there(channel, root):
    publish(channel)
    (item,) = ElementTree.parse(root / "index.rss").iter("item")  # noqa: S314  our own file
    assert (item.findtext("title"), item.findtext("guid")) == ("题", MARKER)
    channel.withdraw(MARKER)
    assert not list(ElementTree.parse(root / "index.rss").iter("item"))  # noqa: S314


def test_a_worker_that_died_before_the_list_is_made_good_by_the_next_look(channel, root):
    publish(channel)
    (root / "index.rss").unlink()
    channel.find_published(MARKER)
    assert MARKER in (root / "index.rss").read_text("utf-8")


def test_a_character_that_xml_cannot_hold_does_not_spoil_the_list(channel, root):
    article = draft_with(channel.upload_cover(PICTURE))
    channel.submit(channel.add_draft(Article(**{**vars(article), "title": "题\x01<&"})))
    (item,) = ElementTree.parse(root / "index.rss").iter("item")  # noqa: S314
    assert item.findtext("title") == "题<&"


def test_withdrawing_keeps_the_post_out_of_sight(channel, root):
    channel.withdraw(publish(channel))
    assert not (root / MARKER).exists()
    assert (root / ".withdrawn" / MARKER / "post.json").exists()


@pytest.mark.parametrize("name", ["../outside", "a/b", "", ".hidden", "a\0b"])
def test_an_id_never_leads_out_of_the_directory(channel, name):
    with pytest.raises(ChannelRefused):
        channel.submit(name)


@pytest.mark.parametrize("base", ["", "/nowhere/at/all"])
def test_without_its_directory_the_account_stops(base):
    with pytest.raises(AccountStopped) as caught:
        FolderChannel(a_kit(settings={"folder": "x"}, base=base)).find_draft(MARKER)
    assert "FOLDER_BASE" in caught.value.action


def test_a_directory_that_must_not_be_written_stops_the_account(drafted, disk_says):
    disk_says(Path, "rename", errno.EACCES)
    with pytest.raises(AccountStopped):
        drafted.submit("m")


def test_half_a_file_is_never_seen(tmp_path, disk_says):
    disk_says(files.os, "fsync", errno.ENOSPC)
    with pytest.raises(OSError, match="the disk"):
        files.write_whole(tmp_path / "a", b"text")
    assert not (tmp_path / "a").exists()


def test_a_full_disk_may_be_tried_again(channel, disk_says):
    disk_says(files.os, "fsync", errno.ENOSPC)
    with pytest.raises(ChannelUnavailable):
        channel.upload_picture(PICTURE)


def test_a_picture_that_is_too_large_is_refused(channel, monkeypatch):
    monkeypatch.setattr(folder_module, "PICTURE_BYTES", 3)
    with pytest.raises(ChannelRefused):
        channel.upload_picture(PICTURE)
