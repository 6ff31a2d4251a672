"""The editor of a lesson in a real browser: 出自哪一小节, and what is pasted into a text."""

import pytest

from tests.e2e.conftest import sign_in
from tests.e2e.reviews import a_draft

LOST = "原来的小节已删除，请重新选"


def test_the_list_follows_a_heading_a_new_section_and_a_deletion(desk):
    page = desk
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


# As WPS, WeChat and 135 put it on the clipboard.
WPS = """<!--StartFragment--><p class=MsoNormal>
<span style="mso-spacerun:'yes';font-size:22.0000pt;"><font face="黑体">一、出发</font></span>
<span><o:p></o:p></span></p><div align=center><p class=MsoNormal>十月</p>
<p><img width=400 src="file:///C:/ksohtml1234/wps1.jpg"></p></div><!--EndFragment-->"""
WECHAT = """<section data-role="outer"><section><span leaf="">会开了三天。</span></section>
<section style="x"><section><span leaf="">换对了<b>带路的人</b>。</span></section></section>
<section><img data-src="https://mmbiz.qpic.cn/x/640" alt=""></section></section>"""
EDITOR_135 = """<section class="_135editor" data-tools="135编辑器" data-id="9">
<section><section>01</section><section data-brushtype="text">分标题文字</section></section>
<p>正文 12 个人。</p></section>"""
PASTE = """(editor, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/html', html);
  clipboardData.setData('text/plain', 'x');
  const how = { clipboardData, bubbles: true, cancelable: true };
  editor.dispatchEvent(new ClipboardEvent('paste', how));
}"""


@pytest.mark.once  # nothing of it is asked of a database
def test_what_other_editors_copy_is_pasted_in_paragraphs(desk):
    page = desk
    sign_in(page, "editor", then="/cms/")
    page.goto(a_draft(page), wait_until="networkidle")
    text = page.locator('[data-contentpath="body"] [contenteditable=true]').first
    said = page.locator("[data-pasted]")

    def pasted(html):
        text.click()
        page.keyboard.press("Control+A")
        text.evaluate(PASTE, html)
        return [one.strip() for one in text.inner_text().split("\n") if one.strip()]

    before = text.inner_text()
    assert pasted(WECHAT) == ["会开了三天。", "换对了带路的人。"]
    said.filter(has_text="有 1 张图片没有粘贴进来").wait_for()
    page.keyboard.press("Control+Z")
    assert text.inner_text() == before
    assert pasted(EDITOR_135) == ["分标题文字", "正文 12 个人。"]
    said.filter(has_text="去掉了标题旁的数字编号 1 处（01）").wait_for()
    assert pasted(WPS) == ["一、出发", "十月"]
    said.filter(has_text="有 1 张图片").wait_for()
    assert pasted("<div>12</div>") == ["12"]
