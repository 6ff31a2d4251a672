"""Platforms where a person posts."""

from dataclasses import replace

import pytest

from studyhub.channels.adapters.manual.channel import (
    DouyinChannel,
    GroupChannel,
    KuaishouChannel,
    ToutiaoChannel,
    VideoAccountChannel,
    XiaohongshuChannel,
)
from tests.channels.contract import POST, HandoverContract, a_kit


class TestToutiao(HandoverContract):
    adapter = ToutiaoChannel


class TestVideoAccount(HandoverContract):
    adapter = VideoAccountChannel


class TestDouyin(HandoverContract):
    adapter = DouyinChannel
    has_link = False


class TestKuaishou(HandoverContract):
    adapter = KuaishouChannel
    has_link = False


class TestXiaohongshu(HandoverContract):
    adapter = XiaohongshuChannel
    has_link = False  # none can be opened there


class TestGroup(HandoverContract):
    adapter = GroupChannel


@pytest.mark.parametrize("adapter", [VideoAccountChannel, GroupChannel])
def test_where_space_is_short_the_digest_stands_for_the_text(adapter):
    text = adapter(a_kit()).pack(POST).text
    assert POST.digest in text
    assert POST.text not in text


LONG = replace(
    POST,
    title="中国共产党第一次全国代表大会的召开和它的历史意义",
    digest="1921年的夏天。" * 30,
    text="史" * 3000,
)


@pytest.mark.parametrize(
    ("adapter", "label", "most"),
    [
        (ToutiaoChannel, "标题", 30),
        (VideoAccountChannel, "短标题", 15),
        (DouyinChannel, "标题", 30),
        (KuaishouChannel, "正文", 1000),
        (XiaohongshuChannel, "标题", 20),
        (XiaohongshuChannel, "正文", 1000),
    ],
)
def test_what_is_copied_fits_the_field_it_goes_into(adapter, label, most):
    words = {one.label: one.text for one in adapter(a_kit()).pack(LONG).words}
    assert 0 < len(words[label]) <= most


def test_a_group_is_offered_three_lengths_with_the_link_whole():
    words = GroupChannel(a_kit()).pack(LONG).words
    assert len(words) == 3
    for one, most in zip(words, (60, 200, 500), strict=True):
        said, _, link = one.text.rpartition("\n")
        assert link == f"点开就学：{LONG.source_url}"
        assert len(said) <= most
        assert said.startswith("【学习】中国共产党")
