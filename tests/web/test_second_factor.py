"""Signing in with two steps, by form and by API: who must, what a code opens, at every door."""

import json
import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import ModelLogEntry

from studyhub.people import access
from studyhub.people.models import RecoveryCode, SecondFactor
from studyhub.records.models import Record
from tests import factories as make
from tests.people.second_factors import App, shown_codes, with_app, with_paper
from tests.web.addresses import ALL
from tests.web.half_way import halfway, said, signed_in

pytestmark = pytest.mark.django_db
PASSWORD = {"username": "bianji", "password": make.PASSWORD}
WRONG_CODE = "000000"


@pytest.fixture(autouse=True)
def _house(lesson, time_machine):
    time_machine.move_to("2026-11-20T08:00:10+08:00", tick=False)


@pytest.fixture
def app(editor):
    return with_app(editor)


@pytest.fixture
def chief(db):
    """An administrator who has set nothing up yet."""
    return make.a_user("zhuren", is_superuser=True, is_staff=True)


def through_the_interface(user="bianji", **more):
    body = json.dumps({"login": user, "password": make.PASSWORD, **more})
    return Client().post("/api/v1/session", body, content_type="application/json")


def shown_secret(page):
    """As a person types it from the page."""
    return "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))


class TestCode:
    def test_the_password_alone_signs_nobody_in(self, client, app):
        page = client.post("/login/", {**PASSWORD, "next": "/cms/"})
        assert 'autocomplete="one-time-code"' in said(page)
        assert not signed_in(client)
        assert client.get("/api/v1/me").status_code == 401
        assert "known_phone" not in client.cookies

    def test_the_code_signs_in_and_leads_on(self, app):
        client = halfway(next="/cms/")
        answer = client.post("/login/code/", {"code": app.code(), "next": "/cms/"})
        assert answer["Location"] == "/cms/"
        assert client.get("/cms/").status_code == 200

    def test_it_leads_only_to_our_own_pages(self, app):
        answer = halfway().post("/login/code/", {"code": app.code(), "next": "//evil.example/"})
        assert answer["Location"] == "/"

    @pytest.mark.parametrize("typed", ["{0} {1}", " {0}-{1} ", "{2}"])
    def test_a_code_is_read_however_it_is_typed(self, app, typed):
        code = app.code()
        wide = code.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})
        client = halfway()
        client.post("/login/code/", {"code": typed.format(code[:3], code[3:], wide)})
        assert signed_in(client)

    @pytest.mark.parametrize("typed", ["", WRONG_CODE, "1", "abcdef", "²²²²²²", "1" * 12, "9" * 24])
    def test_a_wrong_code_is_told_and_may_be_put_right(self, app, typed):
        client = halfway(next="/cms/")
        page = client.post("/login/code/", {"code": typed, "next": "/cms/"})
        assert "这个码不对" in said(page)
        assert 'name="next" value="/cms/"' in said(page)
        assert not signed_in(client)
        client.post("/login/code/", {"code": app.code()})
        assert signed_in(client)

    def test_a_code_is_good_once(self, app):
        halfway().post("/login/code/", {"code": app.code()})
        again = halfway()
        assert "这个码不对" in said(again.post("/login/code/", {"code": app.code()}))
        assert not signed_in(again)

    def test_the_page_may_be_opened_again_within_five_minutes(self, app, time_machine):
        client = halfway()
        time_machine.shift(5 * 60)
        assert "one-time-code" in said(client.get("/login/code/"))
        time_machine.shift(1)
        assert client.get("/login/code/")["Location"] == "/login/"
        late = client.post("/login/code/", {"code": app.code(), "next": "/cms/"})
        assert "等得久了" in said(late)
        assert 'name="next" value="/cms/"' in said(late)
        assert not signed_in(client)

    def test_without_a_password_there_is_no_page_for_a_code(self, client, app):
        client.post("/login/code/", {"code": app.code()})
        assert not signed_in(client)
        assert SecondFactor.objects.get().last_step == 0  # nor is the code used up by it

    def test_a_password_that_was_changed_meanwhile_is_none(self, editor, app):
        client = halfway()
        editor.set_password("another-long-password")
        editor.save()
        client.post("/login/code/", {"code": app.code()})
        assert not signed_in(client)

    def test_an_account_that_was_closed_meanwhile_stays_out(self, editor, app):
        client = halfway()
        type(editor).objects.update(is_active=False)
        client.post("/login/code/", {"code": app.code()})
        assert not signed_in(client)

    def test_the_code_of_one_account_does_not_open_another(self, app):
        other = make.a_user("shenhe")
        other.groups.add(Group.objects.get(name=access.REVIEWER))
        with_app(other)
        client = halfway("shenhe")
        client.post("/login/code/", {"code": app.code()})
        assert not signed_in(client)

    def test_a_shared_phone_stays_one(self, app):
        client = halfway(shared="1")
        page = said(client.get("/login/code/"))
        answer = client.post("/login/code/", {"code": app.code(), "shared": "1"})
        assert "one-time-code" in page
        assert answer.cookies["shared"]["max-age"] == ""
        assert "known_phone" not in answer.cookies

    def test_a_form_that_was_carried_is_stored_after_the_code_and_not_before(self, lesson):
        leader = make.a_member("乌云", username="wuyun")
        make.DutyFactory(user=leader.user)
        app = with_app(leader.user)
        carried = {"study_lesson": str(lesson.translation_key), "do": "finish"}
        client = Client()
        told = {"username": "wuyun", "password": make.PASSWORD, **carried}
        page = said(client.post("/login/", told))
        assert f'name="study_lesson" value="{lesson.translation_key}"' in page
        assert not Record.objects.exists()
        answer = client.post("/login/code/", {"code": app.code(), **carried})
        assert answer["Location"] == f"/study/{lesson.translation_key}/"
        assert Record.objects.exists()

    def test_a_form_survives_taking_too_long(self, app, lesson, time_machine):
        carried = {"study_lesson": str(lesson.translation_key), "do": "finish"}
        client = halfway()
        time_machine.shift(6 * 60)
        page = said(client.post("/login/code/", {"code": "1", **carried}))
        assert f'name="study_lesson" value="{lesson.translation_key}"' in page

    def test_nobody_keeps_the_page(self, app):
        for answer in (halfway().get("/login/code/"), Client().post("/login/", PASSWORD)):
            assert "no-store" in answer["Cache-Control"]

    def test_without_the_forms_token_no_code_is_looked_at(self, app):
        client = Client(enforce_csrf_checks=True)
        assert client.post("/login/code/", {"code": app.code()}).status_code == 403


