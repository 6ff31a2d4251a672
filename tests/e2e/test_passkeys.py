"""A security key in a real browser: added, signed in by, removed; Chrome's own virtual key."""

import re

import pytest

from tests.bench.servers import free_port, gunicorn
from tests.e2e.conftest import PASSWORD, PHONE, own_page, press, sign_in
from tests.e2e.pages import bad_findings, small_targets, too_wide

OWN = "/me/second-factor/"
WHO = "reviewer2"  # nobody else signs in as: a walk that stops half-way leaves a second step
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
# What a browser says when nobody touches the key, or the reader called it off.
CALLED_OFF = """() => {
  navigator.credentials.get = () => Promise.reject(new DOMException("", "NotAllowedError"));
}"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def named(product_environment):
    """The site under a name: browsers make no keys for a bare number."""
    port = free_port()
    address = f"http://localhost:{port}"
    env = product_environment | {"PORT": str(port), "STUDYHUB_PUBLIC_URL": address}
    with gunicorn(env):
        yield address


@pytest.fixture
def page(browser, named):
    with own_page(browser, base_url=named, locale="zh-CN", viewport=PHONE) as page:
        yield page


def test_a_key_is_added_signs_in_and_is_removed(page):
    wrong = {}

    def look_at(what):
        found = small_targets(page, 48) + ["too wide"] * too_wide(page) + bad_findings(page)
        wrong.update({what: found} if found else {})

    def leave():
        page.goto("/logout/")
        press(page, "main button[type=submit]")

    def give_password():
        page.goto(f"/login/?next={OWN}")
        page.fill("#id_username", WHO)
        page.fill("#id_password", PASSWORD)
        press(page, "main button[type=submit]")

    def sees_no_button():
        """A browser that knows no keys is asked for a code, as ever."""
        other = page.context.new_page()
        other.add_init_script("delete window.PublicKeyCredential")
        other.goto("/login/code/", wait_until="networkidle")
        assert other.locator("#id_code").is_visible()
        assert other.locator("#passkey").is_hidden()
        other.close()

    sign_in(page, WHO, then=OWN)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.fill("#id_password", PASSWORD)
    press(page, "main button[value=key]")
    look_at("adding")
    page.fill("#id_name", "办公室的电脑")
    press(page, "#passkey button")
    papers = page.locator(".recovery-codes li").all_inner_texts()
    assert [len(re.sub(r"\s", "", paper)) for paper in papers] == [12] * 10
    press(page, "text=抄好了，继续")
    assert page.locator("text=办公室的电脑").first.is_visible()
    look_at("own page")
    leave()

    give_password()
    look_at("code")
    sees_no_button()
    page.evaluate(CALLED_OFF)
    page.click("#passkey button")
    page.wait_for_selector("text=没有用上")
    page.evaluate("() => { delete navigator.credentials.get; }")
    press(page, "#passkey button")
    assert page.url.endswith(OWN)
    assert page.locator("text=最近用在").is_visible()

    page.fill("#id_password", PASSWORD)
    page.click("#passkey button")
    page.wait_for_selector("text=安全密钥验过了")
    press(page, "text=删掉安全密钥")
    assert page.locator("text=办公室的电脑”删掉了").is_visible()
    leave()

    give_password()
    assert page.locator("#passkey").count() == 0
    page.fill("#id_code", papers[3])
    press(page, "main button[type=submit]")
    page.fill("#id_password", PASSWORD)
    page.fill("#id_code", papers[4])
    press(page, "text=关掉两步登录")
    assert wrong == {}
