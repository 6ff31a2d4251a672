"""A manuscript's whole way at the desk: file, headings, picture, question, proofs, three people, a
late edit that opens one place for each of them again, and the press."""

from contextlib import suppress
from uuid import uuid4

import pytest
from playwright.sync_api import TimeoutError

from tests.bench.servers import manage
from tests.content.word_files.docx_files import a_png, docx, para
from tests.e2e import reviews
from tests.e2e.conftest import press, sign_in

TITLE = f"走一遍的课{uuid4().hex[:6]}"
BOLD = "<w:b/>"
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
from content.models import ReviewTask
second = ReviewTask.objects.get(level=2, active=True).groups.all()
User.objects.get(username="reviewer1").groups.add(*second)
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
    page.locator(".c-sf-add-button").last.click()
    page.get_by_role("option", name=name, exact=True).click()


def block_of(page, name):
    """The last block of this kind on the form."""
    return page.locator(f"[data-streamfield-child]:has([name$=-{name}])").last


def add_picture(page, folder):
    file = folder / "山口.png"
    file.write_bytes(a_png(size=(900, 600)))
    add_block(page, "图片")
    page.get_by_role("button", name="选择一张图片").last.click()
    page.get_by_role("tab", name="上传").click()
    page.set_input_files(".modal input[type=file]", file)
    page.locator(".modal input[name$=title]").fill("山口")
    page.locator(".modal form:has(input[type=file]) [type=submit]").click()
    page.locator(".modal").wait_for(state="detached")


def test_a_manuscript_goes_from_a_file_past_three_people_to_its_readers(
    browser, product, product_environment, tmp_path
):
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, base_url=product, locale="zh-CN"
    )
    page = context.new_page()
    sign_in(page, "editor", then="/cms/")
    edit = import_manuscript(page, tmp_path)
    page.screenshot(path="/tmp/walk1.png", full_page=True)
    add_picture(page, tmp_path)
    page.screenshot(path="/tmp/walk2.png", full_page=True)
    print(edit)
