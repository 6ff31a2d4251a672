"""An invite, a request, an agreement, and the way in: who may do what, and what nobody learns."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from studyhub.core.clock import today
from studyhub.core.errors import Conflict, NotFound
from studyhub.people import invites, join_decisions
from studyhub.people.erasure import erase_member
from studyhub.people.invites import LASTS, LENGTH, make_invite
from studyhub.people.joining import Asked, ask_to_join, forget_old_requests, new_secret
from studyhub.people.models import (
    Duty,
    Invite,
    JoinRequest,
    LedgerChange,
    Member,
    RecordView,
    User,
)
from studyhub.people.models.invites import KEPT
from studyhub.people.personal_codes import SIGNS
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PHONE = "13800005678"
SAID = {"name": "其其格", "phone": PHONE, "branch": "鲁北镇党支部", "agreed": "1"}


@pytest.fixture
def tree():
    make.a_tree()
    return make.a_branch("旗委")


@pytest.fixture
def lubei(tree):
    return make.a_branch("鲁北镇党支部", tree)


@pytest.fixture
def qiqige(lubei):
    member = make.a_member("其其格", phone=PHONE, user=None)
    return make.BranchMembershipFactory(branch=lubei, member=member).member


@pytest.fixture
def group(lubei, qiqige):
    return make.a_group(qiqige, branch=lubei)


@pytest.fixture
def leader(group):
    return make.a_leader(group)


@pytest.fixture
def orgadmin(tree):
    return make.an_orgadmin(tree)


@pytest.fixture
def invite(group, leader):
    return make_invite(group, by=leader)


def address(invite):
    return f"/join/{invite.spoken}/"


def said(answer):
    return answer.content.decode()


def secret_in(text):
    return re.search(r'name="secret" value="(\w+)"', text)[1]


def ask(invite, client=None, **more):
    client = client or Client()
    form = SAID | {"secret": secret_in(said(client.get(address(invite))))} | more
    return client.post(address(invite), form)


def a_request(group, leader, **more):
    asked = Asked(*({"name": "其其格", "phone": PHONE, "branch_words": ""} | more).values())
    return ask_to_join(make_invite(group, by=leader), asked, new_secret())


def pages_of(group):
    return f"/lead/groups/{group.public_id}/requests/"


def decide(client, asked, act, **more):
    form = {"act": act, "seen": "waiting"} | more
    return client.post(f"{pages_of(asked.group)}{asked.public_id}/", form, follow=True)


def signed_in(answer):
    return answer.status_code == 302 and "sessionid" in answer.cookies


# Invites -------------------------------------------------------------------------------------
def test_an_invite_is_shown_once_and_kept_as_a_digest(sign_in, leader, group):
    client, url = sign_in(leader), f"/lead/groups/{group.public_id}/invites/"
    shown = said(client.post(url))
    code = re.search(r"/join/(\w+)/", shown)[1]
    assert len(code) == LENGTH
    assert set(code) <= set(SIGNS)
    assert "<svg" in shown
    assert code not in repr(Invite.objects.values().get())
    assert code not in said(client.get(url))
    assert "还能用 60 次" in said(client.get(url))


def test_a_link_opened_uses_nothing_up(invite):
    for _ in range(3):
        assert "加入“北京小组”" in said(Client().get(address(invite)))
    assert Invite.objects.get().uses_left == invites.USES


def over(invite, kind):
    if kind == "expired":
        Invite.objects.update(expires_at=timezone.now())
    elif kind == "stopped":
        invites.stop_invite(invite.group, invite.public_id)
    elif kind == "used up":
        Invite.objects.update(uses_left=0)
    else:
        invite.spoken = "2" * LENGTH
    return invite


@pytest.mark.parametrize("kind", ["expired", "stopped", "used up", "unknown"])
def test_every_invite_that_is_over_looks_the_same(invite, kind):
    held = secret_in(said(Client().get(address(invite))))
    invite = over(invite, kind)
    shown = Client().get(address(invite))
    sent = Client().post(address(invite), SAID | {"secret": held})
    made_up = Client().get(f"/join/{'3' * LENGTH}/")
    assert shown.status_code == sent.status_code == made_up.status_code == 404
    assert shown.content == sent.content == made_up.content
    assert not JoinRequest.objects.exists()


def test_it_lasts_fourteen_days(invite):
    with time_machine.travel(timezone.now() + LASTS - timedelta(minutes=1)):
        assert Client().get(address(invite)).status_code == 200
    with time_machine.travel(timezone.now() + LASTS + timedelta(minutes=1)):
        assert Client().get(address(invite)).status_code == 404


def test_only_who_leads_or_keeps_the_group_invites_or_reads(sign_in, group, leader, tree):
    asked = a_request(group, leader)
    far = make.a_group(branch=make.a_branch("巨日合镇", tree), name="沈阳小组")
    rightful = [leader, make.an_orgadmin(tree, "gou"), make.a_user("gaowa", is_superuser=True)]
    rightful.append(make.DutyFactory(liaison=True, group=group).user)
    strangers = [
        make.a_leader(far, username="bayar"),
        make.an_orgadmin(far.branch, "yuan"),
        make.a_user("dangyuan"),
        make.DutyFactory(group=group, ended=True).user,
    ]
    urls = [
        f"/lead/groups/{group.public_id}/invites/",
        pages_of(group),
        f"{pages_of(group)}{asked.public_id}/",
    ]
    stop = f"{urls[0]}{asked.invite.public_id}/stop/"
    for url in urls:
        assert [sign_in(who).get(url).status_code for who in rightful] == [200] * 4
        assert [sign_in(who).get(url).status_code for who in strangers] == [404] * 4
        assert Client().get(url).status_code == 302
    for url in (urls[0], urls[2], stop):
        assert [sign_in(who).post(url).status_code for who in strangers] == [404] * 4
    assert Invite.objects.count() == 1
    assert sign_in(leader).post(stop).status_code == 302
    assert Invite.objects.get().stopped_at


def test_a_request_of_another_group_is_not_there(sign_in, group, leader):
    own = make.a_group(branch=group.branch, name="沈阳小组")
    other = make.a_leader(own, username="bayar")
    asked = a_request(group, leader)
    assert sign_in(other).get(f"{pages_of(own)}{asked.public_id}/").status_code == 404


def test_a_stop_is_for_the_groups_own_invite(sign_in, group, invite):
    own = make.a_group(branch=group.branch, name="沈阳小组")
    other = make.a_leader(own, username="bayar")
    url = f"/lead/groups/{own.public_id}/invites/{invite.public_id}/stop/"
    assert sign_in(other).post(url).status_code == 302
    assert Invite.objects.get().stopped_at is None


# Requests ------------------------------------------------------------------------------------
def test_a_request_is_kept_encrypted_and_makes_no_account(invite):
    client = Client()
    answer = ask(invite, client, phone=" 138 0000 5678", name=" 其 其格 ")
    assert answer["Location"] == "/join/request/"
    kept = JoinRequest.objects.get()
    assert (kept.name, kept.phone, kept.state) == ("其其格", PHONE, "waiting")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM people_joinrequest")
        assert PHONE not in cursor.fetchone()[0]
    assert not User.objects.filter(username__startswith="dy").exists()
    assert kept.reference in said(client.get("/join/request/"))
    assert "这部手机上没有申请" in said(Client().get("/join/request/"))
    assert Invite.objects.get().uses_left == invites.USES - 1


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"phone": "12345"}, {"agreed": ""}, {"branch": "长" * 61}, {"secret": "x"}],
)
def test_what_is_missing_is_said_and_nothing_is_lost(invite, wrong):
    answer = ask(invite, **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in said(answer)
    assert 'value="鲁北镇党支部"' in said(answer) or "branch" in wrong
    assert len(secret_in(said(answer))) == 40
    assert not JoinRequest.objects.exists()


def test_a_form_sent_twice_is_one_request_and_one_use(invite):
    client = Client()
    form = SAID | {"secret": secret_in(said(client.get(address(invite))))}
    client.post(address(invite), form)
    Client().post(address(invite), form)
    Invite.objects.update(uses_left=0)  # also where it was the last use
    assert Client().post(address(invite), form)["Location"] == "/join/request/"
    assert JoinRequest.objects.count() == 1


def shapeless(text):
    """Without what differs for each form: its token, its secret, the request's own number."""
    text = re.sub(r'name="(csrfmiddlewaretoken|secret)" value="\w+"', "", text)
    for asked in JoinRequest.objects.all():
        text = text.replace(asked.reference, "")
    return text