class TestTries:
    """As with passwords (decision 0016): slowed down, never shut."""

    def wrong(self, client, count):
        return [client.post("/login/code/", {"code": WRONG_CODE}).status_code for _ in range(count)]

    def test_five_wrong_codes_slow_down_and_say_how_long(self, app, time_machine):
        client = halfway()
        assert self.wrong(client, 6) == [200] * 4 + [429] * 2
        page = client.post("/login/code/", {"code": app.code()})
        assert (page.status_code, page["Retry-After"]) == (429, "180")
        assert "动态码输错次数太多" in said(page)
        assert "密码忘了" not in said(page)
        time_machine.shift(180)
        client.post("/login/code/", {"code": app.code()})
        assert signed_in(client)

    def test_typing_the_password_again_forgives_no_wrong_code(self, app):
        assert [self.wrong(halfway(), 1)[0] for _ in range(6)] == [200] * 4 + [429] * 2

    def test_page_and_interface_count_together(self, app):
        self.wrong(halfway(), 4)
        assert through_the_interface(code=WRONG_CODE).status_code == 429

    def test_nobody_is_shut_out_of_a_phone_of_their_own(self, app, time_machine):
        own = halfway()
        own.post("/login/code/", {"code": app.code()})
        own.post("/logout/")
        for number in range(40):
            body = {"login": "bianji", "password": make.PASSWORD, "code": WRONG_CODE}
            Client(REMOTE_ADDR=f"198.51.100.{number}").post(
                "/api/v1/session", json.dumps(body), content_type="application/json"
            )
        time_machine.shift(60)
        own.post("/login/", PASSWORD)
        own.post("/login/code/", {"code": app.code()})
        assert signed_in(own)

    def test_guesses_from_many_addresses_are_few(self, app):
        body = {"login": "bianji", "password": make.PASSWORD, "code": WRONG_CODE}
        tried = [
            Client(REMOTE_ADDR=f"198.51.100.{number}")
            .post("/api/v1/session", json.dumps(body), content_type="application/json")
            .status_code
            for number in range(40)
        ]
        assert tried.count(401) <= 30

    def test_a_wrong_code_is_no_wrong_password(self, app):
        self.wrong(halfway(), 6)
        assert "one-time-code" in said(Client().post("/login/", PASSWORD))


