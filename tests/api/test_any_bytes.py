"""Whatever bytes come, the API answers in its own form, and never with a server error."""

import json
import random
import re
from datetime import datetime
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.test.client import encode_multipart
from wagtail.models import APIToken

from studyhub.api.api import api as the_api
from studyhub.channels.accounts import put_account
from studyhub.channels.models import Delivery
from studyhub.records.tickets import give_ticket
from tests import factories as make
from tests.api.problems import is_a_problem

pytestmark = pytest.mark.slow  # many inputs, one rule

REQUESTS = 600
FORM = "multipart/form-data; boundary=x"
METHODS = ["GET", "HEAD", "POST", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "X"]
KINDS = [
    *("application/json", "application/json", "application/json; charset=utf-16", "text/plain", ""),
    *("application/json;charset=nonsense", "multipart/form-data", "multipart/form-data; boundary="),
    *(
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "\xff/\xfe",
        "a" * 999,
    ),
]
TIMES = [
    *("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"),
    *("9999-12-31T23:59:59.999999+00:00", "2026-11-20T12:00:00", "1e400", "9" * 400, "+inf"),
    *("-1", "101", "1800000000", "9999999999999", "1.5"),  # numbers are no ISO 8601
]
VALUES = [
    *("", "\0", "\ud800", "https://[::1", "http://a:b", "x" * 5000, "🈳", "%", "%00", "' OR 1=1"),
    *(None, True, False, -1, 10**40, 1e308, [], {}, [[[[[[[[]]]]]]]], {"a": None}, "NaN"),
    *(str(uuid4()), "00000000-0000-0000-0000-000000000000"),
    *TIMES,
]
BODIES = [
    *(
        b"",
        b"\0",
        b"{",
        b"[]",
        b"null",
        b"1e400",
        b"NaN",
        b'"x"',
        b"{}",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
    ),
    *(b"[" * 5000, b'{"a":' * 2000, b'{"records":[{"id":1e400}]}', b"9" * 6000, b"\x1f\x8b\x08\0"),
    *(b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--', b"--x", b"a=%ff&b=%00"),
]
HEADERS = {
    "Accept": ["*/*", "\xff", "application/xml"],
    "Authorization": ["Bearer", "Bearer \0", "Ticket x", "Ticket \xff.a:b", "Basic eA==", " "],
    "Content-Encoding": ["gzip", "br", "identity", "GZIP, gzip"],
    "Content-Length": ["-1", "99999999999999999999"],  # what is no number stops at any server
    "Cookie": ["sessionid=\xff", "csrftoken=;;;", "a" * 4000, "sessionid=" + "x" * 32],
    "Host": ["evil.example", "[::1", "a b", ""],
    "Idempotency-Key": ["", "k", "\0", "\xff", "k" * 300],
    "If-None-Match": ["*", '"', "W/", '"a", "b"'],
    "Transfer-Encoding": ["chunked"],
    "X-CSRFToken": ["", "x", "\0" * 32],
    "X-Forwarded-For": ["\xff", "1.1.1.1," * 50],
}


@pytest.fixture
def world(db, one_connection):
    """Callers of every kind, and the ids that their addresses may hold."""
    lesson, member = make.a_lesson(), make.a_member("其其格")
    group = make.a_group(member)
    leader, publisher = make.a_leader(group), make.a_user("publisher")
    office = make.an_orgadmin(group.branch)
    make.StudyPlanFactory(branch=group.branch, lessons=[lesson])
    publisher.user_permissions.add(Permission.objects.get(codename="send_delivery"))
    put_account("toutiao", "toutiao", {})
    callers = [Client(raise_request_exception=False)]
    for user in (member.user, leader, office, publisher):
        client = Client(raise_request_exception=False)
        client.force_login(user)
        callers.append(client)
    _, token = APIToken.create_token(user=publisher, name="x")
    for proof in (f"Bearer {token}", f"Ticket {give_ticket(member.user)}"):
        callers.append(Client(raise_request_exception=False, headers={"Authorization": proof}))
    ids = [lesson.translation_key, group.public_id, group.branch.public_id, member.public_id]
    return callers, [str(pk) for pk in ids], member


def fields_of(operation):
    """Names that a body of this operation may have."""
    text = json.dumps(operation)
    found = re.search(r'"\$ref": "#/components/schemas/(\w+In|MePatch)"', text)
    schemas = the_api.get_openapi_schema()["components"]["schemas"]
    return list(schemas[found[1]]["properties"]) if found else ["a", "records"]


ROUTES = [
    (path, fields_of(operations.get("post") or operations.get("patch") or {}))
    for path, operations in the_api.get_openapi_schema()["paths"].items()
]


def body(chance, fields, ids):
    """Bytes: broken, hostile, or nearly right."""
    choice = chance.random()
    if choice < 0.3:
        return chance.choice(BODIES)
    if choice < 0.4:
        return chance.randbytes(chance.randrange(200))
    values = {name: chance.choice([*VALUES, *ids]) for name in fields if chance.random() < 0.8}
    if "records" in values and chance.random() < 0.8:
        names = ("id", "seq", "kind", "at", "lesson_id", "revision", "data")
        values["records"] = [{name: chance.choice(VALUES) for name in names}]
    text = json.dumps(values).encode()
    if choice < 0.6:  # a few bytes of it otherwise
        text = bytearray(text or b"{}")
        for _ in range(3):
            text[chance.randrange(len(text))] = chance.randrange(256)
    return bytes(text)


def path_of(chance, route, ids):
    def place(_):
        return quote(str(chance.choice([*ids, *ids, uuid4(), "x", "\xff", "..", "%00", "a/b"])))

    path = re.sub(r"\{\w+\}", place, route)
    if chance.random() < 0.1:
        path += chance.choice(["/", "//", "x", "/../me", "%ff", "%00"])
    names = ["limit", "cursor", "plan", "since", "ids", "q", "updated_since", "state", "lesson_id"]
    asked = [
        f"{chance.choice(names)}={quote(str(chance.choice([*VALUES, *ids])), errors='replace')}"
        for _ in range(chance.randrange(3))
    ]
    return f"{path}?{'&'.join([*asked, chance.choice(['', '%ff=%fe', '&&==', 'a' * 3000])])}"


def ask(chance, callers, ids, number):
    route, fields = chance.choice(ROUTES)
    headers = {
        name: chance.choice(values) for name, values in HEADERS.items() if chance.random() < 0.08
    }
    return chance.choice(callers).generic(
        chance.choice(METHODS),
        path_of(chance, route, ids),
        body(chance, fields, ids),
        content_type=chance.choice(KINDS),
        headers={**headers, "X-Real-Number": str(number)},
    )


def test_any_bytes_are_answered_in_form(world):
    callers, ids, _ = world
    chance = random.Random(20261127)
    statuses = set()
    for number in range(REQUESTS):
        answer = ask(chance, callers, ids, number)
        where = (number, answer.request["REQUEST_METHOD"], answer.request["PATH_INFO"])
        assert answer.status_code < 500, (where, answer.content[:300])
        statuses.add(answer.status_code)
        if answer.status_code >= 400 and answer.request["REQUEST_METHOD"] != "HEAD":
            assert is_a_problem(answer), where
    assert {200, 400, 401, 404, 405, 422} <= statuses  # it did not only knock at the door


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize(
    "path",
    [
        *("/api", "/api/", "/api/x", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1x"),
        *("/api/v2/me", "/api/v1/me/", "/api/v1/%ff", "/api/cms/nothing/", "/api/v1/groups/x/x"),
    ],
)
def test_an_address_that_does_not_exist_is_a_problem_document(db, method, path):
    answer = getattr(Client(), method)(path)
    assert answer.status_code == 404
    assert is_a_problem(answer) == "not_found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("put", "/api/v1/me"), ("post", "/api/v1/lessons"), ("get", "/api/v1/session")),
        *(("patch", "/api/v1/groups"), ("options", "/api/v1/me"), ("delete", "/api/v1/board")),
    ],
)
def test_another_method_is_a_problem_document_too(db, method, path):
    answer = getattr(Client(), method)(path)
    assert (answer.status_code, is_a_problem(answer)) == (405, "method_not_allowed")
    assert answer["Allow"]


