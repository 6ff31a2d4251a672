"""What got into the database is data: it leaves by every exit as words, never as script."""

import json
import re
import subprocess
import sys
from html import unescape
from itertools import chain, cycle
from xml.dom import minidom

import pytest
from bs4 import BeautifulSoup

from content import catalogue
from content.blocks import ExhibitBodyBlock, LessonBodyBlock
from content.models import CoursePage, HeritageSitePage, LessonPage, Pronunciation
from content.question_bank.keeping import add_question
from content.question_wording import Wording
from content.reviews.workflow import ensure_workflow
from studyhub.channels import registry
from studyhub.channels.rendering import build_post
from tests.content.samples import Sampler
from tests.e2e.browser import CHROMIUM
from tests.factories import (
    a_branch,
    a_group,
    a_leader,
    a_lesson,
    a_member,
    a_tree,
    a_user,
    section,
)
from tests.payloads import PAYLOADS

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)><a href='javascript:alert(3)'>x</a>"
RICH = (
    f"<p>{HOSTILE}<svg onload=alert(4)></svg><iframe src='//evil.example'></iframe></p>"
    "<p style='background:url(//evil.example)' onclick='alert(5)'>正文</p>"
    "<p>&lt;script&gt;alert(6)&lt;/script&gt;</p><style>*{display:none}</style>"
    "<ul><li><a href=' java&#10;script:alert(7)'>条</a></li></ul>"
)


class Hostile(Sampler):
    """Every text of every block is an attack, each time another one."""

    def __init__(self):
        super().__init__()
        self.left = set(PAYLOADS)
        self._next = cycle([HOSTILE, *PAYLOADS])

    def word(self):
        super().word()
        word = next(self._next)
        self.left.discard(word)
        return word

    def value(self, definition):
        made = super().value(definition)
        rich = isinstance(made, str) and made.startswith("<p>") and made.endswith("</ul>")
        return f"{made}<p>{self.word()}</p>{RICH}" if rich else made


def hostile_lesson():
    sampler, body = Hostile(), LessonBodyBlock()
    kinds = {kind: block for kind, block in body.child_blocks.items() if kind != "gap"}
    blocks = []
    while sampler.left:
        blocks += [sampler.block(kind, block) for kind, block in kinds.items()]
    page = a_lesson(title="课", body=blocks)
    LessonPage.objects.filter(pk=page.pk).update(title=HOSTILE, summary=HOSTILE[:120])
    CoursePage.objects.update(title=HOSTILE, summary=HOSTILE)
    return LessonPage.objects.get(pk=page.pk)


def runs_something(html):
    """What of it a browser would run or fetch from elsewhere."""
    soup = BeautifulSoup(html, "html.parser")
    tags = soup.find_all(True)
    scripts = [tag for tag in tags if tag.name == "script" and "alert" in tag.text]
    scripts = [tag for tag in scripts if tag.get("type") != "application/json"]
    frames = [tag for tag in tags if tag.name in ("iframe", "object", "embed")]
    handlers = [tag for tag in tags if any(name.startswith("on") for name in tag.attrs)]
    astray = [tag for tag in tags if _leads_astray(tag)]
    return [str(tag)[:200] for tag in (*scripts, *frames, *handlers, *astray)]


def _leads_astray(tag):
    places = f"{tag.get('href', '')} {tag.get('src', '')}".lower()
    places = re.sub(r"[\s\x00-\x1f]", "", places)
    return "javascript:" in places or "evil" in places or tag.get("src") == "x"


PLACES = [
    "{url}",
    "/api/v1/lessons/{key}/pack",
    "/courses/changzheng/",
    "/courses/",
    "/",
    "/search/?q=alert",
]


CONTROL = "attacks as they are.html"  # what the browser must find, or it finds nothing at all
SCREENS = [
    "/cms/pages/{parent}/",
    "/cms/pages/{page}/edit/",
    "/cms/pages/{page}/view_draft/",
    "/cms/pages/{page}/history/",
    "/cms/pages/{page}/usage/",
    "/cms/pages/search/?q=alert",
    "/cms/proofs/{page}/",
    "/cms/reviews/",
    "/cms/reviews/{page}/",
    "/cms/copy-blocks/{page}/",
    "/cms/twins/{page}/",
    "/cms/readings/",
    "/cms/questions/",
    "/cms/",
]


def test_no_page_of_ours_runs_what_stands_in_a_lesson(client):
    page = hostile_lesson()
    for place in PLACES:
        address = place.format(url=page.get_url(), key=page.lesson_key)
        assert runs_something(client.get(address).content.decode()) == [], address


