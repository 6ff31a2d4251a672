"""/me/tokens/: made with password and code, shown once, taken back; one's own, or everybody's."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import APIToken, ModelLogEntry

from studyhub.people import tokens
from studyhub.people.models import TokenGrant
from tests import factories as make
from tests.people.second_factors import with_app

pytestmark = pytest.mark.django_db
ADDRESS = "/me/tokens/"
PASSWORD = "for tests alone"


@pytest.fixture
def leader(db):
    user = make.a_leader(make.a_group(make.a_member()))
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def app(leader):
    return with_app(leader)


@pytest.fixture
def client(leader, sign_in):
    return sign_in(leader)


def form(app, **fields):
    given = {"name": "旗数据平台", "scope": ["read"], "days": "90", "password": PASSWORD}
    return given | {"code": app.code()} | fields


def secret_of(answer):
    found = re.search(r"wagtail_\w{20,}", answer.content.decode())
    return found and found[0]


def test_a_token_is_shown_once_and_works(client, app, leader):
    answer = client.post(ADDRESS, form(app))
    secret = secret_of(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/groups", headers=headers).status_code == 200
    assert client.get("/api/v1/channels", headers=headers).status_code == 403
    page = client.get(ADDRESS)
    assert "旗数据平台" in page.content.decode()
    assert secret_of(page) is None
    grant = TokenGrant.objects.get()
    assert (grant.scopes, grant.made_by) == (["read"], leader)
    assert timedelta(days=89) < grant.expires_at - timezone.now() <= timedelta(days=90)
    assert ModelLogEntry.objects.get(action=tokens.CREATED).user == leader


@pytest.mark.parametrize(
    ("amiss", "status", "words"),
    [
        ({"name": " "}, 422, "给谁用"),
        ({"scope": []}, 422, "至少勾一样"),
        ({"scope": ["everything"]}, 422, "至少勾一样"),
        ({"days": "9999"}, 422, "有效期"),
        ({"days": "٣٠"}, 422, "有效期"),
        ({"password": "wrong"}, 422, "密码不对"),
        ({"code": "000000"}, 422, "这个码不对"),
        ({"code": ""}, 422, "这个码不对"),
    ],
)
def test_what_is_amiss_is_told_and_nothing_is_lost(client, app, amiss, status, words):
    asked = form(app) | amiss
    answer = client.post(ADDRESS, asked)
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert f'value="{asked["name"].strip()}"' in page
    assert not APIToken.objects.exists()


def test_what_is_amiss_uses_up_no_code(client, app):
    code = app.code()
    assert client.post(ADDRESS, form(app, name="", code=code)).status_code == 422
    assert secret_of(client.post(ADDRESS, form(app, code=code)))


def test_a_code_makes_one_token(client, app):
    code = app.code()
    assert secret_of(client.post(ADDRESS, form(app, code=code)))
    assert client.post(ADDRESS, form(app, code=code)).status_code == 422
    assert APIToken.objects.count() == 1


def test_without_a_second_step_there_is_no_token(client):
    assert "/me/second-factor/" in client.get(ADDRESS).content.decode()
    asked = {"name": "平台", "scope": ["read"], "days": "90", "password": PASSWORD}
    assert client.post(ADDRESS, asked).status_code == 409
    assert not APIToken.objects.exists()


def test_there_is_an_end_to_how_many(client, app, leader, monkeypatch):
    monkeypatch.setattr(tokens, "MOST", 1)
    over = tokens.grant_token(leader, name="旧的", scopes=["read"], days=-1, by=None)
    assert over
    assert secret_of(client.post(ADDRESS, form(app)))
    assert client.post(ADDRESS, form(app)).status_code == 409


def a_token(user, **fields):
    asked = {"name": "平台", "scopes": ["read"], "days": 90, "by": user}
    tokens.grant_token(user, **asked | fields)
    return APIToken.objects.latest("pk")


def test_a_revoked_token_opens_nothing_from_then_on(client, app):
    secret = secret_of(client.post(ADDRESS, form(app)))
    token = APIToken.objects.get()
    for _ in range(2):
        answer = client.post(ADDRESS, {"revoke": token.pk}, follow=True)
        assert "作废了" in answer.content.decode()
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/groups", headers=headers).status_code == 401
    assert ModelLogEntry.objects.filter(action=tokens.REVOKED).count() == 1


def test_one_sees_and_revokes_ones_own(client, leader):
    mine, other = a_token(leader), a_token(make.a_user("gaowa", is_superuser=True), name="高娃的")
    page = client.get(ADDRESS).content.decode()
    assert f"token-{mine.pk}" in page
    assert "高娃的" not in page
    assert client.post(ADDRESS, {"revoke": other.pk}).status_code == 404
    other.refresh_from_db()
    assert other.revoked_at is None


def test_an_administrator_sees_and_revokes_all(leader, sign_in):
    token = a_token(leader)
    boss = sign_in(make.a_user("gaowa", is_superuser=True))
    assert "乌云（wuyun）" in boss.get(ADDRESS).content.decode()
    boss.post(ADDRESS, {"revoke": token.pk})
    token.refresh_from_db()
    assert token.revoked_at


def test_members_have_none(sign_in):
    member = make.a_member("巴图")
    assert sign_in(member.user).get(ADDRESS).status_code == 404


def test_more_tokens_cost_no_more(leader, sign_in, django_assert_max_num_queries):
    for _ in range(15):
        a_token(leader)
    boss = sign_in(make.a_user("gaowa", is_superuser=True))
    boss.get(ADDRESS)
    with django_assert_max_num_queries(14):  # with the session's own
        boss.get(ADDRESS)


@pytest.mark.parametrize("path", ["", "new/", "edit/1/", "delete/1/"])
def test_wagtails_own_page_makes_none(sign_in, path):
    boss = sign_in(make.a_user("gaowa", is_superuser=True))
    for answer in (boss.get(f"/cms/api-tokens/{path}"), boss.post(f"/cms/api-tokens/{path}", {})):
        assert answer.headers["Location"] == ADDRESS


def test_the_command_gives_scope_and_end(leader, capsys):
    call_command("api_token", "create", leader.username, "--scope", "read", "--scope", "study")
    grant = TokenGrant.objects.get()
    assert grant.scopes == ["read", "study"]
    assert grant.expires_at - timezone.now() > timedelta(days=89)
    call_command("api_token", "create", leader.username, "--scope", "read", "--days", "7")
    assert TokenGrant.objects.filter(expires_at__lt=timezone.now() + timedelta(days=8)).count() == 1
    with pytest.raises(CommandError, match="--scope"):
        call_command("api_token", "create", leader.username, "--days", "7")
