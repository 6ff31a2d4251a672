import re

import pytest
from wagtail.models import PageViewRestriction

from tests import factories as make

ALWAYS_THERE = {"username": "qiqige", "password": make.PASSWORD}


@pytest.fixture(autouse=True)
def _house(lesson, qiqige):
    pass


def test_a_member_signs_in_and_out(client):
    assert client.post("/login/", {**ALWAYS_THERE, "next": "/me/"})["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert client.get("/logout/").status_code == 200
    assert client.get("/me/").status_code == 200  # looking at the page signs nobody out
    out = client.post("/logout/")
    assert out["Location"] == "/"
    assert out.cookies["csrftoken"].value == ""
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        " https://evil.example",
        "https:/evil.example",
        "http://testserver@evil.example/",
        "\thttps://evil.example",
    ],
)
def test_signing_in_leads_only_to_our_own_pages(client, target):
    assert client.post("/login/", {**ALWAYS_THERE, "next": target})["Location"] == "/"


@pytest.mark.parametrize("target", ["/me/", "/cms/", "/courses/changzheng/zunyi/#s-1"])
def test_signing_in_leads_back_to_where_one_was(client, target):
    assert client.post("/login/", {**ALWAYS_THERE, "next": target})["Location"] == target


def test_a_failure_does_not_tell_which_accounts_exist(client):
    said = {
        client.post("/login/", {"username": name, "password": "wrong"}).content.count(
            "账号或密码不对".encode()
        )
        for name in ("qiqige", "nobody")
    }
    assert said == {1}


def test_an_empty_form_is_explained(client):
    assert "都要填" in client.post("/login/", {}).content.decode()


def test_five_wrong_passwords_slow_down_and_say_how_long(client, lesson):
    for _ in range(5):
        response = client.post("/login/", {**ALWAYS_THERE, "password": "wrong"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) == 180
    assert "3 分钟" in response.content.decode()
    carried = {"study_lesson": str(lesson.translation_key), "do": "finish"}
    right = client.post("/login/", {**ALWAYS_THERE, **carried})
    assert right.status_code == 429
    assert "回到刚才的答卷" in right.content.decode()


def test_a_lock_holds_for_one_account_only(client, db):
    make.a_member("巴图", username="batu")
    for _ in range(5):
        client.post("/login/", {**ALWAYS_THERE, "password": "wrong"})
    assert client.post("/login/", {**ALWAYS_THERE, "username": "batu"}).status_code == 302


def test_the_editor_signs_in_here_too(client):
    assert client.get("/cms/")["Location"].startswith("/login/?next=/cms/")


def test_an_account_without_a_record_keeps_no_carried_form(client, lesson):
    make.a_user("bianji")
    carried = {"study_lesson": str(lesson.translation_key), "do": "finish"}
    form = {"username": "bianji", "password": make.PASSWORD, **carried}
    assert client.post("/login/", form)["Location"] == "/me/"
    assert "没有对应的党员" in client.get("/me/").content.decode()


def test_a_form_without_its_token_is_answered_kindly(qiqige):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    response = client.post("/login/", ALWAYS_THERE)
    assert response.status_code == 403
    assert "请再交一次" in response.content.decode()


def test_the_lock_of_a_shared_phone_says_only_how_the_name_begins(client):
    signed_in = client.post("/login/", {**ALWAYS_THERE, "shared": "1"})
    assert signed_in.cookies["shared"]["max-age"] == ""  # ends with the browser
    client.cookies.pop("sessionid")  # nobody was there for half an hour
    page = client.get("/login/").content.decode()
    assert "公用手机已经锁上" in page
    assert "“其＊＊”" in page
    assert "其其格" not in page
    assert "qiqige" not in page
    assert re.search(r'name="shared" value="1" checked', page)


@pytest.mark.parametrize("shared", ["", "1"])
def test_no_cookie_of_ours_travels_in_the_clear(client, settings, shared):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get("/login/", secure=True)
    signed_in = client.post("/login/", {**ALWAYS_THERE, "shared": shared}, secure=True)
    set_here = {name: c["secure"] for name, c in signed_in.cookies.items() if c.value}
    assert {"sessionid", "shared" if shared else "known_phone"} <= set(set_here)
    assert all(set_here.values()), set_here


def test_a_page_that_locks_ends_the_session_of_a_shared_phone(client):
    client.post("/login/", {**ALWAYS_THERE, "shared": "1"})
    page = client.get("/login/?locked=1&next=/courses/").content.decode()
    assert "公用手机已经锁上" in page
    assert "其其格" not in page
    assert client.get("/me/").status_code == 302


def test_the_address_of_the_lock_signs_nobody_else_out(client):
    client.post("/login/", ALWAYS_THERE)
    client.get("/login/?locked=1")
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize("cookie", ["", "%3Ci%3E", "<i>x", "%E5%85%B6%E5%85%B6"])
def test_whatever_a_shared_phone_says_of_itself_one_letter_is_shown(client, cookie):
    client.cookies["shared"] = cookie
    page = client.get("/login/").content.decode()
    assert not [told for told in ("<i>", "i&gt;", "其其") if told in page]


def test_signing_out_of_a_shared_phone_leaves_no_letter(client):
    client.post("/login/", {**ALWAYS_THERE, "shared": "1"})
    client.post("/logout/")
    assert "公用手机已经锁上" not in client.get("/login/").content.decode()


def test_there_is_one_page_to_sign_in(client):
    """Whoever meets a closed page, or knows Wagtail's own address, signs in on ours."""
    answer = client.get("/_util/login/?next=/courses/")
    assert (answer.status_code, answer.url) == (302, "/login/?next=/courses/")
    page = make.a_lesson()
    PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert client.get(page.url).url.startswith("/login/?next=")
