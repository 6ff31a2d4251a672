"""The fixed pages and the address under which they are served."""

import pytest
from django.core.management import call_command
from wagtail.models import Page, Site

from content import fixed_pages
from content.models import CourseIndexPage, HomePage, LessonPage, SiteIndexPage
from content.starter_lessons import load_starter_drafts
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://study.example", "http://study.example"),
        ("https://study.example", "https://study.example"),
    ],
)
def test_lessons_are_at_the_address_that_is_put(address, root):
    lesson = make.a_lesson()
    fixed_pages.put_address(address)
    assert lesson.get_full_url().startswith(f"{root}/courses/")


def test_fixed_pages_are_made_once():
    before = make.a_tree()
    assert make.a_tree() == before
    assert Site.objects.get().root_page.specific == before.home


def _as_wagtail_leaves_it():
    """The pages of an empty database before any of ours."""
    Site.objects.all().delete()
    for page in HomePage.objects.all():
        page.delete()
    welcome = Page(title="Welcome to your new Wagtail site!", slug="home")
    Page.get_first_root_node().add_child(instance=welcome)
    Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)


def test_an_empty_database_has_our_pages_and_not_wagtails(client):
    _as_wagtail_leaves_it()
    call_command("migrate", verbosity=0)
    for path in ("/", "/courses/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "还没有课" in answer.content.decode()
    assert "Wagtail" not in client.get("/").content.decode()
    assert client.get("/sites/").status_code == 200
    assert Page.objects.filter(depth=2).count() == 1


def test_migrating_again_doubles_nothing_and_keeps_what_editors_named():
    tree = make.a_tree()
    tree.home.title = "扎鲁特旗"
    tree.home.save()
    make.a_lesson()
    before = list(Page.objects.order_by("path").values_list("path", "title"))
    call_command("migrate", verbosity=0)
    assert list(Page.objects.order_by("path").values_list("path", "title")) == before
    assert CourseIndexPage.objects.count() == SiteIndexPage.objects.count() == 1


@pytest.mark.slow
def test_starter_lessons_come_as_drafts_once(client):
    tree, admin = make.a_tree(), make.a_user("admin")
    assert load_starter_drafts(tree, admin) == 20
    assert not LessonPage.objects.live().exists()
    first = LessonPage.objects.first()
    assert (first.owner, first.latest_revision.user) == (admin, admin)
    assert client.get(first.url).status_code == 404
    first.title = "改过的题目"
    first.save_revision().publish()
    assert load_starter_drafts(tree, admin) == 0
    assert LessonPage.objects.live().get().title == "改过的题目"
