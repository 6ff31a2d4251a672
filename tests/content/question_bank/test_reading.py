"""Every way in which people write questions into a table is understood, or named by its row."""

from datetime import date

import pytest

from content.question_bank.reading import read_questions
from studyhub.core.errors import Invalid
from tests.content.question_bank.files import HEAD, a_file, with_part

FOUR = ("北京", "上海", "延安", "瑞金")


def read(*rows, **how):
    return read_questions(a_file(*rows, **how)).rows


def one(kind, *cells, **how):
    [row] = read((kind, "题？", *cells), **how)
    return row


def right(row):
    assert not row.problem, row.problem
    return [choice.text for choice in row.wording.options if choice.correct]


@pytest.mark.parametrize(
    ("answer", "places"),
    [
        ("A", [0]),
        ("Ａ", [0]),
        ("c ", [2]),
        ("延安", [2]),
        (" 延安", [2]),
        (3, [2]),
        (4.0, [3]),
    ],
)
def test_a_single_answer_however_it_is_written(answer, places):
    assert right(one("单选", *FOUR, answer)) == [FOUR[place] for place in places]


@pytest.mark.parametrize(
    "answer", ["A,B", "A、B", "AB", "a b", "ＡＢ", "A，B", "A;B", "BA", "北京；上海", "1,2", "A和B"]
)
def test_several_answers_however_they_are_written(answer):
    assert right(one("多选题", *FOUR, answer)) == ["北京", "上海"]


@pytest.mark.parametrize(
    ("answer", "truth"),
    [
        *(("√", "true"), ("×", "false"), ("对", "true"), ("错", "false"), ("T", "true")),
        *(("正确", "true"), ("错误", "false"), (True, "true"), (False, "false"), (1, "true")),
        *((0, "false"), ("是", "true"), ("否", "false"), ("正确。", "true"), ("f", "false")),
    ],
)
def test_true_and_false_however_they_are_written(answer, truth):
    row = one("判断", "", "", "", "", answer)
    assert (row.problem, row.wording.truth) == ("", truth)


def test_true_and_false_by_the_letter_of_an_option():
    assert one("判断题", "正确", "错误", "", "", "B").wording.truth == "false"


@pytest.mark.parametrize("answer", ["20；二十", "20\n二十", "20;二十"])
def test_spellings_of_a_blank(answer):
    assert one("填空", "", "", "", "", answer).wording.accepted == ("20", "二十")


def test_options_with_their_own_letters_and_numbers_as_numbers():
    row = one("单选", "A.1934年", "B、1935年", 1936, 0, "D")
    assert [choice.text for choice in row.wording.options] == ["1934年", "1935年", "1936", "0"]
    assert right(row) == ["0"]


def test_an_answer_that_is_zero_is_an_answer():
    assert one("填空", "", "", "", "", 0).wording.accepted == ("0",)


def test_any_number_of_option_columns_in_any_order():
    head = ("答案", "题目（必填）", "F", "E", "D", "C", "B", "A", "类型")
    [row] = read(("F", "题？", "己", "戊", "丁", "丙", "乙", "甲", "单选"), head=head)
    assert [choice.text for choice in row.wording.options] == list("甲乙丙丁戊己")
    assert right(row) == ["己"]


def test_options_in_one_cell():
    head = ("题干", "选项", "答案")
    for cell in ("A.北京 B.上海 C.延安", "北京\n上海\n延安", "A、北京\nB、上海\nC、延安"):
        [row] = read(("题？", cell, "C"), head=head)
        assert right(row) == ["延安"]


def test_the_names_of_the_columns_stand_in_the_first_five_rows():
    above = [("题库",), (), ("只能输入ABCD",), ()]
    assert read(("单选", "题？", *FOUR, "A"), above=above)[0].number == 6
    with pytest.raises(Invalid, match="no_question_columns"):
        read(("单选", "题？", *FOUR, "A"), above=[*above, ("又一行",)])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("单选", "题？", *FOUR, "E"), "答案“E”不在选项里"),
        (("单选", "题？", *FOUR, ""), "没有写答案"),
        (("单选", "题？", *FOUR, "AB"), "只勾选一个"),
        (("多选", "题？", *FOUR, "A"), "至少勾选两个"),
        (("单选", "", *FOUR, "A"), "题目还没有写"),
        (("单选", "题？", "甲", "", "丙", "", "A"), "选项 B 是空的"),
        (("单选", "题？", "甲", "甲", "丙", "", "A"), "两个选项一样"),
        (("单选", "题？", "甲" * 81, "乙", "丙", "", "A"), "最多 80 字"),
        (("简答", "题？", *FOUR, "A"), "题型“简答”"),
        (("判断", "题？", "", "", "", "", "也许"), "看不懂"),
        (("单选", "题？", "=1+1", "乙", "丙", "", "A"), "C2 是公式"),
        (("单选", "题？", date(2026, 1, 2), "乙", "丙", "", "A"), "C 列的格子被表格软件变成了"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_says_what_to_do(row, words):
    [found] = read(row)
    assert words in found.problem
    assert found.wording is None


def test_hidden_rows_are_left_out_and_told():
    data = a_file(
        ("判断", "一？", "", "", "", "", "对"), ("判断", "二？", *[""] * 4, "错"), hidden=[2]
    )
    found = read_questions(data)
    assert [row.stem for row in found.rows] == ["二？"]
    assert "第 2 行" in found.notes[0]


def test_pictures_comments_and_unknown_columns_are_told():
    data = a_file(("判断", "一？", *[""] * 4, "对"), head=(*HEAD[:7], "页码"))
    notes = " ".join(read_questions(with_part(data, "xl/media/image1.png")).notes)
    assert "图片没有导入" in notes
    assert "页码" in notes


def test_line_ends_of_other_programs_are_no_words():
    assert one("单选", "北京_x000D_", "上海", "", "", "北京").wording.options[0].text == "北京"


def test_options_that_speak_of_others_are_told():
    assert "次序不会打乱" in one("单选", "甲", "乙", "以上都对", "", "C", "解析").notes[0]


def test_kinds_that_are_not_named_follow_from_the_answer():
    head = ("题干", "A", "B", "C", "答案")
    rows = [
        ("一？", "甲", "乙", "丙", "A"),
        ("二？", "甲", "乙", "丙", "AC"),
        ("三？", "", "", "", "对"),
    ]
    kinds = [row.wording.kind for row in read(*rows, ("四？", "", "", "", "1935"), head=head)]
    assert kinds == ["single", "multi", "truefalse", "blank"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (with_part(a_file(), "xl/vbaProject.bin"), "sheet_macros"),
        (b"PK\x03\x04 and no more", "sheet_unreadable"),
        (b"%PDF-1.7\0", "sheet_unreadable"),
        (b"", "sheet_empty"),
        (with_part(a_file(), "xl/sharedStrings2.xml", b" " * (31 * 1024**2)), "sheet_too_large"),
        (a_file(*[("判断", f"{n}？", *[""] * 4, "对") for n in range(1001)]), "sheet_too_large"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_in_a_sentence(data, code):
    with pytest.raises(Invalid, match=code) as refused:
        read_questions(data)
    assert "请" in refused.value.detail
