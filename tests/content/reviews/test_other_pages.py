"""Pages that are no lessons: sites pass every level, courses and the front page one."""

import pytest
from celery.signals import worker_ready
from django.core.management import CommandError, call_command
from wagtail.models import Page

import content.tasks  # noqa: F401  heard by being imported, as in a worker
from content.models import HomePage, SignOff
from content.models.reviews import unsigned_of
from content.reviews.verification import differences
from content.reviews.workflow import sign_what_was_live
from studyhub.core.errors import Conflict
from tests.content import site_material as sites
from tests.content.reviews import pieces as way

pytestmark = pytest.mark.django_db


def test_a_site_is_signed_block_by_block_on_every_level(desk):
    page = way.a_draft(desk["editor"], "site")
    way.submit(page, desk["editor"])
    for name in way.REVIEWERS:
        titles = ["标题、摘要等", "在什么地方", "马灯", "石碾", "各块的次序"]
        assert way.opened(page) == titles
        way.sign(page, desk[name])
    assert way.publish(page).live


def test_an_edit_of_one_exhibit_opens_that_exhibit(desk):
    page = way.publish(way.pass_all(way.a_draft(desk["editor"], "site"), desk))

    def longer(draft):
        draft.body[1].value["metres"] = 70

    way.edit(page, desk["editor"], longer)
    way.submit(page, desk["editor"])
    assert way.opened(page) == ["马灯"]


def test_a_course_waits_for_one_more_person_and_no_further(desk):
    page = way.a_draft(desk["editor"], "course", summary="走过的路")
    way.submit(page, desk["editor"])
    assert (way.level_of(page), way.opened(page)) == (1, ["标题、摘要等"])
    way.sign(page, desk["first"])
    assert way.level_of(page) == 0
    assert way.publish(page).live


def test_nobody_signs_a_course_they_wrote(desk):
    desk["editor"].groups.add(*desk["first"].groups.all())
    page = way.a_draft(desk["editor"], "course")
    way.submit(page, desk["editor"])
    with pytest.raises(Conflict, match="自己写的不能自己审"):
        way.sign(page, desk["editor"])


@pytest.mark.parametrize("column", ["title", "summary", "category"])
def test_every_word_of_a_course_is_signed(column, desk):
    page = way.publish(way.pass_all(way.a_draft(desk["editor"], "course"), desk))
    setattr(page, column, "skills")
    assert [unit.title for unit in unsigned_of(page)] == ["标题、摘要等"]
    with pytest.raises(Conflict, match="没有审完"):
        page.save()


def test_the_front_page_is_changed_by_two(desk):
    home = HomePage.objects.get()
    assert unsigned_of(home) == []  # as the product made it
    way.edit(home, desk["editor"], way.rename("扎鲁特旗"))
    with pytest.raises(Conflict, match="没有审完"):
        way.publish(home)
    way.submit(home, desk["editor"])
    way.sign(home, desk["first"])
    assert way.publish(home).title == "扎鲁特旗"


def test_what_was_live_before_is_signed_kind_by_kind_and_once(desk, settings):
    lesson = way.publish(way.pass_all(way.a_draft(desk["editor"]), desk))
    settings.REVIEW_LEVELS = 0
    site = sites.a_site()
    settings.REVIEW_LEVELS = 3
    assert unsigned_of(site)
    sign_what_was_live()
    assert [unsigned_of(one) for one in (site, lesson)] == [[], []]
    offices = SignOff.objects.filter(lesson_key=site.translation_key)
    assert {one.office for one in offices} == {"上线前已发布"}
    settings.REVIEW_LEVELS = 0
    later = sites.a_site(slug="later")
    settings.REVIEW_LEVELS = 3
    sign_what_was_live()
    assert unsigned_of(later)


def test_a_raised_number_of_levels_is_followed_with_the_restart(desk, settings):
    """What was live without reviews asks nobody for a signature, whatever kind of page it is."""
    settings.REVIEW_LEVELS = 0
    pages = [way.publish(way.a_draft(desk["editor"], kind)) for kind in way.KINDS]
    settings.REVIEW_LEVELS = 3
    assert list(differences())
    worker_ready.send(None)
    assert list(differences()) == []
    for page in pages:
        assert unsigned_of(page) == []


def test_a_planted_difference_is_found_on_every_kind_of_page(desk):
    for kind in way.KINDS:
        way.publish(way.pass_all(way.a_draft(desk["editor"], kind), desk))
    assert list(differences()) == []
    call_command("verify_reviews")
    for page in Page.objects.live().filter(depth__gt=1):
        Page.objects.filter(pk=page.pk).update(title=f"改{page.title}")
    with pytest.raises((CommandError, SystemExit)):
        call_command("verify_reviews")
    said = " ".join(differences())
    for title in ("改炮台山", "改遵义会议", "改长征与抗战", "改课程", "改红色资源"):
        assert title in said
