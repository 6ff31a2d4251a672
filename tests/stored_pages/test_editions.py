"""No reader ever sees a page that is older than what was committed."""

import threading

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.models import Collection, Page, PageViewRestriction, Site

from studyhub.organisation.models import Organisation
from studyhub.stored_pages import filling
from studyhub.stored_pages.changes import tell_change
from studyhub.stored_pages.models import Edition, PageChange, StoredPage
from tests import factories as make
from tests.web.factories import a_picture, a_sound, block

LESSON = "/courses/changzheng/zunyi/"


def publish(page, **fields):
    page = page.specific_class.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


class Edits:
    """One of each kind of thing an editor or operator does that readers can see."""

    def __init__(self, lesson, site):
        self.lesson, self.site, self.count = lesson, site, 0
        self.course_id = lesson.get_parent().pk

    def _course(self):
        return Page.objects.get(pk=self.course_id).specific

    def word(self):
        self.count += 1
        return f"改{self.count}"

    def correct(self):
        publish(self.lesson, title=self.word())

    def correct_the_course(self):
        publish(self._course(), title=self.word())

    def correct_the_site(self):
        publish(self.site, town=self.word())

    def put_in_sound_and_picture(self):
        body = [make.section(self.word()), block("audio", self._sound())]
        page = type(self.lesson).objects.get(pk=self.lesson.pk)
        page.cover = a_picture()
        publish(page, body=page.body.stream_block.to_python(body), cover=page.cover)

    def _sound(self):
        return {"media": a_sound().pk, "title": "听", "voice": "machine", "transcript": "那年。"}

    def add_a_lesson(self):
        make.a_lesson(self._course(), slug=f"new-{self.count}-{self.word()[1:]}")

    def withdraw(self):
        Page.objects.get(pk=self.lesson.pk).specific.unpublish()

    def close(self):
        page = Page.objects.get(pk=self.lesson.pk)
        PageViewRestriction.objects.create(page=page, restriction_type="password", password="x")

    def open(self):
        self.close()
        for one in PageViewRestriction.objects.all():
            one.delete()

    def move(self):
        other = make.a_course(slug=f"other-{self.word()[1:]}", title="别的")
        Page.objects.get(pk=self.lesson.pk).move(Page.objects.get(pk=other.pk), pos="last-child")

    def readdress_the_course(self):
        publish(self._course(), slug=f"course-{self.word()[1:]}")

    def teach_a_word(self):
        make.a_reading(f"会议{self.word()}", "huì yì gǎi")

    def name_the_organisation(self):
        whose = Organisation.objects.first() or Organisation(pk=1)
        whose.name = self.word()
        whose.save()

    def readdress_the_site(self):
        one = Site.objects.get(is_default_site=True)
        one.site_name = self.word()
        one.save()

    def rename_a_recording(self):
        media = a_sound()
        media.title = self.word()
        media.save()

    def delete(self):
        make.a_lesson(self._course(), slug=f"short-{self.word()[1:]}").delete()


KINDS = sorted(name for name in vars(Edits) if not name.startswith("_") and name != "word")


def answers(client, fresh):
    """What is answered and what would be rendered, by address; the bytes of what is everybody's."""
    told = {address: client.get(address) for address in filling.addresses()}
    now = {address: fresh(address) for address in told}
    return tuple({a: _compared(answer) for a, answer in some.items()} for some in (told, now))


def _compared(answer):
    for_everybody = "public" in answer["Cache-Control"]
    return answer.status_code, answer.content if for_everybody else None


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(kinds=st.lists(st.sampled_from([*KINDS, "refill", "refill"]), min_size=3, max_size=6))
def test_after_any_edits_each_answer_is_what_would_be_rendered(
    stored, lesson, site, client, fresh, kinds
):
    """With some copies of the edition before, and with all of the next one."""
    with transaction.atomic():
        edits = Edits(lesson, site)
        for kind in kinds:
            if kind == "refill":
                assert filling.refill()
                continue
            getattr(edits, kind)()
            told, now = answers(client, fresh)
            assert told == now
        assert filling.refill()
        told, now = answers(client, fresh)
        assert told == now
        transaction.set_rollback(True)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_edit_is_told(stored, lesson, site, kind):
    edition = Edition.current()
    assert edition.holds()
    getattr(Edits(lesson, site), kind)()
    assert not edition.holds()


@pytest.mark.django_db(transaction=True)
def test_a_row_and_the_word_of_it_are_committed_together(settings, monkeypatch):
    """Also where nobody began a transaction; between the two a process may die."""
    make.a_tree()
    Collection.objects.exists() or Collection.add_root(name="Root")
    image = a_picture()
    monkeypatch.setattr(PageChange.objects, "create", _dies)
    image.title = "after"
    with pytest.raises(ConnectionError):
        image.save()
    assert type(image).objects.get(pk=image.pk).title != "after"


def _dies(**kwargs):
    raise ConnectionError


def test_a_page_with_a_very_long_address_holds_up_no_other(stored, course, client):
    course.slug = "c" * 250
    course.save_revision().publish()
    page = make.a_lesson(type(course).objects.get(pk=course.pk), slug="l" * 250)
    assert filling.refill()
    assert client.get(page.get_url()).status_code == 200


def test_a_draft_is_no_news(stored, lesson):
    page = type(lesson).objects.get(pk=lesson.pk)
    page.title = "还在写"
    page.save_revision()
    assert Edition.current().holds()


def test_a_copy_rendered_before_a_change_is_never_shown(stored, client):
    """The change comes while a worker renders; the worker stores what it has made of before."""
    edition = Edition.current()
    tell_change()
    filling._store(edition, LESSON, filling.Rendered("旧".encode(), {"Cache-Control": "public"}))
    assert "旧" not in client.get(LESSON).content.decode()
    assert filling.refill()
    assert "旧" not in client.get(LESSON).content.decode()


def test_a_late_worker_overwrites_nothing_of_a_later_edition(stored, client):
    late = Edition.current()
    tell_change()
    filling.refill()
    before = client.get(LESSON).content
    filling._store(late, LESSON, filling.Rendered(b"late", {"Cache-Control": "public"}))
    filling._fill(late)
    assert StoredPage.objects.filter(edition=Edition.current().number).count() > 5
    assert client.get(LESSON).content == before


def test_a_process_forgets_what_another_has_changed(stored, client, fresh, qiqige):
    """What it remembers of the organisation would be put into the next page."""
    Organisation.objects.update_or_create(pk=1, defaults={"name": "甲单位"})
    Organisation.current()
    Organisation.objects.update(name="乙单位")  # as from elsewhere: this process hears nothing
    PageChange.objects.create()
    assert "乙单位" in client.get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_writers_never_wait_for_each_other_and_no_commit_is_missed(settings, client):
    """Two transactions in flight; the one that began first commits last."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nothing to race")
    settings.STORED_PAGES, settings.CELERY_TASK_ALWAYS_EAGER = True, False
    make.a_lesson(slug="zunyi")
    first_told, second_done = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                PageChange.objects.create()
                first_told.set()
                assert second_done.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert first_told.wait(10)
    PageChange.objects.create()  # a second one, committed before the first
    assert filling.refill()
    edition = Edition.current()
    assert edition.holds()
    second_done.set()
    thread.join()
    assert not edition.holds()
    assert filling.refill()
