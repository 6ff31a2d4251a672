from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group

from content.models import HeritageSitePage
from studyhub.core.clock import today
from studyhub.learning.models import StudyPlan
from studyhub.people import access
from tests import factories as make


@pytest.fixture
def course(db):
    return make.a_course()


@pytest.fixture
def lesson(course):
    return make.a_lesson(course, slug="zunyi")


@pytest.fixture
def qiqige(db):
    return make.a_member("其其格", username="qiqige")


@pytest.fixture
def editor(db):
    user = make.a_user("bianji")
    user.groups.add(Group.objects.get(name=access.EDITOR))
    return user


@pytest.fixture
def site(db):
    page = HeritageSitePage(
        title="炮台山", slug="paotaishan", summary="五十级台阶", town="鲁北镇", opening="请先打电话"
    )
    page.body = page.body.stream_block.to_python([make.section("在什么地方")])
    make.a_tree().sites.add_child(instance=page)
    return page


@pytest.fixture
def plan():
    def _plan(group, *pages, due_on: date | None = None) -> StudyPlan:
        return make.StudyPlanFactory(
            title="秋季学习",
            branch=group.branch,
            lessons=pages,
            lessons__due_on=due_on or today() + timedelta(days=20),
        )

    return _plan
