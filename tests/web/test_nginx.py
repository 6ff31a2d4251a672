"""The shipped nginx file is started and walked: what it promises of pages, addresses and caches."""

import contextlib
import json
import re
import shutil
import subprocess
import sys
import time
from hashlib import sha256

import httpx
import pytest
from django.db import connection

from studyhub.api.errors import TITLES, document
from studyhub.web import urls
from tests.bench.servers import ROOT, free_port, gunicorn
from tests.database import sqlite_template
from tests.factories import PASSWORD
from tests.web.shipped_nginx import HOST, NGINX, SHIPPED, nginx, production, trust

pytestmark = [pytest.mark.slow, pytest.mark.once]
DESK = "wagtailadmin/css/core.css"
OWN_WORDS = ROOT / "studyhub" / "web" / "static" / "web" / "nginx"
started = pytest.mark.skipif(not NGINX, reason="没有 nginx：apt-get install nginx-light")

FILL = """
import django; django.setup()
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from tests import factories as make
from tests.web.factories import block
from wagtail.models import Site
from wagtailmedia.models import Media

def a_lesson(slug, **how):
    file = ContentFile(bytes(range(256)) * 40, name=f"{slug}.m4a")
    sound = Media.objects.create(title=slug, file=file, duration=95, type="audio")
    value = {"media": sound.pk, "title": "听", "voice": "machine", "transcript": "那一年。"}
    make.a_lesson(slug=slug, body=[make.section("一"), block("audio", value)], **how)

a_lesson("zunyi")
a_lesson("changed")
a_lesson("draft", publish=False)
make.a_user("gaowa").groups.add(Group.objects.get(name="editor"))
Site.objects.update(hostname="study.example.org", port=443)
for name in ("qiqige", "batu", "suhe", "gaowa"):
    if name != "gaowa":
        make.a_member(name, username=name)
    user = make.User.objects.get(username=name)
    user.set_password(make.PASSWORD)
    user.save()
"""

# As a worker does, which this house has not.
RENDER = """
import django; django.setup()
from studyhub.stored_pages.filling import refill
assert refill()
"""
LESSON = "/courses/changzheng/zunyi/"
SOUND = f"-{sha256(bytes(range(256)) * 40).hexdigest()[:12]}.m4a"  # names say their contents


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, tmp_path_factory):
    """Client for https, the address of http, that of the server behind both, its files, those of
    nginx, and the server's environment."""
    var, folder = tmp_path_factory.mktemp("var"), tmp_path_factory.mktemp("nginx")
    with django_db_blocker.unblock():
        if connection.vendor != "sqlite":
            pytest.skip("the production server of this test keeps a database of its own")
    # Not the tests' own: what others have stored in it is not this house's.
    shutil.copy(sqlite_template(), var / "studyhub.sqlite3")
    env = production(var, free_port()) | {"DJANGO_SETTINGS_MODULE": "studyhub.settings.production"}
    run_python(env, FILL)
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"]
    subprocess.run(collect, cwd=ROOT, env=env, check=True, capture_output=True)
    run_python(env, RENDER)
    with gunicorn(env, workers=2), nginx(folder, var, int(env["PORT"])) as (plain, secure):
        address = f"https://127.0.0.1:{secure}"
        with httpx.Client(base_url=address, verify=trust(folder), headers={"Host": HOST}) as client:
            _wait_until_it_answers(client)
            addresses = (f"http://127.0.0.1:{port}" for port in (plain, env["PORT"]))
            yield client, *addresses, var, folder, env


def _wait_until_it_answers(client):
    for _ in range(100):
        with contextlib.suppress(httpx.TransportError):
            return client.get("/healthz")
        time.sleep(0.1)
    raise AssertionError("nginx does not answer")


@pytest.fixture
def phone(house):
    """A phone of nobody's: without the cookies of the test before."""
    house[0].cookies.clear()
    return house[0]


def run_python(env, source):
    run = [sys.executable, "-c", source]
    subprocess.run(run, cwd=ROOT, env=env, check=True, capture_output=True)


def sign_in(client, login="qiqige", password=PASSWORD, **headers):
    body = {"login": login, "password": password}
    return client.post("/api/v1/session", json=body, headers=headers)


