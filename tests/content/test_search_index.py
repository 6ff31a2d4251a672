"""The search over what is published, on whichever database the tests run."""

import json

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from content import catalogue, search_index
from content.models import SearchEntry
from studyhub.core.errors import NotFound
from tests.factories import a_lesson, a_reading, in_use, publish_page, section
from tests.web.factories import a_full_lesson

pytestmark = pytest.mark.django_db
BODY = [section("小楼三天", text="<p>1935年1月，会开了<b>三</b>天。</p><p>A &amp; B</p>")]


def found(q):
    return [hit.card.title for hit in catalogue.search(q)]


def test_a_published_lesson_is_found_and_points_into_its_section():
    page = a_lesson(body=BODY)
    (hit,) = catalogue.search("会开了三天")
    assert hit.url == f"{page.url}#s-{BODY[0]['id']}"
    assert hit.section_title == "小楼三天"
    assert hit.snippet_html == "1935年1月，<mark>会开了三天</mark>。 A &amp; B"


def test_the_snippet_is_escaped():
    a_lesson(body=[section("节", text="<p>&lt;script&gt;遵义&lt;/script&gt;</p>")], title="课")
    (hit,) = catalogue.search("遵义")
    assert hit.snippet_html == "&lt;script&gt;<mark>遵义</mark>&lt;/script&gt;"


@pytest.mark.parametrize("q", ["zyhy", "zunyi", "遵义", "义会", "1935", "遵义会议 1935"])
def test_words_pinyin_and_years_find_it(q):
    a_lesson(body=BODY)
    assert found(q) == ["遵义会议"]


def test_timelines_artefacts_and_places_are_found_too():
    a_full_lesson()
    for q in ("会师", "马灯", "会宁", "红军不怕远征难", "那一年雪很大", "翻山"):
        assert found(q) == ["遵义会议"], q


def test_a_draft_is_not_found():
    a_lesson(publish=False)
    assert found("遵义") == []


def test_a_lesson_taken_down_or_deleted_or_locked_is_not_found():
    gone, deleted, locked = a_lesson(), a_lesson(), a_lesson()
    gone.unpublish()
    deleted.delete()
    PageViewRestriction.objects.create(page=locked, restriction_type="login")
    assert found("遵义") == []
    with pytest.raises(NotFound):
        catalogue.pack_index(gone.translation_key)
    assert not SearchEntry.objects.exists()


def test_a_corrected_lesson_is_found_by_what_it_says_now():
    page = a_lesson()
    page.title = "娄山关"
    publish_page(page)
    assert (found("遵义会议"), found("娄山关")) == ([], ["娄山关"])


def test_a_draft_of_a_live_lesson_changes_nothing():
    page = a_lesson()
    page.title = "娄山关"
    page.save_revision()
    assert found("娄山关") == []


def test_a_new_name_in_the_lexicon_finds_old_lessons_and_a_removed_one_no_more():
    a_lesson()
    reading = a_reading(term="遵义", pinyin="zūn yì", aliases="播州\n红城")
    assert found("播州") == ["遵义会议"]
    reading.term, reading.pinyin = "会议", "huì yì"
    reading.save()
    in_use(reading)
    assert found("播州") == ["遵义会议"]  # the name now means another word of the same lesson
    reading.retired = True
    reading.save()
    in_use(reading)
    assert found("播州") == []


def test_rebuilding_finds_what_was_never_indexed_and_forgets_what_is_gone(capsys):
    page = a_lesson()
    SearchEntry.objects.all().delete()
    SearchEntry.objects.create(lesson_key="0" * 32, index={}, haystack="", title="")
    call_command("rebuild_search")
    call_command("rebuild_search")
    assert "1 课" in capsys.readouterr().out
    assert [str(entry) for entry in SearchEntry.objects.all()] == [str(page.translation_key)]
    assert found("遵义") == ["遵义会议"]


def test_title_hits_are_not_lost_among_very_many(monkeypatch):
    monkeypatch.setattr(search_index, "MOST_CANDIDATES", 2)
    for _ in range(3):
        a_lesson(title="别的课", body=[section("节", text="<p>遵义</p>")])
    a_lesson(title="遵义")
    assert found("遵义")[0] == "遵义"


def test_the_index_of_a_pack_is_plain_json_and_names_the_sections():
    page = a_lesson(body=BODY)
    index = catalogue.pack_index(page.translation_key)
    assert json.loads(json.dumps(index)) == index
    assert (index["v"], index["lesson"]) == (1, str(page.translation_key))
    assert index["sections"] == [[BODY[0]["id"], "小楼三天", "1935年1月，会开了三天。 A & B"]]
    assert "遵义会议 zun yi hui yi" in index["words"]


HOSTILE = [
    "'; DROP TABLE content_searchentry; --",
    '"遵义" OR NEAR(1)',
    "遵义* AND NOT (",
    "\0遵义",
    "\ud800遵义\udfff",
    "遵" * 10_000,
    "%_\\%",
    "😀",
    "遵义" + "\u0301" * 50,
    " ".join("义会议三天" * 30),
]


@pytest.mark.parametrize("q", HOSTILE)
def test_hostile_questions_are_only_words(q):
    a_lesson()
    assert isinstance(catalogue.search(q), list)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.text(st.characters(exclude_categories=()), max_size=70)
    | st.text("遵义会议zyh 1", max_size=12)
)
def test_no_question_breaks_the_database(lessons, q):
    assert len(catalogue.search(q)) <= 2


@pytest.fixture
def lessons():
    return [a_lesson(body=BODY), a_lesson(title="长征")]


def test_a_search_costs_the_same_however_many_are_found(django_assert_max_num_queries):
    for _ in range(6):
        a_lesson()
    catalogue.search("遵义")
    with django_assert_max_num_queries(5):
        assert len(catalogue.search("遵义")) == 6
