"""One's own second step in ``/me/``, and a lost one taken away at the desk."""

import re

import pytest
from wagtail.models import ModelLogEntry

from studyhub.people.models import RecoveryCode, SecondFactor
from studyhub.people.second_factor import TAKEN_AWAY
from tests import factories as make
from tests.people.second_factors import App, with_app, with_paper

pytestmark = pytest.mark.django_db
OWN, NEW = "/me/second-factor/", "/me/second-factor/new/"


@pytest.fixture(autouse=True)
def _house(time_machine):
    time_machine.move_to("2026-11-20T08:00:10+08:00", tick=False)


@pytest.fixture
def desk(editor, sign_in):
    return sign_in(editor)


def said(answer):
    return answer.content.decode()


def ask(client, do, code="", password=make.PASSWORD):
    return client.post(OWN, {"do": do, "password": password, "code": code})


def shown_app(client):
    return App("".join(re.findall(r"<span>([A-Z2-7]{4})</span>", said(client.get(NEW)))))


def test_members_are_told_that_it_is_not_for_them(sign_in, qiqige):
    client = sign_in(qiqige)
    assert client.get(OWN).status_code == client.get(NEW).status_code == 404
    assert OWN not in said(client.get("/me/"))


def test_strangers_sign_in_first(client):
    assert client.get(OWN)["Location"] == f"/login/?next={OWN}"


def test_my_own_page_leads_there(desk):
    assert f'href="{OWN}"' in said(desk.get("/me/"))
    assert f'href="{OWN}"' in said(desk.get("/cms/account/"))


def test_password_then_app_then_codes(desk, editor, sign_in):
    elsewhere = sign_in(editor)
    assert elsewhere.get("/me/").status_code == 200
    assert "还没有设" in said(desk.get(OWN))
    assert ask(desk, "new")["Location"] == NEW
    app = shown_app(desk)
    answer = desk.post(NEW, {"with": "app", "code": app.code()})
    assert "只显示这一次" in said(answer)
    assert SecondFactor.objects.get().secret == app.secret
    assert "备用码还有 <strong>10</strong>" in said(desk.get(OWN))
    assert elsewhere.get("/me/").status_code == 302


def test_nothing_is_shown_or_changed_without_the_password(desk, time_machine):
    assert desk.get(NEW)["Location"] == OWN
    assert desk.post(NEW, {"with": "paper"})["Location"] == OWN
    answer = ask(desk, "new", password="wrong")
    assert (answer.status_code, "密码不对" in said(answer)) == (422, True)
    assert desk.get(NEW)["Location"] == OWN
    assert not SecondFactor.objects.exists()


def test_a_proof_lasts_half_an_hour_and_sets_up_once(desk, time_machine):
    ask(desk, "new")
    desk.post(NEW, {"with": "paper"})
    assert desk.get(NEW)["Location"] == OWN
    SecondFactor.objects.all().delete()
    ask(desk, "new")
    for _ in range(2):  # somebody is there all the time
        time_machine.shift(15 * 60)
        assert desk.get(NEW).status_code == 200
    time_machine.shift(1)
    assert desk.get(NEW)["Location"] == OWN


@pytest.mark.parametrize("do", ["new", "codes", "off"])
def test_every_change_asks_for_password_and_code(desk, editor, do):
    app = with_app(editor)
    desk.force_login(editor)
    before = list(RecoveryCode.objects.values_list("digest"))
    for password, code in (("wrong", app.code()), (make.PASSWORD, "000000"), (make.PASSWORD, "")):
        assert ask(desk, do, code, password).status_code == 422
    assert list(RecoveryCode.objects.values_list("digest")) == before
    assert desk.get(NEW)["Location"] == OWN
    assert ask(desk, do, app.code()).status_code in (200, 302)  # none was used up


def test_another_app_takes_the_place_of_the_old(desk, editor):
    old = with_app(editor)
    desk.force_login(editor)
    ask(desk, "new", old.code())
    new = shown_app(desk)
    assert SecondFactor.objects.get().secret == old.secret  # until the new one is proved
    desk.post(NEW, {"with": "app", "code": new.code()})
    assert SecondFactor.objects.get().secret == new.secret


def test_a_wrong_code_of_the_new_app_leaves_the_old(desk, editor):
    old = with_app(editor)
    desk.force_login(editor)
    ask(desk, "new", old.code())
    answer = desk.post(NEW, {"with": "app", "code": "000000"})
    assert answer.status_code == 422
    assert SecondFactor.objects.get().secret == old.secret


def test_who_need_not_have_it_turns_it_off(desk, editor):
    code = with_paper(editor)[0]
    desk.force_login(editor)
    assert ask(desk, "off", code)["Location"] == "/me/"
    assert not SecondFactor.objects.exists()


def test_who_must_have_it_does_not(sign_in):
    chief = make.a_user("zhuren", is_superuser=True, is_staff=True)
    code = with_paper(chief)[0]
    client = sign_in(chief)
    assert "关掉两步登录" not in said(client.get(OWN))
    answer = ask(client, "off", code)
    assert (answer.status_code, "不能关掉" in said(answer)) == (409, True)
    assert SecondFactor.objects.exists()


def test_guessing_here_is_slowed_as_at_the_door(desk, editor):
    app = with_app(editor)
    desk.force_login(editor)
    codes = [ask(desk, "off", "000000").status_code for _ in range(6)]
    assert codes == [422] * 4 + [429] * 2
    answer = ask(desk, "off", app.code())
    assert (answer.status_code, answer["Retry-After"]) == (429, "180")
    assert SecondFactor.objects.exists()


def test_few_codes_left_are_told_at_the_door(client, editor):
    codes = with_paper(editor)
    RecoveryCode.objects.filter(number__gt=3).delete()
    client.post("/login/", {"username": "bianji", "password": make.PASSWORD})
    client.post("/login/code/", {"code": codes[0]})
    assert "备用码只剩 3 个了" in said(client.get("/me/"))


class TestAtTheDesk:
    @pytest.fixture
    def chief(self, sign_in):
        return sign_in(make.a_user("zhuren", "高娃", is_superuser=True, is_staff=True))

    def test_an_administrator_takes_a_lost_one_away(self, chief, editor, sign_in):
        with_app(editor)
        lost = sign_in(editor)
        address = f"/cms/second-factor/{editor.pk}/"
        assert address in said(chief.get("/cms/users/"))
        page = said(chief.get(address))
        assert "认准是本人" in page
        assert SecondFactor.objects.get().secret not in page
        assert chief.post(address)["Location"] == "/cms/users/"
        assert not SecondFactor.objects.exists()
        assert lost.get("/me/").status_code == 302
        entry = ModelLogEntry.objects.filter(action=TAKEN_AWAY).get()
        assert (entry.user.username, entry.object_id) == ("zhuren", str(editor.pk))
        assert address not in said(chief.get("/cms/users/"))
        assert "取消两步登录" in said(chief.get("/cms/reports/site-history/"))

    def test_nobody_else_does_and_nobody_their_own(self, editor, desk, chief):
        with_app(editor)
        desk.force_login(editor)
        zhuren = chief.get("/me/").wsgi_request.user
        with_app(zhuren)
        chief.force_login(zhuren)
        for client, user in ((desk, zhuren), (desk, editor), (chief, zhuren)):
            assert client.post(f"/cms/second-factor/{user.pk}/").status_code in (302, 403)
        assert SecondFactor.objects.count() == 2
