"""发到群里的话: kind and length by the address, for whoever leads the group alone."""

import pytest

from studyhub.people.models import Duty, RecordView
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def led():
    """A group of three with a plan, and who leads it."""
    members = [make.MemberFactory(name=name) for name in ("巴图", "安娜", "其其格")]
    group = make.StudyGroupFactory(members=members)
    leader = make.a_user("gaowa", "高娃")
    Duty.objects.create(user=leader, kind="leader", group=group, starts_on=make.LONG_AGO)
    make.StudyPlanFactory(
        branch=group.branch, title="冬学", lessons=[make.a_lesson(title="遵义会议")]
    )
    return group, leader


def test_it_stands_there_to_be_copied_and_nobody_is_looked_at(led, sign_in):
    group, leader = led
    client = sign_in(leader)
    path = f"/lead/groups/{group.public_id}/bulletin/"
    assert f'href="{path}"' in client.get(f"/lead/groups/{group.public_id}/").text
    RecordView.objects.all().delete()
    page = client.get(path).text
    text = page.partition("readonly>")[2].partition("</textarea>")[0]
    assert text.startswith("【学习进程】冬学")
    assert not any(member in page for member in ("巴图", "安娜", "其其格"))
    assert not RecordView.objects.exists()


@pytest.mark.parametrize("asked", ["kind=ranking&length=999", "kind=&length=-1", "length=%00"])
def test_what_nobody_can_choose_is_the_usual(led, sign_in, asked):
    group, leader = led
    page = sign_in(leader).get(f"/lead/groups/{group.public_id}/bulletin/?{asked}").text
    assert "学习进程，200字以内" in page


def test_without_a_plan_it_says_so(led, sign_in):
    group, leader = led
    group.branch.plans.all().delete()
    page = sign_in(leader).get(f"/lead/groups/{group.public_id}/bulletin/").text
    assert "没有" in page
    assert "<textarea" not in page


def test_of_somebody_elses_group_there_is_nothing(led, sign_in):
    group, _ = led
    stranger = sign_in(make.a_user("suhe"))
    for name in ("bulletin/", "bulletin.png"):
        assert stranger.get(f"/lead/groups/{group.public_id}/{name}").status_code in (403, 404)