@started
@pytest.mark.parametrize(
    "path",
    [
        *("/", "/courses/changzheng/zunyi/", "/login/", "/settings/", "/search/?q=%E9%81%B5"),
        *("/offline/", "/receipts/", "/feeds/lessons.rss", "/feeds/lessons.json", "/look.css"),
        *("/api/v1/lessons", "/manifest.webmanifest", "/healthz", "/sw-config.json", "/sw.js"),
    ],
)
def test_every_public_address_answers_for_the_host_it_was_asked_under(phone, path):
    answer = phone.get(path)
    assert answer.status_code == 200, answer.text[:300]


@started
def test_addresses_in_answers_are_those_of_the_site(phone):
    assert f"https://{HOST}/" in phone.get("/feeds/lessons.rss").text


@started
@pytest.mark.parametrize(
    "accepted", ["", "gzip", "gzip, deflate, br", "br;q=0, gzip;q=0.5", "gzip;q=0"]
)
@pytest.mark.parametrize("path", ["/", LESSON, "/offline/lesson/"])
def test_a_public_page_is_sent_from_its_file_as_the_application_would(phone, house, path, accepted):
    """What differs is who says so, and what a file's tag is made of."""
    sign_in(phone)
    asked = {"Accept-Encoding": accepted}
    page = phone.get(path, headers=asked)
    proxied = {**asked, "Host": HOST, "X-Forwarded-Proto": "https"}
    same = httpx.get(f"{house[2]}{path}", headers=proxied)
    of_files = {"server", "date", "connection", "etag", "last-modified", "accept-ranges"}
    told, meant = (
        {k: v for k, v in one.headers.items() if k not in of_files} for one in (page, same)
    )
    assert told == {k: v for k, v in meant.items() if k != "x-accel-expires"}
    assert page.content == same.content
    again = phone.get(path, headers={**asked, "If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304


@started
@pytest.mark.parametrize(
    ("path", "status"),
    [(f"{LESSON}?x=1", 200), ("/courses", 301), ("/current/plain/index.html", 404)],
)
def test_only_the_address_itself_leads_to_the_file(phone, path, status):
    answer = phone.get(path)
    assert (answer.status_code, "Last-Modified" in answer.headers) == (status, False)


@started
def test_a_form_is_not_sent_to_a_file(phone):
    answer = phone.post(LESSON)
    assert (answer.status_code, "nginx" in answer.text) == (403, False)


@started
def test_the_log_says_which_page_was_read_and_not_how_it_lies(phone, house):
    phone.get("/sites/")
    said = wait_for_line(house[4] / "studyhub.log", "/sites/")
    assert "/current/" not in said


def wait_for_line(path, word):
    """nginx writes its log every five seconds."""
    for _ in range(100):
        if word in (text := path.read_text()):
            return text
        time.sleep(0.1)
    raise AssertionError(path.read_text())


EDITS = {
    "a correction": (
        "page.title = '改正过的题目'; make.publish_page(page)",
        200,
        "改正过的",
    ),
    "the contact": ("save(Organisation(pk=1, contact='找乌云 555'))", 200, "找乌云 555"),
    "a closed page": (
        "save(PageViewRestriction(page=page, restriction_type='password', password='x'))",
        200,
        "密码",
    ),
    "an opened page": ("PageViewRestriction.objects.get().delete()", 200, "改正过的"),
    "a withdrawal": ("page.unpublish()", 404, "课程"),
}
EDIT = """
import django; django.setup()
from wagtail.models import PageViewRestriction
from content.models import LessonPage
from studyhub.organisation.models import Organisation
from tests import factories as make
save = lambda one: one.save()
page = LessonPage.objects.get(slug="changed")
"""


@started
def test_every_change_is_seen_by_the_next_request(house, phone):
    """Through nginx and by each process of the application, before a worker has come to it."""
    path = "/courses/changzheng/changed/"
    assert "Last-Modified" in phone.get(path).headers
    try:
        for what, (edit, status, words) in EDITS.items():
            run_python(house[5], EDIT + edit)
            direct = {"Host": HOST, "X-Forwarded-Proto": "https"}
            answers = [httpx.get(f"{house[2]}{path}", headers=direct) for _ in range(6)]
            for answer in [phone.get(path), *answers]:
                assert (answer.status_code, words in answer.text) == (status, True), what
    finally:
        run_python(house[5], RENDER)


@started
@pytest.mark.parametrize("path", ["/me/", "/api/v1/me", "/api/v1/me/progress", "/me/corrections/"])
def test_what_is_personal_is_seen_by_its_owner_and_kept_by_nobody(phone, path):
    sign_in(phone)
    for _ in range(2):
        answer = phone.get(path)
        assert (answer.status_code, answer.headers.get("X-Cache")) == (200, "BYPASS"), path
        assert "no-store" in answer.headers["Cache-Control"]
    phone.cookies.clear()
    assert phone.get(path).status_code in (302, 401)


@started
def test_sound_comes_whole_and_in_pieces_and_can_run_nothing(phone):
    whole = phone.get(f"/media/media/zunyi{SOUND}")
    piece = phone.get(f"/media/media/zunyi{SOUND}", headers={"Range": "bytes=5-9"})
    assert (whole.status_code, len(whole.content)) == (200, 256 * 40)
    assert (piece.status_code, piece.content) == (206, bytes(range(5, 10)))
    for answer in (whole, piece):
        assert answer.headers.get_list("Content-Security-Policy") == ["default-src 'none'; sandbox"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@started
@pytest.mark.parametrize("accepted", ["br", "gzip", ""])
@pytest.mark.parametrize(
    ("own", "kind", "packings"),
    [
        ("web/style.css", "text/css; charset=utf-8", {"br", "gzip"}),
        ("web/lesson.js", "text/javascript; charset=utf-8", {"br", "gzip"}),
        (DESK, "text/css", {"gzip"}),
    ],
)
def test_files_of_the_pages_are_served_packed_and_for_long(
    house, phone, own, kind, packings, accepted
):
    """Phones' files lie there packed, the desk's are packed as they are sent."""
    static = house[3] / "static"
    name = json.loads((static / "staticfiles.json").read_text())["paths"][own]
    answer = phone.get(f"/static/{name}", headers={"Accept-Encoding": accepted})
    packing = accepted if accepted in packings else None
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, packing)
    assert (answer.headers["Content-Type"], answer.headers["Vary"]) == (kind, "Accept-Encoding")
    assert answer.content == (static / name).read_bytes()
    assert "immutable" in answer.headers["Cache-Control"]
    assert "max-age=31536000" in answer.headers["Cache-Control"]


@started
@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/x/../metrics", "/%6detrics"])
def test_figures_are_for_nobody_outside(phone, path):
    answer = phone.get(path)
    assert answer.status_code in (301, 404)
    assert "python_info" not in answer.text


@started
@pytest.mark.parametrize("path", ["/metrics", "/static/web/nothing.css"])
def test_what_is_not_there_is_said_in_words(phone, path):
    answer = phone.get(path)
    assert (answer.status_code, "没有这一页" in answer.text) == (404, True)


@started
def test_nobody_is_led_to_a_host_that_is_not_ours(house):
    for path in ("/courses/", "/x"):
        answer = httpx.get(f"{house[1]}{path}", headers={"Host": "evil.example"})
        assert answer.headers["Location"] == f"https://{HOST}{path}"


@started
def test_over_plain_http_pages_lead_to_https_and_the_interface_takes_nothing(house):
    page = httpx.get(f"{house[1]}/courses/", headers={"Host": HOST})
    assert (page.status_code, page.headers["Location"]) == (301, f"https://{HOST}/courses/")
    password = httpx.post(f"{house[1]}/api/v1/session", headers={"Host": HOST}, content="{}")
    assert password.status_code == 403


@started
def test_a_file_of_a_draft_is_for_the_desk_alone(phone):
    assert phone.get(f"/media/media/draft{SOUND}").status_code == 404
    sign_in(phone, "gaowa")
    assert phone.get(f"/media/media/draft{SOUND}").status_code == 200
    phone.cookies.clear()
    assert phone.get(f"/media/media/draft{SOUND}").status_code == 404


@started
@pytest.mark.parametrize("through", ["nginx", "the application itself"])
def test_a_body_in_pieces_arrives_whole(phone, house, through):
    text = b'{"login": "suhe", "password": "%s"}' % PASSWORD.encode()
    address = "" if through == "nginx" else house[2]
    proxied = {"X-Forwarded-Proto": "https", "Content-Type": "application/json"}
    answer = phone.post(f"{address}/api/v1/session", content=iter([text]), headers=proxied)
    assert answer.status_code == 200, answer.text


@started
def test_another_host_is_not_served(phone):
    assert phone.get("/courses/", headers={"Host": "evil.example"}).status_code in (400, 404, 421)


@started
def test_one_phone_slows_itself_and_its_own_word_for_its_address_changes_nothing(phone):
    """nginx adds the true address behind whatever a caller claims to be."""
    answers = [
        sign_in(phone, "batu", "wrong-wrong", **{"X-Forwarded-For": f"198.51.100.{number}"})
        for number in range(7)
    ]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 3
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900


def test_a_page_is_asked_for_again_before_its_old_copy_is_shown():
    """With nginx's update in the background a lesson taken down was shown for another day: its
    answer is not kept, so the copy stayed, and was shown while the next answer was fetched."""
    shipped = SHIPPED.read_text("utf-8")
    assert "proxy_cache_background_update" not in shipped
    assert "proxy_cache_valid 404 410 1s;" in shipped
    assert "updating" not in shipped  # nor while somebody else is asking


def test_each_address_of_ours_is_personal_or_everybodys_on_purpose():
    """An address that nginx takes for everybody's loses its cookies: a personal page belongs in
    the list of the file."""
    named = re.search(r"~\^/\(([^)]*)\)\(/\|\$\) 1;", SHIPPED.read_text("utf-8"))[1]
    personal = set(named.replace("\\", "").split("|"))
    of_all = {"feeds", "packs", "sw.js", "sw-config.json", "manifest.webmanifest", "offline"}
    of_all |= {"search", "receipts", "sheets", "media", "documents", "metrics", "privacy"}
    first = {str(one.pattern).split("/")[0] for one in urls.urlpatterns}
    assert first - personal == of_all
    assert {"api", "cms", "sandbox"} <= personal
    assert not personal & of_all


@started
def test_callbacks_are_small_and_each_is_asked_of_the_application(phone, house):
    phone.cookies.set("sessionid", "x")
    small = [phone.post("/hooks/wechat/nowhere?signature=secret", content=b"<xml/>") for _ in "ab"]
    large = phone.post("/hooks/wechat/nowhere", content=b"x" * 70_000)
    assert [(one.status_code, one.content) for one in small] == [(403, b"")] * 2
    assert (large.status_code, "MB" in large.text) == (413, False)
    assert "no-store" in small[0].headers["Cache-Control"]
    assert "signature" not in (house[4] / "studyhub.log").read_text("utf-8")


@started
@pytest.mark.parametrize("path", ["/search/", "/api/v1/lessons"])
def test_what_nginx_refuses_itself_it_refuses_in_words(phone, path):
    large = phone.post(path, content=b"x" * (31 * 1024**2))
    long = phone.get(path, params={"q": "遵" * 3000})
    assert [large.status_code, long.status_code] == [413, 400]
    assert ("30 MB" in large.text, "太长" in long.text) == (True, True)
    assert ("json" in large.headers["Content-Type"]) is path.startswith("/api/")
    assert large.headers["Cache-Control"] == long.headers["Cache-Control"] == "no-store"


@started
def test_a_password_in_the_clear_is_refused_in_words(house):
    answer = httpx.post(f"{house[1]}/api/v1/session", headers={"Host": HOST}, content="{}")
    assert (answer.status_code, answer.json()["code"]) == (403, "https_only")


@started
def test_while_the_application_is_away_nginx_says_so(house, tmp_path):
    with (
        nginx(tmp_path, house[3], free_port()) as (_, secure),
        httpx.Client(
            base_url=f"https://127.0.0.1:{secure}", verify=trust(tmp_path), headers={"Host": HOST}
        ) as client,
    ):
        _wait_until_it_answers(client)
        page, told = client.get("/me/"), client.get("/api/v1/me")
        assert client.get("/").status_code == 200  # from its file
    assert (page.status_code, told.status_code) == (503, 503)
    assert "正在维护" in page.text
    assert told.json()["code"] == "away"
    assert page.headers["Retry-After"] == told.headers["Retry-After"] == "30"


@pytest.mark.parametrize("path", sorted(OWN_WORDS.glob("*.json")), ids=lambda path: path.name)
def test_what_nginx_says_to_programs_has_the_form_of_all_problems(path):
    said = json.loads(path.read_text("utf-8"))
    assert said["title"] == TITLES[said["status"]]
    assert json.loads(document(said["status"], said["code"], said["detail"])) == said


@pytest.mark.parametrize("path", sorted(OWN_WORDS.glob("*.html")), ids=lambda path: path.name)
def test_what_nginx_says_to_people_has_the_frame_of_last_resort(path):
    frame = (ROOT / "templates" / "bare.html").read_text("utf-8")
    style = re.compile(r"<style>.*</style>", re.DOTALL)
    assert style.search(path.read_text("utf-8"))[0] == style.search(frame)[0]
