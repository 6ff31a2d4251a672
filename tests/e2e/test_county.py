"""An office that begins with nothing: from the empty server to a member who studies and moves."""

import re
import signal
import subprocess
import sys
import time
from datetime import timedelta
from itertools import islice
from itertools import product as pairs

import pytest
from openpyxl import Workbook

from studyhub.core.clock import today
from studyhub.core.review_levels import LEVELS
from studyhub.people import totp
from tests.bench.servers import ROOT, environment, free_port, manage, wait_for
from tests.e2e import reviews
from tests.e2e.conftest import PHONE, press
from tests.e2e.learner import study

pytestmark = pytest.mark.once  # on a server and a database of its own
PASSWORD = "yi-ge-hen-chang-de-mi-ma"
SET_UP = ["--organisation", "某某旗委组织部", "--code", "150526", "--contact", "高娃 0475-8000000"]
GROUPS = ("北京小组", "沈阳小组")
LEADERS = ("乌云", "巴特尔")  # of each group
LIAISON = "苏德"  # of the first
MEMBER, LAST_DIGITS = "其其格", "0007"
PEOPLE = 300
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何", "春夏秋冬东南西北金木水火山川日月星辰"


@pytest.fixture
def county(tmp_path):
    """The address of a server that has an organisation, an administrator and drafts of lessons."""
    env = environment(tmp_path / "var", free_port())
    manage(env, "migrate")
    command = [sys.executable, "manage.py", "setup", *SET_UP, "--admin", "gaowa"]
    command += ["--password-stdin", "--starter-lessons"]
    subprocess.run(command, cwd=ROOT, env=env, input=PASSWORD, text=True, check=True)
    with (tmp_path / "run.log").open("w") as out:
        child = subprocess.Popen(
            [sys.executable, "manage.py", "run"], cwd=ROOT, env=env, stdout=out, stderr=out
        )
        try:
            wait_for(f"http://127.0.0.1:{env['PORT']}/readyz", seconds=120, child=child)
            yield f"http://127.0.0.1:{env['PORT']}"
        finally:
            child.send_signal(signal.SIGINT)
            child.wait(timeout=60)


@pytest.fixture
def screen(browser, county):
    """A screen of its own for each person."""
    contexts = []

    def _screen(**size):
        contexts.append(browser.new_context(base_url=county, locale="zh-CN", **size))
        return contexts[-1].new_page()

    yield _screen
    for context in contexts:
        context.close()


def a_roster(path):
    """As the office keeps it: 300 people of ten branches in two groups, under a merged title."""
    book = Workbook()
    sheet = book.active
    sheet.append(["某某旗流动党员花名册"])
    sheet.merge_cells("A1:E1")
    sheet.append(["序号", "姓名", "联系电话", "所在党支部", "学习小组"])
    others = map("".join, pairs(SURNAMES, GIVEN))
    names = [*LEADERS, MEMBER, LIAISON, *islice(others, PEOPLE - 4)]
    for number, name in enumerate(names):
        group = GROUPS[0] if name != LEADERS[1] and number % 2 == 0 else GROUPS[1]
        phone = f"138 1234 {LAST_DIGITS if name == MEMBER else f'{1000 + number}'}"
        sheet.append([number + 1, name, phone, f"嘎查{number % 10}党支部", group])
    book.save(path)
    return path


