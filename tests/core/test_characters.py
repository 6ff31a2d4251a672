"""Signs that break files are taken out once, at every door; what scripts need stays."""

import json
from io import BytesIO
from xml.dom import minidom

import pytest
from django.test import Client
from openpyxl import load_workbook

from content import catalogue
from content.models import LessonPage, Pronunciation
from content.printed_lesson import build_printed_lesson
from content.single_file import build_single_file
from studyhub.channels.rendering import build_post
from studyhub.core.characters import clean, clean_all, without_unseen
from studyhub.core.spreadsheets import add_rows, start_sheet, xlsx_bytes
from studyhub.people.models import StudyGroup
from studyhub.records.models import Record
from tests.factories import (
    a_branch,
    a_lesson,
    a_member,
    a_record,
    section,
    self_check,
    send,
)

BAD = ["\x00", "\x01", "\x0b", "\x0c", "\x1b", "\x7f", "\x9f", "\ufffe", "\uffff", "\U0001ffff"]
KEPT = [
    "ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ ᠪᠢᠴᠢᠭ᠌ \u180e",
    "👨\u200d👩\u200d👧",
    "䶮𬭎",
    "第一行\n第二行\t格",
    r"D:\udisk\u0000",
    "a\u3000b\xa0c",
]


@pytest.mark.parametrize("sign", BAD)
def test_a_sign_that_breaks_files_is_gone(sign):
    assert clean(f"前{sign}后").replace(" ", "") == "前后"


@pytest.mark.parametrize("text", KEPT)
def test_what_people_write_stays_to_the_letter(text):
    assert clean(text) == text


def test_half_a_character_is_gone():
    assert clean(json.loads('"\\ud83d"')) == ""


def test_words_are_not_joined_where_a_line_was_forced():
    assert clean("Karl\x0bMarx") == "Karl Marx"
    assert clean("遵义\x0b会议") == "遵义会议"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("王\n小二", "王小二"), ("Wang\r\nXiao", "Wang Xiao"), ("甲\u2028乙", "甲乙")],
)
def test_a_name_that_a_cell_broke_stands_on_one_line(db, typed, kept):
    member = a_member(typed)
    member.refresh_from_db()
    assert member.name == kept


def test_a_text_of_many_lines_keeps_them(db):
    made = Pronunciation.objects.create(term="遵义", pinyin="zūn yì", aliases="甲\n乙")
    made.refresh_from_db()
    assert made.aliases == "甲\n乙"


def test_texts_inside_are_cleaned_alike():
    assert clean_all({"a": ["x\x01", ("y\uffff", 3)]}) == {"a": ["x", ("y", 3)]}


# Doors out ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("sign", BAD)
def test_no_sign_before_it_makes_a_formula_live(sign):
    book, sheet = start_sheet("表")
    add_rows(sheet, [[f"{sign}=1+1", f"好{sign}"]])
    cells = [cell.value for cell in load_workbook(BytesIO(xlsx_bytes(book))).active[1]]
    assert cells[0].replace(" ", "") == "'=1+1"
    assert cells[1].strip() == "好"
    assert load_workbook(BytesIO(xlsx_bytes(book))).active["A1"].data_type == "s"


@pytest.fixture
def dirty_lesson(db):
    """Full of them; title and summary as they may stand in a database from before."""
    dirt = "".join(BAD)
    body = [section(f"第{dirt}一节", text=f"<p>正{dirt}文</p>"), self_check(cites=f"第{dirt}一节")]
    page = a_lesson(body=body)
    LessonPage.objects.filter(pk=page.pk).update(summary=f"摘{dirt[1:]}要", title=f"课{dirt[1:]}题")
    return page


def test_every_surface_stands_a_lesson_full_of_signs(dirty_lesson, client):
    lesson = catalogue.content(dirty_lesson.lesson_key)
    assert build_printed_lesson(lesson).startswith(b"%PDF-")
    assert build_single_file(lesson)
    for feed in ("lessons.rss", "videos.rss"):
        minidom.parseString(client.get(f"/feeds/{feed}").content)  # noqa: S318  our own feed
    assert client.get("/feeds/lessons.json").json()["items"]
    assert client.get(dirty_lesson.get_url()).status_code == 200
    assert "正文" in build_post(lesson, kind="wechat", marker="m").html.replace(" ", "")


# Doors in -----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_titles_and_names_are_clean_in_the_database():
    page = a_lesson(title="遵\x01义\uffff会议")
    assert LessonPage.objects.get(pk=page.pk).title == "遵义会议"
    group = StudyGroup.objects.create(name="北京\x0b小组", branch=a_branch())
    assert StudyGroup.objects.get(pk=group.pk).name == "北京小组"
    assert a_member("其\x02其格").name == "其其格"


@pytest.mark.django_db
def test_a_lesson_says_itself_without_signs():
    page = a_lesson(body=[section("第一\x01节", text="<p>正\uffff文</p>")], quiz=False)
    document = catalogue.content(page.lesson_key).document
    assert [element.text for element in document.elements] == ["第一节", "正文"]


@pytest.mark.django_db
def test_a_path_on_a_disk_is_no_control_sign():
    member, path = a_member(), r"D:\udisk\u0000"
    page = a_lesson(title=path, body=[section(path)], quiz=False)
    record = a_record("reflection", page.lesson_key, data={"text": path})
    [answer] = send(member, record).stored.results
    assert answer.status == "accepted"
    assert Record.objects.get(pk=record["id"]).data == {"text": path}
    assert catalogue.content(page.lesson_key).document.sections[0].title == path
    [hit] = Client().get("/api/v1/lessons", {"q": path}).json()["items"]
    assert hit["title"] == path


@pytest.mark.django_db
def test_spaces_between_marks_stay_on_every_surface():
    text = "<p><b>Karl</b> <b>Marx</b></p><p><b>ᠮᠣᠩᠭᠣᠯ</b>\u202f<b>ᠤᠨ</b></p>"
    page = a_lesson(body=[section("第一节", text=text)], quiz=False)
    lesson = catalogue.content(page.lesson_key)
    post = build_post(lesson, kind="wechat", marker="m")
    assert "<strong>Karl</strong> <strong>Marx</strong>" in post.html
    assert "\u202f" in post.html
    assert "Karl Marx" in build_post(lesson, kind="toutiao", marker="m").text
    assert "<b>Karl</b> <b>Marx</b>" in build_single_file(lesson).decode()


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\u202e张\u200b三\u200d", "张三"),
        ("\ufeffBa\u00adtu\u2069", "Batu"),
        ("张\u202e\u200d三", "张三"),
        (
            "\u182a\u1820\u180e\u1820\u180b\u200d\u202f\u1824",
            "\u182a\u1820\u180e\u1820\u180b\u200d\u202f\u1824",
        ),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    ],
)
def test_unseen_signs_go_and_joiners_stay_where_they_join(text, seen):
    assert without_unseen(text) == seen
    assert without_unseen(seen) == seen
