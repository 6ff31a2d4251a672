"""What is found by what: rules without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import search_rules
from content.lexicon import Word
from content.search_index import haystack_of, index_of
from content.search_rules import ALIAS, HEADING, PARTLY, TEXT, TITLE, find
from content.search_text import SectionText

CHINESE = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=60
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)


LEXICON = (
    Word("乌兰牧骑", "wū lán mù qí", "", ("红色轻骑兵",)),
    Word("柏辉章", "bǎi huī zhāng", "", ()),
)


def an_index(title="讲一课", *sections, lesson="1"):
    parts = [SectionText(f"{lesson}-{n}", head, text) for n, (head, text) in enumerate(sections)]
    return index_of(lesson, title, parts, LEXICON)


ZUNYI = an_index("遵义会议：换对了带路人", ("小楼三天", "1935年1月15日，在柏辉章的小楼里开会。"))
MARCH = an_index("长征", ("山和河", "路很远。"), ("召开遵义会议", "换人带路。"), lesson="2")
SEVENTH = an_index("七大", ("以前", "第一个消息：遵义会议之后，好起来了。"), lesson="3")
TROUPE = an_index("九个人", ("嫩芽", "第一支乌兰牧骑成立了。"), lesson="4")
ALL = [SEVENTH, MARCH, ZUNYI, TROUPE]


def found(query, indexes=ALL):
    return [(one.lesson, one.rank) for one in find(indexes, query)]


@pytest.mark.parametrize(
    "query",
    ["遵义", "遵义会议", "zyhy", "ZYHY", "ｚｙｈｙ", "zunyihuiyi", "zun yi hui yi", "zunyih"],
)
def test_title_comes_before_heading_before_text(query):
    assert found(query) == [("1", TITLE), ("2", HEADING), ("3", TEXT)]


@pytest.mark.parametrize(
    ("query", "lessons"),
    [
        ("红色轻骑兵", [("4", ALIAS)]),
        ("wlmq", [("4", TEXT)]),
        ("baihuizhang", [("1", TEXT)]),  # as the lexicon says, whatever the dictionary thinks
        ("1935", [("1", TEXT)]),
        ("１９３５年１月", [("1", TEXT)]),
        ("193", []),
        ("935", []),
        ("遵义 带路", [("1", TITLE), ("2", TEXT)]),
        ("遵义 长城", []),
        ("，。！", []),
        ("", []),
        ("长城", []),
    ],
)
def test_what_is_found_by(query, lessons):
    assert found(query) == lessons


def test_equal_ones_stay_in_study_order():
    assert [lesson for lesson, _ in found("遵", [MARCH, SEVENTH, MARCH])] == ["2", "2", "3"]


@pytest.mark.parametrize("query", ["尊义会议", "遵义会议哪年开"])
def test_a_question_no_lesson_answers_word_by_word_finds_those_that_hold_a_part(query):
    assert ("1", PARTLY) in found(query)
    assert {rank for _, rank in found(query)} == {PARTLY}


def test_the_answer_points_into_the_section_that_holds_most_of_it():
    (hit,) = find([MARCH], "遵义 带路")
    assert (hit.section, hit.section_title) == ("2-1", "召开遵义会议")
    assert hit.snippet == ("换人", "带路", "。")


def test_another_name_shows_where_the_name_itself_stands():
    (hit,) = find(ALL, "红色轻骑兵")
    assert hit.snippet == ("第一支", "乌兰牧骑", "成立了。")


def test_a_long_text_is_cut_around_the_hit():
    (hit,) = find([an_index("课", ("节", "前" * 50 + "遵义" + "后" * 90))], "遵义")
    assert hit.snippet == ("…" + "前" * 18, "遵义", "后" * 42 + "…")


@given(CHINESE, CHINESE, CHINESE)
def test_every_two_characters_that_stand_together_find_their_lesson(title, heading, text):
    index = an_index(title, (heading, text))
    for words in (title, heading, text):
        for place in range(len(words) - 1):
            assert find([index], words[place : place + 2]), words[place : place + 2]


@given(CHINESE, st.text("zuyihe0123 １遵义会议，", max_size=20))
def test_what_the_database_leaves_out_would_not_have_been_found(text, query):
    index = an_index(text, ("1935", text + "遵义会议"))
    for terms in search_rules.ways_to_ask(query):
        if search_rules.find_whole([index], terms):
            assert all(term in haystack_of(index) for term in terms)


@given(ANY_TEXT, ANY_TEXT)
def test_nothing_one_can_type_breaks_it(text, query):
    index = an_index(text, (text, text))
    for hit in find([index], query):
        assert "".join(hit.snippet).strip("…") in text


@given(ANY_TEXT)
def test_folding_keeps_places(text):
    assert len(search_rules.fold(text)) == len(text)


@given(CHINESE, CHINESE)
def test_the_same_lesson_gives_the_same_index(title, text):
    assert an_index(title, ("节", text)) == an_index(title, ("节", text))