def test_from_an_empty_county_to_a_record_that_moves_with_its_member(screen, tmp_path):
    office = screen(viewport={"width": 1280, "height": 900})
    sign_in_for_the_first_time(office)
    take_in(office, a_roster(tmp_path / "花名册.xlsx"))
    lesson = publish_a_lesson(office, screen)
    plan(office, lesson)
    leaders = [
        in_office(office, screen, group, name, "leader", 1000 + number)
        for number, (group, name) in enumerate(zip(GROUPS, LEADERS, strict=True))
    ]
    liaison = in_office(office, screen, GROUPS[0], LIAISON, "liaison", 1003)

    member = screen(viewport=PHONE, has_touch=True, is_mobile=True)
    let_in_by_invite(leaders[0], member)
    [item] = member.request.get("/api/v1/me/plan").json()["items"]
    assert study(member, item)["title"] == lesson
    assert MEMBER in listed(leaders[0])
    assert MEMBER not in listed(leaders[1])
    call(leaders[0])
    member.goto("/me/")
    member.get_by_text("看了“电话号码”").first.wait_for()

    put_right_since_when(office)
    report_a_move(member)
    hand_over(liaison)
    assert MEMBER not in listed(leaders[0])
    assert MEMBER not in listed(liaison)
    line = listed(leaders[1])[MEMBER]
    assert set(line["statuses"].values()) == {"finished"}
    records = member.request.get("/api/v1/me/progress").json()["items"]
    assert [item["status"] for item in records] == ["finished"]
    assert "/login/" in member.request.get("/cms/members/").url  # the desk is not theirs


