"""Study where the signal ends: the scenarios in which records or lessons could be lost.

The network is cut by a proxy between browser and product, not by the browser's own switch. Every
scenario runs in Chromium and, when asked for, in WebKit, in each with a course of its own, so that
what a member recorded in one is not in the other's way.
"""

import shutil
from pathlib import Path

import httpx
import pytest

from tests.bench.servers import ROOT, free_port, gunicorn, manage
from tests.e2e.conftest import sign_in
from tests.e2e.phones import (
    HURRIED,
    HURRIED_BUT_STORAGE,
    NO_DATABASE,
    Truth,
    new_phone,
    new_webkit_phone,
    own_phones,
)
from tests.e2e.webkit import WEBKIT, Screen, why_not

RECORDS = "/me/records"
the_phone_alone = pytest.mark.once  # whatever database answers


COURSES = {"chromium": "changzheng", "webkit": "kaitian"}
YEARS = {"chromium": "1945", "webkit": "1927"}  # told of in these courses


@pytest.fixture(
    scope="module",
    params=[
        "chromium",
        pytest.param(
            "webkit",
            marks=pytest.mark.skipif(
                not WEBKIT, reason="WebKit 要点名才跑：STUDYHUB_WEBKIT=1 make test"
            ),
        ),
    ],
)
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def screen(engine):
    if engine == "chromium":
        yield None  # draws without one
        return
    screen = Screen()
    try:
        if reason := why_not(screen):
            pytest.skip(f"WebKit 在这台机器上起不来：{reason}")
        yield screen
    finally:
        screen.close()


@pytest.fixture
def needs_chromium(engine):
    if engine != "chromium":
        pytest.skip("只有 Chromium 能被要求这样做")


@pytest.fixture(scope="module")
def lessons(product, engine):
    """Lessons outside the plan: nobody of the demo has begun them. Each with two that follow."""
    course = COURSES[engine]
    found = httpx.get(f"{product}/api/v1/lessons?course={course}").json()["items"]
    return [(card["id"], "/" + card["url"].split("/", 3)[3]) for card in found[2:]]


@pytest.fixture(scope="module")
def lesson(lessons):
    return lessons[0]


@pytest.fixture
def phone_of(browser, network, engine, screen):
    """Phones of demo members; a script that breaks fails the test."""
    with own_phones() as phones:

        def _phone_of(username, **options):
            if engine == "webkit":
                phones.append(new_webkit_phone(screen, network, username, **options))
            else:
                phones.append(new_phone(browser, network, username, **options))
            return phones[-1]

        yield _phone_of


def started(phone, path, *, kept=3):
    """Signed in, the lesson open, it and the next two kept."""
    phone.sign_in()
    phone.open(path)
    phone.read_all()
    phone.wait_until_kept(kept)
    return phone


@the_phone_alone
def test_kept_lessons_open_without_a_network_after_everything_was_closed(phone_of, lessons):
    phone = started(phone_of("member32"), lessons[0][1])
    phone.page.close()
    phone.network.mode = "down"
    page = phone.page = phone.context.new_page()
    for _, path in lessons[:3]:
        page.goto(path)
        assert page.locator(".part p").first.is_visible()
        page.wait_for_selector("#lesson-state .state")
    page.goto("/courses/caoyuan/")
    page.wait_for_selector("text=离线 · 这一页还没有存到本机")
    page.wait_for_selector("#kept a")
    assert page.locator("#kept a").count() >= 3


def test_the_signal_lost_in_the_middle_of_a_lesson_loses_nothing(phone_of, lesson, product):
    phone = started(phone_of("member33"), lesson[1])
    phone.network.mode = "down"
    phone.study()
    assert "联网后自动上传" in phone.page.inner_text("#sync")
    phone.page.reload()
    phone.page.wait_for_selector("#lesson-state >> text=学完")
    phone.network.mode = "up"
    phone.wait_until_sent()
    assert Truth(product, "member33").progress(lesson[0])["status"] == "finished"


