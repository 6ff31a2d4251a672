"""A token opens what its scope says, while it lasts, and no page: every route of both APIs."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.urls import get_resolver
from django.utils import timezone
from wagtail.models import APIToken

from studyhub.api.api import api as the_api
from studyhub.api.cms import cms_api
from studyhub.people.models import TokenGrant
from tests import factories as make

pytestmark = pytest.mark.django_db
ALL = [scope.value for scope in TokenGrant.Scope]
OPEN = ("/courses", "/lessons", "/offline", "/session/code")
NOBODYS = {("PATCH", "/me"), ("DELETE", "/me"), ("DELETE", "/session")}
PUBLIC = {("POST", "/session")}


def scope_of(method, path):
    """What the route asks of a token: a scope, nothing (open to all), or what no token may."""
    if path.startswith(OPEN) or (method, path) in PUBLIC:
        return None
    if (method, path) in NOBODYS:
        return "nobody"
    if path.startswith(("/channels", "/deliveries", "/board")):
        return "deliveries"
    return "read" if method == "GET" else "study"


ROUTES = sorted(
    (method.upper(), path.removeprefix("/api/v1"))
    for path, methods in the_api.get_openapi_schema()["paths"].items()
    for method in methods
)


@pytest.fixture
def publisher(db):
    user = make.a_user("fabu")
    user.user_permissions.add(Permission.objects.get(codename="send_delivery"))
    make.a_member("其其格", user=user)
    return user


def a_token(user, *scopes, days=90, **fields):
    token, secret = APIToken.create_token(user=user, name="旗数据平台")
    until = timezone.now() + timedelta(days=days)
    TokenGrant.objects.create(token=token, scopes=scopes, expires_at=until, **fields)
    return {"Authorization": f"Bearer {secret}"}


def call(client, headers, method, path):
    made_up = str(uuid4())
    for name in ("lesson_id", "group_id", "branch_id", "delivery_id"):
        path = path.replace(f"{{{name}}}", made_up)
    return client.generic(
        method, f"/api/v1{path}", "{}", content_type="application/json", headers=headers
    )


def is_refused(answer):
    return answer.status_code == 403 and answer.json()["code"] == "scope_missing"


@pytest.mark.parametrize("held", ALL)
def test_each_route_asks_for_its_scope(client, publisher, held):
    headers = a_token(publisher, held)
    refused = {row for row in ROUTES if is_refused(call(client, headers, *row))}
    assert refused == {row for row in ROUTES if scope_of(*row) not in (None, held)}


def test_all_scopes_open_no_more_than_the_owner_may(client, publisher):
    headers = a_token(make.a_user("zuzhang"), *ALL)
    refused = {row for row in ROUTES if is_refused(call(client, headers, *row))}
    assert refused == NOBODYS
    assert client.get("/api/v1/channels", headers=headers).status_code == 404
    assert client.get("/api/cms/images/", headers=headers).status_code == 403


def test_a_token_from_before_opens_what_it_did(client, publisher):
    headers = make.bearer(publisher)
    assert not {row for row in ROUTES if is_refused(call(client, headers, *row))}


@pytest.mark.parametrize("path", [path for method, path in ROUTES if method == "GET"])
def test_a_token_that_is_over_is_none(client, publisher, path):
    headers = a_token(publisher, *ALL, days=-1)
    answer = call(client, headers, "GET", path)
    assert answer.status_code == call(client, {}, "GET", path).status_code
    assert APIToken.objects.get().last_used_at is None


EDITING = sorted(
    (method.upper(), path)
    for path, methods in cms_api.get_openapi_schema()["paths"].items()
    for method in methods
)


@pytest.mark.parametrize("held", [one for one in ALL if one != "content"])
def test_editing_asks_for_its_scope(client, held):
    headers = a_token(make.a_user("boss", is_superuser=True), held)
    assert len(EDITING) > 40
    for method, path in EDITING:
        place = path.replace("{type}", "content.x").replace("{type_name}", "content.LessonPage")
        place = re.sub(r"\{\w+\}", "1", place)
        answer = client.generic(
            method, place, "{}", content_type="application/json", headers=headers
        )
        assert is_refused(answer), (method, path)


def test_with_its_scope_editing_is_open(client):
    headers = a_token(make.a_user("boss", is_superuser=True), "content")
    for path in ("images/", "pages/", "sites/", "schema/", "whoami/"):
        assert client.get(f"/api/cms/{path}", headers=headers).status_code == 200, path


def test_a_use_is_noted_once_an_hour(client, publisher, time_machine):
    headers = a_token(publisher, "read")
    noted = []
    for minutes in (0, 59, 2):
        time_machine.move_to(timezone.now() + timedelta(minutes=minutes), tick=False)
        client.get("/api/v1/me", headers=headers)
        noted.append(APIToken.objects.get().last_used_at)
    assert noted[0] == noted[1] < noted[2]


def test_what_was_refused_is_no_use(client, publisher):
    client.get("/api/v1/channels", headers=a_token(publisher, "read"))
    assert APIToken.objects.get().last_used_at is None


PAGES = ["/me/", "/me/tokens/", "/me/second-factor/", "/lead/", "/cms/", "/cms/ledger-reports/"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_opens_to_a_token(client, path):
    assert get_resolver().resolve(path)
    boss = make.a_user("boss", is_superuser=True)
    for headers in (a_token(boss, *ALL), make.bearer(boss)):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/login/")
        client.get("/api/v1/me", headers=headers)
        assert not client.session.get("_auth_user_id")