@pytest.mark.skipif(not CHROMIUM, reason="没有浏览器：apt-get install chromium")
def test_a_browser_finds_nothing_to_run(client, tmp_path, settings):
    """As it reads them, which no library does quite alike: every exit, and the desk's screens."""
    settings.REVIEW_LEVELS = 3
    shown = chain(exits(client, hostile_lesson()), names(client))
    for number, (name, html) in enumerate(shown):
        assert "alert" in html, f"{name}: nothing of the attacks is shown, nothing is proved"
        (tmp_path / f"{number:02} {name}.html").write_text(html, "utf-8")
    (tmp_path / CONTROL).write_text(f"<html><body>{HOSTILE}</body></html>", "utf-8")
    command = [sys.executable, "-m", "tests.in_browser", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    assert len(seen) > 25
    assert len(seen.pop(CONTROL)) > 1
    assert {name: runs for name, runs in seen.items() if runs} == {}


def exits(client, page):
    """Name and text of all that shows this lesson."""
    for place in PLACES:
        address = place.format(url=page.get_url(), key=page.lesson_key)
        yield address.strip("/").replace("/", " "), client.get(address).content.decode()
    [item] = client.get("/feeds/lessons.json").json()["items"]
    yield "feed", item["content_html"]
    lesson = catalogue.content(page.lesson_key)
    for kind in registry.ADAPTERS:
        yield f"article {kind}", build_post(lesson, kind=kind, marker="m").html or "alert"
    boss = a_user("admin", HOSTILE[:40], is_staff=True, is_superuser=True)
    ensure_workflow()
    page.save_revision(user=boss)
    page.get_workflow().start(page, boss)
    Pronunciation.objects.create(term="课", pinyin="kè", aliases=HOSTILE, note=HOSTILE)
    add_question(Wording("truefalse", HOSTILE, truth="true", explanation=HOSTILE), boss)
    client.force_login(boss)
    for screen in SCREENS:
        answer = client.get(screen.format(page=page.pk, parent=page.get_parent().pk))
        assert answer.status_code == 200, screen
        yield screen.replace("/", " "), answer.content.decode()


def names(client):
    """Pages that show people and groups whose names are attacks."""
    short = [payload for payload in PAYLOADS if len(payload) <= 40][::6]
    people = [a_member(payload) for payload in short]
    group = a_group(*people, name=HOSTILE[:60], branch=a_branch(HOSTILE[:60]))
    pages = [
        "/cms/members/",
        f"/cms/members/{people[0].public_id}/",
        "/cms/groups/",
        "/cms/branches/",
    ]
    for path in pages:
        yield path.replace("/", " "), client.get(path, follow=True).content.decode()
    client.force_login(a_leader(group, name=HOSTILE[:40]))
    for path in (
        "/lead/",
        f"/lead/groups/{group.public_id}/",
        f"/lead/groups/{group.public_id}/bulletin/",
    ):
        yield path.replace("/", " "), client.get(path, follow=True).content.decode()


def elements_of(client, feed, name):
    document = minidom.parseString(client.get(f"/feeds/{feed}").content)  # noqa: S318
    found = document.getElementsByTagName(name)
    return ["".join(part.data for part in one.childNodes) for one in found]


def test_no_feed_and_no_answer_of_the_api_carries_script(client):
    page = hostile_lesson()
    for feed in ("lessons.rss", "videos.rss"):
        for name in ("description", "content:encoded"):
            found = elements_of(client, feed, name)
            assert [runs_something(text) for text in found] == [[]] * len(found), (feed, name)
    [item] = client.get("/feeds/lessons.json").json()["items"]
    assert runs_something(item["content_html"]) == []
    answer = client.get(f"/api/v1/lessons/{page.lesson_key}").json()
    assert [found for s in answer["sections"] for found in runs_something(s["text_html"])] == []


@pytest.mark.parametrize("kind", registry.ADAPTERS)
def test_no_article_carries_script(kind):
    lesson = catalogue.content(hostile_lesson().lesson_key)
    assert runs_something(build_post(lesson, kind=kind, marker="m").html) == []


def test_a_description_reads_as_it_was_written(client):
    page = a_lesson()
    LessonPage.objects.filter(pk=page.pk).update(summary='1 < 2 & "三"')
    described = elements_of(client, "lessons.rss", "description")[-1]
    assert unescape(described) == '1 < 2 & "三"'
    assert "<" not in described


def test_the_single_file_may_load_and_run_nothing(client):
    page = a_lesson()
    built = client.get(f"/api/v1/lessons/{page.lesson_key}/pack").content.decode()
    [meta] = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', built)
    assert "default-src 'none'" in unescape(meta)
    assert built.index("Content-Security-Policy") < built.index("<title>")


@pytest.mark.parametrize("kind", ["toutiao", "channels", "group"])
def test_text_to_paste_has_no_entities(kind):
    text = "<p>他说：&quot;走&quot; &amp; &lt;唱&gt; it's &amp;quot;</p>"
    page = a_lesson(title='他说"走" & <唱>', body=[section('"一"', text=text)], quiz=False)
    post = build_post(catalogue.content(page.lesson_key), kind=kind, marker="m")
    assert '他说："走" & <唱> it\'s &quot;' in post.text
    assert post.title == '他说"走" & <唱>'


def test_a_site_page_runs_nothing(client):
    sampler, stream = Hostile(), ExhibitBodyBlock()
    page = HeritageSitePage(title=HOSTILE, slug="site", summary=HOSTILE[:120], town=HOSTILE[:60])
    page.body = stream.to_python(sampler.site_body(stream))
    a_tree().sites.add_child(instance=page)
    assert runs_something(client.get(page.get_url()).content.decode()) == []
