"""The five pages behind the one-time link: nothing lost, nothing doubled, refusals in words."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from content.models import CoursePage, LessonPage
from studyhub.channels.models import ChannelAccount
from studyhub.organisation.models import Organisation
from studyhub.people.models import Branch, RecoveryCode, SecondFactor, User
from studyhub.setup import links
from studyhub.setup.models import Setup
from tests import factories as make
from tests.people.second_factors import App, with_app

pytestmark = pytest.mark.django_db

PASSWORD = "caoyuan-2026-qiu"
ANSWERS = {
    "organisation": {
        "name": "扎鲁特旗委组织部",
        "mark": "扎旗",
        "place_code": "150526",
        "contact": "党员教育股 0475-7220000",
        "filing": "",
        "complaints": "12380",
    },
    "administrator": {
        "username": "Gaowa",
        "display_name": "高娃",
        "password": PASSWORD,
        "again": PASSWORD,
    },
    "branch": {"name": "中共扎鲁特旗委员会", "kind": "party_committee"},
    "lessons": {"lessons": "empty", "title": "离家的路"},
    "channels": {},
}


def opened(address=""):
    """A browser that has followed the link."""
    parts = urlsplit(address or links.make_link())
    holder = Client()
    holder.get(f"{parts.path}?{parts.query}")
    return holder


@pytest.fixture
def holder():
    return opened()


def send(holder, page, **change):
    return holder.post(f"/setup/{page}/", ANSWERS[page] | change)


FACTOR = "/setup/administrator/second-factor/"


def fill(holder, *pages):
    """As a person does; the administrator has no app, and codes on paper."""
    for page in pages or ANSWERS:
        sent = send(holder, page)
        assert sent.status_code == 302, page
        if sent["Location"] == FACTOR:
            assert "只显示这一次" in said(holder.post(FACTOR, {"with": "paper"}))


def said(answer):
    return answer.content.decode()


def test_five_pages_make_a_system_that_works(holder):
    fill(holder)
    assert Organisation.current().name == "扎鲁特旗委组织部"
    admin = User.objects.get()
    assert (admin.username, admin.get_full_name(), admin.is_superuser) == ("gaowa", "高娃", True)
    assert Branch.objects.get().name == "中共扎鲁特旗委员会"
    assert CoursePage.objects.get().title == "离家的路"
    done = holder.get("/setup/done/")
    assert "gaowa" in said(done)
    assert "doctor" in said(done)
    app = with_app(admin)
    desk = Client()
    desk.post("/login/", {"username": "gaowa", "password": PASSWORD})
    sent = desk.post("/login/code/", {"code": app.code(), "next": "/cms/"})
    assert sent["Location"] == "/cms/"
    assert desk.get("/cms/").status_code == 200
    assert "扎鲁特旗委组织部" in said(desk.get("/"))


def test_each_page_leads_to_the_next_and_the_link_to_the_first_that_is_missing(holder):
    for page, after in zip(ANSWERS, [*list(ANSWERS)[1:], "done"], strict=True):
        assert holder.get("/setup/")["Location"] == f"/setup/{page}/"
        sent = send(holder, page)
        if page == "administrator":
            assert sent["Location"] == holder.get("/setup/")["Location"] == FACTOR
            assert f'href="/setup/{after}/"' in said(holder.post(FACTOR, {"with": "paper"}))
        else:
            assert sent["Location"] == f"/setup/{after}/"


class TestSecondFactor:
    """The first administrator's, at once (decision 0025)."""

    @pytest.fixture(autouse=True)
    def _house(self, holder, time_machine):
        time_machine.move_to(timezone.now(), tick=False)
        fill(holder, "organisation")
        send(holder, "administrator")

    def test_the_app_is_set_up_by_the_secret_shown(self, holder):
        app = App("".join(re.findall(r"<span>([A-Z2-7]{4})</span>", said(holder.get(FACTOR)))))
        assert "只显示这一次" in said(holder.post(FACTOR, {"with": "app", "code": app.code()}))
        assert SecondFactor.objects.get().user.username == "gaowa"
        assert holder.get("/setup/")["Location"] == "/setup/branch/"

    def test_a_wrong_code_is_named_and_leaves_the_way_as_it_was(self, holder):
        answer = holder.post(FACTOR, {"with": "app", "code": "000000"})
        assert answer.status_code == 422
        assert "这个动态码不对" in said(answer)
        assert holder.get("/setup/")["Location"] == FACTOR

    def test_it_is_not_passed_over(self, holder):
        fill(holder, "branch", "lessons")
        answer = send(holder, "channels")
        assert answer.status_code == 422
        assert "还差：管理员的两步登录" in said(answer)
        assert not Setup.is_finished()

    def test_sent_twice_the_first_stands_and_may_be_done_anew(self, holder):
        holder.post(FACTOR, {"with": "paper"})
        before = list(RecoveryCode.objects.values_list("digest"))
        assert "已经设好了" in said(holder.post(FACTOR, {"with": "paper"}))
        assert list(RecoveryCode.objects.values_list("digest")) == before
        assert holder.post(FACTOR, {"again": "1"})["Location"] == FACTOR
        assert not SecondFactor.objects.exists()
        assert "<svg" in said(holder.get(FACTOR))

    def test_nobody_keeps_the_page_and_it_needs_no_script(self, holder):
        for answer in (holder.get(FACTOR), holder.post(FACTOR, {"with": "paper"})):
            assert "no-store" in answer["Cache-Control"]
            assert "personal.js" not in said(answer)

    def test_the_link_opens_it_and_nothing_else_does(self, holder, client):
        assert client.get(FACTOR).status_code == 404
        assert client.post(FACTOR, {"with": "paper"}).status_code == 404
        fill(holder, "administrator", "branch", "lessons", "channels")
        for answer in (holder.get(FACTOR), holder.post(FACTOR, {"again": "1"})):
            assert answer.status_code == 410
        assert SecondFactor.objects.exists()


