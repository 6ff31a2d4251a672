"""A lesson handed in by form: nothing lost, nothing forged, everything without a script."""

import pytest
from django.test import Client

from content.question_draw import as_shown, new_attempt
from studyhub.learning.progress import progress_of
from studyhub.records.models import Record
from tests import factories as make

OURS = {"Sec-Fetch-Site": "same-origin"}


def answers(page, *, right=True):
    """The form fields of a self-check, all right or all wrong."""
    fields = {}
    for question in make.outline_of(page).quiz.questions:
        if question.kind == "truefalse":
            value = str(question.answer is right).lower()
        elif question.kind == "multi":
            value = question.answer if right else question.answer[:1]
        elif question.kind == "single":
            value = question.answer if right else question.options[1].id
        else:
            value = question.answer if right else "不知道"
        fields[f"q-{question.id}"] = value
    return fields


def sections(page):
    return {"section": [str(section.id) for section in make.outline_of(page).sections]}


def study(page, *, confirm=False):
    return f"/study/{page.translation_key}/" + ("confirm/" if confirm else "")


def standing(member, page):
    return progress_of(member, [page.translation_key])[page.translation_key]


def test_a_form_from_our_own_page_is_recorded(sign_in, qiqige, lesson):
    response = sign_in(qiqige).post(study(lesson), {"do": "quiz", **answers(lesson)}, headers=OURS)
    text = response.content.decode()
    assert "自测通过了" in text
    assert "已经存上" in text
    assert standing(qiqige, lesson).quiz_best == 100


def test_old_browsers_prove_their_origin_otherwise(sign_in, qiqige, lesson):
    client = sign_in(qiqige)
    for proof in ({"Origin": "http://testserver"}, {"Referer": f"http://testserver{lesson.url}"}):
        Record.objects.all().delete()
        client.post(study(lesson), {"do": "quiz", **answers(lesson)}, headers=proof)
        assert Record.objects.count() == 1, proof


@pytest.mark.parametrize(
    "proof",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://evil.example", "Referer": "http://testserver/"},
        {"Referer": "https://testserver.evil.example/"},
        {},
    ],
)
def test_a_form_from_elsewhere_is_not_recorded_but_kept(sign_in, qiqige, lesson, proof):
    data = {"do": "quiz", **answers(lesson)}
    response = sign_in(qiqige).post(study(lesson), data, headers=proof)
    text = response.content.decode()
    assert response.status_code == 200
    assert Record.objects.count() == 0
    assert "是我交的，存上" in text
    assert "csrfmiddlewaretoken" in text
    for name in data:
        assert f'name="{name}"' in text


def test_confirming_needs_the_token(qiqige, lesson):
    client = Client(enforce_csrf_checks=True)
    client.force_login(qiqige.user)
    assert (
        client.post(study(lesson, confirm=True), answers(lesson), headers=OURS).status_code == 403
    )
    assert Record.objects.count() == 0


def test_what_was_confirmed_is_recorded(sign_in, qiqige, lesson):
    sign_in(qiqige).post(study(lesson, confirm=True), {"do": "quiz", **answers(lesson)})
    assert standing(qiqige, lesson).quiz_best == 100


def test_a_session_that_ended_meanwhile_loses_nothing(client, lesson):
    response = client.post(study(lesson, confirm=True), {"do": "quiz", **answers(lesson)})
    assert "登录后就存上" in response.content.decode()
    assert dict(response.context["fields"])["study_lesson"] == str(lesson.translation_key)


def test_finishing_by_form_finishes_the_lesson(sign_in, qiqige, lesson):
    client = sign_in(qiqige)
    client.post(study(lesson), {"do": "quiz", **answers(lesson)}, headers=OURS)
    response = client.post(study(lesson), {"do": "finish", **sections(lesson)}, headers=OURS)
    assert "这一课学完了" in response.content.decode()
    assert standing(qiqige, lesson).status == "finished"


def test_answers_count_under_either_button(sign_in, qiqige, lesson):
    data = {"do": "finish", **sections(lesson), **answers(lesson)}
    sign_in(qiqige).post(study(lesson), data, headers=OURS)
    assert standing(qiqige, lesson).status == "finished"


def test_a_wrong_answer_leads_to_the_section_it_cites(sign_in, qiqige, lesson):
    data = {"do": "quiz", **answers(lesson, right=False)}
    text = sign_in(qiqige).post(study(lesson), data, headers=OURS).content.decode()
    first = make.outline_of(lesson).sections[0]
    assert "还差一点" in text
    assert f"{lesson.url}#s-{first.id}" in text
    assert "正文里写着" in text
    assert "延安" in text  # the answer that was given, in words


def test_what_is_missing_is_said(sign_in, qiqige, lesson):
    client = sign_in(qiqige)
    text = client.post(study(lesson), {"do": "finish"}, headers=OURS).content.decode()
    assert "学完还差" in text
    assert "第一节" in text
    assert "通过自测" in text
    assert "最后按“学完了”" not in text


def test_signed_out_answers_are_graded_and_kept_through_the_sign_in(client, qiqige, lesson):
    shown = client.post(study(lesson), {"do": "quiz", **answers(lesson)}, headers=OURS)
    assert "自测通过了" in shown.content.decode()
    fields = shown.context["fields"]
    carried = {}
    for name, value in fields:
        carried.setdefault(name, []).append(value)
    wrong = client.post("/login/", {**carried, "username": "qiqige", "password": "no"})
    assert wrong.context["fields"] == fields
    right = client.post("/login/", {**carried, "username": "qiqige", "password": make.PASSWORD})
    assert right["Location"] == study(lesson)
    assert standing(qiqige, lesson).quiz_best == 100
    assert "已经存上了" in client.get(study(lesson)).content.decode()