def test_an_answer_lost_after_the_server_has_stored_doubles_nothing(phone_of, lesson, product):
    phone = started(phone_of("member34"), lesson[1])
    phone.wait_until_sent()
    phone.network.mode, phone.network.only = "lost", RECORDS
    phone.answer()
    phone.finish()
    assert phone.rows("waiting")
    phone.network.mode = "up"
    phone.wait_until_sent()
    records = Truth(product, "member34").records(lesson[0])
    kinds = [record["kind"] for record in records]
    assert (kinds.count("quiz_attempt"), kinds.count("lesson_finished")) == (1, 1)
    assert {row["id"] for row in phone.rows()} == {record["id"] for record in records}


@the_phone_alone
def test_a_hotels_sign_in_page_acknowledges_nothing_and_is_not_kept(phone_of, lesson):
    phone = started(phone_of("member35"), lesson[1])
    phone.network.mode = "portal"
    phone.finish()
    assert phone.rows("waiting")
    phone.page.goto("/courses/")
    assert "请先登录热点" in phone.page.content()
    phone.network.mode = "down"
    phone.page.goto("/courses/")
    assert "请先登录热点" not in phone.page.content()
    phone.network.mode = "up"
    phone.open(lesson[1])
    phone.wait_until_sent()


@pytest.mark.parametrize(
    ("status", "member"),
    [(500, "member36"), (413, "member37"), (429, "member38"), (503, "member39")],
)
def test_a_server_in_trouble_loses_nothing(phone_of, lesson, product, status, member):
    phone = started(phone_of(member), lesson[1])
    phone.wait_until_sent()
    phone.network.mode, phone.network.only = status, RECORDS
    phone.finish()
    if status == 413:  # a record that is too large even alone is put aside and shown
        phone.page.wait_for_selector("#sync >> text=没有被接受")
        assert len(phone.rows("refused")) == 1
        return
    assert phone.rows("waiting")
    phone.network.mode = "up"
    phone.wait_until_sent()
    assert Truth(product, member).records(lesson[0])[-1]["kind"]


def test_two_tabs_number_their_records_without_gaps(phone_of, lessons, product):
    phone = started(phone_of("member40"), lessons[0][1])
    other = phone.context.new_page()
    other.goto(lessons[1][1])
    other.wait_for_selector("#lesson-state .state")
    other.evaluate("document.querySelectorAll('[data-end]').forEach(e => e.scrollIntoView())")
    phone.finish()
    phone.wait_until_sent()
    rows = phone.rows()
    assert sorted(row["seq"] for row in rows) == list(range(1, len(rows) + 1)), rows


@the_phone_alone
def test_a_full_phone_still_records(needs_chromium, phone_of, lesson, product):
    phone = phone_of("member41")
    phone.sign_in()
    phone.open(lesson[1])
    session = phone.context.new_cdp_session(phone.page)
    full = {"origin": phone.network.address, "quotaSize": 30_000}
    session.send("Storage.overrideQuotaForOrigin", full)
    phone.read_all()
    phone.answer()
    phone.finish()
    phone.wait_until_sent()
    assert Truth(product, "member41").progress(lesson[0])["status"] == "finished"


def test_without_a_database_records_go_through_and_the_reader_is_told(phone_of, lesson, product):
    phone = phone_of("member42")
    phone.context.add_init_script(NO_DATABASE)
    phone.sign_in()
    phone.open(lesson[1])
    phone.page.wait_for_selector("#sync >> text=请保持联网，或换一个浏览器")
    phone.study()
    phone.page.wait_for_selector("#finish-note >> text=✓ 已存上")
    assert Truth(product, "member42").progress(lesson[0])["status"] == "finished"


LOCK = """async () => {
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("%s")) continue;
    const request = indexedDB.open(name);
    await new Promise((resolve) => { request.onsuccess = resolve; });
    const db = request.result;
    const stores = db.transaction([...db.objectStoreNames], "readwrite");
    const again = () => { stores.objectStore("meta").get("").onsuccess = again; };
    stores.objectStore("meta").get("").onsuccess = () => %s;
  }
}"""


