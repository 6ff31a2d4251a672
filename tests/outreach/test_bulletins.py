"""What is pasted into a group's chat: counts, never names, within its length."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studyhub.core.clock import today
from studyhub.core.errors import NotFound
from studyhub.core.small_numbers import SMALLEST_SHOWN
from studyhub.outreach.bulletins import (
    SHORTEST_HEADING,
    Bulletin,
    BulletinKind,
    BulletinLength,
    bulletin_of,
    led_bulletin,
)
from studyhub.outreach.posters import poster
from tests import factories as make

WORDS = st.text(alphabet="学习课《》，0123456789\U00020bb7", max_size=60)
LINES = {"day": WORDS, "counts": WORDS, "invitation": WORDS, "address": WORDS, "helper": WORDS}


@given(
    st.builds(Bulletin, topic=WORDS, points=st.lists(WORDS, max_size=6), **LINES),
    st.sampled_from(BulletinLength),
)
def test_it_is_whole_lines_in_their_order_within_the_length(bulletin, length):
    text = bulletin.text(length)
    assert len(text) <= length
    heading, *rest = text.split("\n")
    assert len(heading) <= max(SHORTEST_HEADING, length // 5)
    lines = iter([bulletin.day, *bulletin.points, bulletin.counts, bulletin.invitation])
    lines = iter([*lines, bulletin.address, bulletin.helper])
    assert all(line in lines for line in rest)  # each is found behind the one before


def test_where_little_fits_the_first_point_and_the_address_stand():
    bulletin = Bulletin(
        kind=BulletinKind.PROGRESS,
        topic="冬学",
        day="11月28日",
        points=["第1课《遵义会议》已有18人学完", "第2课《四渡赤水》已有9人学完"],
        counts="全组22人，应学66课次，学完30课次（45%）。",
        address="https://xuexi.example.org/",
    )
    assert bulletin.text(BulletinLength.SHORT).split("\n") == [
        bulletin.heading,
        bulletin.day,
        bulletin.points[0],
        bulletin.address,
    ]


@pytest.fixture
def leader():
    return make.a_user("gaowa", "高娃")


def a_group(*names):
    members = [make.MemberFactory(name=name) for name in names]
    return make.StudyGroupFactory(members=members), members


@pytest.mark.django_db
def test_progress_counts_and_names_nobody(leader):
    group, members = a_group("巴图", "安娜", "其其格")
    due, later = (today() + timedelta(days=days) for days in (5, 9))
    first, second = make.a_lesson(title="遵义会议"), make.a_lesson(title="四渡赤水")
    plan = make.StudyPlanFactory(branch=group.branch, title="冬学", lessons=[first, second])
    plan.planned.update(due_on=later)
    plan.planned.filter(lesson_key=second.translation_key).update(due_on=due)
    make.study(members[0], first)
    text = bulletin_of(leader, group, BulletinKind.PROGRESS).text(BulletinLength.LONG)
    lines = text.split("\n")
    assert lines[0] == "【学习进程】冬学"
    # What is due first stands first.
    assert lines[2] == f"第2课《四渡赤水》，{due.month}月{due.day}日前学"
    assert lines[3] == f"第1课《遵义会议》已有1人学完，{later.month}月{later.day}日前学"
    assert "全组3人，应学6课次，学完1课次（16%）。" in lines
    assert lines[-1] == "不会用的，找高娃。"
    assert not any(member.name in text for member in members)


@pytest.mark.django_db
def test_of_very_few_people_nothing_is_counted(leader):
    group, members = a_group(*("甲", "乙", "丙")[: SMALLEST_SHOWN - 1])
    lesson = make.a_lesson(title="遵义会议")
    make.StudyPlanFactory(branch=group.branch, title="冬学", lessons=[lesson])
    make.study(members[0], lesson)
    text = bulletin_of(leader, group, BulletinKind.PROGRESS).text(BulletinLength.LONG)
    assert "第1课《遵义会议》，" in text
    assert "人" not in text


@pytest.mark.django_db
def test_what_all_have_finished_asks_for_nothing_more(leader):
    group, members = a_group("甲", "乙", "丙")
    lesson = make.a_lesson()
    make.StudyPlanFactory(branch=group.branch, lessons=[lesson])
    for member in members:
        make.study(member, lesson)
    text = bulletin_of(leader, group, BulletinKind.PROGRESS).text(BulletinLength.LONG)
    assert "这一期要学的，都学完了。" in text
    assert "第1课" not in text


@pytest.mark.django_db
@override_settings(PUBLIC_URL="https://xuexi.example.org")
def test_key_points_are_those_of_the_lesson_that_is_next(leader):
    group, members = a_group("甲", "乙", "丙")
    done = make.a_lesson(title="遵义会议")
    coming = make.a_lesson(title="四渡赤水", body=[make.section("一渡"), make.section("二渡")])
    make.StudyPlanFactory(branch=group.branch, lessons=[done, coming])
    for member in members:
        make.study(member, done)
    lines = bulletin_of(leader, group, BulletinKind.KEY_POINTS).text(500).split("\n")
    assert lines[0] == "【重点内容】四渡赤水"
    assert {"1. 一渡", "2. 二渡"} < set(lines)
    assert any(line == f"https://xuexi.example.org{coming.url}" for line in lines)


@pytest.mark.django_db
def test_news_needs_no_plan_and_progress_says_that_there_is_none(leader):
    group, _ = a_group("甲", "乙", "丙")
    make.a_lesson(title="遵义会议")
    assert "新课《遵义会议》" in bulletin_of(leader, group, BulletinKind.NEWS).text(200)
    assert "遵义会议" in bulletin_of(leader, group, BulletinKind.KEY_POINTS).text(200)
    with pytest.raises(NotFound, match="没有"):
        bulletin_of(leader, group, BulletinKind.PROGRESS)


@pytest.mark.django_db
def test_only_who_leads_a_group_gets_its_text(leader):
    group, _ = a_group("甲")
    with pytest.raises(NotFound) as refused:
        led_bulletin(leader, group.public_id, BulletinKind.NEWS)
    assert refused.value.code == "group_not_found"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("topic", ["冬学", "#show: x => $ <script> \\ 学" * 12])
def test_the_poster_is_one_picture_whatever_the_words(topic):
    bulletin = Bulletin(
        kind=BulletinKind.PROGRESS,
        topic=topic,
        day="11月28日",
        points=[f"第{n}课《{topic}》已有18人学完" for n in range(1, 5)],
        counts="全组22人，应学66课次，学完30课次（45%）。",
        invitation="没学的同志，今天可以补上。",
        address="https://xuexi.example.org/",
        helper="不会用的，找高娃。",
    )
    picture = Image.open(BytesIO(poster(bulletin)))
    assert (picture.format, picture.size) == ("PNG", (1080, 1920))
