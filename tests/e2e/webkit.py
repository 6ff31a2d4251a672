"""WebKit on this machine, Debian's, under the names by which tests use their phones.

Phones in tests speak Playwright's words. Playwright drives only its own build of WebKit, which no
package index holds; Debian's WebKitGTK is driven by the WebDriver protocol. What stands here turns
the few words the scenarios use into that protocol: selectors with ``>>`` and ``text=``, waiting
until a thing is visible, and tabs. Its profile lives as long as the browser: what must outlive a
killed process is shown in Chromium.
"""

import fnmatch
import glob
import json
import os
import shutil
import socket
import subprocess
import time

from playwright.sync_api import TimeoutError as NotInTime
from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

DRIVER = shutil.which("WebKitWebDriver") or ""
BROWSER = next(iter(sorted(glob.glob("/usr/lib/*/webkit2gtk-4.*/MiniBrowser"))), "")
SCREEN = shutil.which("Xvfb") or ""
# Asked for: its driver sometimes loses the browser, which says nothing of our pages.
WEBKIT = bool(os.environ.get("STUDYHUB_WEBKIT") and DRIVER and BROWSER and SCREEN)
ANSWERS = 90  # seconds, then the driver has lost its browser

# The page is just becoming another one, or a note lies over a button for a moment.
CHANGING = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    StaleElementReferenceException,
)
FIND = """
const words = (text) => text.replace(/\\s+/g, " ").trim();
const shown = (node) => node.getClientRects().length > 0
  && getComputedStyle(node).visibility !== "hidden";
function having(root, wanted) {
  const told = /^\\/(.*)\\/$/.exec(wanted);
  const has = told
    ? (node) => new RegExp(told[1]).test(words(node.textContent))
    : (node) => words(node.textContent).toLowerCase().includes(words(wanted).toLowerCase());
  const inner = [root === document ? document.body : root, ...root.querySelectorAll("body *, *")];
  const all = [...new Set(inner)].filter((node) => node
    && !["SCRIPT", "STYLE", "TEMPLATE"].includes(node.tagName) && has(node));
  return all.filter((node) => ![...node.children].some((child) => all.includes(child)));
}
function find(chain) {
  let found = [document];
  for (const [part, index] of chain) {
    found = [...new Set(found.flatMap((root) => part.startsWith("text=")
      ? having(root, part.slice(5)) : [...root.querySelectorAll(part)]))];
    if (index !== null) found = found.slice(index, index + 1);
  }
  return found;
}
"""


def _chain(selector, index=None):
    parts = [(part.strip(), None) for part in selector.split(">>")]
    return [*parts[:-1], (parts[-1][0], index)]


class Screen:
    """A display nobody looks at."""

    def __init__(self):
        reading, writing = os.pipe()
        command = [SCREEN, "-displayfd", str(writing), "-screen", "0", "1280x1024x24"]
        command += ["-nolisten", "tcp"]
        self.process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as numbers:
            self.name = f":{numbers.readline().strip()}"

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)


