"""The reading lexicon: what editors may write, ruby, and what a voice says."""

import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from content import catalogue, lexicon
from content.lexicon import Word, add_ruby
from content.models import Pronunciation
from tests.factories import a_lesson, a_reading, in_use, section

WAYAOBU = Word("瓦窑堡", "wǎ yáo bǔ", "瓦窑补", ("子长",))
WAYAO = Word("瓦窑", "wǎ yáo", "", ())
BAI = Word("柏", "bǎi", "", ())
RUBY = "<ruby>瓦窑堡<rp>(</rp><rt>wǎ yáo bǔ</rt><rp>)</rp></ruby>"


@pytest.mark.parametrize(
    ("term", "pinyin", "advice"),
    [
        ("瓦窑堡", "wǎ yáo", "请写 3 个音"),
        ("瓦窑堡，", "wǎ yáo bǔ", "只写汉字"),
        ("WTO", "w t o", "只写汉字"),
    ],
)
def test_an_entry_has_a_sound_for_each_character(term, pinyin, advice):
    with pytest.raises(ValidationError, match=advice):
        Pronunciation(term=term, pinyin=pinyin).clean()


def test_the_first_time_a_term_stands_it_is_annotated_and_then_no_more():
    assert add_ruby("<p>瓦窑堡、瓦窑堡</p>", (WAYAOBU,)) == f"<p>{RUBY}、瓦窑堡</p>"


def test_the_longer_term_wins():
    assert add_ruby("瓦窑堡", (WAYAO, WAYAOBU)) == RUBY


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/x/">瓦窑堡</a>',
        '<img alt="瓦窑堡 > 延安">',
        "<!-- 瓦窑堡 -->",
        "<a href='/瓦窑堡/'><b>瓦窑堡</b></a>",
        "<script>瓦窑堡</script>",
        RUBY,
    ],
)
def test_links_tags_and_annotated_words_are_left_alone(html):
    assert add_ruby(html, (WAYAOBU,)) == html


def test_text_after_a_link_is_annotated_again():
    assert add_ruby('<a href="/">瓦窑堡</a>瓦窑堡', (WAYAOBU,)) == f'<a href="/">瓦窑堡</a>{RUBY}'


def without_ruby(html):
    return re.sub(r"<rp>\(</rp><rt>[^<]*</rt><rp>\)</rp>|</?ruby>", "", html)


pieces = st.sampled_from(
    [
        "瓦窑堡",
        "瓦窑",
        "堡",
        "柏",
        "<b>",
        "</b>",
        '<a href="瓦窑堡">',
        "</a>",
        "<p>",
        "&amp;",
        "<",
        ">",
        '"',
        "'",
    ]
)


@given(st.lists(pieces | st.text(max_size=3), max_size=20).map("".join))
def test_taking_the_ruby_away_gives_the_text_back(html):
    assert without_ruby(add_ruby(html, (WAYAOBU, WAYAO, BAI))) == without_ruby(html)


@given(st.lists(pieces, max_size=20).map("".join))
def test_each_term_is_annotated_at_most_once(html):
    assert add_ruby(html, (WAYAOBU, WAYAO, BAI)).count("<rt>wǎ yáo bǔ</rt>") <= 1


@pytest.mark.django_db
class TestStored:
    def test_each_section_of_a_lesson_is_annotated_at_once(self, client):
        body = [section("一", text="<p>瓦窑堡</p>"), section("二", text="<p>去瓦窑堡</p>")]
        page = a_lesson(body=body)
        assert "<ruby>" not in client.get(page.url).content.decode()
        a_reading()
        assert client.get(page.url).content.decode().count(RUBY) == 2

    def test_a_changed_and_a_retired_entry_are_forgotten(self):
        reading = a_reading()
        assert lexicon.words_in("瓦窑堡")[0].pinyin == "wǎ yáo bǔ"
        reading.pinyin = "wǎ yáo bù"
        reading.save()
        in_use(reading)
        assert lexicon.words_in("瓦窑堡")[0].pinyin == "wǎ yáo bù"
        reading.retired = True
        reading.save()
        in_use(reading)
        assert lexicon.words_in("瓦窑堡") == []

    def test_the_lexicon_costs_one_query_however_often_it_is_asked(self, django_assert_num_queries):
        a_reading()
        with django_assert_num_queries(1):
            lexicon.words()
            lexicon.words()

    def test_the_voice_is_told_only_what_stands_in_the_lesson(self):
        a_reading(spoken="瓦窑补")
        a_reading("巨日合", "jù rì hé", spoken="句日合")
        a_reading("博古", "bó gǔ")
        assert lexicon.spoken_in("瓦窑堡的博古") == {"瓦窑堡": "瓦窑补"}

    def test_the_api_and_the_feeds_say_the_plain_text(self):
        a_reading()
        page = a_lesson(body=[section("一", text="<p>瓦窑堡</p>")])
        lesson = catalogue.content(page.translation_key)
        assert "ruby" not in catalogue.elements_html(lesson.document.elements, lesson.media)
