"""Two steps on a small phone without a script: set up, signed in by it, turned off again."""

import re
import time

from studyhub.people import totp
from tests.e2e.conftest import PASSWORD, PHONE, press, sign_in
from tests.e2e.pages import small_targets, too_wide

OWN = "/me/second-factor/"
WHO = "reviewer3"  # nobody else signs in as: a walk that stops half-way leaves a second step


def test_a_reviewer_sets_it_up_signs_in_by_it_and_turns_it_off(browser, product):
    context = browser.new_context(
        base_url=product, java_script_enabled=False, locale="zh-CN", viewport=PHONE
    )
    page = context.new_page()
    wrong = {}

    def look_at(what):
        found = small_targets(page, 48) + ["too wide"] * too_wide(page)
        wrong.update({what: found} if found else {})

    sign_in(page, WHO, then=OWN)
    look_at("own page")
    page.fill("#id_password", PASSWORD)
    press(page, "text=开始设")
    look_at("enrolment")
    assert page.locator(".qr svg").is_visible()
    secret = "".join(page.locator(".secret span").all_inner_texts())
    page.fill("#id_code", totp.code_at(secret, int(time.time()) // totp.PERIOD))
    press(page, "text=设好，看备用码")
    look_at("recovery codes")
    papers = page.locator(".recovery-codes li").all_inner_texts()
    assert [len(re.sub(r"\s", "", paper)) for paper in papers] == [12] * 10
    press(page, "text=抄好了，继续")
    page.goto("/logout/")
    press(page, "main button[type=submit]")

    page.goto(f"/login/?next={OWN}")
    page.fill("#id_username", WHO)
    page.fill("#id_password", PASSWORD)
    press(page, "main button[type=submit]")
    look_at("code")
    page.fill("#id_code", papers[3])  # as it stands on the paper, in groups
    press(page, "main button[type=submit]")
    assert page.url.endswith(OWN)

    page.fill("#id_password", PASSWORD)
    page.fill("#id_code", papers[4])
    press(page, "text=关掉两步登录")
    assert page.locator("text=两步登录关掉了").is_visible()
    context.close()
    assert wrong == {}
