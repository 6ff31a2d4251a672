"""The bank as GIFT: read back by the rules that Moodle gives for it."""

import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from content.models import Question
from content.question_bank.gift import escaped, gift_of, gift_text
from content.question_bank.keeping import add_question
from content.question_wording import Choice, QuestionPicture, Wording

SIGNS = st.text(st.sampled_from("~=#{}:\\/*%甲a 乙\n"), min_size=1, max_size=20)


def unescaped(text):
    return re.sub(r"\\([\\~=#{}:])", r"\1", text)


@given(SIGNS)
def test_every_sign_comes_back(text):
    assert unescaped(escaped(text)) == " ".join(text.split())


@given(SIGNS)
def test_no_sign_of_a_text_is_read_by_gift(text):
    assert not re.search(r"[~=#{}:]", re.sub(r"\\.", "", escaped(text)))


def test_one_right_answer():
    words = Wording("single", "2+2={?}", (Choice("=4", True), Choice("5:1")), explanation="算。")
    assert gift_of(words, 7).splitlines() == [
        "// 题库第 7 题",
        r"::题库 7::[plain]2+2\=\{?\} {",
        r"=\=4",
        r"~5\:1",
        "####算。",
        "}",
    ]


@pytest.mark.parametrize(("right", "share"), [(2, "50"), (3, "33.33333"), (6, "16.66667")])
def test_several_share_the_marks_and_a_wrong_one_costs_all(right, share):
    options = [Choice(f"对{n}", True) for n in range(right)] + [Choice("错")]
    text = gift_of(Wording("multi", "哪些？", tuple(options)), 1)
    assert text.count(f"~%{share}%对") == right
    assert "~%-100%错" in text


def test_more_than_moodle_can_share_is_left_out_and_said():
    options = tuple(Choice(f"第{n}", True) for n in range(11))
    assert gift_of(Wording("multi", "哪些？", options), 3).startswith("// 题库第 3 题有 11 个")


def test_an_answer_that_moodle_would_read_as_a_pair_is_left_out_and_said():
    text = gift_of(Wording("blank", "怎么走？", accepted=("遵义->延安",)), 4)
    assert text.startswith("// 题库第 4 题的答案里有“->”")


def test_true_false_and_blanks():
    assert "{\nFALSE\n}" in gift_of(Wording("truefalse", "会开了五天。", truth="false"), 1)
    blank = gift_of(Wording("blank", "____年", accepted=("1921", "一九二一*")), 1)
    assert "{\n=1921\n=一九二一\\*\n}" in blank


def test_a_picture_is_said_to_be_left_out():
    picture = QuestionPicture(1, "两层城门")
    text = gift_of(Wording("truefalse", "有两层。", truth="true", picture=picture), 1)
    assert "// 这一题有图片，GIFT 带不走，请另外加上：两层城门" in text


@pytest.mark.django_db
def test_categories_stand_above_their_questions(admin_client):
    for number, category in enumerate(["党史/长征", "", "党史/长征"]):
        wording = Wording("truefalse", f"第{number}句。", truth="true")
        add_question(wording, None, category=category)
    text = gift_text(Question.objects.all())
    assert re.findall(r"^\$CATEGORY: (.*)$", text, re.MULTILINE) == ["题库", "党史//长征"]
    answer = admin_client.get(reverse("questions:gift"), {"category": "党史/长征"})
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert re.findall(r"第(\d)句", answer.content.decode()) == ["0", "2"]
