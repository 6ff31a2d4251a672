"""Security keys: added in ``/me/``, used at the door and for a change, refused in words."""

import json

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from studyhub.people import passkeys
from studyhub.people.models import Passkey, RecoveryCode, SecondFactor
from tests import factories as make
from tests.people.keys import ADDRESS, Key, give_key
from tests.people.second_factors import shown_codes, with_app, with_paper
from tests.web.half_way import halfway, said, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # whatever database answers
OWN, NEW = "/me/second-factor/", "/me/second-factor/key/"
OPTIONS, CODE, ASKED = f"{NEW}options/", "/login/code/", "/login/code/key/"


@pytest.fixture(autouse=True)
def _house(lesson, settings, time_machine):
    settings.PUBLIC_URL = ADDRESS
    time_machine.move_to("2026-11-20T08:00:10+08:00", tick=False)


@pytest.fixture
def app(editor):
    return with_app(editor)


@pytest.fixture
def key(editor, app):
    return give_key(editor)


@pytest.fixture
def desk(editor, app, sign_in):
    return sign_in(editor)


def asked(client, address=ASKED, **form):
    answer = client.post(address, form)
    assert answer.status_code == 200, said(answer)
    return answer.json()


def enter(client, answer, **more):
    return client.post(CODE, {"passkey": answer, **more})


def ask(client, do, code="", **more):
    return client.post(OWN, {"do": do, "password": make.PASSWORD, "code": code, **more})


def refused(answer, words):
    assert words in said(answer)
    assert not signed_in(answer.client)
    return True


