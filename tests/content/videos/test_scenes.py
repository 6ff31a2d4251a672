"""Lines and scenes, without a database."""

from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.document import Document
from content.elements import (
    Figure,
    Heading,
    Paragraph,
    Quotation,
    Route,
    Run,
    Sound,
    Step,
    Steps,
    Stop,
)
from content.videos.canvas import SAFE, fitted
from content.videos.painting import paint
from content.videos.scenes import (
    GOOD_LENGTH,
    SIGNS_A_SHOT,
    Kind,
    Scene,
    chosen,
    in_shots,
    is_cut_from,
    scenes_of,
)
from content.videos.wrapping import CLOSING, OPENING, wrapped
from studyhub.core.errors import Invalid

WORDS = st.lists(
    st.sampled_from(
        [*"一二三四五六七八九十", "1935", "UNESCO", "，", "。", "」", "“", "（", "》", " "]
    ),
    max_size=80,
)
ID = str(uuid4())


@given(WORDS)
def test_no_line_begins_with_a_closing_sign_or_ends_with_an_opening_one(parts):
    text = "".join(parts)
    lines = wrapped(text, 28, lambda line: 2 * len(line))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for before, line in pairwise(lines):
        assert line[0] not in CLOSING or all(
            sign in CLOSING + OPENING + " " for sign in before[-5:]
        )
        assert before[-1] not in OPENING or len(before) == 14
    assert all(2 * len(line) <= 28 for line in lines)


def test_figures_and_names_stay_whole():
    lines = wrapped("会议在1935年1月15日召开，由UNESCO收录", 12, len)
    assert "8.6" in "|".join(wrapped("一二三四8.6万人", 6, len))
    assert not any(line.endswith(("193", "UNES")) for line in lines)


def a_document():
    text = "会开了三天，换了带路的人。" * 16
    elements = [
        Heading("开会", block=ID),
        Paragraph((Run(text),), block=ID),
        Figure(7, "一座楼", "旧址", "档案馆", block="f"),
        Steps("经过", (Step("1月15日", "开会"), Step("1月17日", "散会")), block="s"),
        Route("长征", "", True, (Stop("瑞金", 116, 26), Stop("遵义", 107, 27.7)), block="r"),
        Quotation("星星之火，可以燎原。", "毛泽东", "《书信》", block="q"),
        Sound(9, "讲解", text[:80], True, block="a"),
    ]
    return Document(tuple(elements))


def test_every_kind_becomes_scenes_that_can_be_drawn():
    scenes = scenes_of("遵义会议", a_document(), None, {9: 24})
    assert {scene.kind for scene in scenes} == set(Kind)
    assert len({scene.id for scene in scenes}) == len(scenes)
    for scene in scenes:
        assert paint(scene).whole.size == (1080, 1920)


def test_a_voice_is_heard_whole_and_in_order():
    scenes = [s for s in scenes_of("课", a_document(), None, {9: 24}) if s.media_id]
    assert sum(scene.seconds for scene in scenes) == 24
    place = 0
    for scene in scenes:
        assert (scene.start, scene.machine_voice) == (place, True)
        place += scene.seconds


def test_a_long_lesson_is_offered_whole_and_taken_in_part():
    scenes = scenes_of("遵义会议", a_document(), None, {9: 24})
    taken = [scene for scene in scenes if scene.id in chosen(scenes)]
    assert sum(scene.seconds for scene in taken) <= GOOD_LENGTH < sum(s.seconds for s in scenes)
    assert Kind.ROUTE in {scene.kind for scene in taken}


@given(st.text(alphabet="一二三四，。；1“”", max_size=300))
def test_shots_lose_nothing_and_are_short(text):
    shots = list(in_shots(text))
    assert all(len(shot) <= SIGNS_A_SHOT for shot in shots)
    assert "".join(shots).replace("。", "").replace("；", "") == text.replace("。", "").replace(
        "；", ""
    )


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("会开了三天。", True),
        ("换了带路的人", True),
        ("会开了三天，不是两天，换了带路的人。", True),
        ("是两天。", False),
        ("换了带路的人，会开了三天。", False),
        ("会开了四天。", False),
    ],
)
def test_leaving_out_whole_clauses_is_cutting_and_a_word_is_not(words, cut):
    assert is_cut_from(words, "会开了三天，不是两天，换了带路的人。") is cut


def test_too_many_words_are_refused_and_not_made_small():
    with pytest.raises(Invalid, match="放不下"):
        fitted("字" * 600, SAFE, (64, 48))
    with pytest.raises(Invalid, match="没有这些字：\U0001f9ed"):
        paint(Scene("a", Kind.WORDS, "走\U0001f9ed", 3))
