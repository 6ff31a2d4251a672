"""Every way to put a page before readers: unsigned, none goes; signed, the ordinary ones do."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from content.models import HeritageSitePage, LessonPage, PageProblem
from content.schedule import publish_and_expire
from studyhub.core.errors import Conflict
from tests import factories as make
from tests.content.desk import lesson_form
from tests.content.reviews import pieces as way
from tests.web.factories import a_picture, a_sound, block

pytestmark = pytest.mark.django_db


class Door:
    """One caller of Wagtail's own doors, by session and by token."""

    def __init__(self, client, user):
        self.client, self.user = client, user
        client.force_login(user)
        self.headers = make.bearer(user)

    def api(self, name, page, body=None, method="post"):
        address = reverse(f"wagtailapi_v3:{name}", args=[page.pk] if page else [])
        send = getattr(self.client, method)
        return send(address, json.dumps(body or {}), "application/json", headers=self.headers)

    def act(self, name, page, body=None):
        return self.api(f"pages_actions_{name}", page, body)

    def button(self, page, **more):
        form = form_of(page, **{"action-publish": "1", **more})
        return self.client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)


def form_of(page, **more):
    """What an editor's browser sends of a page of any kind, with words of its own."""
    if isinstance(page, LessonPage):
        return lesson_form(page, text="改过的正文。", **more)
    fields = {"title": "改过的题目", "slug": page.slug, "summary": page.summary, **more}
    fields["comments"] = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}
    if isinstance(page, HeritageSitePage):
        fields["body"] = streamfield([("section", {"heading": "开会", "text": rich_text("改过")})])
    else:
        fields["category"] = page.category
    return nested_form_data(fields)


def by_button(door, page):
    return door.button(page)


def by_bulk(door, page):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return door.client.post(f"{url}?id={page.pk}", {"next": "/cms/"})


def by_bulk_of_the_course(door, page):
    course = page.get_parent()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    return door.client.post(f"{url}?id={course.pk}", {"next": "/cms/", "include_descendants": "on"})


def by_api(door, page):
    return door.act("publish", page)


def by_api_edit(door, page):
    kind = f"content.{type(page).__name__}"
    data = {"meta": {"type": kind, "action": "publish"}, "title": "改过"}
    return door.api("update_page", page, data, "patch")


def by_schedule(door, page):
    _plan(page)
    publish_and_expire()


def by_command(door, page):
    _plan(page)
    call_command("publish_scheduled")


def _plan(page):
    draft = way.again(page).get_latest_revision_as_object()
    revision = draft.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    assert revision.approved_go_live_at


def by_code(door, page):
    way.again(page).get_latest_revision().publish(user=door.user)


def by_code_of_nobody(door, page):
    way.again(page).get_latest_revision().publish()


def by_row(door, page):
    page = way.again(page)
    page.live = True
    page.save()


DOORS = [
    *(by_button, by_bulk, by_bulk_of_the_course, by_api, by_api_edit),
    *(by_schedule, by_command, by_code, by_code_of_nobody, by_row),
]


@pytest.mark.parametrize(
    ("kind", "who"),
    [("lesson", "publisher"), ("lesson", "boss"), ("site", "boss"), ("course", "boss")],
)
@pytest.mark.parametrize("publish", DOORS)
def test_unsigned_nothing_goes_live(publish, kind, who, desk, client):
    page = way.a_draft(desk["editor"], kind)
    with suppress(Exception):
        publish(Door(client, desk[who]), page)
    assert not way.again(page).live


@pytest.mark.parametrize("kind", [*way.KINDS])
@pytest.mark.parametrize("publish", [d for d in DOORS if d not in (by_button, by_api_edit)])
def test_signed_it_goes_live(publish, kind, desk, client):
    page = way.pass_all(way.a_draft(desk["editor"], kind), desk)
    publish(Door(client, desk["publisher"]), page)
    assert way.again(page).live


@pytest.mark.parametrize("kind", [*way.KINDS])
@pytest.mark.parametrize("publish", [d for d in DOORS if d is not by_row])
def test_a_draft_over_what_is_live_does_not_go_live_unsigned(publish, kind, desk, client):
    page = way.publish(way.pass_all(way.a_draft(desk["editor"], kind), desk))
    way.edit(page, desk["editor"], way.rename("改过的题目"))
    with suppress(Exception):
        publish(Door(client, desk["boss"]), page)
    assert way.again(page).title == page.title
    assert way.again(page).live


def test_a_press_too_early_keeps_the_words_and_says_why(desk, client):
    page = way.a_draft(desk["editor"])
    answer = Door(client, desk["publisher"]).button(page)
    assert answer.status_code == 302
    assert "改过的正文" in str(way.again(page).get_latest_revision_as_object().body)
    assert "没有审完" in client.get("/cms/").content.decode()


