"""The sandbox behaves as the platform does, also where that hurts."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from studyhub.sandbox.models import App, Clock, Draft

pytestmark = pytest.mark.django_db
ROOT = "/sandbox/wechat/cgi-bin/"


def jpeg():
    file = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(file, "JPEG")
    return file.getvalue()


def read(response):
    """The platform answers JSON as text/plain."""
    return json.loads(response.content)


class Platform:
    """Calls as a client of the platform makes them."""

    def __init__(self, client):
        self.client = client
        self.token = self.take_token()["access_token"]

    def _post(self, path, body):
        text = json.dumps(body, ensure_ascii=False)
        return self.client.post(path, text, content_type="application/json")

    def tell(self, path, body, token=None):
        return read(self._post(f"{ROOT}{path}?access_token={token or self.token}", body))

    def take_token(self, **extra):
        body = {"grant_type": "client_credential", "appid": "wx", "secret": "first", **extra}
        return read(self._post(f"{ROOT}stable_token", body))

    def upload(self, data, path="media/uploadimg?x=", name="a.jpg", part="media"):
        url = f"{ROOT}{path}&access_token={self.token}"
        return read(self.client.post(url, {part: SimpleUploadedFile(name, data)}))

    def control(self, name, **body):
        return self._post(f"/sandbox/control/{name}", body)


@pytest.fixture
def platform(client):
    made = Platform(client)
    App.objects.update(publish_delay=5)
    return made


@pytest.fixture
def cover(platform):
    return platform.upload(jpeg(), "material/add_material?type=image")["media_id"]


def article(cover, **values):
    return {
        "articles": [{"title": "题", "content": "<p>文</p>", "thumb_media_id": cover, **values}]
    }


def test_every_answer_is_marked(platform):
    assert platform.client.get("/sandbox/")["X-Studyhub-Sandbox"] == "1"
    assert platform.client.post(f"{ROOT}draft/get")["X-Studyhub-Sandbox"] == "1"


def test_the_same_token_until_five_minutes_before_its_end_then_both_live(platform):
    assert platform.take_token()["access_token"] == platform.token
    Clock.advance(7200 - 299)
    new = platform.take_token()["access_token"]
    assert new != platform.token
    for token in (new, platform.token):
        assert "errcode" not in platform.tell("draft/count", {}, token)
    Clock.advance(300)
    assert platform.tell("draft/count", {})["errcode"] == 42001


def test_a_forced_token_kills_the_former(platform):
    new = platform.take_token(force_refresh=True)["access_token"]
    assert platform.tell("draft/count", {})["errcode"] == 42001
    assert platform.take_token(force_refresh=True)["access_token"] == new


@pytest.mark.parametrize(
    ("setting", "errcode"), [({"ip_allowed": False}, 40164), ({"secret": "changed"}, 40125)]
)
def test_the_token_desk_refuses(platform, setting, errcode):
    platform.control("account", app_id="wx", **setting)
    answer = platform.take_token()
    assert answer["errcode"] == errcode
    assert " rid: " in answer["errmsg"]


def test_without_permission_nothing_goes(platform):
    platform.control("account", app_id="wx", capabilities=["draft"])
    assert platform.tell("freepublish/submit", {"media_id": "x"})["errcode"] == 48001


@pytest.mark.parametrize(
    ("data", "name", "part", "errcode"),
    [
        (b"GIF89a", "a.gif", "media", 40005),
        (b"", "a.jpg", "media", 44001),
        (jpeg(), "a.jpg", "file", 41005),
        (b"x" * (1024 * 1024), "a.jpg", "media", 40009),
    ],
)
def test_uploads_are_read_strictly(platform, data, name, part, errcode):
    assert platform.upload(data, name=name, part=part)["errcode"] == errcode


@pytest.mark.parametrize(
    ("values", "errcode"),
    [
        ({"title": "长" * 33}, 45003),
        ({"digest": "长" * 129}, 45004),
        ({"author": "长" * 17}, 45110),
        ({"content": "长" * 20000}, 45002),
        ({"thumb_media_id": "none"}, 40007),
        ({"content": ""}, 44003),
    ],
)
def test_a_draft_keeps_the_limits(platform, cover, values, errcode):
    assert platform.tell("draft/add", article(cover, **values))["errcode"] == errcode


def test_escaped_chinese_is_refused(platform):
    response = platform.client.post(
        f"{ROOT}draft/add?access_token={platform.token}",
        json.dumps({"articles": [{"title": "题"}]}),
        content_type="application/json",
    )
    assert read(response)["errcode"] == 47001


def test_scripts_and_foreign_pictures_vanish_without_a_word(platform, cover):
    own = platform.upload(jpeg())["url"]
    html = (
        f'<p onclick="x()">文<img src="https://e.example/a.jpg"><img src="{own}"></p>'
        '<script>x</script><a href="https://e.example/">外</a>'
    )
    media_id = platform.tell("draft/add", article(cover, content=html))["media_id"]
    kept = platform.tell("draft/get", {"media_id": media_id})["news_item"][0]["content"]
    assert kept == f'<p>文<img src="{own}"></p>外'


def test_a_submission_is_queued_then_published_and_its_draft_gone(platform, cover):
    media_id = platform.tell("draft/add", article(cover))["media_id"]
    publish_id = platform.tell("freepublish/submit", {"media_id": media_id})["publish_id"]
    ask = {"publish_id": publish_id}
    assert platform.tell("freepublish/get", ask)["publish_status"] == 1
    assert Draft.objects.exists()
    Clock.advance(6)
    answer = platform.tell("freepublish/get", ask)
    assert answer["publish_status"] == 0
    assert not Draft.objects.exists()
    page = platform.client.get(f"/sandbox/wechat/s/{answer['article_id']}")
    assert "不是真的公众号" in page.content.decode()
    platform.tell("freepublish/delete", {"article_id": answer["article_id"]})
    assert platform.client.get(f"/sandbox/wechat/s/{answer['article_id']}").status_code == 410


def test_the_same_draft_submitted_twice_is_published_twice(platform, cover):
    media_id = platform.tell("draft/add", article(cover))["media_id"]
    for _ in range(2):
        platform.tell("freepublish/submit", {"media_id": media_id})
    Clock.advance(6)
    assert platform.tell("freepublish/batchget", {"offset": 0, "count": 20})["total_count"] == 2


def test_faults_come_as_ordered_and_then_stop(platform):
    platform.control("fault", path="draft/count", kind="errcode", errcode=45009, times=1)
    assert platform.tell("draft/count", {})["errcode"] == 45009
    assert platform.tell("draft/count", {}) == {"total_count": 0}
    assert platform.control("fault", path="draft/count", kind="nonsense").status_code == 400


def test_a_daily_quota_opens_again_the_next_day(platform):
    platform.control("account", app_id="wx", quotas={"draft/count": 1})
    platform.tell("draft/count", {})
    assert platform.tell("draft/count", {})["errcode"] == 45009
    Clock.advance(timedelta(days=1).total_seconds())
    platform.token = platform.take_token()["access_token"]
    assert platform.tell("draft/count", {}) == {"total_count": 0}


def test_the_state_tells_everything_but_secrets(platform, cover):
    platform.tell("draft/add", article(cover))
    text = platform.client.get("/sandbox/control/state").content.decode()
    assert "draft/add" in text
    assert platform.token not in text
    platform.control("reset")
    assert json.loads(platform.client.get("/sandbox/control/state").content)["accounts"] == []


def test_pages_show_pictures_and_drafts(platform, cover):
    url = platform.upload(jpeg())["url"]
    body = article(cover, content=f'<p><img src="{url}"></p>')
    media_id = platform.tell("draft/add", body)["media_id"]
    page = platform.client.get(f"/sandbox/wechat/draft/{media_id}").content.decode()
    picture = page.split('<img src="')[1].split('"')[0]
    assert platform.client.get(picture).content == jpeg()
    assert "题" in platform.client.get("/sandbox/").content.decode()
