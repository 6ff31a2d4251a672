"""``manage.py setup``: a link for people, flags for scripts, nothing done twice."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from content.models import CoursePage, LessonPage
from studyhub.organisation.models import Organisation
from studyhub.people.models import Branch, User
from studyhub.setup import links
from studyhub.setup.models import Setup
from tests import factories as make

pytestmark = pytest.mark.usefixtures("empty")

FLAGS = {
    "organisation": "扎鲁特旗委组织部",
    "code": "150526",
    "contact": "党员教育股 0475-7220000",
    "admin": "Admin9",
}
PASSWORD = "caoyuan-2026-qiu"


@pytest.fixture
def set_up(monkeypatch):
    def run(password=PASSWORD, **flags):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        out = io.StringIO()
        call_command("setup", password_stdin=True, stdout=out, **(FLAGS | flags))
        return out.getvalue()

    return run


def link():
    out = io.StringIO()
    call_command("setup", stdout=out)
    return re.search(r"\?key=(\S+)", out.getvalue())[1]


def test_flags_set_up_the_whole_system(set_up):
    said = set_up()
    organisation = Organisation.current()
    assert (organisation.name, organisation.place_code) == ("扎鲁特旗委组织部", "150526")
    admin = User.objects.get(username="admin9")
    assert admin.is_superuser
    assert admin.check_password(PASSWORD)
    assert Branch.get_first_root_node().name == "扎鲁特旗委组织部"
    assert CoursePage.objects.live().count() == 1
    assert Setup.is_finished()
    assert PASSWORD not in said


def test_a_second_run_changes_nothing_that_people_changed_and_says_so(set_up):
    set_up()
    Organisation(pk=1, name="新的名字", place_code="150502", contact="另一位").save()
    User.objects.update(display_name="高娃", password="kept")
    Branch.objects.update(name="扎鲁特旗委")
    CoursePage.objects.update(title="改过的课程")
    said = set_up(password="another-2026-pass")
    assert said.count("没有改") == 4
    assert Organisation.current().name == "新的名字"
    assert User.objects.get().password == "kept"
    assert Branch.objects.get().name == "扎鲁特旗委"
    assert CoursePage.objects.get().title == "改过的课程"


@pytest.mark.slow
@pytest.mark.usefixtures("few_starter_lessons")
def test_starter_lessons_come_as_drafts_of_the_administrator_and_stay_deleted(set_up):
    assert "载入 2 课" in set_up(starter_lessons=True)
    drafts = LessonPage.objects.all()
    assert {page.live for page in drafts} == {False}
    assert {page.owner.username for page in drafts} == {"admin9"}
    drafts[0].delete()
    set_up(starter_lessons=True)
    assert LessonPage.objects.count() == 1


@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        ({"code": "990000"}, "行政区划代码"),
        ({"password": "short"}, "密码"),
        ({"admin": "administrator1", "password": "administrator1"}, "密码"),
        ({"password": ""}, "没有读到密码"),
        ({"admin": "不 行"}, "什么也没有改"),
        ({"organisation": "长" * 41}, "什么也没有改"),
    ],
)
def test_what_breaks_a_rule_is_refused_in_words_and_nothing_is_half_done(set_up, flags, complaint):
    with pytest.raises(CommandError, match=complaint):
        set_up(**flags)
    assert not User.objects.exists()
    assert not Branch.objects.exists()
    assert not Organisation.objects.exists()
    assert not Setup.is_finished()


def test_missing_flags_are_named(set_up):
    with pytest.raises(CommandError, match="--contact 联系人和电话"):
        set_up(contact="")
    with pytest.raises(CommandError, match="--organisation"):
        call_command("setup", starter_lessons=True)


def test_the_login_of_somebody_else_is_refused(set_up):
    make.a_user("admin9")
    with pytest.raises(CommandError, match="不是管理员"):
        set_up()


def test_the_link_is_kept_as_a_digest_and_a_new_one_voids_it():
    first, second = link(), link()
    assert first not in Setup.objects.get().token_hash
    assert links.setup_behind(second)
    with pytest.raises(links.NotFound, match="作废"):
        links.setup_behind(first)


def test_a_link_is_good_for_a_day():
    token = link()
    Setup.objects.update(expires_at=timezone.now() + timedelta(hours=23, minutes=59))
    assert links.setup_behind(token)
    Setup.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(links.Conflict, match="24 小时"):
        links.setup_behind(token)


def test_no_link_is_made_once_the_system_is_set_up(set_up):
    set_up()
    with pytest.raises(CommandError, match="已经设好了"):
        link()
