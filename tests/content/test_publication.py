"""Others hear of a lesson once it is whole: with its revision, in the same transaction."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone
from wagtail.models import PageViewRestriction

from content import catalogue
from content.models import CoursePage, LessonPage
from content.signals import Withdrawal, lesson_moved, lesson_published, lesson_withdrawn
from tests.factories import a_course, a_lesson, publish_page

pytestmark = pytest.mark.django_db


@contextmanager
def heard(signal):
    """What the signal said meanwhile."""
    told = []

    def hear(signal, sender, **said):
        told.append(said)

    signal.connect(hear)
    try:
        yield told
    finally:
        signal.disconnect(hear)


def test_a_published_lesson_is_told_with_the_revision_that_is_stored():
    with heard(lesson_published) as told:
        page = a_lesson()
    [said] = told
    assert (said["lesson_key"], said["revision"]) == (page.lesson_key, 1)
    assert said["course"] == page.get_parent().slug


def test_a_corrected_lesson_is_told_with_its_new_revision():
    page = a_lesson()
    page.title = "遵义会议（改）"
    with heard(lesson_published) as told:
        publish_page(page)
    assert [said["revision"] for said in told] == [2]


def planned(page):
    page.go_live_at = timezone.now() + timedelta(days=1)
    page.save_revision().publish()
    return page


def test_a_lesson_that_is_only_planned_is_told_to_nobody_and_has_no_revision():
    with everything_told() as told:
        page = planned(a_lesson(publish=False))
    assert counts(told) == {}
    assert catalogue.current_revisions([page.lesson_key]) == {}
    assert catalogue.search("遵义") == []


def test_a_correction_that_is_planned_leaves_the_lesson_as_it_is():
    page = a_lesson()
    page.title = "遵义会议（改）"
    with everything_told() as told:
        planned(page)
    assert counts(told) == {}
    assert catalogue.lesson(page.lesson_key).title == "遵义会议"


def test_a_lesson_that_planning_takes_down_is_told_to_be_down():
    page = a_lesson()
    LessonPage.objects.filter(pk=page.pk).update(live_revision=None)
    with everything_told() as told:
        planned(LessonPage.objects.get(pk=page.pk))
    assert counts(told) == {"withdrawn": 1}


def test_a_page_that_is_no_lesson_is_not_told():
    with heard(lesson_published) as told:
        a_course().save_revision().publish()
    assert told == []


def test_who_hears_it_and_fails_fails_the_publication():
    page = a_lesson(publish=False)

    def fail(**said):
        raise RuntimeError

    lesson_published.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            page.save_revision().publish()
    finally:
        lesson_published.disconnect(fail)
    assert catalogue.current_revisions([page.lesson_key]) == {}


def test_an_outline_read_in_a_publication_that_failed_is_forgotten():
    page = a_lesson(publish=False)

    def read_and_fail(lesson_key, **said):
        catalogue.outline(lesson_key)
        raise RuntimeError

    lesson_published.connect(read_and_fail)
    try:
        with pytest.raises(RuntimeError):
            page.save_revision().publish()
    finally:
        lesson_published.disconnect(read_and_fail)
    page.title = "瓦窑堡会议"
    assert catalogue.outline(publish_page(page).lesson_key).title == "瓦窑堡会议"


def test_a_lesson_taken_down_is_told_with_the_reason():
    page = a_lesson()
    with heard(lesson_withdrawn) as told:
        page.unpublish()
    assert [(said["lesson_key"], said["why"]) for said in told] == [
        (page.lesson_key, Withdrawal.UNPUBLISHED)
    ]


def test_a_lesson_whose_time_is_over_is_told_to_have_expired():
    page = a_lesson()
    with heard(lesson_withdrawn) as told:
        page.unpublish(set_expired=True)
    assert [said["why"] for said in told] == [Withdrawal.EXPIRED]


def test_a_deleted_lesson_is_told_once_and_a_deleted_draft_never():
    page, draft = a_lesson(), a_lesson(publish=False)
    with heard(lesson_withdrawn) as told:
        page.delete()
        draft.delete()
    assert [(said["lesson_key"], said["why"]) for said in told] == [
        (page.lesson_key, Withdrawal.DELETED)
    ]


def test_a_course_that_is_deleted_tells_of_its_lessons():
    page = a_lesson()
    with heard(lesson_withdrawn) as told:
        page.get_parent().delete()
    assert [said["lesson_key"] for said in told] == [page.lesson_key]


def test_only_content_listens_to_wagtail_about_lessons():
    """So the order of the apps does not matter, and nobody guesses whether a page is a lesson."""
    from wagtail.signals import page_published, page_unpublished

    ours = tuple(
        f"{config.name}." for config in apps.get_app_configs() if config.name.startswith("studyhub")
    )
    for signal in (page_published, page_unpublished):
        for _, receiver, *_ in signal.receivers:
            function = receiver() if callable(receiver) else receiver
            assert not (getattr(function, "__module__", "") or "").startswith(ours)
    assert LessonPage.objects.count() == 0


def test_a_copy_and_a_mirror_of_a_lesson_are_told_with_revisions_of_their_own():
    page, course = a_lesson(), a_course(slug="other")
    with everything_told() as told:
        copy = page.copy(to=course, update_attrs={"slug": "copy"})
        mirror = page.create_alias(parent=CoursePage.objects.get(pk=course.pk))
    assert {said["lesson_key"] for said in told["published"]} == {
        copy.translation_key,
        mirror.translation_key,
    }
    assert counts(told) == {"published": 2}
    assert catalogue.is_open(mirror.translation_key)
    with everything_told() as told:
        LessonPage.objects.get(pk=page.pk).unpublish()
    assert {said["lesson_key"] for said in told["withdrawn"]} == {
        page.lesson_key,
        mirror.translation_key,
    }
    assert catalogue.is_open(copy.translation_key)


# Open and closed, whatever did it ----------------------------------------------------------------
def close(page):
    return PageViewRestriction.objects.create(page=page, restriction_type="login")


@contextmanager
def everything_told():
    with heard(lesson_published) as up, heard(lesson_withdrawn) as down, heard(lesson_moved) as on:
        yield {"published": up, "withdrawn": down, "moved": on}


def counts(told):
    return {name: len(said) for name, said in told.items() if said}


@pytest.mark.parametrize("above", [False, True])
def test_a_restriction_on_it_or_above_it_takes_a_lesson_down_and_lifting_it_puts_it_up(above):
    page = a_lesson()
    other = a_lesson(a_course(slug="other"))
    with everything_told() as told:
        restriction = close(page.get_parent() if above else page)
    assert counts(told) == {"withdrawn": 1}
    [said] = told["withdrawn"]
    assert (said["lesson_key"], said["why"]) == (page.lesson_key, Withdrawal.CLOSED)
    assert [hit.card.lesson_key for hit in catalogue.search("遵义")] == [other.lesson_key]
    with everything_told() as told:
        restriction.delete()
    assert counts(told) == {"published": 1}
    assert told["published"][0]["revision"] == 1
    assert catalogue.is_open(page.lesson_key)


def test_a_second_restriction_is_no_news():
    page = a_lesson()
    close(page)
    with everything_told() as told:
        close(page.get_parent())
    assert counts(told) == {}


def test_what_is_published_behind_a_restriction_is_told_when_it_is_lifted():
    page = a_lesson(publish=False)
    restriction = close(page.get_parent())
    with everything_told() as told:
        publish_page(page)
    assert counts(told) == {}
    assert catalogue.current_revisions([page.lesson_key]) == {page.lesson_key: 1}
    with everything_told() as told:
        restriction.delete()
    assert counts(told) == {"published": 1}


def test_a_lesson_that_is_moved_is_told_with_its_new_course():
    page, course = a_lesson(), a_course(slug="other")
    with everything_told() as told:
        page.move(course, pos="last-child")
    assert counts(told) == {"moved": 1}
    assert told["moved"][0]["course"] == "other"


def test_a_lesson_that_is_moved_behind_a_restriction_is_taken_down_and_back_is_put_up():
    page, course = a_lesson(), a_course(slug="other")
    before = page.get_parent()
    close(course)
    with everything_told() as told:
        page.move(course, pos="last-child")
    assert counts(told) == {"withdrawn": 1}
    with everything_told() as told:
        back = CoursePage.objects.get(pk=before.pk)
        LessonPage.objects.get(pk=page.pk).move(back, pos="last-child")
    assert counts(told) == {"published": 1}


def test_another_address_of_a_course_is_told_for_each_of_its_lessons(
    django_capture_on_commit_callbacks,
):
    course = a_course()
    lessons = {a_lesson(course).lesson_key for _ in range(2)}
    a_lesson(course, publish=False)
    with everything_told() as told, django_capture_on_commit_callbacks(execute=True):
        course = CoursePage.objects.get(pk=course.pk)
        course.slug = "renamed"
        course.save()
    assert {said["lesson_key"] for said in told["moved"]} == lessons


def test_nobody_but_content_listens_to_where_pages_stand_and_who_may_see_them():
    from wagtail.signals import page_slug_changed, post_page_move

    for signal in (page_slug_changed, post_page_move):
        for _, receiver, *_ in signal.receivers:
            function = receiver() if callable(receiver) else receiver
            assert not (getattr(function, "__module__", "") or "").startswith("studyhub.")