def test_before_there_is_an_administrator_its_second_factor_is_not_asked(holder):
    assert holder.get(FACTOR)["Location"] == "/setup/administrator/"
    assert holder.post(FACTOR, {"with": "paper"})["Location"] == "/setup/administrator/"


def test_where_no_role_must_have_one_the_pages_are_five(holder, settings):
    settings.SECOND_FACTOR_ROLES = []
    assert send(holder, "administrator")["Location"] == "/setup/branch/"


def test_going_back_shows_what_was_stored_and_changes_it(holder):
    fill(holder, "organisation", "administrator", "branch", "lessons")
    assert "党员教育股 0475-7220000" in said(holder.get("/setup/organisation/"))
    assert "gaowa" in said(holder.get("/setup/administrator/"))
    assert PASSWORD not in said(holder.get("/setup/administrator/"))
    send(holder, "administrator", username="sarna", password="", again="")
    admin = User.objects.get()
    assert admin.username == "sarna"
    assert admin.check_password(PASSWORD)
    send(holder, "branch", name="旗委")
    send(holder, "lessons", title="第一课程")
    assert Branch.objects.get().name == "旗委"
    assert CoursePage.objects.get().title == "第一课程"


def test_sent_twice_or_by_two_browsers_nothing_is_doubled():
    address = links.make_link()
    one, other = opened(address), opened(address)
    fill(one, "organisation", "administrator", "branch", "lessons")
    fill(one, "organisation", "administrator", "branch", "lessons")
    fill(other, "administrator", "branch", "lessons")
    assert User.objects.count() == Branch.objects.count() == CoursePage.objects.count() == 1
    fill(one, "channels")
    late = send(other, "administrator", username="another")
    assert late.status_code == 410
    assert "已经设好了" in said(late)
    assert User.objects.get().username == "gaowa"


@pytest.mark.slow
@pytest.mark.usefixtures("few_starter_lessons")
def test_starter_lessons_are_drafts_and_come_once(holder):
    fill(holder, "organisation", "administrator", "branch")
    for _ in range(2):
        send(holder, "lessons", lessons="starter")
    assert LessonPage.objects.count() == 2
    assert not LessonPage.objects.live().exists()
    assert LessonPage.objects.first().owner.username == "gaowa"


