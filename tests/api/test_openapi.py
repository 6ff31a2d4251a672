"""The description of the API is a committed snapshot: it changes only on purpose, and it is
true."""

import json
import os
from pathlib import Path

import pytest
import schemathesis
from django.contrib.auth.models import Permission
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import response_schema_conformance

from studyhub.api.api import api as the_api
from studyhub.channels.accounts import put_account
from studyhub.wsgi import application
from tests.factories import (
    StudyPlanFactory,
    a_group,
    a_leader,
    a_lesson,
    a_member,
    a_user,
    study,
)

SNAPSHOT = Path(__file__).with_name("openapi.json")


def described() -> dict:
    return json.loads(json.dumps(the_api.get_openapi_schema(), default=str))


def test_the_description_changes_only_on_purpose():
    """After a change on purpose: STUDYHUB_WRITE_SNAPSHOT=1 pytest tests/api/test_openapi.py"""
    text = json.dumps(described(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("STUDYHUB_WRITE_SNAPSHOT"):
        SNAPSHOT.write_text(text, "utf-8")
    assert SNAPSHOT.read_text("utf-8") == text


@pytest.mark.django_db
def test_the_documentation_page_opens():
    assert Client().get("/api/v1/docs").status_code == 200
    assert Client().get("/api/v1/openapi.json").status_code == 200


@pytest.fixture
def world(db, one_connection):
    member = a_member("其其格")
    group = a_group(member)
    leader = a_leader(group)
    lesson = a_lesson()
    StudyPlanFactory(branch=group.branch, lessons=[lesson])
    study(member, lesson)
    clients = []
    publisher = a_user("publisher")
    publisher.user_permissions.add(Permission.objects.get(codename="send_delivery"))
    put_account("wechat", "wechat", {"app_id": "wx-test", "app_secret": "not-a-real-secret"})
    put_account("toutiao", "toutiao", {})
    for user in (member.user, leader, publisher, None):
        client = Client()
        if user:
            client.force_login(user)
            client.get("/api/v1/me")
        clients.append(client)
    return clients


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_is_sent_the_answer_is_never_a_server_error(world, case):
    for client in world:
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        headers = {"X-CSRFToken": cookies.get("csrftoken", "")}
        response = case.call(cookies=cookies, headers=headers)
        assert response.status_code < 500, (case.method, case.formatted_path, response.text)
        if response.status_code >= 400 and response.status_code != 405:
            body = response.json()
            assert body["code"], case.formatted_path
            assert body["detail"], case.formatted_path
        if response.status_code == 200:
            response_schema_conformance(None, response, case)
