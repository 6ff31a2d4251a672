"""Pages of a heritage site's exhibits: what a label on the wall leads to."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import PageViewRestriction

from studyhub.stored_pages import filling
from tests import factories as make
from tests.content import site_material as sites
from tests.web.factories import a_picture, a_sound

pytestmark = pytest.mark.django_db
FIRST = "/sites/paotaishan/PTS-01/"


def soup(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return BeautifulSoup(answer.content, "html.parser").main


def test_an_exhibit_has_a_page_of_its_own(client):
    sites.a_site()
    page = soup(client, FIRST)
    assert page.h1.text == "马灯"
    assert sites.NARRATION in page.text
    assert "第 1 站，共 2 站" in page.text
    assert "轮椅能到跟前" in page.text
    assert client.get(FIRST)["Cache-Control"].startswith("public")


def test_the_answer_is_shown_when_it_is_asked_for(client):
    sites.a_site()
    page = soup(client, FIRST)
    assert page.find("details").find("summary").text == "看答案"
    page.find("details").decompose()
    assert "几个提手" in page.text
    assert "一个提手" not in page.text


def test_one_walks_from_stop_to_stop(client):
    sites.a_site()
    first, last = soup(client, FIRST), soup(client, "/sites/paotaishan/PTS-02/")
    assert [a["href"] for a in first.select("nav a")][:1] == ["/sites/paotaishan/PTS-02/"]
    assert "平路" in first.select_one("nav").text
    assert FIRST in [a["href"] for a in last.select("nav a")]
    assert "最后一站" in last.text


def test_the_site_lists_its_route_as_a_drawing_and_in_words(client):
    sites.a_site()
    page = soup(client, "/sites/paotaishan/")
    assert page.select_one(".walk svg[aria-hidden=true]")
    items = page.select(".walk ol > li")
    assert [item.a["href"] for item in items] == [FIRST, "/sites/paotaishan/PTS-02/"]
    said = " ".join(items[0].text.split())
    for words in ("看 3 分钟", "约 60 米，有台阶，出门左转", "歇脚：门边有长椅", "轮椅能到跟前"):
        assert words in said


def test_a_code_typed_in_small_letters_leads_there(client):
    sites.a_site()
    assert client.get("/sites/paotaishan/pts-01/")["Location"] == FIRST


def test_a_printed_label_leads_there_after_site_and_code_were_renamed(
    client, django_capture_on_commit_callbacks
):
    page = sites.a_site()
    page = sites.changed(page, 1, code="PTS-71", name="老马灯")
    page.slug = "ling-yuan"
    with django_capture_on_commit_callbacks(execute=True):
        sites.publish_site(page)
    answer = client.get(FIRST, follow=True)
    assert answer.redirect_chain[-1][0] == "/sites/ling-yuan/PTS-71/"
    assert "老马灯" in answer.content.decode()


def test_a_code_on_one_exhibits_label_is_not_given_to_another():
    page = sites.changed(sites.a_site(), 1, code="PTS-71")
    sites.publish_site(page)
    page = sites.changed(page, 2, code="PTS-01")
    with pytest.raises(ValidationError, match="PTS-01 印在别的展品的展签上"):
        page.full_clean()


def test_who_makes_an_exhibit_anew_gives_it_the_code_it_had(client):
    """Its label hangs there still; the former one is gone from the page."""
    page = sites.a_site()
    page.body = page.body.stream_block.to_python(
        [page.body.raw_data[0], sites.an_exhibit(name="马灯（复制品）"), page.body.raw_data[2]]
    )
    page.full_clean()
    page = sites.publish_site(page)
    assert soup(client, FIRST).h1.text == "马灯（复制品）"
    page = sites.publish_site(sites.changed(page, 1, code="PTS-71"))
    assert client.get(FIRST)["Location"] == "/sites/paotaishan/PTS-71/"


def told_to_phones(client, site="/sites/paotaishan/"):
    return json.loads(soup(client, site).find(id="site-data").text)


def test_a_phone_is_told_where_former_labels_lead(client, django_capture_on_commit_callbacks):
    page = sites.a_site()
    before = told_to_phones(client)
    assert before["former"] == {}
    page = sites.publish_site(sites.changed(page, 1, code="PTS-71"))
    told = told_to_phones(client)
    assert told["former"] == {FIRST: "/sites/paotaishan/PTS-71/"}
    page.slug = "ling-yuan"
    with django_capture_on_commit_callbacks(execute=True):
        sites.publish_site(page)
    now = told_to_phones(client, "/sites/ling-yuan/")
    assert now["former"] == {
        "/sites/paotaishan/": "/sites/ling-yuan/",
        "/sites/ling-yuan/PTS-01/": "/sites/ling-yuan/PTS-71/",
        FIRST: "/sites/ling-yuan/PTS-71/",
        "/sites/paotaishan/PTS-71/": "/sites/ling-yuan/PTS-71/",
        "/sites/paotaishan/PTS-02/": "/sites/ling-yuan/PTS-02/",
    }
    assert set(now["former"].values()) <= set(now["pages"])
    assert len({before["version"], told["version"], now["version"]}) == 3


@pytest.mark.parametrize("code", ["PTS-99", "x", "1-", "__"])
def test_a_missing_code_leads_back_to_the_site(code, client):
    sites.a_site()
    page = soup(client, f"/sites/paotaishan/{code}/", 404)
    assert f"没有编号是“{code}”的展品" in page.text
    assert page.select_one("a.button")["href"] == "/sites/paotaishan/"


def test_an_exhibit_is_open_to_whom_its_site_is(client):
    page = sites.a_site()
    rule = {"restriction_type": PageViewRestriction.PASSWORD, "password": "x"}
    PageViewRestriction.objects.create(page=page, **rule)
    assert sites.NARRATION not in client.get(FIRST, follow=True).content.decode()
    PageViewRestriction.objects.all().delete()
    sites.again(page).unpublish()
    assert client.get(FIRST).status_code == 404


def test_exhibits_are_among_the_stored_pages():
    sites.a_site()
    assert {FIRST, "/sites/paotaishan/PTS-02/"} <= set(filling.addresses())


def test_the_page_tells_a_phone_all_that_the_site_consists_of(client):
    picture, sound = a_picture(), a_sound()
    loud = sites.an_exhibit(media=sound.pk, transcript="从前", image=picture.pk, alt="灯")
    sites.a_site(loud)
    told = json.loads(soup(client, "/sites/paotaishan/").find(id="site-data").text)
    assert told["pages"] == ["/sites/paotaishan/", FIRST]
    assert [one["bytes"] for one in told["files"]][-1] == 3000
    assert [one["type"].split("/")[0] for one in told["files"]] == ["image", "audio"]
    for path in told["pages"]:
        assert client.get(path).status_code == 200


def test_another_word_in_an_exhibit_is_another_version(client):
    def version():
        data = soup(client, "/sites/paotaishan/").find(id="site-data").text
        return json.loads(data)["version"]

    page = sites.a_site()
    before = version()
    sites.publish_site(sites.changed(page, 1, name="老马灯"))
    assert version() != before


def test_a_preview_shows_each_exhibit_whole():
    """A draft has no pages for them yet, and reviewers look at it."""
    page = sites.a_site(publish=False)
    page.save_revision()
    shown = page.make_preview_request().content.decode()
    assert shown.count(sites.NARRATION) == 2
    assert "藏品档案12号" in shown


# Labels -----------------------------------------------------------------------------------------
def labels(client, page):
    return client.get(reverse("exhibit_labels", args=[page.pk]))


def test_labels_are_printed_by_those_who_may_write_there(client, editor, sign_in):
    page = sites.a_site()
    desk = sign_in(editor)
    editing = desk.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert reverse("exhibit_labels", args=[page.pk]) in editing
    answer = labels(desk, page)
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert labels(client, page).status_code == 302
    assert labels(sign_in(make.a_user("reader")), page).status_code == 302


def test_labels_of_what_is_not_public_are_refused_in_words(editor, sign_in):
    page = sites.a_site(publish=False)
    client = sign_in(editor)
    answer = client.get(reverse("exhibit_labels", args=[page.pk]), follow=True)
    assert "还没有公开，扫码会打不开" in answer.content.decode()