def hold(phone, engine, start):
    """Another page begins to write into the databases of such names and never ends: it stands in
    the middle of a transaction before an open dialog, which costs the machine nothing. Elsewhere
    than in Chromium it asks on and on."""
    other = phone.context.new_page()
    other.goto("/settings/")
    if engine != "chromium":
        other.evaluate(LOCK % (start, "again()"))
        return
    other.on("dialog", lambda dialog: None)
    other.evaluate(LOCK % (start, "alert()"))
    phone.page.bring_to_front()  # a page behind another one draws once a second


@the_phone_alone
@pytest.mark.parametrize(("name", "member"), [("studyhub", "member35"), ("q_", "member36")])
def test_a_storage_that_does_not_answer_keeps_nobody_from_studying(
    phone_of, lessons, product, engine, name, member
):
    """As a page leaves it that some browsers freeze in the middle of writing."""
    key, path = lessons[1]
    phone = phone_of(member)
    phone.context.add_init_script(HURRIED)
    started(phone, path, kept=2)
    phone.wait_until_sent()
    hold(phone, engine, name)
    phone.open(path)
    phone.read_all()
    phone.answer()
    phone.finish()
    truth = Truth(product, member)
    phone._wait(lambda: truth.progress(key)["status"] == "finished", 60)


@the_phone_alone
def test_a_storage_that_falls_silent_costs_no_kept_lesson(phone_of, lessons, product, engine):
    key, path = lessons[1]
    phone = phone_of("member37")
    phone.context.add_init_script(HURRIED)
    started(phone, path, kept=2)
    phone.wait_until_sent()
    kept = {row["lesson"] for row in phone.packs()}
    hold(phone, engine, "q_")
    phone.finish()
    truth = Truth(product, "member37")
    sent = "lesson_finished"
    phone._wait(lambda: sent in [record["kind"] for record in truth.records(key)], 60)
    assert {row["lesson"] for row in phone.packs()} == kept


@the_phone_alone
def test_without_a_worker_the_open_page_reads_on(phone_of, lessons, product):
    phone = phone_of("member43", service_workers="block")
    phone.sign_in()
    phone.open(lessons[0][1])
    phone.read_all()
    phone._wait(lambda: len(phone.packs()) >= 3, 30)
    phone.page.wait_for_timeout(500)
    phone.network.mode = "down"
    for key, path in lessons[1:3]:
        phone.page.click(".next a")
        phone.page.wait_for_url(f"**{path}")
        # The address changes before the page.
        phone.page.wait_for_selector(f'#study[action*="{key}"]')
        phone.page.wait_for_selector("#lesson-state .state")
        phone.study()
    phone.page.go_back()
    phone.page.wait_for_url(f"**{lessons[1][1]}")
    # Any other page would end in nothing, and this one would be gone.
    phone.page.evaluate("void Object.defineProperty(navigator, 'onLine', { value: false })")
    phone.page.click('.places a[href="/courses/"]')
    phone.page.wait_for_selector("#lost >> text=还没有存到本机")
    phone.page.click(f'#lost a[href="{lessons[2][1]}"]')
    phone.page.wait_for_selector(f'#study[action*="{lessons[2][0]}"]')
    phone.network.mode = "up"
    phone.wait_until_sent()
    assert Truth(product, "member43").progress(lessons[2][0])["status"] == "finished"


CHANGE = """
from content.models import LessonPage, SignOff
from content.models.signing import sign_for_all
page = LessonPage.objects.get(translation_key="%s")
sections = [item for item in page.body.raw_data if item["type"] == "section"]
sections[0]["value"]["text"] = "<p>%s</p>"
sign_for_all(page, SignOff.Kind.BEFORE)
page.save_revision().publish()
"""
HIDE = """
from content.models import LessonPage
LessonPage.objects.get(translation_key="%s").unpublish()
"""


def test_a_correction_made_while_a_phone_was_offline_reaches_it(
    phone_of, lessons, product_environment, product
):
    key, path = lessons[1]
    phone = started(phone_of("member44"), lessons[0][1])
    phone.network.mode = "down"
    manage(product_environment, "shell", "--no-imports", "-c", CHANGE % (key, "改正过的第一节。"))
    phone.page.goto(path)
    assert "改正过的第一节" not in phone.page.content()
    phone.network.mode = "up"
    before = {row["lesson"]: row["version"] for row in phone.packs()}
    phone._wait(lambda: _offered(product, key)["version"] != before[key], 60)
    phone.page.goto(path)
    phone._wait(lambda: {r["lesson"]: r["version"] for r in phone.packs()}[key] != before[key], 30)
    phone.network.mode = "down"
    phone.page.goto(path)
    assert "改正过的第一节" in phone.page.content()