def test_nothing_tells_whether_a_name_is_on_the_ledger(invite):
    """On the ledger with this number, with another, twice, and not at all: byte by byte."""
    people = [PHONE, "13900001111", "13900002222"]
    make.a_member("巴图", phone="13900001111", user=None)
    seen = []
    for phone in people:
        client = Client()
        answer = ask(invite, client, phone=phone)
        page = said(client.get("/join/request/"))
        clock = ("Set-Cookie", "Expires")  # another secret, another second
        headers = {k: v for k, v in answer.items() if k not in clock}
        seen.append((answer.status_code, answer.content, headers, shapeless(page)))
    assert seen[0] == seen[1] == seen[2]


def test_waiting_and_referred_and_entered_look_the_same(invite):
    client = Client()
    ask(invite, client)
    pages = set()
    for state in JoinRequest.OPEN:
        JoinRequest.objects.update(state=state)
        pages.add(shapeless(said(client.get("/join/request/"))))
    assert len(pages) == 1


def test_a_request_is_gone_after_thirty_days(invite, qiqige, leader):
    client = Client()
    ask(invite, client)
    join_decisions.approve(JoinRequest.objects.get(), qiqige.public_id, by=leader, seen="waiting")
    with time_machine.travel(timezone.now() + KEPT + timedelta(minutes=1)):
        assert not signed_in(client.post("/join/request/", {"last_digits": "5678"}))
        forget_old_requests()
    assert not JoinRequest.objects.exists()
    assert not Invite.objects.exists()


