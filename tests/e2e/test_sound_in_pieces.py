"""A long recording on a network that does not hold: what has come is not fetched again."""

import hashlib
import json
import re

import httpx
import pytest

from tests.e2e.phones import new_phone, wait_until

pytestmark = pytest.mark.once  # it asks the phone, whatever database answers

PIECE = 32 * 1024
STORED = """(told) => new Promise((resolve) => {
  const request = indexedDB.open("studyhub");
  request.onsuccess = () => {
    const asked = request.result.transaction("parts").objectStore("parts").getAllKeys();
    asked.onsuccess = () => resolve(asked.result.filter((url) => url.includes(told)));
  };
})"""
SUM = """async () => {
  const { packs, part } = await import("/static/web/packs.js");
  const told = (await packs()).find((row) => row.extra).parts.find((one) => one.role === "audio");
  const sum = await crypto.subtle.digest("SHA-256", (await part(told.url)).data);
  return Array.from(new Uint8Array(sum), (byte) => byte.toString(16).padStart(2, "0")).join("");
}"""


@pytest.fixture
def recording(product):
    """A lesson of the demo with sound: its path, the address of the sound, and the sound."""
    for pack in httpx.get(f"{product}/api/v1/offline/manifest").json()["lessons"]:
        sounds = [asset for asset in pack["assets"] if asset["role"] == "audio"]
        if sounds and sounds[0]["bytes"] > 3 * PIECE:
            path = "/" + pack["url"].split("/", 3)[3]
            media = "/" + sounds[0]["url"].split("/", 3)[3]
            return path, media, httpx.get(product + media).content
    raise AssertionError("the demo has no recording that is long enough")


def cut_up(media, sound):
    """The manifest, as if the server cut where this recording has several pieces."""
    cuts = [sound[at : at + PIECE] for at in range(0, len(sound), PIECE)]
    pieces = {"bytes": PIECE, "sha256": [hashlib.sha256(one).hexdigest() for one in cuts]}

    def change(data):
        told = json.loads(data)
        for asset in [asset for pack in told["lessons"] for asset in pack["assets"]]:
            if asset["url"].endswith(media):
                asset["pieces"] = pieces
        return json.dumps(told).encode()

    return len(cuts), change


def kept(phone, path, change):
    """The phone with the lesson on it, and the lesson's line on its page of what is kept."""

    def answer(route):
        real = httpx.get(phone.network.address + "/api/v1" + route.request.url.split("/api/v1")[1])
        route.fulfill(status=200, content_type="application/json", body=change(real.content))

    phone.context.route(re.compile("/offline/manifest"), answer)
    phone.page.goto(path)
    phone.read_all()
    wait_until(phone.page, phone.packs, 30)
    phone.page.goto("/offline/")
    return phone, phone.page.locator("#kept li", has=phone.page.locator(f'a[href="{path}"]'))


def test_a_download_goes_on_where_the_signal_was_lost(browser, network, recording):
    path, media, sound = recording
    count, change = cut_up(media, sound)
    phone, row = kept(new_phone(browser, network, "", service_workers="block"), path, change)
    page = phone.page

    def fetched():
        return sum(wanted == media for _, wanted in network.seen)

    def cut_after_two(data):
        if fetched() == 2:
            network.mode, network.only = "down", "/media/"
        return data

    network.rewrite[media] = cut_after_two
    row.get_by_text("加存声音").click()
    page.wait_for_selector("#said >> text=从断的地方接着存")
    assert len(page.evaluate(STORED, "#")) == 2
    network.mode = "up"
    before = fetched()
    row.get_by_text("加存声音").click()
    page.wait_for_selector("#said >> text=声音存好了")
    assert fetched() - before == count - 2
    assert page.evaluate(SUM) == hashlib.sha256(sound).hexdigest()
    assert page.evaluate(STORED, "#") == []
    assert phone.broken == []
    phone.context.close()


def test_giving_a_lesson_up_leaves_no_piece_behind(browser, network, recording):
    path, media, sound = recording
    change = cut_up(media, sound)[1]
    phone, row = kept(new_phone(browser, network, "", service_workers="block"), path, change)
    page = phone.page

    def spoil(data):
        network.mode, network.only = "down", "/media/"
        return data

    network.rewrite[media] = spoil
    row.get_by_text("加存声音").click()
    page.wait_for_selector("#said >> text=从断的地方接着存")
    row.get_by_text("删除").click()
    row.wait_for(state="detached")
    assert page.evaluate(STORED, media) == []
    phone.context.close()