def _offered(product, key):
    return httpx.get(f"{product}/api/v1/offline/manifest?ids={key}").json()["lessons"][0]


def test_a_withdrawn_lesson_leaves_the_phone_at_the_first_contact(
    phone_of, product, product_environment
):
    cards = httpx.get(f"{product}/api/v1/lessons?course=xinzhongguo").json()["items"]
    key, path = cards[-1]["id"], "/" + cards[-1]["url"].split("/", 3)[3]
    phone = started(phone_of("member45"), path, kept=1)
    manage(product_environment, "shell", "--no-imports", "-c", HIDE % key)
    phone.page.goto(path)
    phone.page.wait_for_selector("text=这一课已经下架")
    assert key not in [row["lesson"] for row in phone.packs()]
    phone.network.mode = "down"
    phone.page.goto(path)
    phone.page.wait_for_selector("text=离线 · 这一页还没有存到本机")


def caches_of(phone, beginning=""):
    names = phone.page.evaluate("caches.keys()")
    return [name for name in names if name.startswith(beginning)]


@the_phone_alone
def test_a_new_version_waits_until_the_reader_says_so(phone_of, lesson):
    phone = started(phone_of("member46"), lesson[1])
    phone.network.rewrite["/sw.js"] = lambda data: data.replace(b'"version": "', b'"version": "n')
    phone.page.reload()
    phone.read_all()
    phone.page.wait_for_selector("#update button")
    assert len(caches_of(phone, "shell-")) == 2
    phone.page.click("#update button")
    phone._wait(lambda: len(caches_of(phone, "shell-")) == 1, 20)


NEXT_DEPLOYMENT = """
from studyhub.settings.dev import *
STATIC_ROOT = "{static}"
STATICFILES_DIRS = ["{changed}"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
"""


@pytest.fixture
def next_deployment(product, product_environment, tmp_path):
    """Address of the product as its next deployment: one script changed, its files collected
    over the older ones, the same database. Those of the editor are left out: no phone asks."""
    static, changed = tmp_path / "static", tmp_path / "changed"
    shutil.copytree(Path(product_environment["STUDYHUB_VAR"]) / "static", static)
    shutil.copytree(ROOT / "studyhub/web/static", changed)
    with (changed / "web" / "lesson.js").open("a") as script:
        script.write("\nwindow.deployed = 2;\n")
    settings = NEXT_DEPLOYMENT.format(static=static, changed=changed)
    (tmp_path / "next_deployment.py").write_text(settings)
    env = product_environment | {
        "PORT": str(free_port()),
        "PYTHONPATH": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "next_deployment",
    }
    manage(env, "collectstatic", "--no-input", "--verbosity", "0")
    with gunicorn(env) as address:
        yield address


@the_phone_alone
def test_a_page_open_over_a_deployment_keeps_its_files_and_its_records(
    phone_of, lesson, product, next_deployment
):
    phone = started(phone_of("member57"), lesson[1])
    loaded = "performance.getEntriesByType('resource').map(one => new URL(one.name).pathname)"
    files = {path for path in phone.page.evaluate(loaded) if path.startswith("/static/")}
    assert len(files) >= 8
    phone.network.upstream = next_deployment
    answers = {path: httpx.get(next_deployment + path) for path in files}
    assert {path for path, answer in answers.items() if answer.status_code != 200} == set()
    phone.study()
    phone.wait_until_sent()
    assert Truth(product, "member57").progress(lesson[0])["status"] == "finished"

    phone.page.reload()
    phone.read_all()
    phone.page.wait_for_selector("#update button")
    assert phone.page.evaluate("window.deployed") is None
    phone.page.click("#update button")
    phone._wait(lambda: phone.page.evaluate("window.deployed") == 2, 30)
    phone.network.mode = "down"
    phone.page.reload()
    phone.page.wait_for_selector("#lesson-state >> text=学完")
    assert phone.page.evaluate("window.deployed") == 2


