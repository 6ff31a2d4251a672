"""Every page in every look: nothing overflows, targets are large, axe finds nothing serious."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import PHONE, sign_in
from tests.e2e.pages import (
    SANDBOX,
    a_lesson,
    bad_findings,
    ledger_pages,
    overflows,
    small_targets,
    too_wide,
    visits,
)

COLOURS = ["color-contrast", "link-in-text-block"]  # what another scheme can break
TELL_VIOLATIONS = (
    "addEventListener('securitypolicyviolation', e => console.error('policy ' + e.blockedURI))"
)


@dataclass(frozen=True)
class Look:
    """One walk over all pages: what is chosen, and what is asked of each."""

    chosen: str
    least: int  # pixels of what one can tap
    rules: list[str] = field(default_factory=list)  # of axe; none: all
    widths: tuple[int, ...] = ()
    dark: Callable[[Page], None] | None = None  # how the open page is made dark, and asked again


def phone_is_dark(page):
    page.emulate_media(color_scheme="dark")


def dark_is_chosen(page):
    page.evaluate("document.documentElement.dataset.theme = 'dark'")


LOOKS = [
    Look("", 48, widths=(320, 360, 1280), dark=phone_is_dark),
    Look("elder.1_theme.light", 60, dark=dark_is_chosen),
    Look("elder.1_saver.1_theme.dark", 60, rules=COLOURS),
]


@pytest.mark.once
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.chosen)
def test_every_page_can_be_read_and_tapped(browser, product, look):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, base_url=product, locale="zh-CN"
    )
    page = context.new_page()
    wrong = defaultdict(list)
    page.add_init_script(TELL_VIOLATIONS)
    page.on("console", lambda m: wrong[page.url].append(m.text) if "olicy" in m.text else None)
    for path in visits(page, product, look.chosen):
        wrong[path] += findings(page, look, ours=path != SANDBOX)
        if look.dark:
            look.dark(page)
            wrong[path] += bad_findings(page, COLOURS)
            page.emulate_media(color_scheme="light")
    context.close()
    assert {path: found for path, found in wrong.items() if found} == {}


def findings(page, look, *, ours):
    """What is wrong with the open page; the sandbox shows another's platform, not our look."""
    found = [] if page.evaluate("document.styleSheets.length") else ["no style sheet"]
    found += bad_findings(page, look.rules)
    if ours:
        found += small_targets(page, look.least)
    for width in look.widths:
        page.set_viewport_size({"width": width, "height": 740})
        found += [f"wider than {width}"] if too_wide(page) else []
    if ours:
        page.set_viewport_size({"width": 320, "height": 740})
        found += [f"wider at 320 with {size}" for size in too_large_for(page)]
    page.set_viewport_size({"width": 360, "height": 740})
    return found


def too_large_for(page):
    """The sizes with which it does not fit: 30 px chosen, 200 %, WeChat's 1.5 on top of 30 px."""
    for size in ("30px", "36px", "45px"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        if too_wide(page):
            yield size
    page.evaluate("document.documentElement.style.fontSize = ''")


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ledgers_desk_can_be_read_and_tapped_on_a_phone(browser, product, scheme):
    context = browser.new_context(
        viewport=PHONE, base_url=product, locale="zh-CN", color_scheme=scheme
    )
    page = context.new_page()
    sign_in(page, "admin", "/cms/")
    wrong = {}
    for path in list(ledger_pages(page)):
        page.goto(path, wait_until="domcontentloaded")
        wrong[path] = bad_findings(page, COLOURS if scheme == "dark" else ())
        wrong[path] += small_targets(page, 44, ".ledger")
        for size in ("", "30px"):
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            wrong[path] += [f"wider with {size}"] if overflows(page, ".ledger") else []
    context.close()
    assert len(wrong) > 15
    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_largest_text_does_not_break_a_lesson(phone):
    phone.goto(a_lesson(phone))
    phone.evaluate("document.documentElement.dataset.size = '30'")
    assert phone.evaluate("getComputedStyle(document.querySelector('.part p')).fontSize") == "30px"
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
