"""The storyboard at the desk, as an editor presses it without scripts."""

import pytest

from content.models import Storyboard, VerticalVideo
from content.videos.plan import plan_of
from tests.factories import a_lesson, a_user, publish_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(a_user("boss", is_staff=True, is_superuser=True))
    return client


def press(client, page, act, **typed):
    form = {"version": plan_of(page).row.version, "act": act, **typed}
    return client.post(f"/cms/videos/{page.pk}/", form)


def test_words_order_and_what_is_left_out_are_kept(desk):
    page = a_lesson(quiz=False)
    first, second, third, *_ = [card.scene.id for card in plan_of(page).taken]
    assert press(desk, page, f"up:{third}", **{f"seconds-{third}": "9"}).status_code == 302
    press(desk, page, f"remove:{second}")
    plan = plan_of(page)
    assert [card.scene.id for card in plan.taken][:2] == [first, third]
    assert plan.taken[1].scene.seconds == 9
    press(desk, page, f"take:{second}")
    assert second in [card.scene.id for card in plan_of(page).taken]
    answer = desk.get(f"/cms/videos/{page.pk}/").content.decode()
    assert "用的是已经发布的第 1 版" in answer


def test_nothing_of_another_editor_is_written_over(desk):
    page = a_lesson(quiz=False)
    old = plan_of(page).row.version
    press(desk, page, "save")
    scene = plan_of(page).taken[-1].scene
    mine = {f"words-{scene.id}": "我写了半天的话。", "version": old, "act": "save"}
    answer = desk.post(f"/cms/videos/{page.pk}/", mine)
    assert answer.status_code == 422
    assert "没有存上：我写了半天的话。" in answer.content.decode()
    assert "别的同事改了这份分镜" in answer.content.decode()
    assert Storyboard.objects.get().version == old + 1


def test_free_words_wait_for_a_second_person(desk):
    page = a_lesson(quiz=False)
    scene = plan_of(page).taken[-1].scene
    press(desk, page, "save", **{f"words-{scene.id}": "这句课文里没有。"})
    assert "另一位同事先确认" in press(desk, page, "render").content.decode()
    free = plan_of(page).free_hash
    assert "自己写的要别的同事确认" in press(desk, page, "confirm", free=free).content.decode()
    desk.force_login(a_user("boss2", is_staff=True, is_superuser=True))
    assert press(desk, page, "confirm", free=free).status_code == 302
    assert press(desk, page, "render").status_code == 302
    assert VerticalVideo.objects.get().revision == 1
    state = desk.get(f"/cms/videos/{page.pk}/state/").json()
    assert (state["state"], state["done"]) == ("waiting", 0)


def test_edits_stay_and_what_the_lesson_changed_is_marked(desk):
    page = a_lesson(quiz=False)
    press(desk, page, "save")
    page.title = "另一个名字"
    plan = plan_of(publish_page(page))
    assert [card.lesson.kind for card in plan.cards if card.is_changed] == ["title"]
    press(desk, page, f"lesson:{plan.cards[0].scene.id}")
    assert plan_of(type(page).objects.get(pk=page.pk)).cards[0].scene.words == "另一个名字"


def test_a_still_is_drawn_and_strangers_see_nothing(desk, client):
    page = a_lesson(quiz=False)
    scene = plan_of(page).taken[0].scene
    answer = desk.get(f"/cms/videos/{page.pk}/scenes/{scene.id}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert desk.get(f"/cms/videos/{page.pk}/film.mp4").status_code == 404
    client.force_login(a_user("nobody"))
    assert client.get(f"/cms/videos/{page.pk}/").status_code in (302, 403)


def test_a_number_that_no_field_can_hold_is_none(desk):
    page = a_lesson(quiz=False)
    scene = plan_of(page).taken[-1].scene
    huge = {f"picture-{scene.id}": "9" * 5000, f"seconds-{scene.id}": "9" * 5000}
    assert press(desk, page, "save", **huge).status_code == 302
    desk.post(f"/cms/videos/{page.pk}/", {"version": "9" * 5000, "act": "save"})
