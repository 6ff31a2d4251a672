"""Whatever is sent to the API, its answer is the one described, and never a server error.

A module of its own: to make the cases takes seconds, which only the whole suite spends.
"""

import json
from pathlib import Path

import pytest
import schemathesis
from django.contrib.auth.models import Permission
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import response_schema_conformance

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
from tests.matrix import examples


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


SNAPSHOT = json.loads(Path(__file__).with_name("openapi.json").read_text("utf-8"))
schema = schemathesis.openapi.from_dict(SNAPSHOT)
schema.app = application


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=examples(25),
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
