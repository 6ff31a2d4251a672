"""``python -m tests.in_browser FOLDER``: what each page in the folder runs in a browser, as JSON.

No policy of the server's stands in the way here: what is in the page is what counts. A process of
its own, as a browser's event loop and Django's database do not go together.
"""

import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.browser import launch_options

# Noticed before the page's own scripts could do anything.
ALARM = "window.rang = []; window.alert = window.msgbox = () => rang.push('it ran');"
# What would run at a touch, in the document as this browser understood it.
FOUND = r"""() => {
  const runs = /^[\s\x00-\x1f]*(javascript|vbscript|data:text)/i;
  const places = /^(href|src|srcdoc|action|formaction|data|background|xlink:href)$/i;
  const found = rang.slice();
  const within = root => root.querySelectorAll('*').forEach(e => {
    if (e.localName === 'template') within(e.content);
    for (const { name, value } of e.attributes) {
      const clean = value.replace(/[\t\n\r]/g, '');
      const leads = places.test(name) && (runs.test(clean) || /evil\.example/.test(clean));
      if (leads || (/^on/i.test(name) && /alert/.test(clean)))
        found.push(e.localName + ' ' + name + '=' + value.slice(0, 80));
    }
    if (e.localName === 'script' && !/json/.test(e.type) && /alert|evil\.example/.test(e.text))
      found.push('script ' + e.text.slice(0, 80));
  });
  within(document);
  return found;
}"""


def what_runs(folder: Path) -> dict[str, list[str]]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(**launch_options())
        context = browser.new_context(offline=True)
        context.add_init_script(ALARM)
        page = context.new_page()
        seen = {file.name: _looked_at(page, file) for file in sorted(folder.iterdir())}
        browser.close()
    return seen


def _looked_at(page, file: Path) -> list[str]:
    page.goto(file.as_uri(), wait_until="load")
    return page.evaluate(FOUND)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(what_runs(Path(sys.argv[1]))))