@the_phone_alone
def test_the_kill_switch_takes_the_worker_away_and_leaves_the_records(phone_of, lesson):
    phone = started(phone_of("member47"), lesson[1])
    phone.network.mode, phone.network.only = "down", RECORDS
    phone.finish()
    waiting = {row["id"] for row in phone.rows("waiting")}
    phone.network.rewrite["/sw-config.json"] = lambda data: b'{"kill": true}'
    phone.page.reload()
    phone.read_all()
    phone._wait(lambda: caches_of(phone) == caches_of(phone, "records-"), 20)
    registered = "navigator.serviceWorker.getRegistrations().then(all => all.length)"
    assert phone.page.evaluate(registered) == 0
    assert waiting
    assert waiting <= {row["id"] for row in phone.rows("waiting")}


@pytest.mark.parametrize(("days", "member"), [(-3, "member48"), (365, "member49")])
def test_a_wrong_clock_is_no_reason_to_refuse(phone_of, lesson, product, days, member):
    phone = phone_of(member)
    phone.context.add_init_script(
        f"const now = Date.now; Date.now = () => now() + {days} * 86400000;"
    )
    phone.sign_in()
    phone.open(lesson[1])
    phone.study()
    phone.wait_until_sent()
    phone.page.wait_for_selector("#sync >> text=手机时间不准")
    assert Truth(product, member).progress(lesson[0])["status"] == "finished"


RESTORE = """
from studyhub.records.models import Epoch, Record, DeviceCursor
from studyhub.learning.models import Progress
from studyhub.people.models import Member
member = Member.objects.get(user__username="%s")
for model in (Record, DeviceCursor, Progress):
    model.objects.filter(member=member).delete()
Epoch.objects.create(number=Epoch.current() + 1, reason="演练")
from studyhub.channels import accounts
from studyhub.channels.models import ChannelAccount
for account in ChannelAccount.objects.all():
    accounts.resume(account)  # the publisher has looked; the other tests go on publishing
"""


def test_a_restored_database_gets_back_what_the_phone_still_keeps(
    phone_of, lesson, product, product_environment
):
    phone = started(phone_of("member50"), lesson[1])
    phone.study()
    phone.wait_until_sent()
    manage(product_environment, "shell", "--no-imports", "-c", RESTORE % "member50")
    truth = Truth(product, "member50")
    assert truth.progress(lesson[0]) is None
    phone.open(lesson[1])
    phone._wait(lambda: (truth.progress(lesson[0]) or {}).get("status") == "finished", 30)


def test_a_network_that_comes_and_goes_delivers_everything_once(phone_of, lesson, product):
    """A minute of two seconds up, two seconds down; phone and network four times as fast."""
    phone = phone_of("member51")
    phone.context.add_init_script(HURRIED_BUT_STORAGE)
    started(phone, lesson[1])
    for turn in range(30):
        phone.network.mode = "down" if turn % 2 else "up"
        if not turn % 2:
            phone.page.evaluate("window.dispatchEvent(new Event('online'))")
        if turn == 5:
            phone.answer()
        if turn == 17:
            phone.finish()
        phone.page.wait_for_timeout(500)
    phone.network.mode = "up"
    phone.wait_until_sent()
    records = Truth(product, "member51").records(lesson[0])
    assert len(records) == len({record["id"] for record in records}) == len(phone.rows())


SLOW_2G = {"offline": False, "latency": 2000, "downloadThroughput": 6250, "uploadThroughput": 6250}


@the_phone_alone
def test_the_first_lesson_can_be_read_on_the_slowest_network(needs_chromium, phone_of, lesson):
    """Slow 2G: 50 kbit/s, 2 s until each answer begins. Text within 8 s and 150 KB."""
    phone = phone_of("member52")
    session = phone.context.new_cdp_session(phone.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_2G)
    phone.page.goto(lesson[1], wait_until="commit", timeout=60_000)
    phone.page.wait_for_selector(".part p", timeout=60_000)
    painted = phone.page.evaluate(
        """() => new Promise(resolve => new PerformanceObserver(list =>
             resolve(list.getEntriesByName('first-contentful-paint')[0].startTime))
             .observe({type: 'paint', buffered: true}))"""
    )
    assert painted <= 8000
    assert phone.network.sent_bytes <= 150_000