@pytest.mark.parametrize("path", ["/api/v1/lessons", "/api/v1/courses", "/api/cms/pages/"])
def test_head_is_told_what_get_is(client, db, path):
    make.a_lesson()
    asked, told = client.get(path), client.head(path)
    assert told.status_code == 200
    assert (told.content, told["Content-Length"]) == (b"", asked["Content-Length"])


def test_head_learns_no_more_than_get(client, db):
    assert [client.head(path).status_code for path in ("/api/v1/me", "/api/v1/x")] == [401, 404]


def test_a_host_that_is_not_ours_is_one_too(db, settings):
    settings.ALLOWED_HOSTS = ["study.example.org"]
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/me", headers={"Host": "evil.example"})
    assert (answer.status_code, is_a_problem(answer)) == (400, "malformed")


def test_a_fault_of_ours_outside_the_routes_is_one_too(db, monkeypatch):
    def broken(self, request):
        raise RuntimeError

    monkeypatch.setattr("studyhub.web.signed_in.SignedIn.process_request", broken)
    answer = Client(raise_request_exception=False).get("/api/v1/lessons")
    assert (answer.status_code, is_a_problem(answer)) == (500, "internal")


def test_pages_keep_their_own_form(client, db):
    make.a_tree()
    assert client.get("/nothing/")["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/me/records", "/me/devices", "/me/receipts", "/deliveries"])