class TestAtTheDoor:
    def test_the_page_offers_it_to_whoever_has_one(self, editor, app):
        without = said(Client().post("/login/", {"username": "bianji", "password": make.PASSWORD}))
        assert "passkey" not in without
        give_key(editor)
        page = said(halfway().get(CODE))
        assert f'data-options="{ASKED}"' in page
        assert "passkey.js" in page
        assert 'autocomplete="one-time-code"' in page

    def test_a_key_signs_in_and_leads_on(self, key, time_machine):
        client = halfway(next="/cms/")
        answer = enter(client, key.use(asked(client)), next="/cms/")
        assert answer["Location"] == "/cms/"
        assert client.get("/cms/").status_code == 200
        assert Passkey.objects.get().last_used_at is not None
        time_machine.shift(1)
        again = halfway()
        enter(again, key.use(asked(again)))
        assert signed_in(again)

    def test_a_code_works_beside_it(self, key, app):
        client = halfway()
        client.post(CODE, {"code": app.code(), "passkey": ""})
        assert signed_in(client)

    def test_nobody_is_asked_for_a_key_before_the_password(self, client, key):
        assert client.post(ASKED).status_code == 409
        assert client.get(ASKED).status_code == 409

    def test_a_key_that_does_not_count_signs_in_again(self, editor, app, time_machine):
        key = give_key(editor, counting=False)
        for _ in range(2):
            client = halfway()
            enter(client, key.use(asked(client)))
            assert signed_in(client)
            time_machine.shift(1)

    def test_another_keys_signature_is_wrong(self, key):
        client, thief = halfway(), Key()
        thief.id = key.id
        assert refused(enter(client, thief.use(asked(client))), "安全密钥没有验过")

    @pytest.mark.parametrize("sent", ["{}", "[]", "null", "x", "\x00", '{"id": 1}', "9" * 30_000])
    def test_what_no_browser_sends_is_wrong(self, key, sent):
        client = halfway()
        asked(client)
        assert enter(client, sent).status_code == 200
        assert not signed_in(client)

    def test_an_answer_is_good_once(self, key, time_machine):
        client = halfway()
        answer = key.use(asked(client))
        enter(client, answer)
        client.post("/logout/")
        time_machine.shift(1)
        again = halfway()
        assert refused(enter(again, answer), "已经用过了")
        asked(again)
        assert refused(enter(again, answer), "安全密钥没有验过")

    def test_a_wrong_answer_uses_the_question_up(self, key):
        client = halfway()
        answer = key.use(asked(client))
        enter(client, "{}")
        assert refused(enter(client, answer), "已经用过了")

    def test_an_answer_belongs_to_the_browser_that_asked(self, key):
        answer = key.use(asked(halfway()))
        assert refused(enter(halfway(), answer), "等得久了")

    def test_an_answer_belongs_to_the_sign_in_that_asked(self, key):
        client = halfway()
        answer = key.use(asked(client))
        client.post("/login/", {"username": "bianji", "password": make.PASSWORD})
        assert refused(enter(client, answer), "等得久了")

    def test_five_minutes_are_enough_at_the_door(self, key, time_machine):
        client = halfway()
        options = asked(client)
        time_machine.shift(5 * 60)
        enter(client, key.use(options))
        assert signed_in(client)

    @pytest.mark.parametrize(
        "elsewhere", [{"origin": "https://evil.example"}, {"host": "evil.example"}]
    )
    def test_what_was_signed_for_another_site_is_refused_and_says_ours(self, key, elsewhere):
        client = halfway()
        page = enter(client, key.use(asked(client), **elsewhere))
        assert refused(page, f"只认 {ADDRESS} 这个网址")

    def test_another_accounts_key_opens_nothing(self, key):
        other = make.a_user("shenhe")
        with_paper(other)
        stranger = give_key(other)
        client = halfway()
        assert refused(enter(client, stranger.use(asked(client))), "不是这个账号的")

    def test_a_key_that_was_removed_opens_nothing(self, key):
        client = halfway()
        answer = key.use(asked(client))
        Passkey.objects.all().delete()
        assert refused(enter(client, answer), "已经删掉了")

    def test_the_key_of_a_closed_account_opens_nothing(self, editor, key):
        client = halfway()
        answer = key.use(asked(client))
        type(editor).objects.update(is_active=False)
        enter(client, answer)
        assert not signed_in(client)
        assert client.post(ASKED).status_code == 409
        assert Passkey.objects.get().last_used_at is None

    @pytest.mark.parametrize("name", ["\x00", "\ud800", "钥匙", "", ["a"], {"a": 1}, None, 7])
    def test_a_key_of_no_name_is_refused_and_counted(self, key, name):
        client = halfway()
        asked(client)
        assert refused(enter(client, json.dumps({"id": name})), "安全密钥没有验过")

    def test_a_key_that_counts_backwards_is_refused_and_written_down(self, key, time_machine):
        client = halfway()
        key.count = 7
        enter(client, key.use(asked(client)))
        assert signed_in(client)
        for count in (7, 2, -1):  # the next is one more
            time_machine.shift(1)
            key.count = count
            again = halfway()
            assert refused(enter(again, key.use(asked(again))), "次数倒退了")
        entries = ModelLogEntry.objects.filter(action=passkeys.COPIED)
        assert [one.data["told"] for one in entries.order_by("pk")] == [8, 3, 0]
        assert Passkey.objects.get().sign_count == 8

    def test_wrong_keys_are_slowed_as_wrong_codes_are_and_together(self, key, time_machine):
        client = halfway()
        assert [enter(client, "{}").status_code for _ in range(3)] == [200] * 3
        client.post(CODE, {"code": "000000"})
        assert enter(client, "{}").status_code == 429
        page = enter(client, key.use(asked(client)))
        assert (page.status_code, page["Retry-After"]) == (429, "180")
        assert not signed_in(client)
        time_machine.shift(180)
        enter(client, key.use(asked(client)))
        assert signed_in(client)

    def test_without_the_forms_token_nothing_is_asked(self, key):
        client = Client(enforce_csrf_checks=True)
        assert client.post(ASKED).status_code == 403

    def test_a_site_without_a_name_offers_none(self, key, settings):
        settings.PUBLIC_URL = "http://127.0.0.1:8000"
        client = halfway()
        assert "passkey" not in said(client.get(CODE))
        assert client.post(ASKED).status_code == 409

    def test_who_has_a_key_and_paper_and_uses_the_last_code_is_given_ten(self, editor):
        codes = with_paper(editor)
        give_key(editor)
        RecoveryCode.objects.exclude(number=0).delete()
        client = halfway()
        page = said(client.post(CODE, {"code": codes[0]}))
        assert signed_in(client)
        assert len(shown_codes(page)) == 10


