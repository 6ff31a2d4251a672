"""Whoever publishes, and by whatever door: a page goes live whole, or not at all."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from content import catalogue, lesson_files
from content.models import LessonPage, PageProblem
from content.signals import lesson_published, lesson_withdrawn
from content.tasks import publish_scheduled
from tests.dying_receivers import dying
from tests.factories import a_course, a_lesson, a_user, bearer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # many inputs, one rule

LESSONS = "content/starter/lessons"
A_MINUTE = timedelta(minutes=1)


def scheduled(page, *, title=""):
    """An approved publication of the page whose hour has come."""
    page.title = title or page.title
    page.go_live_at = timezone.now() + A_MINUTE
    revision = page.save_revision()
    revision.publish()
    page.revisions.filter(pk=revision.pk).update(approved_go_live_at=timezone.now() - A_MINUTE)
    content = revision.content | {"go_live_at": (timezone.now() - A_MINUTE).isoformat()}
    page.revisions.filter(pk=revision.pk).update(content=content)
    return page


def overdue(page):
    LessonPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - A_MINUTE)
    return page


def is_live(page):
    return Page.objects.get(pk=page.pk).live


@pytest.fixture
def boss(client):
    user = a_user("boss", is_superuser=True)
    client.force_login(user)
    return user


def by_action(page, client, user):
    page.save_revision().publish()


def by_schedule(page, client, user):
    scheduled(page)
    publish_scheduled()


def by_command(page, client, user):
    scheduled(page)
    call_command("publish_scheduled")


def by_content_api(page, client, user):
    page.save_revision()
    url = reverse("wagtailapi_v3:pages_actions_publish", args=[page.pk])
    client.post(url, "{}", content_type="application/json", headers=bearer(user))


def by_content_api_edit(page, client, user):
    url = reverse("wagtailapi_v3:update_page", args=[page.pk])
    data = {"meta": {"type": "content.LessonPage", "action": "publish"}, "title": "改过"}
    client.patch(url, json.dumps(data), content_type="application/json", headers=bearer(user))


def by_bulk(page, client, user):
    page.save_revision()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{url}?id={page.pk}", {"next": "/cms/"})


DOORS = [by_action, by_schedule, by_command, by_content_api, by_content_api_edit, by_bulk]


@pytest.mark.parametrize("publish", DOORS)
def test_a_dying_receiver_leaves_nothing_live(publish, client, boss):
    page = a_lesson(publish=False)
    client.raise_request_exception = False
    with dying(lesson_published), suppress(RuntimeError):
        publish(page, client, boss)
    assert not is_live(page)
    assert catalogue.current_revisions([page.lesson_key]) == {}


@pytest.mark.parametrize("publish", DOORS)
def test_every_door_publishes(publish, client, boss):
    page = a_lesson(publish=False)
    publish(page, client, boss)
    assert is_live(page)
    assert catalogue.current_revisions([page.lesson_key]) == {page.lesson_key: 1}


def test_a_lesson_corrected_from_its_file_is_corrected_whole_or_not_at_all():
    course, path = a_course(), min((settings.BASE_DIR / LESSONS).glob("*.toml"))
    key = lesson_files.load_lesson(course, path)
    before = LessonPage.objects.get(translation_key=key).title
    with dying(lesson_published), pytest.raises(RuntimeError):
        lesson_files.load_lesson(course, path, instead=(before, "改过的题目"))
    assert LessonPage.objects.get(translation_key=key).title == before


def test_a_page_taken_down_before_a_dying_receiver_stays_up():
    page = a_lesson()
    with dying(lesson_withdrawn), pytest.raises(RuntimeError):
        page.unpublish()
    assert is_live(page)


def test_a_page_whose_address_was_taken_meanwhile_stops_neither_others_nor_expiry():
    course = a_course()
    bad, good = (scheduled(a_lesson(course, publish=False)) for _ in range(2))
    old = overdue(a_lesson(course))
    taken = a_lesson(course, slug="taken")
    draft = bad.revisions.get(approved_go_live_at__isnull=False)
    bad.revisions.filter(pk=draft.pk).update(content=draft.content | {"slug": taken.slug})
    publish_scheduled()
    assert [is_live(page) for page in (bad, good, old)] == [False, True, False]


def test_a_page_that_cannot_be_taken_down_stops_neither_others_nor_publication():
    stuck, old = overdue(a_lesson()), overdue(a_lesson())
    new = scheduled(a_lesson(publish=False))
    with dying(lesson_withdrawn, only=stuck.lesson_key):
        publish_scheduled()
    assert [is_live(page) for page in (stuck, old, new)] == [True, False, True]


def test_the_editor_is_told_on_the_first_page_of_the_desk_until_it_went_well(client, boss):
    page = scheduled(a_lesson(publish=False), title="遵义会议的三天")
    with dying(lesson_published):
        publish_scheduled()
        publish_scheduled()
    desk = client.get("/cms/").content.decode()
    assert "遵义会议的三天" in desk
    assert "定时发布没有成功" in desk
    assert PageProblem.objects.count() == 1
    publish_scheduled()
    assert is_live(page)
    assert "定时发布没有成功" not in client.get("/cms/").content.decode()


def test_the_editor_is_told_what_is_wrong_with_the_page(client, boss):
    page = scheduled(a_lesson(publish=False))
    taken = a_lesson(slug="taken")
    draft = page.revisions.get(approved_go_live_at__isnull=False)
    page.revisions.filter(pk=draft.pk).update(content=draft.content | {"slug": taken.slug})
    publish_scheduled()
    assert "taken" in PageProblem.objects.get().detail


def test_what_is_no_longer_planned_is_no_longer_a_problem():
    page = scheduled(a_lesson(publish=False))
    with dying(lesson_published):
        publish_scheduled()
    page.revisions.update(approved_go_live_at=None)
    publish_scheduled()
    assert PageProblem.objects.count() == 0


# The content API changes what it says it changes -------------------------------------------------
def patch(client, user, page, **fields):
    url = reverse("wagtailapi_v3:update_page", args=[page.pk])
    data = {"meta": {"type": "content.LessonPage", "action": "publish"}, **fields}
    return client.patch(
        url, json.dumps(data), content_type="application/json", headers=bearer(user)
    )


def test_a_summary_sent_to_the_content_api_is_stored_and_published(client, boss):
    page = a_lesson()
    answer = patch(client, boss, page, summary="四天的会。", minutes=7)
    assert answer.status_code == 200, answer.content
    card = catalogue.lesson(page.lesson_key)
    assert (card.summary, card.minutes, card.revision) == ("四天的会。", 7, 2)


@pytest.mark.parametrize("fields", [{"body": []}, {"sumary": "字打错了"}, {"cover": 1}])
def test_what_the_content_api_cannot_change_is_refused_and_nothing_is_changed(fields, client, boss):
    page = a_lesson()
    answer = patch(client, boss, page, title="不该改", **fields)
    assert answer.status_code == 422
    assert next(iter(fields)) in answer.json()["detail"]
    assert LessonPage.objects.get(pk=page.pk).title == page.title
    assert catalogue.lesson(page.lesson_key).revision == 1


def test_a_summary_that_is_too_long_is_refused_by_the_content_api(client, boss):
    page = a_lesson()
    assert patch(client, boss, page, summary="长" * 121).status_code == 422
    assert patch(client, boss, page, change_kind="fact").status_code == 422
    assert catalogue.lesson(page.lesson_key).revision == 1


def test_who_shows_no_token_is_not_told_what_the_content_api_knows(client):
    page = a_lesson()
    url = reverse("wagtailapi_v3:update_page", args=[page.pk])
    answer = client.patch(url, json.dumps({"x": 1}), content_type="application/json")
    assert answer.status_code == 401


# Several at once at the desk ---------------------------------------------------------------------
def bulk(client, action, *pages):
    ids = "&".join(f"id={page.pk}" for page in pages)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    answer = client.post(f"{url}?{ids}", {"next": "/cms/"}, follow=True)
    return " ".join(map(str, answer.context["messages"]))


def test_of_several_published_at_once_one_that_fails_stops_no_other(client, boss):
    bad, good = a_lesson(publish=False, title="坏了的课"), a_lesson(publish=False)
    for page in (bad, good):
        page.save_revision()
    with dying(lesson_published, only=bad.lesson_key):
        told = bulk(client, "publish", bad, good)
    assert [is_live(page) for page in (bad, good)] == [False, True]
    assert "《坏了的课》没有发布" in told


def test_of_several_taken_down_at_once_one_that_fails_stops_no_other(client, boss):
    bad, good = a_lesson(title="坏了的课"), a_lesson()
    with dying(lesson_withdrawn, only=bad.lesson_key):
        told = bulk(client, "unpublish", bad, good)
    assert [is_live(page) for page in (bad, good)] == [True, False]
    assert "《坏了的课》没有取消发布" in told


def test_several_that_go_well_are_told_in_one_word(client, boss):
    pages = [a_lesson(publish=False) for _ in range(2)]
    for page in pages:
        page.save_revision()
    assert "2" in bulk(client, "publish", *pages)
    assert all(map(is_live, pages))
