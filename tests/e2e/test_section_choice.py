"""出自哪一小节 in a real editor: the list is of what stands in the form now."""

from tests.e2e.conftest import sign_in
from tests.e2e.reviews import a_draft

LOST = "原来的小节已删除，请重新选"


def test_the_list_follows_a_heading_a_new_section_and_a_deletion(browser, product):
    context = browser.new_context(base_url=product, locale="zh-CN")
    page = context.new_page()
    sign_in(page, "editor", then="/cms/")
    page.goto(a_draft(page), wait_until="networkidle")
    choice = page.locator(".section-choice").first
    chosen = choice.locator("select option:checked")
    cited = choice.locator("input").input_value()
    assert chosen.get_attribute("value") == cited

    heading = page.locator(f"[data-contentpath='{cited}'] input[name$=-value-heading]")
    assert chosen.inner_text() == heading.input_value()
    heading.fill("换了的标题")
    choice.locator("option:checked", has_text="换了的标题").wait_for(state="attached")
    assert choice.locator("input").input_value() == cited

    choice.locator("button").click()
    text = page.locator(f"[data-contentpath='{cited}'] [contenteditable=true]").inner_text()
    assert choice.locator(".section-words").inner_text()[:10] == text.strip()[:10]

    page.locator("[data-contentpath='body'] .c-sf-add-button").first.click()
    page.get_by_role("option", name="小节", exact=True).first.click()
    new = choice.locator("option", has_text="还没有标题的小节")
    new.wait_for(state="attached")
    block = page.locator(f"[data-contentpath='{cited}']").first
    block.locator("[data-streamfield-action=DELETE]").first.click()
    choice.locator("option:checked", has_text=LOST).wait_for(state="attached")
    choice.locator("select").select_option(new.get_attribute("value"))
    assert choice.locator("input").input_value() == new.get_attribute("value")
    assert choice.locator("option", has_text=LOST).count() == 0
    context.close()
