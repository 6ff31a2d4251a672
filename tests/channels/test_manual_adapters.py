"""Platforms where a person posts."""

import pytest

from studyhub.channels.adapters.manual.channel import (
    GroupChannel,
    ToutiaoChannel,
    VideoAccountChannel,
)
from tests.channels.contract import POST, HandoverContract, a_kit


class TestToutiao(HandoverContract):
    adapter = ToutiaoChannel


class TestVideoAccount(HandoverContract):
    adapter = VideoAccountChannel


class TestGroup(HandoverContract):
    adapter = GroupChannel


@pytest.mark.parametrize("adapter", [VideoAccountChannel, GroupChannel])
def test_where_space_is_short_the_digest_stands_for_the_text(adapter):
    text = adapter(a_kit()).pack(POST).text
    assert POST.digest in text
    assert POST.text not in text
