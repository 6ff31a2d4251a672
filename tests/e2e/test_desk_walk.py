"""A manuscript's whole way at the desk: file, headings, picture, question, proofs, three people, a
late edit that opens one place for each of them again, and the press."""

import re
from contextlib import contextmanager
from uuid import uuid4

import pytest

from tests.bench.servers import manage
from tests.content.word_files.docx_files import a_png, docx, para
from tests.e2e import reviews
from tests.e2e.conftest import press, sign_in

MARK = uuid4().hex[:6]
TITLE = f"走一遍的课{MARK}"
BOLD = "<w:b/>"
NEW = "三天的会"
BODY = "".join(
    (
        para("一、队伍出发", look=BOLD),
        para("那一年的秋天，队伍从小城出发，走了很远的路。"),
        para("二、会上的话", look=BOLD),
        para("大家迫不急待地把话说开，换了走法。"),
    )
)
WRONG, RIGHT = "迫不急待", "迫不及待"
SOURCE = "《本旗党史资料》第一辑，1998 年"
SECOND_LEVEL = """
from django.contrib.auth.models import Group
from studyhub.people.models import User
groups = User.objects.get(username="reviewer1").groups
getattr(groups, "%s")(Group.objects.get(name="复审"))
"""


def import_manuscript(page, folder):
    """The file, both proposed headings ticked, and the draft that comes of it; its address."""
    file = folder / f"{TITLE}.docx"
    file.write_bytes(docx(BODY))
    page.goto("/cms/word/")
    page.set_input_files("#id_file", file)
    press(page, "button[value=file]")
    for box in page.get_by_role("checkbox", name="、").all():
        box.check()
    press(page, "button[name=make]")
    page.wait_for_url("**/edit/")
    page.wait_for_load_state("networkidle")
    return page.url


def add_block(page, name):
    """Behind all others; returns the beginning of its fields' names."""
    count = page.locator("[name=body-count]").input_value()
    page.locator("[data-contentpath='body'] .c-sf-add-button").last.click()
    page.get_by_role("option", name=name, exact=True).last.click()
    return f"body-{count}-value"


def add_picture(page, folder):
    file = folder / "shankou.png"
    file.write_bytes(a_png(f"#{MARK}", (900, 600)))
    block = add_block(page, "图片")
    page.click(f"#{block}-image-chooser [data-chooser-action-choose]:visible")
    page.get_by_role("tab", name="上传").click()
    page.set_input_files(".modal input[type=file]", file)
    page.fill(".modal [name$=title]", "山口")
    page.locator(".modal form:has(input[type=file]) [type=submit]").click()
    page.locator(".modal").wait_for(state="detached")
    page.fill(f"[name={block}-alt]", "两山之间的一条窄路")
    page.fill(f"[name={block}-source]", "编辑部拍摄，2026 年")
    page.fill(f"[name={block}-licence]", "自有")


def add_question(page):
    """On a section that was never saved."""
    section = add_block(page, "小节")
    page.fill(f"[name={section}-heading]", NEW)
    text = page.locator("[data-contentpath='body'] [contenteditable=true]").last
    text.click()
    page.keyboard.type("会开了三天。")
    question = f"{add_block(page, '自测')}-questions-0-value"
    page.select_option(f"[name={question}-kind]", "truefalse")
    page.fill(f"[name={question}-stem]", "会开了三天。")
    page.select_option(f"[name={question}-truth]", "true")
    page.fill(f"[name={question}-explanation]", "正文里写着：会开了三天。")
    choice = page.locator(f".section-choice:has([name={question}-section]) select")
    choice.select_option(label=NEW)


def add_source(page):
    block = add_block(page, "资料来源")
    page.fill(f"[name={block}-items-0-value-title]", SOURCE)


def put_right_and_back(page):
    """校对: one press puts the word right, another takes that back; then it is put right."""
    text = page.locator("[data-contentpath='body'] [contenteditable=true]", has_text=WRONG)
    fix = page.locator(f'li:has(mark:text("{WRONG}")) [data-proof-fix]').first
    fix.wait_for()
    fix.click()
    page.locator("[data-contentpath='body'] [contenteditable=true]", has_text=RIGHT).wait_for()
    fix.click()
    text.wait_for()
    fix.click()


@contextmanager
def review_of(browser, product, who):
    context = browser.new_context(base_url=product, locale="zh-CN")
    page = context.new_page()
    sign_in(page, who, then="/cms/reviews/")
    press(page, f"td.title a:has-text('{TITLE}')")
    try:
        yield page
    finally:
        context.close()


def sign_as(browser, product, who):
    """Signs all that is open on this person's level; returns how much that was."""
    with review_of(browser, product, who) as page:
        count = page.locator("main .review-unit:not(details *)").count()
        press(page, "button[value=approve]")
        page.get_by_text("已签，交给下一级").first.wait_for()
        return count


def refused(browser, product, who):
    """Whether somebody may not sign on a second level."""
    with review_of(browser, product, who) as page:
        page.get_by_text("一个人不能审两级").wait_for()
        return page.locator("button[value=approve]").count() == 0


@pytest.mark.once  # test_walk goes to the desk of either database
def test_a_manuscript_goes_from_a_file_past_three_people_to_its_readers(
    browser, product, product_environment, tmp_path
):
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, base_url=product, locale="zh-CN"
    )
    page = context.new_page()
    sign_in(page, "editor", then="/cms/")
    edit = import_manuscript(page, tmp_path)
    add_picture(page, tmp_path)
    add_question(page)
    add_source(page)
    page.locator("#w-autosave-indicator").get_by_text(re.compile(r"已保存 \d\d:\d\d")).wait_for()
    put_right_and_back(page)
    reviews.submit(page)
    for who in reviews.REVIEWERS:
        sign_as(browser, product, who)

    page.goto(edit, wait_until="networkidle")
    page.fill("[name=body-0-value-heading]", "队伍上路")
    reviews.submit(page)
    assert sign_as(browser, product, "reviewer1") == 1
    manage(product_environment, "shell", "--no-imports", "-c", SECOND_LEVEL % "add")
    assert refused(browser, product, "reviewer1")
    manage(product_environment, "shell", "--no-imports", "-c", SECOND_LEVEL % "remove")
    assert [sign_as(browser, product, who) for who in reviews.REVIEWERS[1:]] == [1, 1]

    page.context.clear_cookies()
    sign_in(page, "publisher", then="/cms/")
    reviews.publish(page, TITLE)
    card = reviews.lesson_of(page, TITLE)
    page.goto("/" + card["url"].split("/", 3)[3])
    said = page.inner_text("main")
    assert all(words in said for words in ("队伍上路", RIGHT, NEW, SOURCE))
    assert WRONG not in said
    assert page.locator("main img[alt='两山之间的一条窄路']").count() == 1
    context.close()
