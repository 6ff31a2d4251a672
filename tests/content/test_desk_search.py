"""Editors find by any part of a title, on SQLite and PostgreSQL alike."""

import pytest
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # many inputs, one rule
TITLE = "红军不怕远征难：遵义 1935"
PARTS = ["红军", "不怕", "远征", "征难", "遵义", "难", "193", "远征 红军"]


@pytest.fixture
def desk(client):
    client.force_login(make.a_user("boss", is_superuser=True))
    return client


@pytest.fixture
def lesson():
    make.a_lesson(title="乌兰牧骑")
    return make.a_lesson(title=TITLE)


def titles(answer):
    return [page.title for page in answer.context["object_list"]]


@pytest.mark.parametrize("part", PARTS)
def test_a_page_is_found_by_any_part_of_its_title(desk, lesson, part):
    assert titles(desk.get(reverse("wagtailadmin_pages:search"), {"q": part})) == [TITLE]


@pytest.mark.parametrize("part", PARTS)
def test_so_it_is_below_its_course(desk, lesson, part):
    course = lesson.get_parent()
    answer = desk.get(reverse("wagtailadmin_explore", args=[course.pk]), {"q": part})
    assert titles(answer) == [TITLE]


def test_and_where_a_link_is_chosen(desk, lesson):
    answer = desk.get(reverse("wagtailadmin_choose_page_search"), {"q": "远征"})
    assert TITLE in answer.content.decode()


def test_what_does_not_stand_in_the_title_is_not_found(desk, lesson):
    assert titles(desk.get(reverse("wagtailadmin_pages:search"), {"q": "远军"})) == []


def test_types_of_what_was_found_are_counted(desk, lesson):
    answer = desk.get(reverse("wagtailadmin_pages:search"), {"q": "远征"})
    assert [count for _, count in answer.context["content_types"]] == [1]


@pytest.mark.parametrize("part", ["草地", "征途", "红色"])
def test_a_picture_is_found_by_title_and_tag(desk, part):
    image = get_image_model().objects.create(title="过草地", file=get_test_image_file())
    image.tags.add("长征途中", "红色的")
    answer = desk.get(reverse("wagtailimages:index"), {"q": part})
    assert [found.pk for found in answer.context["object_list"]] == [image.pk]


def test_a_document_is_found_by_any_part_of_its_title(desk):
    document = get_document_model().objects.create(title="党员教育管理条例", file="a.pdf")
    answer = desk.get(reverse("wagtaildocs:index"), {"q": "管理"})
    assert [found.pk for found in answer.context["object_list"]] == [document.pk]