class TestRecoveryCodes:
    def test_one_of_them_signs_in_once(self, editor, app):
        codes = with_paper(editor)
        for used, enters in ((codes[3], True), (codes[3], False), (codes[7], True)):
            client = halfway()
            client.post("/login/code/", {"code": used})
            assert signed_in(client) is enters

    def test_the_last_one_of_whoever_has_only_paper_brings_the_next_ten(self, editor):
        codes = with_paper(editor)
        for code in codes[:-1]:
            halfway().post("/login/code/", {"code": code})
        client = halfway(next="/cms/")
        page = said(client.post("/login/code/", {"code": codes[-1], "next": "/cms/"}))
        assert signed_in(client)
        assert 'href="/cms/"' in page
        fresh = shown_codes(page)
        assert len(fresh) == 10
        assert not set(fresh) & set(codes)
        again = halfway()
        again.post("/login/code/", {"code": fresh[0]})
        assert signed_in(again)

    def test_none_of_them_is_stored(self, editor):
        codes = with_paper(editor)
        kept = " ".join(map(str, RecoveryCode.objects.values_list()))
        assert not [code for code in codes if code in kept]


class TestInterface:
    def test_password_and_code_come_together(self, app):
        answer = through_the_interface(code=app.code())
        assert answer.status_code == 200
        assert answer.json()["user"]["login"] == "bianji"

    @pytest.mark.parametrize(
        ("more", "code"),
        [({}, "second_factor_needed"), ({"code": WRONG_CODE}, "bad_code")],
    )
    def test_else_nobody_is_signed_in_and_no_ticket_is_given(self, app, more, code):
        answer = through_the_interface(**more)
        assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert "upload_ticket" not in answer.json()
        assert "sessionid" not in answer.cookies

    def test_a_wrong_password_says_nothing_of_a_second_step(self, app):
        body = json.dumps({"login": "bianji", "password": "x", "code": app.code()})
        answer = Client().post("/api/v1/session", body, content_type="application/json")
        assert answer.json()["code"] == "bad_credentials"

    def test_who_must_have_one_sets_it_up_on_the_page(self, chief):
        answer = through_the_interface("zhuren")
        assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_not_set_up")