def sign_in_for_the_first_time(page):
    """The password of the set-up, then the second step, which an administrator must have."""
    page.goto("/login/?next=/cms/")
    page.fill("#id_username", "gaowa")
    page.fill("#id_password", PASSWORD)
    press(page, "main button[type=submit]")
    page.locator(".secret").wait_for()
    secret = "".join(page.locator(".secret span").all_inner_texts())
    page.fill("#id_code", totp.code_at(secret, int(time.time()) // totp.PERIOD))
    press(page, "text=设好，看备用码")
    press(page, "text=抄好了，继续")
    page.wait_for_url("**/cms/")


def take_in(page, file):
    page.goto("/cms/rosters/")
    page.set_input_files("input[type=file]", file)
    press(page, "main form button[type=submit]")
    press(page, "[name=create_missing]")
    press(page, f"text=把这 {PEOPLE} 行写进台账")
    page.get_by_text(f"新增 {PEOPLE}").first.wait_for()
    page.goto("/cms/branches/")
    page.get_by_text("嘎查9党支部").first.wait_for()


def publish_a_lesson(page, screen):
    """A draft of the starter lessons, signed by three people of the office; its title."""
    page.goto("/cms/pages/search/?q=遵义会议")
    link = page.locator("td.title a", has_text="遵义会议").first
    title = link.inner_text().strip()
    address = link.get_attribute("href")
    page.goto(address)
    reviews.submit(page)
    for number, level in enumerate(LEVELS, start=1):
        colleague = a_colleague(page, screen, f"shencha{number}", level)
        reviews.sign(colleague, title)
    page.goto(address)
    page.get_by_role("button", name="更多动作").last.click()
    press(page, "[name=action-publish]")
    return title


def a_colleague(page, screen, login, role):
    """Somebody of the office with an account of their own, signed in by the password it shows."""
    page.goto("/cms/staff/add/")
    page.fill("#id_name", f"{role}同志")
    page.fill("#id_login", login)
    page.check(f"[name=role][value={role}]")
    press(page, "text=建账号")
    password = page.locator("main strong, main code").first.inner_text().strip()
    colleague = screen(viewport={"width": 1280, "height": 900})
    colleague.goto("/login/?next=/cms/")
    colleague.fill("#id_username", login)
    colleague.fill("#id_password", password)
    press(colleague, "main button[type=submit]")
    return colleague


def plan(page, lesson):
    page.goto("/cms/study-plans/new/")
    page.fill("#id_title", "第一季")
    page.fill("#id_starts_on", str(today() - timedelta(days=20)))
    page.fill("#id_ends_on", str(today() + timedelta(days=60)))
    press(page, f"[aria-label='加进来：{lesson}']")
    page.get_by_text(f"{PEOPLE} 人").first.wait_for()
    press(page, "[value=publish]")
    page.get_by_text("发布了").first.wait_for()


def in_office(office, screen, group, name, kind, last_digits):
    """Named at the desk, signed in on the phone by the code they were told."""
    office.goto("/cms/study-groups/")
    press(office, f"text={group}")
    office.fill("#id_name", name)
    office.select_option("#id_kind", kind)
    press(office, "main button[value=add]")
    label = {"leader": "组长", "liaison": "联络员"}[kind]
    press(office, f"tr:has-text('{name}'):has-text('{label}') button[value=code]")
    told = re.search(r"的个人码：(\w{4}) (\w{4})", office.locator("main").inner_text())
    page = screen(viewport=PHONE)
    page.goto("/join/")
    page.fill("#id_code", "".join(told.groups()))
    page.fill("#id_last_digits", str(last_digits))
    press(page, "main button[type=submit]")
    page.wait_for_url(lambda url: "/join/" not in url)
    return page


def own_group(leader):
    leader.goto("/lead/")
    if "/groups/" not in leader.url:
        press(leader, "main a[href*='/lead/groups/']")


def let_in_by_invite(leader, member):
    """A link in a chat; asked on the member's phone, agreed to by who finds them on the ledger."""
    own_group(leader)
    press(leader, "main a[href$='/invites/']")
    press(leader, "text=做一个新的邀请")
    link = re.search(r"/join/\w{12}/", leader.get_by_label("要发的话").input_value())[0]
    member.goto(link)
    member.fill("#id_name", MEMBER)
    member.fill("#id_phone", f"138 1234 {LAST_DIGITS}")
    member.check("input[name=agreed]")
    press(member, "text=交给组长")
    own_group(leader)
    press(leader, "main a[href$='/requests/']")
    press(leader, f"[aria-label='核对{MEMBER}的申请']")
    assert "手机号一样" in leader.locator("main li").first.inner_text()
    press(leader, f"[aria-label='就是{MEMBER}，同意']")
    press(member, "text=再看一次")
    member.fill("#id_last_digits", LAST_DIGITS)
    press(member, "main button[type=submit]")
    member.wait_for_url(lambda url: "/join/" not in url)


def listed(leader):
    """The lines of the leader's one group, by name."""
    [group] = leader.request.get("/api/v1/groups").json()["items"]
    members = leader.request.get(f"/api/v1/groups/{group['id']}/completion").json()["members"]
    return {line["name"]: line for line in members}


def call(leader):
    """The one button: the number is fetched, and nothing of it was on the page before."""
    [group] = leader.request.get("/api/v1/groups").json()["items"]
    leader.goto(f"/lead/groups/{group['id']}/")
    assert f"1381234{LAST_DIGITS}" not in leader.content()
    with leader.expect_response("**/call/") as answer:
        leader.locator("details", has_text="看是哪几位").evaluate("e => e.open = true")
        leader.locator(f"[aria-label='给{MEMBER}打电话']").first.click()
    assert f"1381234{LAST_DIGITS}" in answer.value.text()


def put_right_since_when(office):
    """The day on which the member really came into the first group; the roster did not say it."""
    office.goto(f"/cms/members/?q={MEMBER}")
    press(office, f"main a:has-text('{MEMBER}')")
    row = office.locator("tr", has_text=GROUPS[0])
    row.locator("summary").click()
    row.locator("[name$=starts_on]").fill(str(today() - timedelta(days=20)))
    press(office, f"tr:has-text('{GROUPS[0]}') form button")


def report_a_move(member):
    member.goto("/me/")
    press(member, "main a[href='/me/move/']")
    member.fill("#id_place", "沈阳和平")
    press(member, "text=交给组长")
    member.get_by_text("收到了").wait_for()


def hand_over(liaison):
    """To a host branch and the group there, mid-plan."""
    own_group(liaison)
    press(liaison, "main a[href$='/move/']")
    option = liaison.locator("#id_to option", has_text=f"转到{GROUPS[1]}")
    liaison.select_option("#id_to", option.get_attribute("value"))
    press(liaison, "text=核对过了，登记")
    liaison.get_by_text("也转过去了").wait_for()
