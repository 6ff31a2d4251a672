"""导入 Word at the desk: two ways in, a preview, a draft; for those who may add lessons."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from content.models import CoursePage, ImportReport, LessonPage, WordUpload
from content.word_files.report import Report
from tests.content.word_files.docx_files import (
    a_png,
    cell,
    docx,
    drawing,
    para,
    part,
    run,
    style,
    table,
)
from tests.factories import a_course, a_member, a_user

pytestmark = pytest.mark.django_db
STYLES = style("1", "heading 1")
START = "/cms/word/"


@pytest.fixture
def course() -> CoursePage:
    return a_course()


@pytest.fixture
def desk(course, sign_in):
    """What an editor's browser asks."""
    editor = a_user("editor", "张编辑")
    editor.groups.add(Group.objects.get(name="editor"))
    return sign_in(editor)


def a_file(body: str = "", name: str = "遵义会议.docx", **more: Any) -> SimpleUploadedFile:
    body = body or para("背景", "1") + para("甲。") + para("经过", "1") + para("乙。")
    return SimpleUploadedFile(name, docx(body, styles=STYLES, **more))


def upload(desk: Any, course: CoursePage, **fields: Any) -> Any:
    data = {"course": course.pk, "way": "file", "file": a_file()} | fields
    return desk.post(START, data)


def make(desk: Any, course: CoursePage, **fields: Any) -> LessonPage:
    preview = upload(desk, course, **fields)
    assert preview.status_code == 302, preview.content.decode()
    made = desk.post(preview["Location"], {"make": "1"})
    assert made.status_code == 302
    return LessonPage.objects.get(pk=ImportReport.objects.latest("pk").page_id)


def test_a_file_is_looked_at_and_made_a_draft(desk, course):
    preview = desk.get(upload(desk, course)["Location"])
    assert "会做成这些" in preview.content.decode()
    assert not LessonPage.objects.exists()
    lesson = make(desk, course)
    assert (lesson.title, lesson.live, lesson.get_parent().pk) == ("遵义会议", False, course.pk)
    assert [block.block_type for block in lesson.body] == ["section", "section"]
    assert lesson.owner.username == "editor"
    assert not WordUpload.objects.filter(name="遵义会议.docx").count() > 1


def test_the_editor_opens_what_was_made_and_links_its_report(desk, course):
    body = para("背景", "1") + para("甲。") + para(drawing("p1")) + para("经过", "1") + para("乙。")
    lesson = make(desk, course, file=a_file(body, pictures={"p1": a_png()}))
    page = desk.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk]))
    assert page.status_code == 200
    report = reverse("word_files:report", args=[ImportReport.objects.get().pk])
    assert report in page.content.decode()
    said = desk.get(report).content.decode()
    assert "没有画面说明、来源和授权" in said


def test_ticked_lines_become_headings(desk, course):
    body = "".join(
        para(f"{n}、{name}") + para("讲一讲。") for n, name in (("一", "甲"), ("二", "乙"))
    )
    address = upload(desk, course, file=a_file(body))["Location"]
    page = desk.get(address).content.decode()
    assert page.count(" checked") == 2
    desk.post(address, {"look": "1", "heading": ["0"]})
    desk.post(address, {"make": "1", "heading": ["0", "2"]})
    lesson = LessonPage.objects.get()
    assert [block.value["heading"] for block in lesson.body] == ["一、甲", "二、乙"]


def test_a_whole_text_is_pasted(desk, course):
    html = "<h1>背景</h1><p>甲。</p><h1>经过</h1><section><span>乙。</span></section>"
    picture = SimpleUploadedFile("1.png", a_png(), "image/png")
    html += '<p><img src="picture:0"></p>'
    lesson = make(desk, course, way="paste", html=html, pictures=[picture], file="")
    kinds = [block.block_type for block in lesson.body]
    assert kinds == ["section", "section", "picture"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"file": SimpleUploadedFile("a.docx", b"# Title\n\nText")}, "Markdown"),
        ({"file": ""}, "还没有选文件"),
        ({"way": "paste", "html": " "}, "没有收到粘贴的内容"),
        ({"way": "paste", "html": "<p>x</p>" * 5001}, "粘贴的内容太多"),
        ({"way": "paste", "html": "<div>" * 70 + "x"}, "粘贴的内容太多"),
        ({"lesson": "999999"}, "这一课不在了"),
    ],
)
def test_what_is_refused_is_said_and_not_kept(desk, course, fields, words):
    answer = upload(desk, course, **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not WordUpload.objects.exists()


def test_who_may_add_no_lesson_sees_none_of_it(course, sign_in):
    for person in (a_member(), a_user("reviewer1")):
        client = sign_in(person)
        assert client.get(START).status_code in (302, 403)


def test_an_upload_is_its_owners_alone_and_forgotten_after_a_day(desk, course, sign_in):
    address = upload(desk, course)["Location"]
    other = a_user("editor2", "李编辑")
    other.groups.add(Group.objects.get(name="editor"))
    assert sign_in(other).get(address).status_code == 404
    WordUpload.objects.update(at=timezone.now() - timedelta(days=2))
    WordUpload.forget_old()
    assert desk.get(address).status_code == 404


def test_the_course_offers_it(desk, course):
    listing = desk.get(reverse("wagtailadmin_explore", args=[course.pk])).content.decode()
    assert f"{START}?course={course.pk}" in listing


def test_a_report_is_stored_as_it_was_shown(desk, course):
    make(desk, course)
    report = Report.from_json(ImportReport.objects.get().data)
    assert report.ledger.difference == 0
    assert report.kept == ["小节 2"]


def test_a_draft_with_every_kind_of_block_can_be_saved_but_not_published(desk, course):
    """What the form checks: a draft may wait for sources and pictures, a live page may not."""
    chart = "<w:r><w:drawing><c:chart r:id='x'/></w:drawing></w:r>"
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    grid = table(cell("年") + cell("人"), cell("1935") + cell("20"))
    body = para(run("甲") + mark, "q1") + para(chart) + grid + para("引的话。", "q")
    body = para("背景", "1") + body + para(drawing("p1")) + para("经过", "1") + para("乙。")
    body += para("参考文献", "1") + para("《书》，出版社，1985年。")
    notes = part("footnotes", f'<w:footnote w:id="2">{para("一说十八人。")}</w:footnote>')
    more = {"pictures": {"p1": a_png()}, "parts": {"word/footnotes.xml": notes}}
    data = docx(body, styles=STYLES + style("q", "Quote"), **more)
    lesson = make(desk, course, file=SimpleUploadedFile("全.docx", data))
    kinds = {block.block_type for block in lesson.body}
    assert kinds == {"section", "gap", "table", "quotation", "picture", "notes", "sources"}
    assert desk.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).status_code == 200
    stream = lesson.body.stream_block
    stream.clean_deferred(lesson.body)
    with pytest.raises(ValidationError) as refused:
        stream.clean(lesson.body)
    wrong = {lesson.body[place].block_type for place in refused.value.block_errors}
    assert wrong == {"gap", "quotation", "picture"}
