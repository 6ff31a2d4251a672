"""The fixed pages and the address under which they are served."""

import pytest
from wagtail.models import Site

from content import lesson_files
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
    lesson_files.put_address(address)
    assert lesson.get_full_url().startswith(f"{root}/courses/")


def test_fixed_pages_are_made_once():
    before = make.a_tree()
    assert make.a_tree() == before
    assert Site.objects.get().root_page.specific == before.home
