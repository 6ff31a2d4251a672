"""A publication stays, whoever else was writing the page at that moment."""

from threading import Thread
from time import monotonic

import pytest
from django.db import connection
from django.test import Client
from wagtail import hooks

from studyhub.core.errors import Conflict
from tests.content.desk import lesson_form
from tests.factories import a_course, a_lesson, a_user


def as_another_reads_it(page):
    return type(page).objects.get(pk=page.pk)


def is_live(page):
    return type(page).objects.filter(pk=page.pk, live=True).exists()


@pytest.mark.django_db
def test_a_draft_read_before_the_publication_does_not_take_the_page_down():
    page = a_lesson(publish=False)
    late = as_another_reads_it(page)
    page.save_revision().publish()
    with pytest.raises(Conflict):
        late.save()
    assert is_live(page)


@pytest.mark.django_db
def test_a_page_read_before_it_was_taken_down_does_not_come_back():
    page = a_lesson()
    late = as_another_reads_it(page)
    page.unpublish()
    with pytest.raises(Conflict):
        late.save()
    assert not is_live(page)


@pytest.mark.django_db
def test_every_kind_of_page_keeps_its_state():
    course = a_course()
    late = as_another_reads_it(course)
    course.unpublish()
    with pytest.raises(Conflict):
        late.save()


@pytest.mark.django_db
def test_who_publishes_or_takes_down_on_purpose_goes_through():
    page = a_lesson(publish=False)
    other = as_another_reads_it(page)
    page.save_revision().publish()
    other.save_revision().publish()
    assert is_live(page)
    page.refresh_from_db()
    page.unpublish()
    page.refresh_from_db()
    page.title = "改了题目"
    page.save()
    assert not is_live(page)


@pytest.fixture
def press():
    """A press in the editor's form of a page that she has open twice."""
    user = a_user("gaowa", is_superuser=True)

    def _press(page, **button):
        desk = Client()
        desk.force_login(user)
        form = lesson_form(page, text="<p>会开了三天。</p>", **button)
        return desk.post(f"/cms/pages/{page.pk}/edit/", form)

    return _press


SOMEBODY_WAITS = """
    SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE NOT granted AND datname = current_database()
"""


def wait_until_done_or_waiting(thread):
    deadline = monotonic() + 30
    with connection.cursor() as cursor:
        while thread.is_alive() and monotonic() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(SOMEBODY_WAITS)
            if cursor.fetchone():
                return


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_being_saved_does_not_undo_the_press_on_publish(press):
    """The editor's page saves by itself; meanwhile the press on 发布 arrives."""
    page = a_lesson(publish=False)

    def publish():
        press(page, **{"action-publish": "1"})
        connection.close()

    thread = Thread(target=publish)

    def meanwhile(request, page):
        if "action-publish" not in request.POST:
            thread.start()
            wait_until_done_or_waiting(thread)

    with hooks.register_temporarily("before_edit_page", meanwhile):
        press(page)
        thread.join()
    assert is_live(page)


@pytest.mark.django_db
def test_a_conflict_is_told_and_undoes_the_press(press, client):
    page = a_lesson(publish=False)

    def meanwhile(request, page):
        as_another_reads_it(page).save_revision().publish()

    with hooks.register_temporarily("before_edit_page", meanwhile):
        answer = press(page)
    assert (answer.status_code, answer.url) == (302, f"/cms/pages/{page.pk}/edit/")
    [told] = answer.wsgi_request._messages
    assert "没有保存" in str(told)