class TestWhoMust:
    def enrol(self, client, way="app", **more):
        app = App(shown_secret(said(client.get("/login/second-factor/"))))
        form = {"with": way, "code": app.code(), **more}
        return app, client.post("/login/second-factor/", form)

    def test_an_administrator_sets_it_up_before_the_first_session(self, chief, time_machine):
        client = Client()
        told = {"username": "zhuren", "password": make.PASSWORD, "next": "/cms/"}
        page = said(client.post("/login/", told))
        assert "<svg" in page
        assert "otpauth://totp/127.0.0.1:zhuren?" in page
        assert not signed_in(client)
        app, answer = self.enrol(client, next="/cms/")
        assert len(shown_codes(said(answer))) == 10
        assert 'href="/cms/"' in said(answer)
        assert "no-store" in answer["Cache-Control"]
        assert client.get("/cms/").status_code == 200
        time_machine.shift(30)
        again = halfway("zhuren")
        again.post("/login/code/", {"code": app.code()})
        assert signed_in(again)

    def test_the_code_that_set_it_up_is_used(self, chief):
        app, _ = self.enrol(halfway("zhuren"))
        again = halfway("zhuren")
        again.post("/login/code/", {"code": app.code()})
        assert not signed_in(again)

    def test_paper_alone_will_do(self, chief):
        client = halfway("zhuren")
        _, answer = self.enrol(client, "paper")
        assert signed_in(client)
        again = halfway("zhuren")
        again.post("/login/code/", {"code": shown_codes(said(answer))[0]})
        assert signed_in(again)

    def test_a_wrong_code_sets_nothing_up_and_the_same_secret_stands(self, chief):
        client = halfway("zhuren")
        before = shown_secret(said(client.get("/login/second-factor/")))
        page = said(client.post("/login/second-factor/", {"with": "app", "code": WRONG_CODE}))
        assert "这个动态码不对" in page
        assert shown_secret(page) == before
        assert not SecondFactor.objects.exists()
        assert not signed_in(client)

    def test_the_secret_shown_to_one_browser_is_not_shown_to_another(self, chief):
        shown = {
            shown_secret(said(halfway("zhuren").get("/login/second-factor/"))) for _ in range(3)
        }
        assert len(shown) == 3

    def test_the_secret_lies_in_no_session_as_it_is(self, chief):
        client = halfway("zhuren")
        secret = shown_secret(said(client.get("/login/second-factor/")))
        assert secret not in json.dumps(dict(client.session))

    def test_where_it_is_set_up_already_the_page_sets_up_nothing(self, chief):
        client = halfway("zhuren")
        app = with_app(chief)
        assert client.get("/login/second-factor/")["Location"] == "/login/"
        client.post("/login/second-factor/", {"with": "paper"})
        assert not signed_in(client)
        assert SecondFactor.objects.get().secret == app.secret

    def test_after_half_an_hour_it_begins_anew(self, chief, time_machine):
        client = halfway("zhuren")
        time_machine.shift(30 * 60 + 1)
        assert "等得久了" in said(client.post("/login/second-factor/", {"with": "paper"}))
        assert not SecondFactor.objects.exists()

    def test_the_organisation_department_must(self, db):
        make.an_orgadmin(make.a_branch(), "zuzhibu")
        assert "先设好两步登录" in said(halfway("zuzhibu").get("/login/second-factor/"))

    def test_others_need_not_and_members_never(self, editor, qiqige):
        for login in ("bianji", "qiqige"):
            told = {"username": login, "password": make.PASSWORD}
            assert Client().post("/login/", told).status_code == 302

    def test_a_setting_says_who(self, editor, chief, settings):
        settings.SECOND_FACTOR_ROLES = ["editor"]
        assert "先设好两步登录" in said(halfway().get("/login/second-factor/"))
        assert through_the_interface("zhuren").status_code == 200

    def test_the_demo_signs_in_as_it_says(self, chief):
        type(chief).objects.update(is_demo=True)
        assert through_the_interface("zhuren").status_code == 200
        told = {"username": "zhuren", "password": make.PASSWORD}
        assert Client().post("/login/", told).status_code == 302

    def test_it_is_written_down(self, chief):
        self.enrol(halfway("zhuren"))
        entry = ModelLogEntry.objects.get()
        assert (entry.action, entry.user) == ("studyhub.second_factor.set_up", chief)

    def test_whoever_was_signed_in_with_the_password_alone_is_out(self, chief, sign_in):
        before = sign_in(chief)
        assert signed_in(before)
        client = halfway("zhuren")
        self.enrol(client)
        assert not signed_in(before)
        assert said(client.get("/me/")).count("电脑或别的浏览器") == 1  # only here

    @pytest.mark.parametrize("office", ["member", "leader"])
    def test_whoever_is_given_such_an_office_while_signed_in_sets_it_up_first(self, office):
        banner = make.a_branch()
        user = make.a_member("巴图", username="batu").user
        if office == "leader":
            make.DutyFactory(group=make.a_group(branch=banner), user=user)
        client = Client()
        client.post("/login/", {"username": "batu", "password": make.PASSWORD})
        assert signed_in(client)
        make.DutyFactory(orgadmin=True, branch=banner, user=user)
        assert client.get("/cms/members/").headers["Location"].startswith("/login/")
        assert not signed_in(client)

    def test_whoever_has_one_already_stays_signed_in(self, editor, app):
        client = halfway()
        client.post("/login/code/", {"code": app.code()})
        make.DutyFactory(orgadmin=True, branch=make.a_branch(), user=editor)
        assert client.get("/cms/members/").status_code == 200


def opened_by_the_password():
    """Every address there is, asked with login and password in every way they might be read."""
    bodies = [{name: "bianji", "password": make.PASSWORD} for name in ("login", "username")]
    opened = set()
    for route in [one for one in ALL if "<" not in one and "failwhale" not in one]:
        for body in bodies:
            for sent in ((body,), (json.dumps(body), "application/json")):
                client = Client(headers={"Sec-Fetch-Site": "same-origin"})
                client.post(f"/{route}", *sent)
                if "_auth_user_id" in client.session:
                    opened.add(route)
    return opened


class TestEveryDoor:
    @pytest.mark.parametrize(
        "door", ["/login/", "/cms/login/", "/_util/login/", "/login/code/", "/login/second-factor/"]
    )
    def test_no_page_signs_in_by_the_password_alone(self, app, door):
        client = Client()
        client.post(door, PASSWORD, follow=True)
        assert not signed_in(client)

    @pytest.mark.slow
    def test_there_are_two_and_neither_opens_to_the_password_alone(self, editor):
        assert opened_by_the_password() == {"login/", "api/v1/session"}
        with_app(editor)
        assert opened_by_the_password() == set()
