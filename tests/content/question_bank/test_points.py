"""Numbered points within a question are no questions of their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.question_bank.word_lines import QuestionLines

LEAD = "下列说法正确的是"
OPTIONS = ("A. 12  B. 23  C. 13",)


def read(*lines):
    return QuestionLines([line if isinstance(line, tuple) else (line, False) for line in lines])


def stems(*lines):
    return [one.stem for one in read(*lines).found]


@pytest.mark.parametrize(
    "lines",
    [
        (f"1. {LEAD}：", "1. 甲", "2. 乙", "3. 丙", *OPTIONS, "答案：A", "2. 二问？（√）"),
        (f"3. {LEAD}", "1. 甲", "2. 乙", "3. 丙", *OPTIONS, "答案：A", "4. 二问？（√）"),
        (f"1. {LEAD}", "（1）甲", "（2）乙", "（3）丙", *OPTIONS, "答案：A", "2. 二问？（√）"),
        (f"（1）{LEAD}", "1、甲", "2、乙", "3、丙", *OPTIONS, "答案：A", "（2）二问？（√）"),
        (f"1. {LEAD}", "1. 甲", "2. 乙", "3. 丙", "其中正确的是", *OPTIONS, "2. 二问？（√）"),
        (f"2. {LEAD}：", "1. 甲", "2. 乙", "A. 12", "B. 23", "答案：A", "3. 二问？（√）"),
        (f"1. {LEAD}", ("甲", True), ("乙", True), *OPTIONS, "2. 二问？（√）"),
        (f"1. {LEAD}", "1. 甲", "2. 乙", "答案：都对", "2. 二问？（√）"),
    ],
)
def test_points_belong_to_their_question(lines):
    found = read(*lines)
    assert len(found.found) == 2
    first = found.found[0]
    assert first.stem.startswith(LEAD)
    assert all(point in first.stem for point in ("1", "甲", "2", "乙"))
    assert found.found[1].stem.startswith("二问？")
    assert (found.unread, found.unsure) == ([], [])


def test_points_at_the_end_of_a_part_and_of_the_file():
    lines = [f"5. {LEAD}：", "1. 甲", "2. 乙", *OPTIONS, "二、判断题", "1. 对。（√）"]
    assert len(stems(*lines)) == 2
    assert len(stems(f"5. {LEAD}：", "1. 甲", "2. 乙", *OPTIONS)) == 1
    key = ["参考答案", "5.B"]
    [one] = read(f"5. {LEAD}：", "1. 甲", "2. 乙", *OPTIONS, *key).found
    assert (one.answer, len(one.options)) == ("B", 3)


@pytest.mark.parametrize(
    "lines",
    [
        ("1. 一问。", "2. 二问。", "3. 三问。"),  # statements, with their answers at the end
        ("一、判断题", "1. 一问。", "2. 二问。", "二、填空题", "1. 三问____。", "2. 四问____。"),
        ("1. 一问。（√）", "1. 一问？", *OPTIONS, "2. 二问？", *OPTIONS),
        ("7. 一问。", "1. 一问。（√）", "2. 二问。（×）"),
        ("7. 一问。", "1. 一问？ A.甲 B.乙", "2. 二问？ A.甲 B.乙"),
        ("1. 一问？", *OPTIONS, "1. 二问？", *OPTIONS),
    ],
)
def test_questions_stay_questions(lines):
    asked = [line for line in lines if line[0].isdecimal()]
    found = read(*lines)
    assert len(found.found) == len(asked)
    assert found.unsure == []


@pytest.mark.parametrize(
    "lines",
    [
        ("7. 草原上有什么。", "1. 甲。", "2. 乙。"),
        ("7. 草原上有什么。", "1. 甲。", "2. 乙。", *OPTIONS, "3. 丙。", *OPTIONS),
    ],
)
def test_what_may_be_either_stays_one_and_is_named(lines):
    found = read(*lines)
    assert found.unsure == ["7. 草原上有什么。"]
    assert "1. 甲。 2. 乙。" in found.found[0].stem


STYLES = st.sampled_from(["{}.", "{}、", "（{}）", "第{}题 "])


@given(st.integers(1, 40), st.integers(2, 9), STYLES, STYLES, st.integers(0, 3), st.integers(0, 3))
def test_however_they_are_numbered_each_point_is_in_its_question(
    number, points, own, style, before, after
):
    def whole(n):
        return [f"{own.format(n)}第{n}问？", *OPTIONS, "答案：A"]

    numbers = range(max(1, number - before), number)
    lines = [line for n in numbers for line in whole(n)]
    lines += [f"{own.format(number)}{LEAD}："]
    lines += [f"{style.format(n)}说法{n}" for n in range(1, points + 1)]
    lines += [*OPTIONS, "答案：A"]
    lines += [line for n in range(number + 1, number + 1 + after) for line in whole(n)]
    found = read(*lines)
    assert len(found.found) == len(numbers) + 1 + after
    one = found.found[len(numbers)]
    assert all(f"说法{n}" in one.stem for n in range(1, points + 1))
    assert len(one.options) == 3
    assert (found.unread, found.unsure) == ([], [])


LINES = ["1. 甲", "2. 乙", "3. 丙", "（1）甲", "（2）乙", "A. 12 B. 23", "答案：A", "参考答案"]
LINES += ["下列说法：", "4. 下列说法：", "二、判断题", "解析：因为。", "5. 对。（√）", "正确的是"]


@given(st.lists(st.tuples(st.sampled_from(LINES), st.booleans()), max_size=25))
def test_no_line_is_lost_and_none_breaks_the_reading(lines):
    found = read(*lines)
    kept = "".join([*found.unread, *(f"{vars(one)}" for one in found.found)])
    for sign in "甲乙丙":
        assert kept.count(sign) == sum(text.count(sign) for text, _ in lines)
