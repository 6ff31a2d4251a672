import json
from xml.etree import ElementTree

import pytest

from tests import factories as make
from tests.web.factories import a_full_lesson

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
MEDIA = "{http://search.yahoo.com/mrss/}"
FEEDS = ["/feeds/lessons.rss", "/feeds/lessons.json", "/feeds/videos.rss"]


@pytest.fixture(autouse=True)
def _address(settings):
    settings.PUBLIC_URL = "https://study.example"


def items(client, path):
    return ElementTree.fromstring(client.get(path).content).findall("channel/item")  # noqa: S314


def test_a_new_lesson_stands_whole_in_the_feed(client, course):
    page = a_full_lesson(course=course, slug="full")
    (item,) = items(client, "/feeds/lessons.rss")
    text = item.findtext(CONTENT)
    assert item.findtext("link") == f"https://study.example{page.url}"
    assert item.findtext("guid") == f"urn:uuid:{page.translation_key}"
    for words in ("第一节的正文", "第二节的正文", "那一年雪很大", "红军不怕远征难", "史实卡"):
        assert words in text
    assert 'src="https://study.example/media/' in text


def test_json_feed_has_what_the_format_asks_for(client, course):
    page = a_full_lesson(course=course, slug="full")
    response = client.get("/feeds/lessons.json")
    assert response["Content-Type"].startswith("application/feed+json")
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = feed["items"]
    assert item["id"] == f"urn:uuid:{page.translation_key}"
    assert "第二节的正文" in item["content_html"]
    assert item["attachments"][0]["size_in_bytes"] == 3000
    assert item["attachments"][0]["url"].startswith("https://study.example/media/")


def test_media_feed_has_an_item_for_each_sound(client, course):
    make.a_lesson(course)
    a_full_lesson(course=course, slug="full", title="翻雪山")
    (item,) = items(client, "/feeds/videos.rss")
    media = item.find(f"{MEDIA}content")
    assert item.findtext("title") == "翻雪山：听老兵讲"
    assert media.get("medium") == "audio"
    assert media.get("type") in ("audio/mp4", "audio/mp4a-latm", "audio/x-m4a")
    assert (media.get("fileSize"), media.get("duration")) == ("3000", "95")
    assert media.findtext(f"{MEDIA}text") == "那一年雪很大。"


def test_a_closed_lesson_leaves_the_feed(client, lesson):
    assert len(items(client, "/feeds/lessons.rss")) == 1
    lesson.unpublish()
    assert items(client, "/feeds/lessons.rss") == []


def test_the_newest_lesson_comes_first(client, course):
    make.a_lesson(course, title="先发布")
    make.a_lesson(course, title="后发布")
    titles = [item.findtext("title") for item in items(client, "/feeds/lessons.rss")]
    assert titles == ["后发布", "先发布"]


def test_text_of_editors_cannot_break_a_feed(client, course):
    make.a_lesson(course, title="1 < 2 & ]]> 3")
    assert items(client, "/feeds/lessons.rss")[0].findtext("title") == "1 < 2 & ]]> 3"


def test_characters_that_no_feed_can_hold_are_left_out(client, course):
    body = [make.section("第一节", text="<p>从别处\x0b粘贴\x08来的</p>")]
    make.a_lesson(course, title="粘贴\x0c的题目", body=body)
    (item,) = items(client, "/feeds/lessons.rss")
    assert item.findtext("title") == "粘贴的题目"
    assert "从别处粘贴来的" in item.findtext(CONTENT)


def test_an_address_in_a_request_does_not_get_into_a_feed(client, lesson):
    text = client.get("/feeds/lessons.rss", headers={"Host": "evil.example"}).content.decode()
    assert "evil.example" not in text


def test_feeds_are_the_same_for_everybody_and_not_sent_twice(client, sign_in, qiqige, lesson):
    for path in FEEDS[:2]:
        first = client.get(path)
        assert sign_in(qiqige).get(path).content == first.content
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert "cookie" not in first["Vary"].lower()


def test_feeds_of_an_empty_house_are_valid(client, db):
    make.a_tree()
    assert items(client, FEEDS[0]) == items(client, FEEDS[2]) == []
    assert json.loads(client.get(FEEDS[1]).content)["items"] == []