@the_phone_alone
def test_personal_and_staff_pages_are_never_kept(phone_of, lesson):
    phone = started(phone_of("member53"), lesson[1])
    for path in ("/me/", "/cms/login/", "/api/v1/me", "/logout/"):
        phone.page.goto(path)
    kept = phone.page.evaluate(
        """async () => [].concat(...await Promise.all((await caches.keys()).map(async name =>
             (await (await caches.open(name)).keys()).map(r => new URL(r.url).pathname))))"""
    )
    assert not [p for p in kept if p.startswith(("/me", "/cms", "/api", "/log"))]


def test_a_receipt_read_out_on_the_telephone_counts_once(phone_of, lesson, product, phone):
    """Airplane mode, self-check, the letters typed by the leader on another phone; then the first
    phone comes back."""
    hers = started(phone_of("member55"), lesson[1])
    hers.wait_until_sent()
    hers.network.mode = "down"
    hers.study()
    hers.page.goto("/offline/")
    hers.page.click("text=写成凭条交给组长")
    hers.page.wait_for_selector(".receipt .groups li")
    letters = " ".join(hers.page.locator(".receipt .groups li").all_inner_texts())
    assert hers.page.locator(".receipt .qr svg").is_visible()
    unsent = hers.rows("waiting")
    truth = Truth(product, "member55")
    assert truth.progress(lesson[0])["status"] == "in_progress"

    leader = phone
    sign_in(leader, "leader2", "/lead/receipts/")
    leader.fill("#text", letters.lower())
    leader.click("main button[type=submit]")
    assert "演示学员55" in leader.inner_text("#done")
    assert f"新记下 {len(unsent)} 条" in leader.inner_text("#done")
    before = (truth.progress(lesson[0]), truth.records(lesson[0]))
    assert before[0]["status"] == "finished"
    assert {row["id"] for row in unsent} <= {record["id"] for record in before[1]}

    hers.network.mode = "up"
    hers.page.reload()
    hers.wait_until_sent()
    assert (truth.progress(lesson[0]), truth.records(lesson[0])) == before


def test_signing_out_with_unsent_records_keeps_them_and_shows_them_to_nobody(
    phone_of, lesson, product
):
    """A leaves, B signs in on the same phone: B sees nothing of A, A's records arrive."""
    phone = started(phone_of("member56"), lesson[1])
    phone.wait_until_sent()
    phone.network.mode, phone.network.only = 503, RECORDS
    phone.finish()
    phone.page.goto("/logout/")
    phone.page.click("main form button[type=submit]")
    phone.page.wait_for_selector("text=还有 1 条学习记录没有上传", timeout=40_000)
    phone.page.click("text=保留在本机")
    phone.page.wait_for_url(f"{phone.network.address}/")
    phone.sign_in("member32")
    phone.open(lesson[1])
    assert "学完了，已经记下" not in phone.page.inner_text("main")
    phone.page.goto("/offline/")
    phone.page.wait_for_selector("text=另一个账号还有 1 条记录")
    assert "演示学员56" not in phone.page.content()
    phone.network.mode = "up"
    phone.page.reload()
    phone.wait_until_sent()
    hers = Truth(product, "member56").records(lesson[0])
    assert [record["kind"] for record in hers].count("lesson_finished") == 1
    other = {record["id"] for record in Truth(product, "member32").records(lesson[0])}
    assert not other & {record["id"] for record in hers}


def test_a_shared_phone_keeps_nothing_once_it_is_sent(phone_of, lesson):
    phone = phone_of("member54")
    phone.sign_in(shared=True)
    phone.open(lesson[1])
    phone.read_all()
    phone._wait(lambda: phone.rows() == [], 60)
    session = next(c for c in phone.context.cookies() if c["name"] == "sessionid")
    assert session["expires"] == -1  # ends with the browser
    phone.page.goto("/me/")  # paints from what the server told: no copy of that is kept either
    phone.page.goto("/courses/")
    phone.page.wait_for_selector("[data-lesson] .state")
    assert phone.copies() == []