class TestInterface:
    def test_a_key_does_not_open_it_without_a_code(self, key):
        body = json.dumps({"login": "bianji", "password": make.PASSWORD})
        answer = Client().post("/api/v1/session", body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_needed")


class TestAdded:
    def prove(self, client, code):
        return ask(client, "key", code)

    def add(self, client, key, name="办公室的电脑", **how):
        return client.post(
            NEW,
            {"passkey": key.make(asked(client, OPTIONS, **{"for": "new"}), **how), "name": name},
        )

    def test_password_and_code_then_the_key(self, desk, app, time_machine):
        key = Key()
        assert self.prove(desk, app.code())["Location"] == NEW
        assert "passkey.js" in said(desk.get(NEW))
        assert self.add(desk, key)["Location"] == OWN
        page = said(desk.get(OWN))
        assert "办公室的电脑" in page
        assert "还没有用过" in page
        time_machine.shift(1)
        client = halfway()
        enter(client, key.use(asked(client)))
        assert signed_in(client)
        assert "最近用在2026年11月20日" in said(desk.get(OWN))
        assert ModelLogEntry.objects.filter(action=passkeys.ADDED).count() == 1

    def test_without_the_proof_there_is_neither_page_nor_question(self, desk):
        assert desk.get(NEW)["Location"] == OWN
        assert desk.post(NEW, {"passkey": "{}"})["Location"] == OWN
        assert desk.post(OPTIONS, {"for": "new"}).status_code == 409
        assert ask(desk, "key", "000000").status_code == 422
        assert desk.get(NEW)["Location"] == OWN

    def test_a_proof_adds_one(self, desk, app):
        self.prove(desk, app.code())
        self.add(desk, Key())
        assert desk.get(NEW)["Location"] == OWN

    def test_members_and_strangers_have_no_page(self, client, qiqige, sign_in):
        assert client.get(NEW).status_code == client.post(OPTIONS).status_code == 302
        member = sign_in(qiqige)
        assert member.get(NEW).status_code == member.post(OPTIONS).status_code == 404

    def test_the_first_of_an_account_without_a_second_step_brings_recovery_codes(
        self, sign_in, editor
    ):
        client, elsewhere, key = sign_in(editor), sign_in(editor), Key()
        assert elsewhere.get("/me/").status_code == 200
        self.prove(client, "")
        page = said(self.add(client, key))
        assert len(shown_codes(page)) == 10
        assert SecondFactor.objects.get().secret == ""
        assert elsewhere.get("/me/").status_code == 302
        door = halfway()
        door.post(CODE, {"code": shown_codes(page)[0]})
        assert signed_in(door)

    def test_key_and_paper_are_enough_where_an_office_obliges(self, sign_in):
        chief = make.a_user("zhuren", is_superuser=True, is_staff=True)
        with_paper(chief)
        key = give_key(chief)
        client = halfway("zhuren", next="/cms/")
        enter(client, key.use(asked(client)))
        assert client.get("/cms/").status_code == 200
        assert "设验证器" in said(client.get(OWN))

    def test_an_app_added_later_keeps_the_key(self, editor, sign_in):
        paper = with_paper(editor)
        key, client = give_key(editor), sign_in(editor)
        assert ask(client, "new", paper[0])["Location"] == "/me/second-factor/new/"
        with_app(editor)
        door = halfway()
        enter(door, key.use(asked(door)))
        assert signed_in(door)

    def test_a_key_is_added_once_and_to_one_account(self, desk, app, time_machine):
        key = Key()
        self.prove(desk, app.code())
        self.add(desk, key)
        other = make.a_user("shenhe", is_staff=True, is_superuser=True)
        paper = with_paper(other)
        client = Client()
        client.force_login(other)
        self.prove(client, paper[0])
        answer = self.add(client, key)
        assert (answer.status_code, "已经加过了" in said(answer)) == (409, True)
        assert Passkey.objects.count() == 1

    def test_a_question_makes_one_key(self, desk, app):
        self.prove(desk, app.code())
        options = asked(desk, OPTIONS, **{"for": "new"})
        wrong = desk.post(NEW, {"passkey": "{}", "name": "x"})
        assert (wrong.status_code, "没有验过" in said(wrong)) == (422, True)
        late = desk.post(NEW, {"passkey": Key().make(options), "name": "x"})
        assert (late.status_code, "等得久了" in said(late)) == (422, True)
        assert not Passkey.objects.exists()

    @pytest.mark.parametrize(
        "elsewhere", [{"origin": "https://evil.example"}, {"host": "evil.example"}]
    )
    def test_one_made_for_another_site_is_refused(self, desk, app, elsewhere):
        self.prove(desk, app.code())
        answer = self.add(desk, Key(), **elsewhere)
        assert (answer.status_code, "只认" in said(answer)) == (422, True)
        assert not Passkey.objects.exists()

    def test_a_question_for_a_sign_in_makes_no_key(self, desk, app, key):
        self.prove(desk, app.code(1))
        answer = desk.post(NEW, {"passkey": Key().make(asked(desk, OPTIONS)), "name": "x"})
        assert "等得久了" in said(answer)

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [("", "安全密钥"), ("  ", "安全密钥"), ("甲" * 90, "甲" * 40), ("a\nb", "a b")],
    )
    def test_a_name_is_one_short_line(self, desk, app, typed, kept):
        self.prove(desk, app.code())
        self.add(desk, Key(), name=typed)
        assert Passkey.objects.get().name == kept

    def test_ten_are_the_most(self, desk, app, editor):
        for _ in range(10):
            give_key(editor)
        self.prove(desk, app.code())
        answer = desk.post(OPTIONS, {"for": "new"})
        assert (answer.status_code, "已经有 10 把" in answer.json()["detail"]) == (409, True)