def test_who_is_erased_leaves_no_request(qiqige, group, leader):
    a_request(group, leader)
    erase_member(qiqige)
    assert not JoinRequest.objects.exists()


# Decisions -----------------------------------------------------------------------------------
def test_the_leader_sees_who_it_may_be_in_name_order_and_why(sign_in, group, leader):
    for name, phone in (("齐齐格", ""), ("阿拉坦", PHONE), ("巴图", "13900001111")):
        make.GroupMembershipFactory(group=group, member=make.a_member(name, phone=phone, user=None))
    asked = a_request(group, leader)
    found = join_decisions.matches(asked, Member.objects.all())
    assert [(m.member.name, m.reasons) for m in found] == [
        ("阿拉坦", ["手机号一样"]),
        ("其其格", ["手机号一样", "姓名一样"]),
        ("齐齐格", ["姓名读音一样"]),
    ]
    text = said(sign_in(leader).get(f"{pages_of(group)}{asked.public_id}/"))
    assert "138****5678" in text
    assert "巴图" not in text


def test_a_leader_sees_nobody_outside_the_group(sign_in, group, leader):
    other = make.a_member("其其格", phone=PHONE, user=None)
    make.a_group(other, branch=group.branch, name="沈阳小组")
    asked = a_request(group, leader)
    text = said(sign_in(leader).get(f"{pages_of(group)}{asked.public_id}/?q=其其格"))
    assert str(other.public_id) not in text
    answer = decide(sign_in(leader), asked, "approve", member=other.public_id)
    assert answer.status_code == 422
    assert JoinRequest.objects.get().state == "waiting"


def test_agreed_to_and_signed_in_on_the_phone_that_asked(sign_in, invite, group, leader, qiqige):
    client = Client()
    ask(invite, client)
    asked = JoinRequest.objects.get()
    assert not signed_in(client.post("/join/request/", {"last_digits": "5678"}))
    assert "有 1 位申请加入" in said(sign_in(leader).get(f"/lead/groups/{group.public_id}/"))
    assert "同意了" in said(decide(sign_in(leader), asked, "approve", member=qiqige.public_id))
    assert "可以登录了" in said(client.get("/join/request/"))
    assert not signed_in(client.post("/join/request/", {"last_digits": "5679"}))
    assert not signed_in(Client().post("/join/request/", {"last_digits": "5678"}))
    held = client.cookies["join_request"].value
    assert signed_in(client.post("/join/request/", {"last_digits": "５６７８"}))
    assert "其其格" in said(client.get("/me/"))
    assert RecordView.objects.filter(member=qiqige, page=join_decisions.LET_IN).exists()
    replay = Client()
    replay.cookies["join_request"] = held
    assert not signed_in(replay.post("/join/request/", {"last_digits": "5678"}))