def test_a_form_is_told_what_to_send_instead(world, path):
    """The check of the CSRF token had read the body already: 500."""
    callers, _, _ = world
    data = encode_multipart("x", {"a": "1"})
    for client in callers:
        answer = client.post(f"/api/v1{path}", data, FORM)
        assert answer.status_code in (400, 401, 404, 415, 422)
        assert is_a_problem(answer)
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(make.a_member("巴图").user)
    strict.get("/api/v1/me")
    token = {"X-CSRFToken": strict.cookies["csrftoken"].value}
    for headers in ({}, token):
        answer = strict.post(f"/api/v1{path}", data, FORM, headers=headers)
        assert answer.status_code in (403, 404, 415)
        assert is_a_problem(answer)


@pytest.mark.parametrize("at", TIMES)
def test_a_time_that_fits_no_zone_is_refused_and_a_delivery_keeps_its_page(world, at):
    callers, ids, _ = world
    publisher = callers[4]
    asked = {"lesson_id": ids[0], "channel": "toutiao", "action": "publish", "publish_at": at}
    answer = publisher.post(
        "/api/v1/deliveries", asked, "application/json", headers={"Idempotency-Key": "k"}
    )
    assert (answer.status_code, is_a_problem(answer)) == (422, "invalid")
    assert not Delivery.objects.exists()
    answer = Client().get("/api/v1/lessons", {"updated_since": at})
    assert answer.status_code == (200 if at == "2026-11-20T12:00:00" else 422)


@pytest.mark.parametrize("zone", ["+23:59", "-23:59", "+16:00", "+15:59", "-12:00"])
def test_a_zone_that_no_database_knows_is_only_a_way_to_write_a_moment(world, zone):
    """PostgreSQL knows zones up to 15:59 and failed at the others."""
    callers, ids, _ = world
    at = f"2027-02-02T08:00:00{zone}"
    asked = {"lesson_id": ids[0], "channel": "toutiao", "action": "publish", "publish_at": at}
    made = callers[4].post(
        "/api/v1/deliveries", asked, "application/json", headers={"Idempotency-Key": "k"}
    )
    assert made.status_code == 201
    assert Delivery.objects.get().publish_at == datetime.fromisoformat(at)
    assert Client().get("/api/v1/lessons", {"updated_since": at}).status_code == 200


@pytest.mark.parametrize("at", [1800000000, -1, 0, 1.5, True])
def test_a_number_is_no_time_to_publish_at(world, at):
    """Taken for seconds, -1 would have been published at once."""
    callers, ids, _ = world
    asked = {"lesson_id": ids[0], "channel": "toutiao", "action": "publish", "publish_at": at}
    answer = callers[4].post(
        "/api/v1/deliveries", asked, "application/json", headers={"Idempotency-Key": "k"}
    )
    assert (answer.status_code, is_a_problem(answer)) == (422, "invalid")
    assert "ISO 8601" in answer.json()["errors"][0]["message"]
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("url", ["https://[::1", "http://[", "https://a:b", "//x", "http://", "x"])
def test_a_link_that_is_none_is_told_so(world, url):
    callers, ids, _ = world
    publisher, headers = callers[4], {"Idempotency-Key": "k"}
    asked = {"lesson_id": ids[0], "channel": "toutiao", "action": "publish"}
    made = publisher.post("/api/v1/deliveries", asked, "application/json", headers=headers).json()
    Delivery.objects.update(state=Delivery.State.WAITING_HUMAN)
    path = f"/api/v1/deliveries/{made['id']}/handoff"
    answer = publisher.post(path, {"url": url}, "application/json")
    assert (answer.status_code, is_a_problem(answer)) == (422, "bad_url")


def test_an_id_beyond_all_numbers_is_answered_in_json(world):
    callers, _, member = world
    envelope = {"device_id": str(make.device()), "account_id": str(member.user.account_id)}
    text = json.dumps({**envelope, "epoch": 1, "records": []}).replace("[]", '[{"id":1e400}]')
    answer = callers[1].post("/api/v1/me/records", text, "application/json")
    assert answer.status_code == 200
    assert "Infinity" not in answer.content.decode()