@pytest.mark.parametrize(
    ("page", "change", "complaint"),
    [
        ("organisation", {"name": ""}, "这一格要填"),
        ("organisation", {"place_code": "15052"}, "行政区划代码"),
        ("organisation", {"mark": "扎"}, "2 到 4 个字"),
        ("administrator", {"username": ""}, "这一格要填"),
        ("administrator", {"username": "不 行", "display_name": ""}, "账号只能用"),
        ("administrator", {"username": "known"}, "已经有人用了"),
        ("administrator", {"password": "", "again": ""}, "这一格要填"),
        ("administrator", {"password": "short", "again": "short"}, "密码太短"),
        ("administrator", {"again": "another-2026-pass"}, "两遍密码不一样"),
        ("administrator", {"username": "caoyuan2026"}, "太相似"),
        ("branch", {"name": ""}, "这一格要填"),
        ("branch", {"kind": "village"}, "village"),
        ("lessons", {"lessons": ""}, "这一格要填"),
        ("channels", {}, "还差：单位、第一个管理员、党组织的根、第一门课"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(holder, page, change, complaint):
    make.a_user("known")
    answer = send(holder, page, **change)
    assert answer.status_code == 422
    assert complaint in said(answer)
    assert "还没有存上" in said(answer)
    for name, value in (ANSWERS[page] | change).items():
        if name not in ("password", "again", "lessons", "kind") and value:
            assert value in said(answer), name
    assert not Organisation.objects.exists()
    assert User.objects.count() == 1
    assert not Branch.objects.exists()
    assert not CoursePage.objects.exists()


def test_without_the_link_there_is_nothing_but_a_sentence(client):
    for path in ("/setup/", "/setup/organisation/", "/setup/done/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "manage.py setup" in said(answer)
    assert client.get("/setup/?key=guessed").status_code == 404
    assert send(client, "organisation").status_code == 404
    assert not Organisation.objects.exists()


def test_a_link_that_ran_out_or_was_replaced_says_how_to_get_another(holder):
    Setup.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    for answer in (holder.get("/setup/organisation/"), send(holder, "organisation")):
        assert answer.status_code == 410
        assert "再执行一次 manage.py setup" in said(answer)
    links.make_link()
    assert holder.get("/setup/organisation/").status_code == 404


def test_a_used_link_opens_nothing_any_more():
    address = links.make_link()
    holder = opened(address)
    fill(holder)
    parts = urlsplit(address)
    again = Client().get(f"{parts.path}?{parts.query}")
    assert again.status_code == 410
    assert "已经设好了" in said(again)
    assert holder.get("/setup/organisation/").status_code == 410
    assert holder.get("/setup/")["Location"] == "/setup/done/"


def test_the_key_leaves_the_address_at_once_and_nobody_keeps_a_page(holder):
    cookie = holder.cookies["setup"]
    assert (cookie["httponly"], cookie["path"]) == (True, "/setup/")
    for answer in (
        holder.get("/setup/"),
        holder.get("/setup/organisation/"),
        Client().get("/setup/"),
    ):
        assert "no-store" in answer["Cache-Control"]
        assert cookie.value not in said(answer)


def test_pages_need_no_script_and_offer_no_way_to_what_is_not_there_yet(holder):
    shown = said(holder.get("/setup/organisation/"))
    assert "personal.js" not in shown
    assert "带班" not in shown
    fields = re.findall(r'<input type="text"[^>]* id="(\w+)"', shown)
    assert fields
    assert all(f'<label for="{field}"' in shown for field in fields)


def test_a_form_without_its_token_is_not_taken():
    holder = Client(enforce_csrf_checks=True)
    parts = urlsplit(links.make_link())
    holder.get(f"{parts.path}?{parts.query}")
    assert send(holder, "organisation").status_code == 403
    assert not Organisation.objects.exists()


def test_the_first_channel_is_set_up_without_a_command(holder):
    fill(holder, "organisation", "administrator", "branch", "lessons")
    assert "先不设" in said(holder.get("/setup/channels/"))
    wrong = send(holder, "channels", kind="wechat", app_id="wx0123456789abcdef")
    assert wrong.status_code == 422
    assert "AppSecret" in said(wrong)
    assert "wx0123456789abcdef" in said(wrong)
    assert not Setup.is_finished()
    right = {"kind": "wechat", "app_id": "wx0123456789abcdef", "app_secret": "a" * 32}
    assert send(holder, "channels", **right).status_code == 302
    account = ChannelAccount.objects.get()
    assert (account.key, account.secrets["app_secret"]) == ("wechat-main", "a" * 32)
    assert Setup.is_finished()


@pytest.mark.parametrize("kind", ["toutiao", "channels", "group"])
def test_where_a_person_posts_a_name_is_enough(holder, kind):
    fill(holder, "organisation", "administrator", "branch", "lessons")
    assert send(holder, "channels", kind=kind, name="扎旗先锋").status_code == 302
    assert ChannelAccount.objects.get().name == "扎旗先锋"


def test_an_unknown_page_or_way_is_refused(holder):
    assert holder.get("/setup/palace/").status_code == 404
    assert holder.put("/setup/organisation/").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_the_same_moment_make_one_of_each():
    make.a_tree()
    address = links.make_link()
    holders = [opened(address), opened(address)]
    together = threading.Barrier(2)
    shown = []

    def work(holder):
        try:
            for page in ("organisation", "administrator", "branch", "lessons"):
                together.wait(timeout=30)
                yield send(holder, page).status_code
            together.wait(timeout=30)
            shown.append("只显示这一次" in said(holder.post(FACTOR, {"with": "paper"})))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        codes = [code for some in pool.map(lambda one: list(work(one)), holders) for code in some]
    assert set(codes) == {302}
    assert sorted(shown) == [False, True]  # one paper is good, the other browser is told
    assert RecoveryCode.objects.count() == 10
    assert User.objects.count() == Branch.objects.count() == CoursePage.objects.count() == 1
