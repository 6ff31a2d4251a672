"""Finished is what the server stores; until it has heard all, what is sure to be so there."""

import pytest

from tests.e2e.stage import LESSON, QUIZ, SECTIONS, a_stage, lesson_data

KIND = "lesson_finished"
ACCOUNT = "0198c0de-0000-7000-8000-00000000abcd"
READ = {"lesson_id": LESSON, "percent": 100, "sections_read": SECTIONS}
BEGUN = READ | {"status": "in_progress", "finished_at": None, "quiz": {"best": 70, "attempts": 1}}
DONE = BEGUN | {"status": "finished", "finished_at": "2026-11-01T00:00:00Z"}
EARLIER = """async ([id, lesson, kind, data]) => {
  const { openQueue } = await import("/static/web/queue.js");
  const queue = await openQueue({ account_id: id, epoch: 1, signedIn: false });
  const row = await queue.add(kind, lesson, 1, data);
  await queue.put([{ ...row, state: "sent", sentAt: Date.now() }]);
}"""


@pytest.fixture
def stage(browser):
    """A member who has read, tried and said so when the mark was 100; since then it is 60."""
    with a_stage(browser, ACCOUNT) as stage:
        stage.progress[ACCOUNT] = [BEGUN]
        stage.lesson = lesson_data(revision=2, quiz=QUIZ | {"pass_mark": 60})
        yield stage


def note_of(page, end="上传|已存上"):
    page.wait_for_selector(f"#finish-note >> text=/{end}/")
    return page.inner_text("#finish-note")


def opened(stage):
    """The lesson, after what the server knows of it has come."""
    page = stage.open()
    page.wait_for_selector("#lesson-state >> text=在学")
    return page


def test_after_a_lowered_mark_it_is_finished_when_it_is_said_once_more(stage):
    page = stage.open("/blank/")
    page.evaluate(EARLIER, [ACCOUNT, LESSON, KIND, {}])
    page = opened(stage)
    stage.told = [DONE]
    page.click("button[value=finish]")
    assert "这一课学完了" in note_of(page, "已存上")
    page.wait_for_selector("#lesson-state >> text=学完")
    said = [record["revision"] for record in stage.records[ACCOUNT] if record["kind"] == KIND]
    assert said == [2]


def test_without_a_network_what_is_sure_to_finish_is_called_finished(stage):
    page = opened(stage)
    stage.refusal = (503, {})
    page.click("button[value=finish]")
    assert "这一课学完了" in note_of(page)


def test_what_the_server_does_not_call_finished_is_not(stage):
    """It marks by the text that was answered then, which the phone no longer has."""
    stage.told = [BEGUN | {"quiz": {"best": 0, "attempts": 1}}]
    page = opened(stage)
    page.click("button[value=finish]")
    said = note_of(page, "已存上")
    assert "学完了，已经记下" not in said
    assert "补上这几样" in said
    page.wait_for_selector("#lesson-state >> text=在学")


def test_an_answer_that_came_by_itself_is_shown_too(stage):
    page = opened(stage)
    stage.down = True
    page.click("button[value=finish]")
    assert "这一课学完了" in note_of(page)
    stage.down, stage.told = False, [BEGUN | {"quiz": {"best": 0, "attempts": 1}}]
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("#lesson-state >> text=在学")


def test_an_attempt_on_an_older_text_is_not_marked_by_the_newer_one(stage):
    stage.progress[ACCOUNT] = [BEGUN | {"quiz": None}]
    page = stage.open("/blank/")
    answers = {"quiz_id": "q", "answers": {"q1": True}}
    page.evaluate(EARLIER, [ACCOUNT, LESSON, "quiz_attempt", answers])
    stage.refusal = (503, {})
    page = stage.open()
    page.click("button[value=finish]")
    assert "通过自测" in note_of(page)
