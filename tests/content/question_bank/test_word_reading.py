"""Questions in a manuscript, as offices write them: understood, or named by their first words."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from content.models import Question
from content.question_bank import word_reading
from content.question_bank.reading import read_questions
from content.question_bank.word_lines import QuestionLines
from content.question_bank.word_reading import _notes
from content.word_files.conversion import convert
from content.word_files.items import Missing
from studyhub.core.errors import Invalid
from studyhub.people import access
from studyhub.people.roles import put_roles
from tests import factories as make
from tests.content.word_files.docx_files import a_png, cell, docx, drawing, para, table, zipped

LEVELS = "".join(
    f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
    f'<w:lvlText w:val="%{level + 1}."/></w:lvl>'
    for level, form in enumerate(["decimal", "upperLetter"])
)
LETTERS = (
    f'<w:abstractNum w:abstractNumId="7">{LEVELS}</w:abstractNum>'
    '<w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num>'
)
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le")


def counted(text, level=0):
    props = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>'
    return para(text, props=props)


def a_manuscript(*lines, **more):
    return docx("".join(one if one.startswith("<") else para(one) for one in lines), **more)


@pytest.fixture(autouse=True)
def without_a_child(monkeypatch):
    """The child process has tests of its own, and one test here."""
    monkeypatch.setattr(word_reading, "convert_file", convert)


def read(*lines, **more):
    return read_questions(a_manuscript(*lines, **more))


def told(found):
    assert [row.problem for row in found.rows] == [""] * len(found.rows)
    return [(row.wording.kind, row.wording.stem, row.wording.answer) for row in found.rows]


def test_numbers_options_and_answers_a_line_each():
    found = read(
        "党史知识题",
        "1. 遵义会议是在哪一年召开的？",
        "A. 1934年",
        "B. 1935年",
        "C. 1936年",
        "答案：B",
        "解析：1935年1月召开。",
        "依据：《中国共产党简史》",
        "2、三人小组有谁？",
        "A、周恩来",
        "B、毛泽东",
        "C、博古",
        "【答案】AB",
        "（3）会开了三天。",
        "答案：√",
        "4. 到会的有____人。",
        "答案：20；二十",
    )
    assert told(found) == [
        ("single", "遵义会议是在哪一年召开的？", "1935年"),
        ("multi", "三人小组有谁？", "周恩来；毛泽东"),
        ("truefalse", "会开了三天。", "对"),
        ("blank", "到会的有____人。", "20，或二十"),
    ]
    first = found.rows[0].wording
    assert (first.explanation, first.source) == ("1935年1月召开。", "《中国共产党简史》")
    assert found.notes == ["没有读懂，没有导入：“党史知识题”。"]
    assert [row.place for row in found.rows] == ["第 1 题", "第 2 题", "第 3 题", "第 4 题"]


def test_several_options_in_a_line_and_the_answer_in_the_stem():
    found = read(
        "一、单项选择题（每题 2 分）",
        "1．红军长征从哪里出发？（ B ）",
        "A．延安  B．瑞金  C．遵义  D．以上都不对",
        "2．在哪里会师？（Ｃ）",
        "（A）遵义（B）瑞金（C）会宁",
        "二、多选题",
        "1．“三大纪律”有哪些？（ A、B ）",
        "(A) 听指挥 (B) 缴获归公 (C) 买卖公平",
        "三、判断题",
        "1．长征开始于1934年10月。（√）",
        "2．遵义在四川。（×）",
    )
    assert told(found) == [
        ("single", "红军长征从哪里出发？（　）", "瑞金"),
        ("single", "在哪里会师？（　）", "会宁"),
        ("multi", "“三大纪律”有哪些？（　）", "听指挥；缴获归公"),
        ("truefalse", "长征开始于1934年10月。（　）", "对"),
        ("truefalse", "遵义在四川。（　）", "错"),
    ]
    assert "次序不会打乱" in found.rows[0].notes[0]


QUESTIONS = ("A.甲 B.乙 C.丙 D.丁",)


@pytest.mark.parametrize(
    "key",
    [
        ("参考答案", "1.A 2.C 3.BD"),
        ("答案：", "1、A", "2、C", "3、BD"),
        ("附：参考答案", "1A 2C 3BD"),
        ("参考答案及解析", "1. A 解析：因为甲。", "2. C", "3. BD"),
        ("标准答案", "1-2 AC", "3．B、D"),
        ("参考答案", "一、选择题", "1.A  2.C  3.B,D"),
    ],
)
def test_a_list_of_answers_at_the_end(key):
    lines = [line for n in (1, 2, 3) for line in (f"{n}. 第{n}问？", *QUESTIONS)]
    found = read(*lines, *key)
    assert [(kind, answer) for kind, _, answer in told(found)] == [
        ("single", "甲"),
        ("single", "丙"),
        ("multi", "乙；丁"),
    ]
    assert (found.rows[0].wording.explanation == "因为甲。") is ("解析：" in key[1])
    assert found.notes == []


def test_answers_of_kinds_whose_numbers_begin_anew():
    found = read(
        *("一、单选题", "1. 一问？", *QUESTIONS, "2. 二问？", *QUESTIONS),
        *("二、判断题", "1. 三问。", "2. 四问。"),
        *("三、填空题", "1. 五问____。"),
        *("参考答案", "一、单选题", "1.B 2.D", "二、判断题", "1.× 2.√", "三、填空题", "1. 遵义"),
    )
    assert [answer for *_, answer in told(found)] == ["乙", "丁", "错", "对", "遵义"]
    without_headings = read(
        *("一、单选题", "1. 一问？", *QUESTIONS, "二、判断题", "1. 三问。"),
        *("答案", "1.B", "1.错"),
    )
    assert [answer for *_, answer in told(without_headings)] == ["乙", "错"]


def test_answers_behind_each_part_and_an_answer_on_the_next_line():
    found = read(
        *("一、单选题", "1. 一问？", *QUESTIONS, "2. 二问？", *QUESTIONS, "答案", "1.A 2.B"),
        *(
            "二、多选题",
            "1. 三问？",
            *QUESTIONS,
            "答案：",
            "CD",
            "2. 四问？",
            *QUESTIONS,
            "答案：AB",
        ),
    )
    assert [answer for *_, answer in told(found)] == ["甲", "乙", "丙；丁", "甲；乙"]
    assert found.notes == []


def test_a_second_answer_is_named_and_writes_nothing_over():
    found = read("1. 一问？", *QUESTIONS, "答案：A", "答案：B")
    assert [answer for *_, answer in told(found)] == ["甲"]
    assert found.notes == ["没有读懂，没有导入：“答案：B”。"]


def test_numbers_that_word_counts_itself():
    found = read(
        counted("在哪里开会？"),
        counted("遵义", 1),
        counted("延安", 1),
        para("答案：A"),
        counted("开了几天？"),
        counted("三天", 1),
        counted("五天", 1),
        para("参考答案"),
        para("2.A"),
        numbering=LETTERS,
    )
    assert told(found) == [("single", "在哪里开会？", "遵义"), ("single", "开了几天？", "三天")]


def test_all_of_a_question_in_one_line_or_in_lines_of_one_paragraph():
    found = read(
        "1.[单选题] 在哪里开会？A.遵义 B.延安 答案：A 解析：在遵义。",
        "<w:p><w:r><w:t>2.（多选）三人小组有谁？</w:t><w:br/><w:t>A.周恩来</w:t><w:br/>"
        "<w:t>B.毛泽东</w:t><w:br/><w:t>C.博古</w:t><w:br/><w:t>正确答案：AB</w:t></w:r></w:p>",
    )
    assert told(found) == [
        ("single", "在哪里开会？", "遵义"),
        ("multi", "三人小组有谁？", "周恩来；毛泽东"),
    ]
    assert found.rows[0].wording.explanation == "在遵义。"


def test_a_stem_of_several_lines_goes_on_until_its_options():
    found = read(
        "1. 1935年1月，", "在哪里开会？", "A.遵义", "B.延安", "答案：A", "解析：在", "遵义。"
    )
    assert told(found) == [("single", "1935年1月，在哪里开会？", "遵义")]
    assert found.rows[0].wording.explanation == "在遵义。"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("1. 在哪里？", "A.甲", "B.乙"), "没有写答案"),
        (("1. 在哪里？", "A.甲", "B.乙", "答案：E"), "答案“E”不在选项里"),
        (("一、判断题", "1. 对吗？", "答案：也许"), "看不懂"),
        (("1. 在哪里？", "A.甲", "答案：A"), "至少要有两个选项"),
        (("1. 在哪里？", "A.甲", "B.甲", "答案：A"), "两个选项一样"),
        (("1. " + "长" * 201, "A.甲", "B.乙", "答案：A"), "最多 200 字"),
    ],
)
def test_what_is_wrong_with_a_question_is_named(lines, words):
    [row] = read(*lines).rows
    assert words in row.problem


def test_what_is_not_understood_is_named_by_its_first_words():
    found = read(
        "各支部：请认真组织学习，" + "并按时" * 20,
        "1. 会开了三天。（√）",
        "请在周五前交回。",
        table(cell("填") + cell("空")),
        para(drawing("p1")),
        "参考答案",
        "7.A",
        "完",
        pictures={"p1": a_png()},
    )
    assert len(found.rows) == 1
    notes = " ".join(found.notes)
    assert "“各支部：请认真组织学习，并按时并按时并按”、“请在周五前交回。”、“7.A”、“完”" in notes
    assert "表格没有读" in notes
    assert "张图片没有导入" in notes


def test_more_than_can_be_looked_at_is_refused(monkeypatch):
    many = [line for n in range(1001) for line in (f"{n % 900}. 第{n}问。", "答案：对")]
    with pytest.raises(Invalid, match="一次最多 1000 题"):
        read(*many)
    monkeypatch.setattr(word_reading, "MOST_LINES", 5)
    with pytest.raises(Invalid, match="超过 5 行"):
        read(*["1. 一问。"] * 6)


@pytest.mark.parametrize(
    "text", ["", "\0", "1.", "A.", "答案", "答案：", "（1）", "1-9 A", "【答案】", "解析：", "一、"]
)
def test_no_line_breaks_the_reading(text):
    QuestionLines([(text, False), ("1. 问？", False), (text, True), ("答案", False), (text, False)])


@pytest.mark.parametrize(
    "line", ["2. 会在哪里开（ A ）A．遵义　B．延安", "2. 会在哪里开（A）A．遵义 B．延安"]
)
def test_options_may_follow_the_answer_on_its_line(line):
    [one] = QuestionLines([(line, False)]).found
    assert (one.stem, one.answer) == ("会在哪里开（　）", "A")
    assert [option.strip() for option in one.options] == ["遵义", "延安"]


def test_the_explanation_of_a_question_that_was_not_read_is_nobody_elses():
    lines = ["1. 一问？", "答案：对", "没有编号的题？", "解析：说的是没有编号的题。"]
    read = QuestionLines([(line, False) for line in lines])
    assert read.found[0].explanation == ""
    assert read.unread == lines[2:]


def test_a_line_without_end_is_not_looked_at():
    line = "1. 题目（A" + "\u3000" * 35_000 + "x"
    assert QuestionLines([(line, False)]).unread == [line]


PIECES = ["1.", "2、", "（3）", "A.", "B、", "(C)", "AB", "√", "答案：", "【解析】", "\n"]
PIECES += ["参考答案", "1-3 ABC", "一、单选题", "遵义", "____", "（ A ）", " ", "依据：", "选择题"]


@example(pieces=["选择题", " ", "遵义"], counts=False)
@example(pieces=["1.", "【解析】", "（3）", "【解析】", "遵义"], counts=False)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30), st.booleans())
def test_whatever_is_written_no_question_is_lost_on_the_way(pieces, counts):
    lines = "".join(pieces).splitlines()
    read = QuestionLines([(line, counts and number % 2 == 0) for number, line in enumerate(lines)])
    kept = "".join([*read.unread, *(f"{vars(one)}" for one in read.found)])
    assert all(piece in kept for piece in pieces if piece == "遵义")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (docx(para("一篇没有题的文章。")), "no_word_questions"),
        (zipped({"word/document.xml": "<x/>", "word/vbaProject.bin": "x"}), "word_"),
        (OLD, "word_old_format"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(data, code, monkeypatch):
    monkeypatch.undo()
    with pytest.raises(Invalid, match=code) as refused:
        read_questions(data)
    assert "请" in refused.value.detail


@pytest.mark.django_db
def test_a_manuscript_is_looked_at_and_then_taken_in(client, monkeypatch):
    monkeypatch.undo()  # through the child process, as in the product
    put_roles()
    user = make.a_user("bianji", is_staff=True)
    user.groups.add(Group.objects.get(name=access.EDITOR))
    client.force_login(user)
    data = a_manuscript(
        "1. 谁主持？", "A.甲", "B.乙", "答案：A", "2. 坏题？", "3. 谁主持？（A）", "A.甲 B.乙"
    )
    file = SimpleUploadedFile("题.docx", data)
    looked = client.post(reverse("questions:import"), {"file": file})
    shown = looked.content.decode()
    assert "没有写答案" in shown
    assert "和第 1 题是同一道题" in shown
    assert not Question.objects.exists()
    client.post(reverse("questions:import"), {"rows": looked.context["rows"]})
    assert [one.stem for one in Question.objects.all()] == ["谁主持？"]


def test_a_picture_that_is_only_a_link_is_said():
    said = " ".join(_notes([], [Missing("linked")], 0))
    assert "1 张图片只是链接" in said
    assert "没有导入" in said
