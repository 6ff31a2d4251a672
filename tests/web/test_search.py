"""The search page and the search of the API: the same answers, for everybody the same bytes."""

from urllib.parse import quote

import pytest
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db


def page_for(q: str, client: Client | None = None) -> str:
    answer = (client or Client()).get("/search/", {"q": q})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_hit_links_to_the_lesson_and_straight_to_its_section(course):
    block = make.section("小楼三天", text="<p>会开了三天。</p>")
    lesson = make.a_lesson(course, body=[block])
    text = page_for("开了")
    assert "找到 1 课" in text
    assert f'href="{lesson.url}#s-{block["id"]}"' in text
    assert "会<mark>开了</mark>三天。" in text


def test_what_was_asked_stands_in_the_page_escaped(lesson):
    text = page_for('<b>"长城"</b>')
    assert "<b>" not in text
    assert "&lt;b&gt;&quot;长城&quot;&lt;/b&gt;" in text


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("", "可以这样找"),
        ("长城", "没有找到“长城”"),
        ("？！", "请写上一两个汉字、拼音或者数字"),
        ("尊义会议", "没有一课正好这么说"),
        ("遵" * 61, "只按前面 60 个字找"),
    ],
)
def test_every_outcome_says_what_to_do_next(lesson, q, words):
    assert words in page_for(q)


def test_nothing_found_offers_lessons_to_begin_with(lesson):
    assert f'href="{lesson.url}"' in page_for("长城")


def test_very_many_hits_are_cut_and_it_says_so(course):
    for _ in range(21):
        make.a_lesson(course)
    text = page_for("遵义")
    assert text.count("看这一节") + text.count("三天的会，换对了带路的人") >= 20
    assert "找到很多课，先列 20 课" in text


@pytest.mark.parametrize(
    "q", ["%00", "%F0%9F%98%80", "%ED%A0%80", "%FF%FE", "a" * 10_000, quote("'\";--*"), "%0A%0D"]
)
def test_hostile_questions_get_a_page(lesson, q):
    assert Client().get(f"/search/?q={q}").status_code == 200
    assert Client().get(f"/api/v1/lessons?q={q}").status_code == 200


def test_everybody_gets_the_same_bytes_and_no_cookie(lesson, qiqige, sign_in):
    leader = make.a_leader(make.a_group(qiqige))
    assert len({page_for("遵义", who) for who in (Client(), sign_in(qiqige), sign_in(leader))}) == 1
    answer = sign_in(leader).get("/search/?q=遵义")
    assert not answer.cookies
    assert answer["Cache-Control"].startswith("public")


def test_the_api_finds_the_same_in_the_same_order(course):
    text, title = make.a_lesson(course, title="长征", body=_body("遵义")), make.a_lesson(course)
    items = Client().get("/api/v1/lessons?q=zunyi").json()["items"]
    assert [item["id"] for item in items] == [str(title.translation_key), str(text.translation_key)]


def test_the_search_of_the_api_keeps_to_the_course(course):
    make.a_lesson(course)
    make.a_lesson(make.a_course("other", "别的"))
    assert len(Client().get("/api/v1/lessons?q=遵义&course=other").json()["items"]) == 1


def test_a_lesson_taken_down_is_not_found(lesson):
    lesson.unpublish()
    assert "没有找到" in page_for("遵义")
    assert Client().get("/api/v1/lessons?q=遵义").json()["items"] == []


def test_courses_and_home_lead_to_the_search(client, lesson):
    assert 'action="/search/"' in client.get("/courses/").content.decode()
    assert 'href="/search/' in client.get("/").content.decode()


def test_a_search_costs_few_queries(course, django_assert_max_num_queries):
    for _ in range(8):
        make.a_lesson(course)
    page_for("遵义")
    with django_assert_max_num_queries(10):
        page_for("遵义")


def _body(text: str) -> list[dict]:
    return [make.section("节", text=f"<p>{text}</p>")]
