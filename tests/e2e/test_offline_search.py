"""The search in the phone: the same questions, the same answers as on the server."""

import random
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from content import search_rules
from content.lexicon import Word
from content.search_index import index_of
from content.search_text import SectionText
from studyhub.demo.lessons import DATA
from tests.e2e.lessons import demo_texts

SCRIPT = Path(finders.find("web/search.js") or "").read_text("utf-8")
LEXICON = (Word("乌兰牧骑", "wū lán mù qí", "", ("红色轻骑兵",)),)
FIXED = [
    "",
    "！！",
    "遵义",
    "zyhy",
    "ZUNYI",
    "zun yi",
    "1935",
    "193",
    "１９３５年",
    "红色轻骑兵",
    "wlmq",
    "尊义会议",
    "遵义会议是哪一年召开的",
    "小岗村18户",
    "遵义 zyhy",
    "😀遵义",
    "\ud800遵义",
    "𠀀𠀁",
    "Ⅷ ㎏ ﬁ",
    "İstanbul",
    "é",
    "ᠮᠣᠩᠭᠣᠯ",
    "遵" * 200,
    "党",
    "0",
    "a\u0301",
]


@pytest.fixture(scope="module")
def indexes():
    return [
        index_of(str(number), title, [SectionText(*part) for part in parts], LEXICON)
        for number, (title, parts) in enumerate(demo_texts(DATA))
    ]


@pytest.fixture
def find_on_phone(browser):
    """``find`` of search.js in a page that has nothing else."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<p>", content_type="text/html"))
    page.route(
        "**/search.js", lambda route: route.fulfill(body=SCRIPT, content_type="text/javascript")
    )
    page.goto("http://studyhub.test/")

    def _find(indexes, queries):
        return page.evaluate(
            """async ([indexes, queries]) => {
                const { find } = await import("/search.js");
                return queries.map((query) => find(indexes, query));
            }""",
            [indexes, queries],
        )

    yield _find
    page.close()


def on_server(indexes, query):
    return [
        {
            "lesson": one.lesson,
            "title": one.title,
            "section": one.section,
            "sectionTitle": one.section_title,
            "snippet": list(one.snippet),
            "rank": one.rank,
        }
        for one in search_rules.find(indexes, query)
    ]


def some_questions(indexes, count):
    """Pieces of the lessons as people would type them: words, two words, pinyin, mistakes."""
    chance = random.Random(20261125)
    texts = [section[2] for index in indexes for section in index["sections"]]
    words = [word.split(" ") for index in indexes for word in index["words"]]
    for _ in range(count):
        text, other, word = chance.choice(texts), chance.choice(texts), chance.choice(words)
        here, there = chance.randrange(len(text) - 10), chance.randrange(len(other) - 10)
        yield text[here : here + chance.randint(1, 9)]
        yield f"{text[here : here + 2]} {other[there : there + 2]}"
        yield text[here : here + 4] + other[there : there + 3]
        yield "".join(word[1:])
        yield "".join(syllable[0] for syllable in word[1:])


def test_the_phone_and_the_server_answer_alike(indexes, find_on_phone):
    questions = [*FIXED, *some_questions(indexes, 120)]
    answers = find_on_phone(indexes, questions)
    for question, answer in zip(questions, answers, strict=True):
        assert answer == on_server(indexes, question), question


def test_the_phone_finds_words_pinyin_and_other_names(indexes, find_on_phone):
    answers = find_on_phone(indexes, ["遵义会议", "zyhy", "红色轻骑兵", "长城"])
    assert [bool(answer) for answer in answers] == [True, True, True, False]
    assert answers[0][0]["title"].startswith("遵义会议")
    assert answers[0][0]["snippet"][1] == "遵义会议"
