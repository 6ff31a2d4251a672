"""Home, courses, lessons and sites: one page for everybody."""

import gzip
import itertools
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from wagtail.models import PageViewRestriction

from studyhub.web.storage import small_source
from tests import factories as make
from tests.web import scripts
from tests.web.factories import a_full_lesson
from tests.web.refusals import REFUSED_WORDS

SHARED = ["/", "/courses/", "/courses/changzheng/", "/courses/changzheng/zunyi/", "/sites/"]
SITE = "/sites/paotaishan/"


@pytest.fixture
def pages(lesson, site):
    return [*SHARED, SITE]


def test_everybody_gets_the_same_bytes(pages, qiqige, sign_in):
    leader = make.a_leader(make.a_group(qiqige))
    for path in pages:
        bodies = {
            client.get(path).content
            for client in (Client(), sign_in(qiqige), sign_in(leader), Client())
        }
        assert len(bodies) == 1, path


def test_shared_pages_set_no_cookie_and_do_not_vary_by_one(pages, qiqige, sign_in):
    for path in pages:
        response = sign_in(qiqige).get(path)
        assert response.status_code == 200, path
        assert not response.cookies
        assert "cookie" not in response["Vary"].lower()
        assert response["Cache-Control"] == "public, max-age=60, stale-while-revalidate=86400"


def test_nothing_personal_stands_in_a_shared_page(pages, qiqige, sign_in):
    for path in pages:
        text = sign_in(qiqige).get(path).content.decode()
        assert "csrfmiddlewaretoken" not in text
        assert "其其格" not in text


