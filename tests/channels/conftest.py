"""People, lessons and a platform for the tests of channels."""

from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from wagtail.models import Page, Site

from content.models import CourseIndexPage, CoursePage, HomePage, LessonPage
from tests.channels import world
from tests.channels.factories import AccountFactory


@pytest.fixture(autouse=True)
def _no_waiting(settings):
    world.stop_waiting(settings)


@pytest.fixture(autouse=True)
def _sandbox_instead_of_network(settings, monkeypatch, one_connection):
    world.reach_sandbox(settings, monkeypatch)


@pytest.fixture
def wechat(db):
    """Our WeChat account."""
    return AccountFactory()


@pytest.fixture
def plain_wechat(db):
    """The same without a card of ours in its articles."""
    return AccountFactory(look={"card": False})


@pytest.fixture
def toutiao(db):
    """Our account where a person posts."""
    return AccountFactory(manual=True)


@pytest.fixture
def platform(db):
    """The same WeChat account as the platform sees it."""
    return world.platform_account()


@pytest.fixture
def publisher(db):
    """May send to channels."""
    user = get_user_model().objects.create_user(username="publisher", password="x" * 12)
    group, _ = Group.objects.get_or_create(name="publisher")
    group.permissions.add(
        Permission.objects.get(codename="send_delivery"),
        Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin"),
    )
    user.groups.add(group)
    return user


@pytest.fixture
def course(db):
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="指尖课堂", slug="home-test"))
    Site.objects.filter(is_default_site=True).update(root_page=home)
    Site.clear_site_root_paths_cache()
    index = home.add_child(instance=CourseIndexPage(title="课程", slug="courses"))
    return index.add_child(instance=CoursePage(title="长征", slug="long-march"))


@pytest.fixture
def make_lesson(course):
    def make(title="长征出发", body=None, **values):
        page = course.add_child(
            instance=LessonPage(
                title=title, slug=uuid4().hex[:8], summary="红军为什么出发", live=False, **values
            )
        )
        page.body = body or world.lesson_body()
        page.save_revision().publish()
        return LessonPage.objects.get(pk=page.pk)

    return make


@pytest.fixture
def lesson(make_lesson):
    return make_lesson()
