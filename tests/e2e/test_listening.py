"""Listening: a recording goes on where it was left; the phone's voice is offered where there is
one."""

import json
from pathlib import Path

import pytest

from tests.e2e.phones import wait_until

pytestmark = pytest.mark.once  # it asks the phone, whatever database answers

LESSON = "/courses/caoyuan/wulanmuqi/"
STUB = (Path(__file__).parent / "voice.js").read_text("utf-8")
LOCAL = {"name": "国语", "lang": "zh-CN", "localService": True}
REMOTE = {"name": "远处的", "lang": "zh_CN", "localService": False}
ENGLISH = {"name": "English", "lang": "en-US", "localService": True}
READ = "[data-read]"


@pytest.fixture
def lesson(phone):
    """Opens the lesson on a phone with these voices."""

    def _lesson(*voices):
        phone.add_init_script(STUB.replace("VOICES", json.dumps(voices)))
        phone.goto(LESSON)
        phone.wait_for_selector("[data-slow]", state="attached")
        phone.click(".toc summary")  # where there is a recording, the voice stands behind it
        return phone

    return _lesson


def said(page):
    return [one["text"] for one in page.evaluate("window.said")]


def test_without_a_chinese_voice_nothing_is_offered(lesson):
    page = lesson(ENGLISH)
    assert page.locator(READ).count() > 0
    assert not page.locator(READ).first.is_visible()


def test_a_voice_from_the_network_is_offered_only_while_there_is_one(lesson):
    page = lesson(REMOTE)
    page.wait_for_selector(READ)
    page.context.set_offline(True)
    page.wait_for_selector(READ, state="hidden")
    page.context.set_offline(False)
    page.wait_for_selector(READ)


def test_the_voice_in_the_phone_is_preferred_and_labelled(lesson):
    page = lesson(ENGLISH, {**REMOTE, "lang": "zh-HK"}, LOCAL)
    page.click("text=朗读全课")
    page.wait_for_selector("text=手机自带语音，可能读错字")
    assert page.evaluate("window.said[0].lang") == "zh-CN"


def test_a_section_is_read_sentence_by_sentence_to_its_end(lesson):
    page = lesson(LOCAL)
    page.locator("text=朗读本节").first.click()
    heading = page.locator(".part h2").first.inner_text()
    assert said(page) == [heading]
    for _ in range(100):
        if not page.locator("text=停一下").count():
            break
        page.evaluate("endSentence()")
    told = "".join(said(page))
    body = page.evaluate(
        "(() => { const b = document.querySelector('.text-body').cloneNode(true);"
        " b.querySelectorAll('rt, rp').forEach(e => e.remove()); return b.textContent; })()"
    )
    assert len(said(page)) > 3
    assert all(len(piece) <= 80 for piece in said(page))
    sounding = (heading + body).replace("温都尔庙", "温督尔庙")  # as the lexicon says
    assert "".join(told.split()) == "".join(sounding.split())
    assert page.locator("text=朗读本节").count() == page.locator(".part").count()


def test_stopping_for_a_moment_goes_on_with_the_same_sentence(lesson):
    page = lesson(LOCAL)
    page.click("text=朗读全课")
    page.evaluate("endSentence()")
    page.click("text=停一下")
    page.click("text=接着读")
    assert said(page)[1] == said(page)[2]
    page.click("text=不读了")
    page.wait_for_selector("text=朗读全课")
    assert page.evaluate("speechSynthesis.current") is None


def test_another_section_takes_over(lesson):
    page = lesson(LOCAL)
    page.locator("text=朗读本节").first.click()
    page.locator("text=朗读本节").first.click()  # the first one now says 停一下
    assert page.locator("text=停一下").count() == 1
    assert said(page)[-1] == page.locator(".part h2").nth(1).inner_text()


def test_hard_names_are_said_as_written_for_the_voice_and_long_sentences_in_parts(lesson):
    page = lesson(LOCAL)
    split = page.evaluate(
        """async () => {
            const found = performance.getEntriesByType('resource').map((e) => e.name);
            const listen = await import(found.find((name) => /listen/.test(name)));
            return listen.piecesOf(['瓦窑堡的会。' + '很长'.repeat(70)], { '瓦窑堡': '瓦窑补' });
        }"""
    )
    assert split[0] == "瓦窑补的会。"
    assert [len(piece) for piece in split[1:]] == [80, 60]


def test_a_hidden_page_falls_silent(lesson):
    page = lesson(LOCAL)
    page.click("text=朗读全课")
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { value: true });"
        " document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.wait_for_selector("text=接着读")
    assert page.evaluate("speechSynthesis.current") is None


def test_slow_is_remembered_and_holds_for_voice_and_recording(lesson):
    page = lesson(LOCAL)
    page.locator("[data-slow]:visible").first.click()
    page.click("text=朗读全课")
    assert page.evaluate("window.said[0].rate") == 0.8
    page.reload()
    page.wait_for_selector(
        '.sound ~ * [data-slow][aria-pressed="true"], .sound [data-slow][aria-pressed="true"]'
    )
    assert page.evaluate("document.querySelector('audio').playbackRate") == 0.8


def at(page):
    return page.evaluate(
        "Object.keys(localStorage).filter((k) => k.indexOf('studyhub:at:') === 0)"
        ".map((k) => localStorage[k])"
    )


def play_from(page, seconds):
    page.evaluate(
        """(seconds) => new Promise((done) => {
            const audio = document.querySelector('audio');
            audio.muted = true;
            const stop = () => { audio.pause(); setTimeout(done, 100); };
            audio.addEventListener('seeked', stop, { once: true });
            audio.play().then(() => { audio.currentTime = seconds; });
        })""",
        seconds,
    )


def test_a_recording_goes_on_where_it_was_left_and_begins_anew_after_its_end(lesson):
    page = lesson(LOCAL)
    sent = []
    page.on("request", lambda request: sent.append(request))
    play_from(page, 12)
    assert at(page) == ["12"]
    page.reload()
    page.wait_for_selector("text=上次停在 12 秒，按播放接着来。")
    page.evaluate("document.querySelector('audio').play()")
    wait_until(
        page, lambda: page.evaluate("document.querySelector('audio').currentTime >= 12"), seconds=30
    )
    page.evaluate("document.querySelector('audio').dispatchEvent(new Event('ended'))")
    assert at(page) == []
    assert {request.method for request in sent} == {"GET"}  # where one stopped stays on the phone


def test_a_recording_silences_the_voice(lesson):
    page = lesson(LOCAL)
    page.click("text=朗读全课")
    page.evaluate("document.querySelector('audio').muted = true")
    page.evaluate("document.querySelector('audio').play()")
    wait_until(page, lambda: page.evaluate("speechSynthesis.current === null"), seconds=30)
    page.wait_for_selector("text=朗读全课")