def test_the_number_that_counts_is_the_ledgers_as_it_is_now(invite, qiqige, leader):
    client = Client()
    ask(invite, client, phone="13911112222")
    join_decisions.approve(JoinRequest.objects.get(), qiqige.public_id, by=leader, seen="waiting")
    assert not signed_in(client.post("/join/request/", {"last_digits": "2222"}))
    qiqige.phone = "13911112222"
    qiqige.save()
    assert signed_in(client.post("/join/request/", {"last_digits": "2222"}))


def test_an_agreement_ends_with_the_right_to_let_in(invite, qiqige, leader):
    client = Client()
    ask(invite, client)
    join_decisions.approve(JoinRequest.objects.get(), qiqige.public_id, by=leader, seen="waiting")
    Duty.objects.update(ends_on=today() - timedelta(days=1))
    assert not signed_in(client.post("/join/request/", {"last_digits": "5678"}))


def test_nobody_is_let_in_to_an_office(group, leader, qiqige):
    qiqige.user = make.a_user("dy1", is_staff=True)
    qiqige.save()
    asked = a_request(group, leader)
    for by in (leader, make.a_user("gaowa", is_superuser=True)):
        with pytest.raises(Conflict, match="不能给"):
            join_decisions.approve(asked, qiqige.public_id, by=by, seen="waiting")
    assert JoinRequest.objects.get().state == "waiting"


def test_guessing_the_digits_is_slowed(invite, qiqige, leader):
    client = Client()
    ask(invite, client)
    join_decisions.approve(JoinRequest.objects.get(), qiqige.public_id, by=leader, seen="waiting")
    answers = [client.post("/join/request/", {"last_digits": f"{n:04}"}) for n in range(6)]
    assert answers[-1].status_code == 429
    assert JoinRequest.objects.get().let_in_at is None


def test_a_village_behind_one_address_is_not_locked(invite):
    """Neither by its number nor by somebody there who tries codes."""
    for n in range(40):
        Client().get(f"/join/{'2' * LENGTH}/")
        assert ask(invite, phone=f"138{n:08}").status_code == 302
    assert Client().get(f"/join/{'2' * LENGTH}/").status_code == 429


def test_the_department_enters_and_the_leader_lets_in(sign_in, group, leader, orgadmin, lubei):
    """The department, which never sees study, opens nobody's record."""
    asked = a_request(group, leader, name="巴图", phone="13900001111")
    assert "转给" in said(decide(sign_in(leader), asked, "refer"))
    desk = sign_in(orgadmin)
    assert "巴图" in said(desk.get("/cms/join-requests/"))
    answer = decide(desk, asked, "approve_new", seen="referred", branch=lubei.public_id)
    assert "接下来由组长让他登录" in said(answer)
    asked.refresh_from_db()
    assert (asked.state, asked.member.name) == ("entered", "巴图")
    assert asked.member.groups.get().group == group
    acts = LedgerChange.objects.filter(member=asked.member).values_list("act", "changed_by")
    assert {*acts} == {("entered", orgadmin.pk), ("group_joined", orgadmin.pk)}
    decide(sign_in(leader), asked, "approve", seen="entered", member=asked.member.public_id)
    asked.refresh_from_db()
    assert asked.state == "approved"


def test_a_leader_enters_nobody_on_the_ledger(sign_in, group, leader, lubei):
    asked = a_request(group, leader, name="巴图", phone="13900001111")
    assert decide(sign_in(leader), asked, "approve_new", branch=lubei.public_id).status_code == 422
    assert not Member.objects.filter(name="巴图").exists()


def test_a_department_ties_nobody_outside_its_tree(sign_in, group, leader, tree):
    far = make.BranchMembershipFactory(member__name="其其格", member__phone=PHONE).member
    near = make.an_orgadmin(group.branch, "jin")
    asked = a_request(group, leader)
    text = said(sign_in(near).get(f"{pages_of(group)}{asked.public_id}/"))
    assert str(far.public_id) not in text
    with pytest.raises(NotFound):
        join_decisions.approve(asked, far.public_id, by=near, seen="waiting")


