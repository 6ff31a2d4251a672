"""The translators' screens: what they show, what they take, and to whom."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from content.models import BlockTwin
from tests import factories as make
from tests.content.twins import way

pytestmark = pytest.mark.django_db


def screen(client, page):
    answer = client.get(reverse("twins:lesson", args=[page.pk]))
    return BeautifulSoup(answer.content, "html.parser").main


def row_of(client, page, block_id, soup=None):
    return (soup or screen(client, page)).find(id=f"b-{block_id}")


def press(client, page, block_id, act, row=None, **typed):
    row = row or row_of(client, page, block_id)
    form = row.find("button", {"value": act}).find_parent("form")
    fields = {one["name"]: one.get("value", "") for one in form.find_all("input")}
    url = reverse("twins:act", args=[page.pk, block_id])
    return client.post(url, {**fields, **typed, "act": act}, follow=True)


def test_a_block_is_translated_signed_twice_and_read(desk, lesson, sign_in):
    block_id = way.block(lesson)
    client = sign_in(desk["saran"])
    assert "还没有译文" in row_of(client, lesson, block_id).get_text()
    press(client, lesson, block_id, "save", heading=way.WORD, text=way.MORE)
    assert "要 2 人签，签了 0 人" in row_of(client, lesson, block_id).get_text()
    assert not row_of(client, lesson, block_id).find("button", {"value": "sign"})
    for name, said in (("bayar", "还要别的同事签"), ("tuya", "读者现在看得到")):
        client = sign_in(desk[name])
        assert "等我签的译文（1）" in client.get("/cms/").content.decode()
        assert said in press(client, lesson, block_id, "sign").content.decode()
        assert "没有等您签的译文" in client.get("/cms/").content.decode()
    page = client.get(lesson.get_url()).content.decode()
    assert f'lang="mn-Mong" tabindex="0" role="group" aria-label="蒙文"><strong>{way.WORD}' in page


def test_what_a_colleague_saved_meanwhile_stands_beside_what_was_typed(desk, lesson, sign_in):
    block_id = way.block(lesson)
    old = row_of(sign_in(desk["saran"]), lesson, block_id)
    way.save(lesson, desk["bayar"])
    answer = press(sign_in(desk["saran"]), lesson, block_id, "save", row=old, text=way.MORE)
    assert answer.status_code == 409
    row = BeautifulSoup(answer.content, "html.parser").find(id=f"b-{block_id}")
    assert "没有覆盖" in row.get_text()
    assert row.find("textarea", {"name": "text"}).get_text() == way.MORE
    assert way.WORD in row.find(class_="mn-shown").get_text()
    assert way.drafts().get().fields["text"] == way.WORD
    press(sign_in(desk["saran"]), lesson, block_id, "save", row=row, text=way.MORE)
    assert way.drafts().get().fields["text"] == way.MORE


def test_an_edit_of_the_chinese_is_on_the_first_page_and_shown_sign_by_sign(desk, lesson, sign_in):
    way.signed(lesson, desk)
    way.reword(lesson)
    client = sign_in(desk["saran"])
    assert "待更新的译文（1）" in client.get("/cms/").content.decode()
    row = row_of(client, lesson, way.block(lesson))
    assert "待更新：中文已改" in row.get_text()
    assert [one.get_text() for one in row.find_all("del")] == ["节"]
    assert [one.get_text() for one in row.find_all("ins")] == ["章"]
    others = [
        one for one in screen(client, lesson)(class_="twin-row") if "待更新" in one.get_text()
    ]
    assert len(others) == 1


def test_what_was_written_anew_waits_for_signatures_and_no_more_for_a_translator(
    desk, lesson, sign_in
):
    way.signed(lesson, desk)
    way.reword(lesson)
    way.save(lesson, desk["saran"])
    home = sign_in(desk["bayar"]).get("/cms/").content.decode()
    assert "译文都跟上了中文" in home
    assert "等我签的译文（1）" in home
    way.reword(lesson, heading="第一回")
    home = sign_in(desk["bayar"]).get("/cms/").content.decode()
    assert "待更新的译文（1）" in home
    assert "没有等您签的译文" in home


def test_a_block_that_is_gone_waits_for_nobody(desk, lesson, sign_in):
    way.signed(lesson, desk, way.block(lesson, 2))
    for number in (1, 2):
        way.save(lesson, desk["saran"], way.block(lesson, number), text=way.MORE)
    page = way.again(lesson)
    del page.body[-1], page.body[0:2]  # with what is asked about them
    page.save_revision().publish()
    client = sign_in(desk["bayar"])
    home = client.get("/cms/").content.decode()
    assert "没有等您签的译文" in home
    assert "译文都跟上了中文" in home
    overview = BeautifulSoup(client.get(reverse("twins:overview")).content, "html.parser")
    counts = [cell.get_text() for cell in overview.select("td.number")]
    assert counts == ["0 段", "0 段", "0 段"]


def test_what_was_never_public_is_behind_once_its_draft_is_another(desk, sign_in):
    lesson = make.a_lesson(publish=False)
    way.save(lesson, desk["saran"])
    page = way.again(lesson).get_latest_revision_as_object()
    page.body[0].value["heading"] = "第一章"
    page.save_revision()
    home = sign_in(desk["bayar"]).get("/cms/").content.decode()
    assert "没有等您签的译文" in home
    assert "待更新的译文（1）" in home
    assert (
        "待更新：中文已改" in row_of(sign_in(desk["bayar"]), lesson, way.block(lesson)).get_text()
    )


def test_it_is_taken_off_the_page_with_one_press(desk, lesson, sign_in):
    way.signed(lesson, desk)
    press(sign_in(desk["bayar"]), lesson, way.block(lesson), "withdraw")
    assert way.WORD not in sign_in(desk["bayar"]).get(lesson.get_url()).content.decode()


@pytest.mark.parametrize("who", ["boss", "editor"])
def test_who_does_not_read_it_writes_and_signs_nothing(who, desk, lesson, sign_in):
    twin = way.save(lesson, desk["saran"])
    client = sign_in(desk[who])
    assert not screen(client, lesson).find("button", {"name": "act"})
    url = reverse("twins:act", args=[lesson.pk, way.block(lesson)])
    for act in ("save", "sign", "withdraw"):
        client.post(url, {"act": act, "seen": twin.unit.hash, "text": way.MORE})
    assert BlockTwin.objects.get().fields["text"] == way.WORD
    assert BlockTwin.objects.get().holding() == []
    assert "等我签的译文" not in client.get("/cms/").content.decode()


def test_who_does_not_work_at_the_desk_sees_nothing_of_it(desk, lesson, sign_in):
    client = sign_in(make.a_member("其其格").user)
    assert client.get(reverse("twins:overview")).status_code in (302, 404)
    assert client.get(reverse("twins:lesson", args=[lesson.pk])).status_code in (302, 404)


def test_what_nobody_can_press_does_nothing(desk, lesson, sign_in):
    url = reverse("twins:act", args=[lesson.pk, way.block(lesson)])
    assert sign_in(desk["saran"]).post(url, {"act": "publish"}).status_code == 404


@pytest.mark.parametrize("act", ["save", "sign", "withdraw"])
def test_no_block_has_a_sign_in_its_name_that_is_never_stored(act, desk, lesson, sign_in):
    url = f"/cms/twins/{lesson.pk}/x%00y/"
    assert sign_in(desk["saran"]).post(url, {"act": act}).status_code == 404


def test_the_screen_costs_few_queries(desk, lesson, sign_in, django_assert_max_num_queries):
    for number in range(4):
        way.signed(lesson, desk, way.block(lesson, number))
    client = sign_in(desk["saran"])
    screen(client, lesson)
    with django_assert_max_num_queries(28):
        screen(client, lesson)


def test_the_overview_counts_for_every_lesson(desk, lesson, sign_in, django_assert_max_num_queries):
    way.signed(lesson, desk)
    way.save(lesson, desk["saran"], way.block(lesson, 2))
    client = sign_in(desk["bayar"])
    text = client.get(reverse("twins:overview")).content.decode()
    assert "1 段" in text
    for number in range(5):
        make.a_lesson(title=f"课{number}")
    with django_assert_max_num_queries(30):
        client.get(reverse("twins:overview"))
