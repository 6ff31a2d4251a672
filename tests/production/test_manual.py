"""Only what the page marks is typed, under the heading that it stands under."""

import pytest

from tests.production.manual import PAGE, Block, blocks_of

pytestmark = pytest.mark.once


def test_only_marked_fences_are_run():
    text = "## 一\n```bash\napt-get install x\n```\n### 二\n```bash 演练\n# 说明\nls\n```\n"
    assert blocks_of(text) == [Block("二", ("# 说明", "ls"))]


def test_each_heading_of_the_page_has_one_block_at_most():
    headings = [block.heading for block in blocks_of(PAGE.read_text("utf-8"))]
    assert headings
    assert len(headings) == len(set(headings))
