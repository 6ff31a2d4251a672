"""A correction on the phone of somebody who finished the older text, and on nobody else's."""

from tests.e2e.conftest import sign_in

LESSON = "/courses/kaitian/wusi-yundong/"
CARD = "text=您学过的课有一处改正"


def waiting(page):
    return page.request.get("/api/v1/me/corrections").json()["items"]


def test_a_correction_is_told_shown_and_acknowledged(phone):
    sign_in(phone, "member05")
    phone.goto("/")
    phone.wait_for_selector(CARD)
    phone.goto(LESSON)
    phone.wait_for_selector("text=内容已更新")
    assert "北京13所学校的3000多名学生" in phone.inner_text("#changed-note ins")
    assert "12所" in phone.inner_text("#changed-note del")
    with phone.expect_response("**/api/v1/me/records"):
        phone.click("#changed-note >> text=我看过了")
    phone.wait_for_selector("text=✓ 记下了")
    phone.wait_for_timeout(1000)
    assert waiting(phone) == []
    phone.goto("/me/")
    assert phone.locator(CARD).count() == 0


def test_what_was_acknowledged_without_a_network_is_sent_later(phone):
    with phone.expect_response("**/api/v1/me/devices"):  # its script is up by then
        sign_in(phone, "member06", then="/me/corrections/")
    phone.route("**/api/v1/me/records", lambda route: route.abort())
    phone.click("text=我看过了")
    phone.wait_for_selector("text=已保存在本机")
    assert len(waiting(phone)) == 1
    phone.unroute("**/api/v1/me/records")
    with phone.expect_response("**/api/v1/me/records"):
        phone.goto("/courses/")
    assert waiting(phone) == []


def test_it_works_without_a_script(browser, product):
    context = browser.new_context(base_url=product, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    sign_in(page, "member07", then="/me/")
    page.click(CARD)
    page.click("text=我看过了")
    page.wait_for_selector("text=记下了，这处改正您已经看过")
    assert waiting(page) == []
    context.close()


def test_a_newcomer_is_told_nothing(phone):
    sign_in(phone, "member01")
    phone.goto(LESSON)
    phone.wait_for_selector("#lesson-state .state")
    assert phone.locator("text=内容已更新").count() == 0
    assert waiting(phone) == []
