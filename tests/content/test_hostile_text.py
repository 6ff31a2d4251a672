"""What got into the database is data: it leaves by every exit as words, never as script."""

import re
from html import unescape
from xml.dom import minidom

import pytest
from bs4 import BeautifulSoup

from content import catalogue
from content.blocks import ExhibitBodyBlock, LessonBodyBlock
from content.models import CoursePage, HeritageSitePage, LessonPage
from studyhub.channels import registry
from studyhub.channels.rendering import build_post
from tests.content.samples import Sampler
from tests.factories import a_lesson, a_tree, section

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)><a href='javascript:alert(3)'>x</a>"
RICH = (
    f"<p>{HOSTILE}<svg onload=alert(4)></svg><iframe src='//evil.example'></iframe></p>"
    "<p style='background:url(//evil.example)' onclick='alert(5)'>正文</p>"
    "<p>&lt;script&gt;alert(6)&lt;/script&gt;</p><style>*{display:none}</style>"
    "<ul><li><a href=' java&#10;script:alert(7)'>条</a></li></ul>"
)


class Hostile(Sampler):
    """Every text of every block is an attack."""

    def word(self):
        super().word()
        return HOSTILE

    def value(self, definition):
        made = super().value(definition)
        return RICH if isinstance(made, str) and made.startswith("<p>") else made


def hostile_lesson():
    sampler, body = Hostile(), LessonBodyBlock()
    kinds = {kind: block for kind, block in body.child_blocks.items() if kind != "gap"}
    blocks = [sampler.block(kind, block) for kind, block in kinds.items()]
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


def test_no_page_of_ours_runs_what_stands_in_a_lesson(client):
    page = hostile_lesson()
    for place in PLACES:
        address = place.format(url=page.get_url(), key=page.lesson_key)
        assert runs_something(client.get(address).content.decode()) == [], address


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
    assert [runs_something(s["text_html"]) for s in answer["sections"]] == [[]]


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
    blocks = [sampler.block(kind, block) for kind, block in stream.child_blocks.items()]
    page.body = stream.to_python(blocks)
    a_tree().sites.add_child(instance=page)
    assert runs_something(client.get(page.get_url()).content.decode()) == []
