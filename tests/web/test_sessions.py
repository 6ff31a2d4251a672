"""How long one stays signed in, where else, and how to end it."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.test import Client

from studyhub.people import access
from studyhub.people.models import Duty, SignedInPhone
from studyhub.people.tasks import clear_sessions
from studyhub.records.models import Record
from studyhub.records.tickets import give_ticket, ticket_mark
from tests import factories as make

PHONE = "Mozilla/5.0 (Linux; Android 10; JSN-AL00) AppleWebKit/537.36 Chrome/116.0 Mobile"
WECHAT = PHONE + " MicroMessenger/8.0.49"
HOUR = 3600
PING = "/cms/editing-sessions/ping/content/lessonpage/1/1/"


@pytest.fixture(autouse=True)
def _house(lesson, time_machine):
    time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)


@pytest.fixture
def editor(db):
    user = make.a_user("bianji")
    user.groups.add(Group.objects.get_or_create(name=access.EDITOR)[0])
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


def phone(user, browser=PHONE, **more):
    client = Client(headers={"user-agent": browser})
    told = {"username": user.username, "password": make.PASSWORD, **more}
    assert client.post("/login/", told).status_code == 302
    return client


def signed_in(client, path="/me/"):
    return client.get(path).status_code == 200


def section_of(client):
    page = client.get("/me/").content.decode()
    return page[page.index('id="phones"') : page.index("退出别处的登录</button>")]


@pytest.mark.once
@pytest.mark.slow
class TestHowLong:
    def test_a_member_stays_until_a_month_without_coming(self, qiqige, time_machine):
        client = phone(qiqige.user)
        for _ in range(3):
            time_machine.shift(29 * 24 * HOUR)
            assert signed_in(client)
        time_machine.shift(31 * 24 * HOUR)
        assert not signed_in(client)

    def test_who_sees_others_records_is_signed_out_after_half_an_hour_away(
        self, qiqige, time_machine
    ):
        Duty.objects.create(
            user=qiqige.user, kind="leader", group=make.a_group(qiqige), starts_on=make.LONG_AGO
        )
        client = phone(qiqige.user)
        for _ in range(3):
            time_machine.shift(29 * 60)
            assert signed_in(client, "/lead/")
        time_machine.shift(31 * 60)
        assert not signed_in(client, "/lead/")

    def test_and_at_the_end_of_a_working_day(self, editor, time_machine):
        client = phone(editor)
        still = []
        for _ in range(26):
            time_machine.shift(29 * 60)
            still.append(signed_in(client, "/cms/"))
        assert still == [True] * 24 + [False] * 2  # 24 x 29 minutes fit into twelve hours

    def test_an_editor_left_open_keeps_nobody_signed_in(self, editor, lesson, time_machine):
        client = phone(editor)
        for path, still in [("/cms/reports/", True), (PING, False)]:
            time_machine.shift(20 * 60)
            client.get(path)
            time_machine.shift(20 * 60)
            assert signed_in(client, "/cms/") == still

    def test_the_interface_ends_with_it(self, editor, time_machine):
        client = phone(editor)
        time_machine.shift(31 * 60)
        assert client.get("/api/v1/me").status_code == 401

    def test_an_office_that_has_ended_is_none(self, qiqige, time_machine):
        group = make.a_group(qiqige)
        Duty.objects.create(user=qiqige.user, kind="leader", group=group, starts_on=make.LONG_AGO)
        Duty.objects.update(ends_on="2026-11-19")
        client = phone(qiqige.user)
        time_machine.shift(HOUR)
        assert signed_in(client)

    def test_who_is_given_an_office_has_its_short_session_from_then_on(self, qiqige, time_machine):
        client = phone(qiqige.user)
        make.DutyFactory(user=qiqige.user)
        for _ in range(3):
            time_machine.shift(29 * 60)
            assert signed_in(client, "/lead/")
        time_machine.shift(31 * 60)
        assert not signed_in(client, "/lead/")

    def test_and_its_working_day_is_over_at_some_time(self, qiqige, time_machine):
        client = phone(qiqige.user)
        make.DutyFactory(user=qiqige.user)
        still = []
        for _ in range(26):
            time_machine.shift(29 * 60)
            still.append(signed_in(client))
        assert still[0]
        assert not still[-1]

    def test_an_office_given_since_the_last_visit_is_not_opened_by_an_old_session(
        self, qiqige, time_machine
    ):
        client = phone(qiqige.user)
        time_machine.shift(3 * 24 * HOUR)
        make.DutyFactory(user=qiqige.user)
        assert not signed_in(client, "/lead/")

    def test_who_has_lost_an_office_is_a_member_like_others(self, qiqige, time_machine):
        duty = make.DutyFactory(user=qiqige.user)
        client = phone(qiqige.user)
        Duty.objects.filter(pk=duty.pk).update(ends_on="2026-11-19")
        assert signed_in(client)
        time_machine.shift(20 * HOUR)
        assert signed_in(client)

    def test_the_forms_of_a_lesson_are_not_handed_in_by_a_session_that_is_over(
        self, qiqige, lesson, time_machine
    ):
        make.DutyFactory(user=qiqige.user)
        client = phone(qiqige.user)
        time_machine.shift(31 * 60)
        path = f"/study/{lesson.translation_key}/"
        for address in (path, f"{path}confirm/"):
            answer = client.post(
                address, {"do": "finish"}, headers={"Sec-Fetch-Site": "same-origin"}
            )
            assert answer.status_code == 200
            assert 'name="password"' in answer.content.decode()
        assert not Record.objects.exists()

    def test_a_phone_that_was_shared_once_is_the_next_ones_own(self, qiqige, time_machine):
        client = phone(qiqige.user, shared="1")
        client.post("/login/", {"username": "qiqige", "password": make.PASSWORD})
        time_machine.shift(HOUR)
        assert signed_in(client)


class TestWhere:
    def test_the_owner_reads_where_and_since_when(self, qiqige, time_machine):
        phone(qiqige.user, WECHAT)
        time_machine.shift(2 * 24 * HOUR)
        told = section_of(phone(qiqige.user))
        assert told.index("手机浏览器（安卓、鸿蒙） · <strong>就是这里") < told.index("微信（安卓")
        assert "11月20日登录，最近用在11月20日" in told

    def test_coming_again_another_day_is_noted(self, qiqige, time_machine):
        wechat = phone(qiqige.user, WECHAT)
        time_machine.shift(3 * 24 * HOUR)
        signed_in(wechat)
        assert "11月20日登录，最近用在11月23日" in section_of(phone(qiqige.user))

    def test_a_session_under_another_key_is_on_the_list(self, qiqige):
        """Django gives it one when the password changes."""
        client = phone(qiqige.user)
        session = client.session
        session.cycle_key()
        client.cookies["sessionid"] = session.session_key
        assert "就是这里" in section_of(client)

    def test_neither_address_nor_name_of_the_phone_is_kept(self, qiqige):
        phone(qiqige.user)
        kept = [str(value) for value in SignedInPhone.objects.values_list().get()]
        assert not [value for value in kept if "JSN" in value or "127.0.0.1" in value]

    def test_signing_out_takes_it_off_the_list(self, qiqige):
        phone(qiqige.user).post("/logout/")
        assert not SignedInPhone.objects.exists()

    def test_a_session_that_is_over_is_not_shown(self, qiqige, time_machine):
        phone(qiqige.user, WECHAT)
        time_machine.shift(31 * 24 * HOUR)
        assert "微信" not in section_of(phone(qiqige.user))

    def test_what_is_over_is_cleared_at_night(self, qiqige, time_machine):
        phone(qiqige.user, WECHAT)
        time_machine.shift(20 * 24 * HOUR)
        phone(qiqige.user)
        time_machine.shift(20 * 24 * HOUR)
        for _ in range(2):
            clear_sessions()
            assert [row.browser for row in SignedInPhone.objects.all()] == ["android"]

    def test_work_accounts_see_it_as_well(self, editor):
        assert "就是这里" in section_of(phone(editor))


class TestElsewhere:
    def test_all_others_end_and_this_one_goes_on(self, qiqige):
        wechat, here = phone(qiqige.user, WECHAT), phone(qiqige.user)
        answer = here.post("/me/sign-out-elsewhere/", follow=True)
        assert "只有这里还登录着" in answer.content.decode()
        assert (signed_in(wechat), signed_in(here)) == (False, True)
        assert "微信" not in section_of(here)
        assert Session.objects.count() == 1

    def test_also_sessions_that_no_list_knows(self, qiqige):
        wechat, here = phone(qiqige.user, WECHAT), phone(qiqige.user)
        SignedInPhone.objects.all().delete()
        here.post("/me/sign-out-elsewhere/")
        assert (signed_in(wechat), signed_in(here)) == (False, True)

    def test_tickets_given_before_are_void_and_phones_can_tell(self, qiqige):
        ticket, before = give_ticket(qiqige.user), ticket_mark(qiqige.user)
        here = phone(qiqige.user)
        here.post("/me/sign-out-elsewhere/")
        body = {"device_id": "0191c000-0000-7000-8000-000000000001", "records": [], "epoch": 1}
        answer = Client(headers={"authorization": f"Ticket {ticket}"}).post(
            "/api/v1/me/records",
            body | {"account_id": str(qiqige.user.account_id)},
            "application/json",
        )
        assert (answer.status_code, answer.json()["code"]) == (401, "ticket_void")
        assert here.get("/api/v1/me").json()["ticket_mark"] != before

    def test_nobody_else_is_touched(self, qiqige):
        other = phone(make.a_member("巴图", username="batu").user)
        phone(qiqige.user).post("/me/sign-out-elsewhere/")
        assert signed_in(other)

    def test_a_link_can_not_do_it(self, qiqige):
        assert phone(qiqige.user).get("/me/sign-out-elsewhere/").status_code == 405
