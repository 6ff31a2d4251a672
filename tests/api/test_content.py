"""Content for everybody: lists, a lesson whole, strong ETags."""

from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.factories import (
    QUESTIONS,
    a_course,
    a_lesson,
    outline_of,
    publish_page,
    section,
    self_check,
)

pytestmark = pytest.mark.django_db


def test_courses_and_lessons_are_listed_in_study_order(api):
    course = a_course("caoyuan", "草原")
    first, second = a_lesson(course, title="第一课"), a_lesson(course, title="第二课")
    (listed,) = api().get("/courses").json()["items"]
    assert (listed["slug"], listed["lesson_count"]) == ("caoyuan", 2)
    ids = [item["id"] for item in api().get("/lessons?course=caoyuan").json()["items"]]
    assert ids == [str(first.translation_key), str(second.translation_key)]


def test_pages_of_a_list_join_without_gaps(api):
    keys = [str(a_lesson().translation_key) for _ in range(5)]
    seen, path = [], "/lessons?limit=2"
    while path:
        body = api().get(path).json()
        seen += [item["id"] for item in body["items"]]
        path = body["next"] and f"/lessons?limit=2&cursor={body['next']}"
    assert seen == keys


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=%00", "cursor=zz"])
def test_a_bad_page_is_422(api, query):
    assert api().get(f"/lessons?{query}").status_code == 422


def test_a_nul_in_a_question_is_read_as_if_it_were_not_there(api):
    key = str(a_lesson(a_course("caoyuan", "草原"), title="古田会议").translation_key)
    for question in ("course=caoyuan%00", "course=%00caoyuan", "q=%00古田"):
        (item,) = api().get(f"/lessons?{question}").json()["items"]
        assert item["id"] == key


def test_search_and_updates_narrow_the_list(api):
    a_lesson(title="古田会议")
    assert len(api().get("/lessons?q=古田").json()["items"]) == 1
    assert api().get("/lessons?q=长城").json()["items"] == []
    later = quote((timezone.now() + timedelta(hours=1)).isoformat())
    assert api().get(f"/lessons?updated_since={later}").json()["items"] == []


def test_a_lesson_comes_whole(api):
    page = a_lesson()
    outline = outline_of(page)
    body = api().get(f"/lessons/{page.translation_key}").json()
    assert body["required_sections"] == sorted(map(str, outline.required_sections))
    assert [s["id"] for s in body["sections"]] == [str(s.id) for s in outline.sections]
    assert body["sections"][0]["text_html"].startswith("<p")
    assert body["revision"] == 1
    assert body["bytes"]["text"] > 0
    assert {q["kind"] for q in body["quiz"]["questions"]} == {
        "single",
        "multi",
        "truefalse",
        "blank",
    }


def test_a_program_is_told_what_varies_and_what_stays_in_its_order(api):
    options = [("遵义", True), ("延安", False), ("以上都不对", False)]
    check = self_check([{"kind": "single", "stem": "哪里？", "options": options}, *QUESTIONS])
    check["value"] |= {"draw": 2, "shuffle": True}
    page = a_lesson(body=[section("第一节"), check])
    quiz = api().get(f"/lessons/{page.translation_key}").json()["quiz"]
    assert (quiz["draw"], quiz["shuffle"]) == (2, True)
    assert [one["fixed_order"] for one in quiz["questions"]] == [True] + [False] * 4


def test_a_lesson_without_a_self_check_says_null(api):
    page = a_lesson(quiz=False)
    assert api().get(f"/lessons/{page.translation_key}").json()["quiz"] is None


def test_an_unchanged_lesson_is_304_and_a_corrected_one_is_not(api):
    page = a_lesson()
    path = f"/lessons/{page.translation_key}"
    etag = api().get(path)["ETag"]
    assert etag.startswith('"')
    assert api().get(path, **{"If-None-Match": etag}).status_code == 304
    page.title = "订正"
    publish_page(page)
    corrected = api().get(path, **{"If-None-Match": etag})
    assert corrected.status_code == 200
    assert [c["revision"] for c in corrected.json()["corrections"]] == [2]


def test_a_draft_and_a_stranger_are_both_404(api):
    draft = a_lesson(publish=False)
    for key in (draft.translation_key, uuid4()):
        answer = api().get(f"/lessons/{key}")
        assert (answer.status_code, answer.json()["code"]) == (404, "lesson_not_found")


def test_the_answers_travel_with_the_lesson_and_no_personal_data_does(api):
    page = a_lesson()
    answer = api().get(f"/lessons/{page.translation_key}")
    assert answer.json()["quiz"]["questions"][0]["answer"]
    assert "Set-Cookie" not in answer.headers


def test_an_address_that_does_not_exist_answers_like_the_api(api):
    answer = api().get("/nothing/here")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_lists_cost_the_same_whatever_their_length(api, django_assert_max_num_queries):
    course = a_course()
    for _ in range(6):
        a_lesson(course)
    with django_assert_max_num_queries(4):
        api().get("/lessons")


def test_the_single_file_is_an_attachment_with_a_chinese_name(api):
    lesson = a_lesson()
    answer = api().get(f"/lessons/{lesson.translation_key}/pack")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%81%B5")
    assert answer["Content-Disposition"].endswith(".html")


def test_an_unchanged_single_file_is_not_sent_again(api):
    lesson = a_lesson()
    path = f"/lessons/{lesson.translation_key}/pack"
    first = api().get(path)
    again = api().get(path, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["ETag"] != api().get(f"/lessons/{lesson.translation_key}")["ETag"]


def test_a_lesson_that_is_gone_has_no_single_file(api):
    lesson = a_lesson()
    lesson.unpublish()
    assert api().get(f"/lessons/{lesson.translation_key}/pack").status_code == 404
