"""The rules of the second step, without pages: the window of a code, once, at rest, taken away."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as any_of
from wagtail.models import ModelLogEntry

from studyhub.core.errors import Invalid
from studyhub.core.review_levels import TRANSLATOR
from studyhub.people import (
    access,
    key_proofs,
    obligations,
    passkeys,
    recovery_codes,
    second_factor,
    totp,
)
from studyhub.people.key_challenges import Challenge
from studyhub.people.models import RecoveryCode, SecondFactor
from tests import factories as make
from tests.people.keys import ADDRESS, give_key, text
from tests.people.second_factors import STEP, with_app, with_paper

SECRETS = any_of.binary(min_size=20, max_size=20).map(lambda b: totp.b32encode(b).decode())
MOMENTS = any_of.integers(60, 2**33)  # seconds since 1970


@pytest.fixture
def bianji(db):
    user = make.a_user("bianji")
    user.groups.add(Group.objects.get(name=access.EDITOR))
    return user


def request():
    return RequestFactory().post("/login/code/")


class TestWindow:
    @given(SECRETS, MOMENTS, any_of.integers(-1, 1))
    def test_the_code_of_now_and_its_neighbours_is_right(self, secret, now, away):
        step = now // STEP + away
        if step >= 0:
            found = totp.step_of(secret, totp.code_at(secret, step), now)
            # Two half minutes may share a code, once in a million.
            assert totp.code_at(secret, found) == totp.code_at(secret, step)

    @given(SECRETS, MOMENTS, any_of.integers(2, 10**6), any_of.sampled_from((1, -1)))
    def test_any_other_is_wrong(self, secret, now, away, way):
        step = now // STEP + way * away
        near = {totp.code_at(secret, max(0, now // STEP + one)) for one in (-1, 0, 1)}
        if step >= 0 and totp.code_at(secret, step) not in near:
            assert totp.step_of(secret, totp.code_at(secret, step), now) is None

    @given(SECRETS, MOMENTS, any_of.text(max_size=8))
    def test_whatever_is_typed_is_answered(self, secret, now, typed):
        near = {totp.code_at(secret, max(0, now // STEP + one)) for one in (-1, 0, 1)}
        assert (totp.step_of(secret, typed, now) is not None) == (typed in near)

    @pytest.mark.parametrize(
        ("now", "code"),
        [(59, "287082"), (1111111109, "081804"), (2000000000, "279037"), (20000000000, "353130")],
    )
    def test_codes_are_those_of_the_standard(self, now, code):
        """RFC 6238, appendix B, the last six of eight digits."""
        secret = totp.b32encode(b"12345678901234567890").decode()
        assert totp.code_at(secret, now // STEP) == code


class TestOnce:
    @pytest.fixture(autouse=True)
    def _house(self, db, time_machine):
        time_machine.move_to("2026-11-20T08:00:10+08:00", tick=False)

    @pytest.mark.parametrize("first", [-1, 0, 1])
    @pytest.mark.parametrize("then", [-1, 0, 1])
    def test_a_code_and_all_before_it_are_used_up(self, bianji, first, then):
        app = with_app(bianji)
        assert second_factor.is_right(request(), bianji, app.code(first))
        assert second_factor.is_right(request(), bianji, app.code(then)) is (then > first)

    def test_a_wrong_one_uses_nothing_up(self, bianji):
        app = with_app(bianji)
        assert not second_factor.is_right(request(), bianji, "000000")
        assert second_factor.is_right(request(), bianji, app.code())

    def test_an_account_without_an_app_has_no_code_that_is_right(self, bianji):
        with_paper(bianji)
        assert not second_factor.is_right(request(), bianji, "000000")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "paper"])
def test_the_same_code_twice_at_once_enters_once(kind, monkeypatch, time_machine):
    time_machine.move_to("2026-11-20T08:00:10+08:00", tick=False)
    user = make.a_user("bianji")
    code = with_app(user).code() if kind == "app" else with_paper(user)[4]
    together = threading.Barrier(4)

    def waits(look):
        """All have found the code right and unused before any of them uses it up."""

        def wrapped(*args):
            found = look(*args)
            together.wait(timeout=30)
            return found

        return wrapped

    monkeypatch.setattr(totp, "step_of", waits(totp.step_of))
    monkeypatch.setattr(recovery_codes, "check_password", waits(recovery_codes.check_password))

    def enter(number):
        try:
            return second_factor._use(user, code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        entered = list(threads.map(enter, range(4)))
    assert sorted(entered) == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("counting", [True, False])
def test_the_same_answer_of_a_key_twice_at_once_enters_once(counting, monkeypatch, settings):
    settings.PUBLIC_URL = ADDRESS
    user = make.a_user("bianji")
    with_paper(user)
    key = give_key(user, counting=counting)
    challenge = Challenge(bytes(32), timezone.now())
    answer = key.use({"challenge": text(challenge.value)})
    together, look = threading.Barrier(4), key_proofs.check_use

    def waits(*args, **more):
        """All have found the answer right before any of them notes the use."""
        found = look(*args, **more)
        together.wait(timeout=30)
        return found

    monkeypatch.setattr(key_proofs, "check_use", waits)

    def enter(number):
        try:
            passkeys._use(user, answer, challenge)
        except Invalid as problem:
            return problem.detail
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(enter, range(4))) == ["", *[passkeys.LATE] * 3]


class TestRecoveryCodes:
    def test_ten_of_twelve_digits_each_begins_with_its_number(self):
        codes = recovery_codes.new_codes()
        assert [code[0] for code in codes] == list("0123456789")
        assert {len(code) for code in codes} == {12}
        assert not set(codes) & set(recovery_codes.new_codes())

    def test_new_ones_void_the_old_and_the_app_stays(self, bianji):
        app = with_app(bianji)
        old = second_factor.renew_codes(bianji)
        new = second_factor.renew_codes(bianji)
        assert not second_factor._use(bianji, old[0])
        assert second_factor._use(bianji, new[0])
        assert second_factor._use(bianji, app.code())

    def test_another_ones_is_none(self, bianji):
        with_paper(bianji)
        assert not second_factor._use(bianji, with_paper(make.a_user("shenhe"))[0])


class TestAtRest:
    def test_the_secret_is_encrypted_and_the_codes_are_digests(self, bianji):
        secret = with_app(bianji).secret
        codes = second_factor.renew_codes(bianji)
        with connection.cursor() as cursor:
            cursor.execute("SELECT secret FROM people_secondfactor")
            assert secret not in cursor.fetchone()[0]
            cursor.execute("SELECT digest FROM people_recoverycode")
            kept = " ".join(row[0] for row in cursor.fetchall())
        assert not [code for code in codes if code in kept]

    def test_a_newer_key_takes_it_over(self, bianji, settings):
        app, old = with_app(bianji), settings.FIELD_KEYS[0]
        settings.FIELD_KEYS = [Fernet.generate_key().decode(), old]
        assert second_factor.factor_of(bianji).secret == app.secret
        call_command("reencrypt", stdout=io.StringIO())
        settings.FIELD_KEYS = settings.FIELD_KEYS[:1]
        assert second_factor._use(bianji, app.code())

    def test_a_new_secret_key_voids_no_code_on_paper(self, bianji, settings):
        codes = with_paper(bianji)
        settings.SECRET_KEY = "another secret"
        assert second_factor._use(bianji, codes[0])


GROUPS = (*access.STAFF_GROUPS, TRANSLATOR)


class TestWho:
    @pytest.fixture
    def staff(self, db):
        group = make.a_group(make.a_member("其其格", username="qiqige"))
        people = {
            "admin": make.a_user("zhuren", is_superuser=True),
            "orgadmin": make.an_orgadmin(group.branch),
            "leader": make.a_leader(group),
            "member": group.memberships.get().member.user,
        }
        for name in GROUPS:
            people[name] = make.a_user(name)
            people[name].groups.add(Group.objects.get(name=name))
        return people

    @pytest.mark.parametrize("role", ["admin", "orgadmin", "leader", *GROUPS])
    def test_those_must_whose_role_the_setting_names(self, staff, settings, role):
        settings.SECOND_FACTOR_ROLES = [role]
        must = {name for name, user in staff.items() if obligations.must_have_factor(user)}
        assert must == {role}
        assert [user.pk for user in obligations.accounts_without()] == [staff[role].pk]

    def test_the_setting_may_name_every_role_but_the_members(self, staff, settings):
        named = {role for user in staff.values() for role in access.roles_of(user)} | {"liaison"}
        assert {*settings.OFFICES} == named - {"member"}

    def test_whoever_holds_an_office_may_and_a_member_may_not(self, staff):
        may = {name for name, user in staff.items() if second_factor.may_have_factor(user)}
        assert may == staff.keys() - {"member"}

    def test_an_office_that_has_ended_obliges_to_nothing(self, staff):
        staff["orgadmin"].duties.update(ends_on="2026-01-01")
        assert not obligations.must_have_factor(staff["orgadmin"])


class TestTakenAway:
    def reset(self, login):
        out = io.StringIO()
        call_command("reset_second_factor", login, stdout=out)
        return out.getvalue()

    def test_the_command_is_for_whoever_lost_everything(self, bianji):
        with_app(bianji)
        assert "取消了" in self.reset("BIANJI")
        assert not SecondFactor.objects.exists()
        assert not RecoveryCode.objects.exists()
        entry = ModelLogEntry.objects.filter(action=second_factor.TAKEN_AWAY).get()
        assert (entry.object_id, entry.user) == (str(bianji.pk), None)

    def test_it_says_so_where_there_is_nothing(self, bianji):
        assert "什么也没有改" in self.reset("bianji")
        with pytest.raises(CommandError, match="没有“nobody”这个账号"):
            self.reset("nobody")
        assert not ModelLogEntry.objects.exists()

    def test_whoever_is_signed_in_is_out(self, bianji, sign_in):
        with_app(bianji)
        client = sign_in(bianji)
        self.reset("bianji")
        assert client.get("/me/").status_code == 302