def test_words_changed_with_the_press_itself_are_kept_and_not_published(desk, client):
    """The right to publish was asked of the draft before; with the press comes another."""
    page = way.pass_all(way.a_draft(desk["editor"]), desk)
    Door(client, desk["publisher"]).button(page)
    assert not way.again(page).live
    assert "改过的正文" in str(way.again(page).get_latest_revision_as_object().body)


@pytest.mark.parametrize("publish", [by_api, by_api_edit])
def test_a_program_is_refused_in_words(publish, desk, client):
    page = way.a_draft(desk["editor"])
    answer = publish(Door(client, desk["boss"]), page)
    assert answer.status_code in (403, 409)
    assert any("一" <= sign <= "鿿" for sign in answer.json()["detail"])


@pytest.mark.parametrize("kind", [*way.KINDS])
@pytest.mark.parametrize(
    ("name", "body"),
    [("copy", {"keep_live": True, "slug": "copied"}), ("create_alias", {"slug": "alias"})],
)
def test_no_twin_of_a_live_page_goes_live(name, body, kind, desk, client):
    """It is another page, with a key of its own, and nobody signed that."""
    page = way.publish(way.pass_all(way.a_draft(desk["editor"], kind), desk))
    door = Door(client, desk["boss"])
    if name == "create_alias":
        body = {**body, "parent": page.get_parent().pk}
    client.raise_request_exception = False
    assert door.act(name, page, body).status_code in (403, 409, 422)
    assert list(type(page).objects.live()) == [page]


def test_a_new_lesson_is_not_made_live(desk, client):
    course = make.a_course()
    data = {
        "meta": {"type": "content.LessonPage", "action": "publish", "parent": course.pk},
        "title": "新课",
        "slug": "xin",
        "summary": "一句",
        "minutes": 5,
        "credit_hours": "0.25",
    }
    door = Door(client, desk["boss"])
    client.raise_request_exception = False
    assert door.api("create_page", None, data).status_code in (403, 409, 422)
    assert not LessonPage.objects.live().exists()


@pytest.mark.parametrize(("ticked", "copies"), [({}, [False]), ({"publish_copies": "on"}, [])])
def test_a_copy_at_the_desk_is_a_draft_or_refused(ticked, copies, desk, client):
    page = way.publish(way.pass_all(way.a_draft(desk["editor"]), desk))
    form = {"new_title": "抄来的", "new_slug": "copied", **ticked}
    form["new_parent_page"] = page.get_parent().pk
    Door(client, desk["boss"]).client.post(f"/cms/pages/{page.pk}/copy/", form)
    assert [one.live for one in LessonPage.objects.filter(slug="copied")] == copies


def test_an_older_revision_comes_back_as_a_draft_and_needs_no_new_signature(desk, client):
    """Its words were signed once, and are as they were."""
    page = way.publish(way.pass_all(way.a_draft(desk["editor"]), desk))
    first = page.latest_revision_id
    page = way.edit(page, desk["editor"], way.reword(1, "第二节改"))
    Door(client, desk["boss"]).act("revert", page, {"revision_id": first})
    way.publish(page)
    assert way.again(page).body[1].value["heading"] == "第二节"


def test_a_plan_over_an_edit_that_nobody_signed_is_told_and_holds_up_nobody(desk):
    """A revision planned before the edit that was made over it."""
    stuck = way.a_draft(desk["editor"])
    ready = way.pass_all(way.a_draft(desk["editor"]), desk)
    for page in (stuck, ready):
        _plan(page)
    publish_and_expire()
    assert way.again(ready).live
    problem = PageProblem.objects.get()
    assert problem.page_id == stuck.pk
    assert "没有审完" in problem.detail


def with_files(desk):
    picture = {"image": a_picture().pk, "alt": "山口", "caption": "", "source": "馆藏"}
    sound = {"media": a_sound().pk, "title": "讲述", "voice": "human", "transcript": "从前"}
    body = [
        *make.a_body(quiz=False),
        block("picture", {**picture, "licence": "自绘"}),
        block("audio", sound),
    ]
    page = way.a_draft(desk["editor"], body=body)
    return way.publish(way.pass_all(page, desk))


def file_of(page, kind):
    return next(child.value[kind] for child in page.body if kind in child.value)


@pytest.mark.parametrize("kind", ["image", "media"])
def test_the_file_of_a_live_lesson_is_not_put_in_anothers_place(kind, desk, indexed):
    field = file_of(with_files(desk), kind)
    with a_picture().file.open() as other:
        field.file = ContentFile(other.read(), name="other.png")
    with pytest.raises(Conflict, match="不能原地换文件"):
        field.save()


@pytest.mark.parametrize("kind", ["image", "media"])
def test_its_title_is_free(kind, desk):
    page = with_files(desk)
    field = file_of(page, kind)
    field.title = "别的名字"
    field.save()
    assert way.again(page).live
