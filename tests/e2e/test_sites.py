"""A label on site, scanned where no signal is."""

import pytest

from tests.bench.servers import manage
from tests.e2e.phones import new_phone, own_phones, wait_until

pytestmark = pytest.mark.once  # it asks the phone, whatever database answers

SHOWN = "document.querySelector('.picture img').naturalWidth > 0"


RENAMED = """
from content.exhibits import exhibits_of
from content.models import ExhibitCode, HeritageSitePage
page = HeritageSitePage.objects.get(slug="paotaishan")
block = next(one.block for one in exhibits_of(page.body) if one.code == "PTS-02")
ExhibitCode.objects.create(page=page, code="OLD-1", block=block)
"""


def test_a_kept_site_opens_from_a_label_without_a_network(browser, network, product_environment):
    manage(product_environment, "shell", "--no-imports", "-c", RENAMED)
    with own_phones() as phones:
        phone = new_phone(browser, network, "")
        phones.append(phone)
        page = phone.page
        page.goto("/sites/paotaishan/")
        page.click("#keep-site button")
        page.wait_for_selector("#keep-site >> text=存好了")
        phone.wait_until_kept(1)
        page.close()
        network.mode = "down"
        page = phone.page = phone.context.new_page()
        page.goto("/sites/paotaishan/PTS-02/")
        assert page.inner_text("h1") == "革命烈士纪念碑"
        page.click("summary >> text=看答案")
        assert page.is_visible("text=三层，代表三个历史时期")
        page.click("nav[aria-label=参观路线] h2 a")
        assert page.inner_text("h1") == "132位烈士英名录"
        page.goto("/sites/paotaishan/")
        wait_until(page, lambda: page.evaluate(SHOWN), 10)  # a lazy picture comes after the page
        page.goto("/sites/paotaishan/OLD-1/")  # on a label from before the exhibit was renamed
        assert page.inner_text("h1") == "革命烈士纪念碑"
        page.goto("/sites/another/PTS-01/")
        page.wait_for_selector("#lost >> text=把这个参观点存到手机")
        # Taken down since: with the network it leaves the phone.
        assert phone.packs()
        network.mode, network.only = 404, "/sites/"
        page.goto("/offline/")
        phone._wait(lambda: phone.packs() == [], 30)