def test_who_is_refused_reads_why(sign_in, invite, leader):
    client = Client()
    ask(invite, client)
    asked = JoinRequest.objects.get()
    assert decide(sign_in(leader), asked, "decline").status_code == 422
    decide(sign_in(leader), asked, "decline", reason="other_group")
    assert "您在另一个学习小组" in said(client.get("/join/request/"))
    assert not signed_in(client.post("/join/request/", {"last_digits": "5678"}))


def test_the_second_of_two_is_told(sign_in, group, leader, qiqige):
    asked = a_request(group, leader)
    decide(sign_in(leader), asked, "approve", member=qiqige.public_id)
    answer = decide(sign_in(leader), asked, "decline", reason="unknown")
    assert answer.status_code == 409
    assert "乌云刚才已经处理了" in said(answer)
    assert JoinRequest.objects.get().state == "approved"


def test_somebody_without_a_number_gets_one_first(group, leader):
    nobody = make.a_member("其其格", phone="", user=None)
    make.GroupMembershipFactory(group=group, member=nobody)
    asked = a_request(group, leader)
    with pytest.raises(Conflict, match="手机号"):
        join_decisions.approve(asked, nobody.public_id, by=leader, seen="waiting")


@pytest.mark.parametrize("waiting", [2, 12])
def test_pages_cost_the_same_whatever_their_length(
    sign_in, group, leader, orgadmin, waiting, django_assert_max_num_queries
):
    for n in range(waiting):
        a_request(group, leader, phone=f"138{n:08}")
    desk, led = sign_in(orgadmin), sign_in(leader)
    for client, url in ((desk, "/cms/join-requests/"), (led, pages_of(group))):
        client.get(url)
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200


def test_an_invites_code_typed_where_personal_codes_are_leads_to_its_form(invite):
    answer = Client().post("/join/", {"code": invite.spoken.lower(), "last_digits": "5678"})
    assert answer["Location"] == address(invite)


# Two at once ---------------------------------------------------------------------------------
def at_once(work, number=2):
    together = Barrier(number)

    def one(n):
        try:
            together.wait(timeout=30)
            return work(n)
        except (Conflict, NotFound) as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return sorted(pool.map(one, range(number)))


@pytest.mark.django_db(transaction=True)
def test_the_last_use_of_an_invite_is_one():
    group = make.a_group()
    invite = make_invite(group, by=make.a_leader(group))
    Invite.objects.update(uses_left=1)

    def work(n):
        ask_to_join(invite, Asked("其其格", f"1380000567{n}", ""), new_secret())
        return "asked"

    assert at_once(work, 3) == ["asked", "invite_over", "invite_over"]
    assert Invite.objects.get().uses_left == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_do_so_once():
    member = make.a_member("其其格", phone=PHONE, user=None)
    group = make.a_group(member)
    people = [make.a_leader(group), make.a_leader(group, username="bayar", name="巴雅尔")]
    asked = a_request(group, people[0])

    def work(n):
        join_decisions.approve(asked, member.public_id, by=people[n], seen="waiting")
        return "approved"

    assert at_once(work) == ["approved", "decided"]


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_is_one_request():
    group = make.a_group()
    invite = make_invite(group, by=make.a_leader(group))
    secret = new_secret()

    def work(n):
        ask_to_join(invite, Asked("其其格", PHONE, ""), secret)
        return "asked"

    assert at_once(work) == ["asked", "asked"]
    assert JoinRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_phones_with_one_secret_sign_in_once():
    member = make.a_member("其其格", phone=PHONE, user=None)
    group = make.a_group(member)
    leader = make.a_leader(group)
    secret = new_secret()
    asked = ask_to_join(make_invite(group, by=leader), Asked("其其格", PHONE, ""), secret)
    join_decisions.approve(asked, member.public_id, by=leader, seen="waiting")

    def work(n):
        client = Client()
        client.cookies["join_request"] = secret
        return signed_in(client.post("/join/request/", {"last_digits": "5678"}))

    assert at_once(work) == [False, True]
    assert User.objects.filter(member=member).count() == 1