@the_phone_alone
def test_a_shared_phone_left_lying_shows_nobody_who_was_here(needs_chromium, phone_of, lesson):
    phone = phone_of("member53")
    phone.page.clock.install()
    with phone.page.expect_response("**/api/v1/me/devices"):  # its ticket, for when it is locked
        phone.sign_in(shared=True)
    phone.page.wait_for_timeout(1000)  # until that is written down
    phone.open(lesson[1])
    phone.network.mode = 503
    phone.network.only = RECORDS
    phone.finish()
    phone.page.clock.fast_forward("29:00")
    phone.page.mouse.wheel(0, 100)
    phone.page.clock.fast_forward("29:00")
    assert "/courses/" in phone.page.url
    phone.page.clock.fast_forward("02:00")
    phone.page.wait_for_url("**/login/?locked=1&next=**")
    said = phone.page.inner_text("main")
    assert "公用手机已经锁上" in said
    assert "演＊＊" in said
    assert "演示学员" not in phone.page.content()
    assert phone.page.is_checked("[name=shared]")
    assert phone.page.evaluate("sessionStorage.length") == 0
    phone.page.goto("/me/")
    assert "/login/" in phone.page.url
    assert len(phone.rows("waiting")) >= 1
    phone.network.mode = "up"
    phone.page.goto("/courses/")

    def sent():
        phone.page.clock.fast_forward("06:00")  # after a 503 a phone waits up to five minutes
        phone.page.wait_for_timeout(2000)  # in which it sends
        return not phone.rows("waiting")

    phone._wait(sent, 12)


@the_phone_alone
def test_search_answers_without_a_network(phone_of, lessons, engine):
    phone = started(phone_of("member33"), lessons[0][1])
    phone.network.mode = "down"
    phone.page.goto("/search/?q=yananbaota")
    phone.page.wait_for_selector("#hits >> text=没有找到")
    phone.page.fill("#find", YEARS[engine])
    phone.page.click("#search button")
    phone.page.wait_for_selector("#hits li a")


@the_phone_alone
def test_a_whole_course_can_be_kept_for_the_road(phone_of, product):
    phone = phone_of("member34")
    phone.sign_in()
    phone.page.goto("/courses/caoyuan/")
    button = phone.page.locator("#keep-course button")
    button.click()
    phone.page.wait_for_selector("#keep-course button[data-agreed]")
    assert "KB" in button.inner_text()
    button.click()
    phone.page.wait_for_selector("text=存好了", timeout=60_000)
    cards = httpx.get(f"{product}/api/v1/lessons?course=caoyuan").json()["items"]
    assert {row["lesson"] for row in phone.packs()} >= {card["id"] for card in cards}


def open_cards(product, username):
    return Truth(product, username)._get("me/corrections").json()["items"]


def test_a_correction_card_opens_and_is_answered_without_a_network(phone_of, product):
    """For who finished the older text: seen once with a network, it is there without one."""
    # Nobody else here reads these members' cards.
    names = [f"member{number:02d}" for number in range(8, 31)]
    name, items = next((n, found) for n in names if (found := open_cards(product, n)))
    item = items[0]
    phone = phone_of(name)
    phone.sign_in()
    phone.open(item["url"])
    phone.read_all()
    phone.wait_until_kept(1)
    phone.page.wait_for_selector("#changed-note >> text=内容已更新")
    phone.network.mode = "down"
    phone.page.goto(item["url"])
    phone.page.wait_for_selector("#changed-note del")
    assert item["blocks"][0]["after"] in phone.page.inner_text("#changed-note ins")
    phone.page.click("#changed-note button")
    phone.page.wait_for_selector("text=这处改正您已经看过")
    phone.page.goto(item["url"])
    phone.page.wait_for_selector("#lesson-state >> text=学完")
    assert not phone.page.locator("#changed-note del").count()
    phone.network.mode = "up"
    phone.wait_until_sent()
    assert open_cards(product, name) == []