def test_signed_out_nothing_is_stored(client, lesson):
    client.post(study(lesson), {"do": "finish", **sections(lesson)}, headers=OURS)
    assert Record.objects.count() == 0


def test_an_empty_paper_is_not_an_attempt(sign_in, qiqige, lesson):
    text = sign_in(qiqige).post(study(lesson), {"do": "quiz"}, headers=OURS).content.decode()
    assert "还没有作答" in text
    assert Record.objects.count() == 0


def test_a_paper_is_graded_by_the_revision_it_was_read_in(sign_in, qiqige, lesson):
    old = {"do": "quiz", "revision": "1", **answers(lesson)}
    check = make.self_check([make.QUESTIONS[1]])
    lesson.body = lesson.body.stream_block.to_python([make.section("第一节"), check])
    make.publish_page(lesson)
    text = sign_in(qiqige).post(study(lesson), old, headers=OURS).content.decode()
    assert "自测通过了" in text
    assert Record.objects.get().revision == 1


@pytest.mark.parametrize("revision", ["99", "-1", "0", "x", "9" * 40, "²"])
def test_a_revision_that_never_was_means_the_newest(sign_in, qiqige, lesson, revision):
    data = {"do": "quiz", "revision": revision, **answers(lesson)}
    assert sign_in(qiqige).post(study(lesson), data, headers=OURS).status_code == 200
    assert Record.objects.get().revision == 1


def test_nonsense_in_the_form_is_dropped(sign_in, qiqige, lesson):
    data = {"do": "finish", "section": ["x", "1"], "q-none": "1", "q-": "\0"}
    sign_in(qiqige).post(study(lesson), data, headers=OURS)
    assert [record.kind for record in Record.objects.all()] == ["lesson_finished"]


def test_typed_text_comes_back_escaped(client, lesson):
    blank = make.outline_of(lesson).quiz.questions[2]
    data = {"do": "quiz", f"q-{blank.id}": "<script>alert(1)</script>"}
    text = client.post(study(lesson), data, headers=OURS).content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_a_working_account_is_told_that_it_keeps_no_record(sign_in, lesson):
    client = sign_in(make.a_user("editor"))
    text = client.post(study(lesson), {"do": "quiz", **answers(lesson)}, headers=OURS).content
    assert "没有学习记录" in text.decode()


def test_an_unknown_lesson_is_not_found(client, sign_in, qiqige, lesson):
    unknown = "/study/00000000-0000-4000-8000-000000000000/"
    assert client.post(unknown, {"do": "quiz"}).status_code == 404
    assert sign_in(qiqige).get(unknown).status_code == 404


def test_the_next_lesson_is_the_plans_next(sign_in, qiqige, course, lesson, plan):
    later = make.a_lesson(course, slug="later", title="会宁会师")
    plan(make.a_group(qiqige), later, lesson)
    text = sign_in(qiqige).get(study(lesson)).content.decode()
    assert "下一课：会宁会师" in text


def test_results_are_never_kept_by_a_cache(client, sign_in, qiqige, lesson):
    for response in (
        client.post(study(lesson), {"do": "quiz", **answers(lesson)}),
        sign_in(qiqige).get(study(lesson)),
    ):
        assert response["Cache-Control"] == "private, no-store"


@pytest.fixture
def drawing(db):
    """A lesson that shows two of its four questions at a time."""
    check = make.self_check()
    check["value"] |= {"draw": 2, "shuffle": True}
    return make.a_lesson(body=[make.section("第一节"), check])


def drawn_of(page, attempt):
    quiz = as_shown(make.outline_of(page).quiz, 1, attempt)
    return {f"q-{one.id}" for one in quiz.questions}


def test_a_paper_is_graded_by_what_was_drawn(sign_in, qiqige, drawing):
    attempt = new_attempt()
    given = {
        name: value
        for name, value in answers(drawing).items()
        if name in drawn_of(drawing, attempt)
    }
    data = {"do": "quiz", "attempt": attempt, **given}
    text = sign_in(qiqige).post(study(drawing), data, headers=OURS).content.decode()
    assert "答对 100%" in text
    assert "没有作答" not in text
    assert Record.objects.get().data["attempt_id"] == attempt
    assert standing(qiqige, drawing).quiz_best == 100


def test_without_a_script_all_is_shown_and_all_is_asked(client, sign_in, qiqige, drawing):
    page = client.get(drawing.url).content.decode()
    assert page.count("<fieldset id=") == 4
    given = dict(list(answers(drawing).items())[:2])
    text = sign_in(qiqige).post(
        study(drawing), {"do": "quiz", "attempt": "", **given}, headers=OURS
    )
    assert "答对 50%" in text.content.decode()
    assert standing(qiqige, drawing).quiz_best == 50


def test_what_was_drawn_is_carried_through_a_sign_in(client, drawing):
    attempt = new_attempt()
    data = {"do": "quiz", "attempt": attempt, **answers(drawing)}
    text = client.post(study(drawing), data, headers=OURS).content.decode()
    assert f'name="attempt" value="{attempt}"' in text


@pytest.mark.parametrize("attempt", ["x", "\0", "0198c0de-0000-7000-8000-000000000001", "8" * 36])
def test_an_attempt_that_drew_nothing_was_asked_all(sign_in, qiqige, drawing, attempt):
    data = {"do": "quiz", "attempt": attempt, **dict(list(answers(drawing).items())[:1])}
    sign_in(qiqige).post(study(drawing), data, headers=OURS)
    assert standing(qiqige, drawing).quiz_best == 25


def test_pages_that_draw_nothing_stay_the_same_bytes(client, lesson):
    page = client.get(lesson.url).content.decode()
    assert 'name="attempt"' not in page
    assert '"shuffle"' not in page