def test_a_known_page_is_not_sent_again(client, lesson):
    first = client.get(lesson.url)
    assert not first["ETag"].startswith("W/")
    again = client.get(lesson.url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"]


def test_a_corrected_lesson_has_another_tag(client, lesson):
    before = client.get(lesson.url)["ETag"]
    lesson.title = "遵义会议（订正）"
    make.publish_page(lesson)
    answer = client.get(lesson.url, headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert "（订正）" in answer.content.decode()


def test_the_packed_page_says_the_same_under_its_own_tag(client, lesson):
    plain = client.get(lesson.url)
    packed = client.get(lesson.url, headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    assert packed["Vary"] == "Accept-Encoding"
    known = {"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}
    assert client.get(lesson.url, headers=known).status_code == 304


def test_a_page_behind_a_password_is_nobody_elses(client, lesson):
    rule = PageViewRestriction.objects.create(
        page=lesson, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    session = client.session
    session[PageViewRestriction.passed_view_restrictions_session_key] = [rule.pk]
    session.save()
    assert client.get(lesson.url)["Cache-Control"] == "private, no-store"


def test_an_unfinished_draft_can_be_previewed(course):
    draft = make.a_lesson(course, publish=False)
    response = draft.make_preview_request()
    assert response.status_code == 200
    assert "队伍在哪里停下来开会" in response.content.decode()


def test_an_empty_house_has_pages_too(client, db):
    make.a_tree()
    for path in ("/", "/courses/", "/sites/"):
        assert client.get(path).status_code == 200


def test_a_lesson_without_a_self_check_is_finished_by_reading(client, course):
    text = client.get(make.a_lesson(course, quiz=False).url).content.decode()
    assert "通过自测" not in text
    assert "学完了" in text


# What stands in a lesson


class Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


def test_sections_and_questions_can_be_linked_to_and_posted(client, lesson):
    outline = make.outline_of(lesson)
    read = Reader(client.get(lesson.url).content.decode())
    ids = [attrs.get("id") for _, attrs in read.tags]
    assert {f"s-{section.id}" for section in outline.sections} <= set(ids)
    names = {attrs.get("name") for attrs in read.all("input")}
    assert {f"q-{question.id}" for question in outline.quiz.questions} <= names
    form = read.all("form")[0]
    assert (form["method"], form["action"]) == ("post", f"/study/{lesson.translation_key}/")


def test_the_rule_for_finishing_is_printed(client, lesson):
    text = client.get(lesson.url).content.decode()
    assert "读完 2 个必读小节，通过自测，最后按“学完了”" in text


def test_answers_travel_with_the_lesson(client, lesson):
    text = client.get(lesson.url).content.decode()
    data = json.loads(re.search(r'id="lesson-data">(.*?)</script>', text, re.DOTALL)[1])
    quiz = make.outline_of(lesson).quiz
    assert data["lesson"] == str(lesson.translation_key)
    assert [q["answer"] for q in data["quiz"]["questions"]] == [q.answer for q in quiz.questions]
    assert data["quiz"]["questions"][2]["accepted"] == ["20", "二十"]


def test_text_in_the_data_block_cannot_end_it(client, course):
    question = {**make.QUESTIONS[1], "explanation": "</script><b>&"}
    page = make.a_lesson(course, body=[make.section("第一节"), make.self_check([question])])
    assert b"</script><b>" not in client.get(page.url).content


def test_every_block_is_drawn_and_said_in_words(client, course):
    text = client.get(a_full_lesson(course=course).url).content.decode()
    for words in (
        "雪山下的队伍",
        "机器合成语音",
        "1 分 35 秒 · 3 KB",
        "那一年雪很大",
        "1936年",
        "几个提手",
        "红军不怕远征难",
        "<svg viewBox",
        "会宁</strong>，1935年：走过这里",
        "史实卡，演示",
    ):
        assert words in text, words


def test_every_page_has_one_first_heading_and_skips_no_level(client, course, site):
    make.a_lesson(course, slug="zunyi")
    a_full_lesson(course=course, slug="full")
    for path in [*SHARED, SITE, "/courses/changzheng/full/", "/login/", "/nope/"]:
        read = Reader(client.get(path).content.decode())
        levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), (path, levels)


def test_no_page_runs_scripts_or_styles_of_its_own(client, course):
    read = Reader(client.get(a_full_lesson(course=course).url).content.decode())
    assert not read.all("style")
    styled = [attrs for _, attrs in read.tags if "style" in attrs]
    assert {attrs["class"] for attrs in styled} == {"flat"}  # a picture, where no script runs
    scripts = [a for a in read.all("script") if not a.get("src")]
    assert [a.get("type") for a in scripts] == [
        None,
        "application/json",
    ]  # appearance, data
    assert not [a for _, attrs in read.tags for a in attrs if a.startswith("on")]


def test_no_page_counts_ranks_or_hurries(pages, client):
    for path in pages:
        text = client.get(path).content.decode()
        assert not [word for word in REFUSED_WORDS if word in text], path


def test_no_template_or_script_counts_ranks_or_hurries():
    root = Path(__file__).parents[2]
    folders = ("blocks", "components", "content", "web")
    files = [file for name in folders for file in (root / "templates" / name).glob("*.html")]
    files += [*(root / "templates").glob("*.html"), *_scripts()]
    for file in files:
        text = file.read_text("utf-8")
        assert not [word for word in REFUSED_WORDS if word in text], file


# What it costs


def test_a_lesson_page_costs_few_queries(client, course, django_assert_max_num_queries):
    url = a_full_lesson(course=course).url
    client.get(url)  # picture renditions and site roots are remembered from then on
    with django_assert_max_num_queries(17):  # the last asks whether it has twins
        client.get(url)


@pytest.mark.parametrize(("path", "most"), [("/", 14), ("/courses/", 14), (SHARED[2], 12)])
def test_lists_cost_the_same_however_many_lessons(
    client, course, django_assert_max_num_queries, path, most
):
    for number in range(6):
        make.a_lesson(course, slug=f"lesson-{number}")
    client.get(path)
    with django_assert_max_num_queries(most):
        client.get(path)


WEB = Path(finders.find("web/style.css")).parent
TEMPLATES = Path(settings.BASE_DIR) / "templates"


def _scripts():
    return sorted(WEB.glob("*.js"))


# The rest comes when it is needed.
AT_FIRST = {"lesson.js", "appearance.js", "base.js"}


def test_a_first_visit_is_small(client, course):
    css = scripts.packed(small_source("web/style.css", (WEB / "style.css").read_bytes()))
    page = len(
        client.get(a_full_lesson(course=course).url, headers={"Accept-Encoding": "gzip"}).content
    )
    sizes = {name: scripts.packed(source) for name, source in scripts.served().items()}
    first = sum(sizes[name] for name in AT_FIRST)
    assert css <= 7_000
    assert page + css <= 14_000
    assert first <= 12_000
    assert page + css + first <= 40_000


def test_scripts_are_few_on_a_lesson_and_elsewhere():
    sizes = {name: scripts.packed(source) for name, source in scripts.served().items()}
    lesson = scripts.loaded_by(*scripts.LESSON_STARTS)
    assert {"queue.js", "keep.js", "listen.js", "reader.js"} < lesson < set(sizes)
    assert sum(sizes[name] for name in lesson) <= scripts.LESSON_MOST
    others = set(sizes) - lesson - scripts.STAFF - scripts.DESK
    assert sum(sizes[name] for name in others) <= scripts.REST_MOST
    assert sum(sizes[name] for name in scripts.DESK) <= scripts.DESK_MOST
    assert sum(sizes[name] for name in scripts.STAFF) <= scripts.STAFF_MOST


def test_no_page_but_those_of_the_second_step_loads_the_script_of_keys():
    """Nor another script: learners pay nothing for it."""
    loads = "web/passkey.js' %"
    naming = [path.name for path in TEMPLATES.rglob("*.html") if loads in path.read_text("utf-8")]
    assert sorted(naming) == ["login_code.html", "passkey_new.html", "second_factor.html"]
    assert not any("passkey.js" in path.read_text("utf-8") for path in _scripts())


def test_a_lesson_names_no_script_that_is_not_counted(client, lesson):
    read = Reader(client.get(lesson.url).content.decode())
    named = {attrs["src"].rpartition("/")[2] for attrs in read.all("script") if attrs.get("src")}
    assert named == set(scripts.LESSON_STARTS)