class TestRemoved:
    def remove(self, client, code="", **more):
        return ask(client, f"remove {Passkey.objects.latest('pk').pk}", code, **more)

    def test_after_password_and_code_and_whoever_is_elsewhere_is_out(
        self, desk, key, app, editor, sign_in
    ):
        elsewhere = sign_in(editor)
        assert elsewhere.get("/me/").status_code == 200
        assert self.remove(desk, "000000").status_code == 422
        assert self.remove(desk, app.code(), password="wrong").status_code == 422
        assert Passkey.objects.exists()
        assert self.remove(desk, app.code())["Location"] == OWN
        assert not Passkey.objects.exists()
        assert elsewhere.get("/me/").status_code == 302
        assert "办公室的电脑”删掉了" in said(desk.get(OWN))
        assert ModelLogEntry.objects.filter(action=passkeys.REMOVED).count() == 1

    def test_a_key_proves_who_asks(self, desk, key):
        answer = key.use(asked(desk, OPTIONS))
        assert self.remove(desk, passkey=answer)["Location"] == OWN
        assert not Passkey.objects.exists()

    def test_a_question_is_good_for_five_minutes(self, desk, key, time_machine):
        for minutes, status in ((5 * 60 + 1, 422), (5 * 60, 302)):
            options = asked(desk, OPTIONS)
            time_machine.shift(minutes)
            answer = self.remove(desk, passkey=key.use(options))
            assert answer.status_code == status
        assert not Passkey.objects.exists()

    def test_a_wrong_key_proves_nothing(self, desk, key):
        asked(desk, OPTIONS)
        assert self.remove(desk, passkey="{}").status_code == 422
        assert Passkey.objects.exists()

    def test_nobody_removes_anothers(self, desk, app, key):
        other = make.a_user("shenhe")
        with_paper(other)
        give_key(other)
        assert self.remove(desk, app.code()).status_code == 409
        assert Passkey.objects.count() == 2

    @pytest.mark.parametrize("number", ["", "x", "²", "9" * 40, "-1"])
    def test_a_number_that_is_none_is_told(self, desk, app, key, number):
        assert ask(desk, f"remove {number}", app.code()).status_code == 409

    def test_the_last_thing_to_sign_in_by_stays(self, sign_in):
        chief = make.a_user("zhuren", is_superuser=True, is_staff=True)
        paper = with_paper(chief)
        give_key(chief)
        client = sign_in(chief)
        RecoveryCode.objects.exclude(number=0).delete()
        # The last code proves it, and is then gone.
        answer = self.remove(client, paper[0])
        assert (answer.status_code, "删了就进不来" in said(answer)) == (409, True)
        assert self.remove(client).status_code == 409
        assert Passkey.objects.exists()

    def test_where_paper_is_left_the_key_may_go(self, sign_in):
        chief = make.a_user("zhuren", is_superuser=True, is_staff=True)
        paper = with_paper(chief)
        give_key(chief)
        assert self.remove(sign_in(chief), paper[0]).status_code == 302
        assert not Passkey.objects.exists()

    def test_an_administrator_takes_all_of_it_away(self, editor, key, sign_in):
        chief = sign_in(make.a_user("zhuren", is_superuser=True, is_staff=True))
        door = halfway()
        answer = key.use(asked(door))
        page = said(chief.get(f"/cms/staff/{editor.account_id}/"))
        assert "有 1 把安全密钥" in page
        page = said(chief.get(f"/cms/second-factor/{editor.pk}/"))
        assert "验证器、备用码和安全密钥全部作废" in page
        chief.post(f"/cms/second-factor/{editor.pk}/")
        assert not Passkey.objects.exists()
        enter(door, answer)
        assert not signed_in(door)