def _start(screen):
    options = Options()
    options.binary_location = BROWSER
    options.add_argument("--automation")
    environment = os.environ | {"DISPLAY": screen.name, "GDK_BACKEND": "x11"}
    environment |= {"LIBGL_ALWAYS_SOFTWARE": "1", "WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
    usual = socket.getdefaulttimeout()
    socket.setdefaulttimeout(ANSWERS)  # the only way to tell this class of Selenium's
    try:
        return webdriver.WebKitGTK(options=options, service=Service(DRIVER, env=environment))
    finally:
        socket.setdefaulttimeout(usual)


def why_not(screen):
    """What keeps the browser from starting on this machine; nothing where it does."""
    try:
        driver = _start(screen)
        driver.get("about:blank")
        driver.quit()
    except WebDriverException as error:
        return error.msg or str(error)
    return ""


class Context:
    """One browser with a profile of its own, behind a network that the test controls.

    What must be there before a page's own scripts is put in front of them by the network.
    """

    def __init__(self, screen, network, size):
        self.network, self.base = network, network.address
        self.driver = _start(screen)
        self.driver.set_script_timeout(60)
        self.driver.set_page_load_timeout(60)
        self.driver.set_window_size(*size)
        self.taken = False

    def new_page(self):
        if self.taken:
            self.driver.switch_to.new_window("tab")
        self.taken = True
        return Page(self)

    def add_init_script(self, script):
        self.network.prelude += script

    def cookies(self):
        found = self.driver.get_cookies()
        return [{**cookie, "expires": cookie.get("expiry", -1)} for cookie in found]

    def close(self):
        self.driver.quit()


class Page:
    """A tab."""

    def __init__(self, context):
        self.context, self.driver = context, context.driver
        self.handle = self.driver.current_window_handle

    def on(self, event, told):
        """The driver does not tell of broken scripts; Chromium's run of the same scenario does."""

    def _here(self):
        if self.driver.current_window_handle != self.handle:
            self.driver.switch_to.window(self.handle)

    @property
    def url(self):
        self._here()
        return self.driver.current_url

    def goto(self, path, **options):
        self._here()
        self.driver.get(path if "://" in path else self.context.base + path)

    def reload(self):
        self._here()
        self.driver.refresh()

    def go_back(self):
        self._here()
        self.driver.back()

    def close(self):
        """The last tab of a browser stays open, on nothing: the profile ends with the browser."""
        self._here()
        self.driver.get("about:blank")
        self.context.taken = False

    def content(self):
        self._here()
        return self.driver.page_source

    def wait_for_timeout(self, milliseconds):
        time.sleep(milliseconds / 1000)

    def evaluate(self, expression):
        self._here()
        script = f"""
          const done = arguments[0];
          Promise.resolve().then(() => {{
            const value = ({expression});
            return typeof value === "function" ? value() : value;
          }}).then((value) => done({{value: value === undefined ? null : value}}),
                   (error) => done({{error: String(error)}}));"""
        answer = self.driver.execute_async_script(script)
        if "error" in answer:
            raise JavascriptException(answer["error"])
        return answer["value"]

    def find(self, chain, *, visible=False):
        self._here()
        shown = ".filter(shown)" if visible else ""
        script = f"{FIND} return find({json.dumps(chain)}){shown};"
        return self.driver.execute_script(script)

    def until(self, met, what, seconds):
        """What ``met`` finds; asked again while the page changes."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if found := met():
                    return found
            except CHANGING:
                pass
            if time.monotonic() > deadline:
                raise NotInTime(f"{what} not within {seconds} s on {self.url}")
            time.sleep(0.1)

    def wait_for_selector(self, selector, *, timeout=30_000):
        self.locator(selector).wait_for(timeout=timeout)

    def wait_for_url(self, wanted):
        self.until(lambda: fnmatch.fnmatch(self.url, wanted), wanted, 30)

    def locator(self, selector):
        return Locator(self, _chain(selector))

    def click(self, selector):
        self.locator(selector).click()

    def fill(self, selector, text):
        self.locator(selector).fill(text)

    def check(self, selector):
        self.locator(selector).check()

    def inner_text(self, selector):
        return self.locator(selector).inner_text()


class Locator:
    """Things on a page, looked for anew at each use."""

    def __init__(self, page, chain):
        self.page, self.chain = page, chain

    def locator(self, selector):
        return Locator(self.page, [*self.chain, *_chain(selector)])

    def nth(self, index):
        return Locator(self.page, [*self.chain[:-1], (self.chain[-1][0], index)])

    @property
    def first(self):
        return self.nth(0)

    def all(self):
        return [self.nth(index) for index in range(self.count())]

    def count(self):
        return len(self.page.find(self.chain))

    def is_visible(self):
        return bool(self.page.find(self.chain, visible=True))

    def wait_for(self, *, timeout=30_000):
        self.page.until(
            lambda: self.page.find(self.chain, visible=True), self.chain, timeout / 1000
        )

    def _with(self, act, *, visible=False):
        """``act`` on the first of them, again should the page change under its hands."""

        def acted():
            found = self.page.find(self.chain, visible=visible)
            return (act(found[0]),) if found else None

        return self.page.until(acted, self.chain, 30)[0]

    def scroll_into_view_if_needed(self):
        script = """
          arguments[0].scrollIntoView({block: 'center', behavior: 'instant'});
          requestAnimationFrame(() => requestAnimationFrame(arguments[1]));"""
        self._with(lambda element: self.page.driver.execute_async_script(script, element))

    def click(self):
        self.scroll_into_view_if_needed()
        self._with(lambda element: element.click(), visible=True)

    def check(self):
        if not self._with(lambda element: element.is_selected()):
            self.click()

    def fill(self, text):
        def typed(element):
            element.clear()
            element.send_keys(text)

        self.scroll_into_view_if_needed()
        self._with(typed, visible=True)

    def inner_text(self):
        script = "return arguments[0].innerText"
        return self._with(lambda element: self.page.driver.execute_script(script, element))

    def all_inner_texts(self):
        return [item.inner_text() for item in self.all()]
