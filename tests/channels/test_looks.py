"""An article is dressed by its account, and drawings travel in it as pictures."""

import io
import json

import pytest
from django.urls import reverse
from PIL import Image

from content import catalogue
from content.document import Document
from content.elements import Aside, Route, Stop
from studyhub.channels import drawn, rendering, requests
from studyhub.channels.models import ChannelAccount
from studyhub.channels.ports import Look, Post
from studyhub.channels.registry import form_of
from studyhub.sandbox.models import Draft, Material
from tests.channels.world import ask, carry, lesson_body

pytestmark = pytest.mark.django_db

STOPS = (Stop("瑞金", 116.0, 25.9, "1934年10月"), Stop("延安", 109.5, 36.6))
STEPS = {
    "title": "经过",
    "items": [{"date": "1934年10月", "text": "<出发>"}, {"date": "1936年", "text": "会师"}],
}


@pytest.fixture
def drawn_lesson(make_lesson):
    return make_lesson(body=[*lesson_body(), ("timeline", STEPS)])


def post_of(lesson, **look):
    content = catalogue.content(lesson.translation_key)
    return rendering.build_post(content, kind="wechat", marker="m", look=Look(**look))


def contrast(one, other):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_colour_is_read_on_white_and_on_hints():
    for _, _, value in form_of("wechat").colours:
        assert contrast(value, "#ffffff") >= 4.5
        assert contrast(value, "#faf4ea") >= 4.5


def test_a_timeline_is_a_picture_with_its_words_and_a_list_below(drawn_lesson):
    post = post_of(drawn_lesson)
    assert [one["kind"] for one in post.drawings.values()] == ["steps", "card"]
    assert 'src="picture:drawn-1"' in post.html
    assert "时间线：1934年10月；1936年" in post.html
    assert "&lt;出发&gt;" in post.html
    assert "1 条时间线改成了图片和列表" in post.lost


def test_a_route_within_an_aside_is_drawn_too():
    route = Route("路线", "", True, STOPS)
    document = Document((Aside("旁注", "", (route,)),))
    marked, drawings = drawn.with_drawings(document, form_of("wechat"), Look())
    (aside,) = marked.elements
    assert aside.elements[0].block == "drawn-1"
    frozen = json.loads(json.dumps(drawings))
    picture = drawn.picture_of("drawn-1", Post("", "", "", "", "", "", drawings=frozen))
    assert Image.open(io.BytesIO(picture.data)).width == 1080


def test_what_is_frozen_draws_the_same_bytes_again(drawn_lesson):
    post = post_of(drawn_lesson)
    again = requests.Delivery(post=json.loads(json.dumps(rendering.post_to_json(post)))).frozen_post
    for name in post.drawings:
        first, second = drawn.picture_of(name, post), drawn.picture_of(name, again)
        assert first.sha256 == second.sha256
        assert first.content_type == "image/png"
        assert Image.open(io.BytesIO(first.data)).width == 1080


def test_a_post_without_drawings_and_film_reads_as_before_there_were_any():
    """While code is exchanged, workers of the version before take it up."""
    stored = rendering.post_to_json(Post("", "", "", "", "", ""))
    before = {"title", "digest", "author", "html", "text", "source_url"}
    assert set(stored) == before | {"pictures", "cover", "lost"}


def test_header_closing_and_colour_stand_in_the_article(drawn_lesson):
    html = post_of(drawn_lesson, header="某某先锋", closing="有事找组长", colour="blue").html
    assert "某某先锋" in html
    assert "有事找组长" in html
    assert "#1f4e79" in html
    assert "#9f2a1f" not in html


def test_an_account_may_do_without_the_card(drawn_lesson):
    assert [one["kind"] for one in post_of(drawn_lesson, card=False).drawings.values()] == ["steps"]


def test_kinds_without_colours_draw_nothing(drawn_lesson):
    content = catalogue.content(drawn_lesson.translation_key)
    assert not rendering.build_post(content, kind="toutiao", marker="m").drawings


def test_drawings_are_uploaded_once_and_stand_in_the_draft(wechat, platform, drawn_lesson):
    delivery = carry(ask(drawn_lesson, action="draft"))
    (draft,) = Draft.objects.all()
    assert "picture:" not in draft.articles[0]["content"]
    assert draft.articles[0]["content"].count("<img") == 2
    assert Material.objects.filter(permanent=False).count() == 2
    assert "平台去掉" not in "".join(delivery.lost)


def test_what_was_frozen_keeps_its_look(wechat, drawn_lesson):
    delivery = ask(drawn_lesson, action="draft")
    ChannelAccount.objects.update(look={"closing": "新的结束语"})
    delivery.refresh_from_db()
    assert "新的结束语" not in delivery.frozen_post.html


def test_the_look_is_edited_at_the_desk(admin_client, wechat):
    address = reverse("channels:look", args=[wechat.key])
    assert "文章的样子" in admin_client.get(address).content.decode()
    admin_client.post(address, {"header": "某某先锋", "closing": "", "colour": "green"})
    wechat.refresh_from_db()
    assert wechat.dress == Look(header="某某先锋", colour="green", card=False)


def test_a_colour_of_ones_own_is_refused(admin_client, wechat):
    address = reverse("channels:look", args=[wechat.key])
    answer = admin_client.post(address, {"header": "留着的话", "colour": "#ffff00"})
    wechat.refresh_from_db()
    assert wechat.look == {}
    assert "留着的话" in answer.content.decode()


def test_the_preview_shows_the_form_and_stores_nothing(admin_client, wechat, drawn_lesson):
    address = reverse("channels:look_preview", args=[wechat.key])
    shown = admin_client.post(address, {"header": "还没有存", "colour": "red", "card": "on"})
    assert "还没有存" in shown.content.decode()
    assert "picture:" not in shown.content.decode()
    wechat.refresh_from_db()
    assert wechat.look == {}


def test_a_group_has_no_look(admin_client, wechat):
    group = ChannelAccount.objects.create(key="group-1", kind="group", name="群", mode="manual")
    assert admin_client.get(reverse("channels:look", args=[group.key])).status_code == 404
