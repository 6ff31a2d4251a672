"""Drawing on the phone: the same few lines as on the server, and what a reader then sees."""

import json
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from content.outline import Option, Question, Quiz
from content.question_draw import as_shown, new_attempt
from studyhub.web.templatetags.study import _quiz_data
from tests.e2e.stage import a_stage

pytestmark = pytest.mark.once  # it asks the phone, whatever database answers
ACCOUNT = "0198c0de-0000-7000-8000-00000000abcd"
WORDS = ["遵义", "延安", "瑞金", "以上都不对"]


def question(number, kind="single"):
    options = (
        ()
        if kind == "truefalse"
        else tuple(
            Option(f"{number}-{n}", words) for n, words in enumerate(WORDS[: 3 + number % 2])
        )
    )
    answer = {"truefalse": True, "multi": [f"{number}-0"]}.get(kind, f"{number}-0")
    return Question(
        f"0198c0de-{number}", kind, f"第{number}个问题？", options, answer, (), "", None, ""
    )


KINDS = ("single", "multi", "truefalse", "single", "single", "multi", "single")
QUIZ = Quiz(
    "0198c0de-0000-7000-8000-00000000000c", "自测", True, 60,
    tuple(question(n, kind) for n, kind in enumerate(KINDS)), draw=3, shuffle=True,
)  # fmt: skip
WITHOUT_PICTURES = SimpleNamespace(document=SimpleNamespace(question_pictures={}), media={})
AS_SHOWN = """async ([quiz, attempts]) => {
  const { asShown } = await import("/static/web/question_draw.js");
  return attempts.map(([revision, attempt]) => asShown(quiz, revision, attempt).questions.map(
    (one) => [one.id, one.options]));
}"""
SEEN = """() => Array.from(document.querySelectorAll("fieldset")).filter((one) => !one.hidden)
  .map((one) => [one.id.slice(2), one.querySelector(".number").textContent,
  Array.from(one.querySelectorAll("input"), (field) => field.value), one.disabled])"""


def as_told(quiz):
    return [[one.id, [option.id for option in one.options]] for one in quiz.questions]


def test_the_phone_draws_what_the_server_knows_it_drew(browser):
    attempts = [(revision, new_attempt()) for revision in (1, 2, 40) for _ in range(60)]
    with a_stage(browser, ACCOUNT) as stage:
        stage.lesson["quiz"] = _quiz_data(QUIZ)
        told = {"quiz": QUIZ, "lesson": WITHOUT_PICTURES}
        stage.check = render_to_string("components/self_check.html", told)
        page = stage.open()
        told = page.evaluate(AS_SHOWN, [json.loads(json.dumps(_quiz_data(QUIZ))), attempts])
        for (revision, attempt), drawn in zip(attempts, told, strict=True):
            assert drawn == as_told(as_shown(QUIZ, revision, attempt)), (revision, attempt)
        _see_and_answer(page, stage)


def _see_and_answer(page, stage):
    page.wait_for_selector("#draw-note >> text=7 题里抽了 3 题")
    attempt = page.input_value("[name=attempt]")
    shown = as_shown(QUIZ, stage.lesson["revision"], attempt)
    for number, (one, seen) in enumerate(zip(shown.questions, page.evaluate(SEEN), strict=True)):
        options = [option.id for option in one.options] or ["true", "false"]
        assert seen == [one.id, str(number + 1), options, False]
        answer = one.answer if isinstance(one.answer, list) else [str(one.answer).lower()]
        page.check(f'[id="f-{one.id}"] [value="{answer[0]}"]')
    page.click("button[value=quiz]")
    page.wait_for_selector("#check-note >> text=3 题答对 3 题，通过了")
    page.wait_for_selector("#check-note >> text=已存上")
    [record] = [one for one in stage.records[ACCOUNT] if one["kind"] == "quiz_attempt"]
    assert record["data"]["attempt_id"] == attempt
    assert record["data"]["answers"] == {one.id: one.answer for one in shown.questions}
    page.click("text=换几题")
    page.wait_for_function(
        "(old) => document.querySelector('[name=attempt]').value !== old", arg=attempt
    )
    assert not page.locator("fieldset:visible input:checked, .verdict").count()
