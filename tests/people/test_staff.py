"""工作人员账号: administrators alone, an administrator at any time, closed means out."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from wagtail.models import ModelLogEntry

from studyhub.core.errors import Conflict
from studyhub.people import access, staff
from studyhub.people.models import User
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIST = "/cms/staff/"
NEW = {"name": "娜仁", "login": "NaRen", "role": ["editor", "初审"]}


@pytest.fixture(autouse=True)
def tree():
    make.a_tree()
    return make.a_branch("旗委")


def said(answer):
    return answer.content.decode()


def act(client, user, what, **more):
    return client.post(f"{LIST}{user.account_id}/act/", {"act": what} | more, follow=True)


def signed_in_as(user, password=make.PASSWORD):
    client = Client()
    client.post("/login/", {"username": user.username, "password": password})
    return client


def is_in(client):
    return client.get("/me/").status_code == 200


@pytest.fixture
def naren(keeper):
    user, _ = staff.add_staff(
        name="娜仁", login="naren", email="", roles=["editor"], branch=None, by=keeper
    )
    user.set_password(make.PASSWORD)
    user.save()
    return user


def test_somebody_is_added_and_signs_in_with_what_was_shown_once(admin):
    shown = said(admin.post(f"{LIST}add/", NEW))
    user = User.objects.get(username="naren")
    password = re.search(r"密码：<strong>(\w{16})</strong>", shown)[1]
    assert access.roles_of(user) == ["editor", "reviewer"]
    assert is_in(signed_in_as(user, password))
    assert password not in said(admin.get(f"{LIST}{user.account_id}/"))
    assert "娜仁" in said(admin.get(LIST))
    assert ModelLogEntry.objects.filter(action=staff.MADE).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"login": "娜"}, {"login": "gaowa"}, {"role": []}, {"email": "x@"}],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(admin, wrong):
    answer = admin.post(f"{LIST}add/", NEW | wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in said(answer)
    assert 'value="娜仁"' in said(answer) or "name" in wrong
    assert User.objects.count() == 1


def test_a_department_is_given_its_tree_and_loses_it(admin, naren, tree):
    seen = staff.version_of(naren)
    act(admin, naren, "roles", role=["publisher"], branch=tree.public_id, seen=seen)
    naren = User.objects.get(pk=naren.pk)
    assert access.roles_of(naren) == ["orgadmin", "publisher"]
    act(admin, naren, "roles", role=["editor"], seen=staff.version_of(naren))
    assert naren.duties.get().ends_on is not None
    assert naren.groups.get().name == "editor"


def test_who_leads_a_group_becomes_no_department(keeper, tree):
    leader = make.a_leader(make.a_group())
    with pytest.raises(Conflict, match="带着学习小组"):
        staff.change_roles(leader, roles=[], branch=tree, by=keeper, seen=staff.version_of(leader))


def test_the_second_is_told_of_the_first(admin, naren):
    seen = staff.version_of(naren)
    act(admin, naren, "roles", role=["publisher"], seen=seen)
    answer = act(admin, naren, "roles", role=["reviewer"], seen=seen)
    assert "别人刚才改过" in said(answer)
    assert User.objects.get(pk=naren.pk).groups.get().name == "publisher"


def test_a_closed_account_is_out_and_comes_back(admin, naren):
    client = signed_in_as(naren)
    headers = make.bearer(naren)
    act(admin, naren, "close")
    assert not is_in(client)
    assert not is_in(signed_in_as(naren))
    assert Client().get("/api/v1/me", headers=headers).status_code == 401
    assert "已停用" in said(admin.get(LIST))
    act(admin, naren, "open")
    assert is_in(signed_in_as(naren))
    assert not is_in(client)


def test_another_password_voids_the_old_one_and_every_sign_in(admin, naren):
    client = signed_in_as(naren)
    shown = said(act(admin, naren, "reset"))
    password = re.search(r"密码：<strong>(\w{16})</strong>", shown)[1]
    assert not is_in(client)
    assert not is_in(signed_in_as(naren))
    assert is_in(signed_in_as(naren, password))


def test_signed_out_everywhere_the_password_stays(admin, naren):
    client = signed_in_as(naren)
    act(admin, naren, "sign_out")
    assert not is_in(client)
    assert is_in(signed_in_as(naren))


@pytest.mark.parametrize("what", ["close", "roles"])
def test_the_last_administrator_stays(admin, keeper, what):
    seen = staff.version_of(keeper)
    answer = act(admin, keeper, what, role=["editor"], seen=seen)
    assert "最后一个管理员" in said(answer)
    keeper.refresh_from_db()
    assert keeper.is_active
    assert keeper.is_superuser
    make.a_user("bayar", is_superuser=True)
    act(admin, keeper, "close")
    keeper.refresh_from_db()
    assert not keeper.is_active or what == "roles"


def test_nobody_else_finds_any_of_it(sign_in, naren, tree, keeper):
    urls = [LIST, f"{LIST}add/", f"{LIST}{keeper.account_id}/"]
    leader = make.a_leader(make.a_group())
    for who in (naren, make.an_orgadmin(tree), leader, make.a_member("其其格").user):
        client = sign_in(who)
        assert {client.get(url).status_code for url in urls} <= {302, 404}
        assert act(client, keeper, "close").status_code in (200, 404)
        assert client.post(f"{LIST}add/", NEW | {"login": "x123"}).status_code in (302, 404)
    keeper.refresh_from_db()
    assert keeper.is_active
    assert not User.objects.filter(username="x123").exists()


def test_wagtails_own_forms_lead_here(admin, naren):
    """They know neither of the last administrator nor of sign-ins that must end."""
    assert admin.get("/cms/users/").status_code == 200
    here = f"{LIST}{naren.account_id}/"
    for url in (f"/cms/users/edit/{naren.pk}/", f"/cms/users/delete/{naren.pk}/"):
        assert admin.get(url)["Location"] == here
        assert admin.post(url)["Location"] == here
    assert admin.get("/cms/users/new/")["Location"] == f"{LIST}add/"
    bulk = f"/cms/bulk/people/user/delete/?id={naren.pk}"
    assert admin.post(bulk)["Location"] == LIST
    assert User.objects.filter(pk=naren.pk).exists()


def test_the_list_is_in_name_order_and_costs_the_same(admin, keeper, django_assert_max_num_queries):
    for name in ("朝鲁", "阿拉坦", "巴图"):
        make.a_user(f"u{name}", name, is_staff=True)
    admin.get(LIST)
    with django_assert_max_num_queries(12):
        text = said(admin.get(LIST))
    places = [text.index(f">{name}</a>") for name in ("阿拉坦", "巴图", "朝鲁", "高娃")]
    assert places == sorted(places)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_close_each_other():
    people = [make.a_user(name, is_superuser=True) for name in ("gaowa", "bayar")]
    together = Barrier(2)

    def work(n):
        try:
            together.wait(timeout=30)
            staff.close_account(people[1 - n], by=people[n])
            return "closed"
        except Conflict as refused:
            return refused.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == ["closed", "last_administrator"]
    assert User.objects.filter(is_active=True).count() == 1
