"""Pictures of files of questions: whose they are, which are refused, and the way back."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from PIL import Image as Drawing
from wagtail.images import get_image_model
from wagtail.models import Collection

from content.models import Question, QuestionUpload
from content.question_bank import file_pictures
from content.question_bank.export import UNREADABLE, export_questions
from content.question_bank.file_pictures import digest_of
from content.question_bank.keeping import add_question
from content.question_bank.reading import read_questions
from content.question_bank.taking import Act, judge, take_in
from content.question_wording import Choice, QuestionPicture, Wording
from content.word_files.pictures import PictureShelf
from studyhub.core.errors import Invalid
from studyhub.people import access
from studyhub.people.roles import put_roles
from tests import factories as make
from tests.content.question_bank.files import HEAD, a_drawing, a_file, with_drawings, with_parts
from tests.content.word_files.docx_files import a_png, docx, drawing, para

pytestmark = pytest.mark.django_db
ROW = ("判断", "图中是遵义。", "", "", "", "", "对", "正文里写着。")
SECOND = ("判断", "图中是延安。", "", "", "", "", "错", "正文里写着。")
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
EMF = b"\1\0\0\0" + b"\0" * 36 + b" EMF" + b"\0" * 40
PART = "xl__media__image1.png"


def read(*rows, pictures, head=HEAD):
    return read_questions(with_drawings(*rows, pictures=pictures, head=head))


def read_with(content):
    """A file whose picture, in row 2, has this content."""
    data = with_drawings(ROW, SECOND, pictures=[("I2", a_drawing())])
    return read_questions(with_parts(data, **{PART: content}))


def a_stored(data, title="图"):
    return get_image_model().objects.get(pk=PictureShelf(title, None).put(data))


def a_question(image, stem="图中是哪座城？", alt="城门", source="县档案馆"):
    choices = (Choice("遵义", True), Choice("延安"))
    picture = QuestionPicture(image.pk, alt, source)
    return add_question(Wording("single", stem, choices, explanation="有。", picture=picture), None)


def acts(data):
    return [one.act for one in judge(read_questions(data).rows)]


def test_a_picture_is_of_the_row_its_corner_lies_in():
    red, blue = a_drawing(), a_drawing(colour="#123456")
    found = read(ROW, SECOND, pictures=[("I3", red), ("A2", blue)])
    assert [one.digest for one in found.rows] == [digest_of(blue), digest_of(red)]
    assert set(found.pictures) == {digest_of(red), digest_of(blue)}
    assert found.notes == []


def test_its_words_stand_in_columns_of_their_names():
    head = (*HEAD, "图片说明", "图片来源")
    [row] = read((*ROW, "两层城门", "县档案馆"), pictures=[("A2", a_drawing())], head=head).rows
    assert (row.wording.picture.alt, row.wording.picture.source) == ("两层城门", "县档案馆")
    assert row.notes == ("有图片",)


def test_a_row_says_what_its_picture_lacks():
    [row] = read(ROW, pictures=[("A2", a_drawing())]).rows
    assert row.notes == ("有图片，没有写画面说明、来源，放进课里以后要补",)


def test_words_of_a_picture_that_is_not_there_are_told():
    [row] = read_questions(a_file((*ROW, "两层城门"), head=(*HEAD, "图片说明"))).rows
    assert "这一行却没有图片" in row.problem


def test_two_pictures_in_a_row_are_refused_and_the_next_row_is_read():
    two = [("A2", a_drawing()), ("C2", a_drawing(colour="#123456"))]
    first, second = read(ROW, SECOND, pictures=two).rows
    assert "这一行有 2 张图片" in first.problem
    assert not second.problem


@pytest.mark.parametrize("cell", ["A1", "B40"])
def test_a_picture_outside_the_rows_is_named(cell):
    found = read(ROW, pictures=[(cell, a_drawing())])
    assert not found.rows[0].digest
    assert f"没有导入的图片：第 {cell[1:]} 行" in " ".join(found.notes)


def test_a_picture_that_is_anchored_nowhere_is_named():
    data = with_drawings(ROW, pictures=[("A2", a_drawing())])
    drawing_xml = (
        b'<x:wsDr xmlns:x="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        b'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><x:absoluteAnchor>'
        b'<x:pic><x:blipFill><a:blip r:embed="rId1"/></x:blipFill></x:pic></x:absoluteAnchor>'
        b"</x:wsDr>"
    )
    found = read_questions(with_parts(data, **{"xl__drawings__drawing1.xml": drawing_xml}))
    assert not found.rows[0].digest
    assert "不在任何一行" in " ".join(found.notes)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (SVG, "SVG 矢量图"),
        (EMF, "EMF 矢量图"),
        (b"\xd7\xcd\xc6\x9a" + b"\0" * 40, "WMF 矢量图"),
        (a_drawing()[:60], "读不出来"),
        (b"GIF89a", "读不出来"),
        (b"", "读不出来"),
        (b"<html>", "读不出来"),
    ],
)
def test_what_is_no_picture_is_refused_by_row(content, told):
    found = read_with(content)
    first, second = found.rows
    assert told in first.problem
    assert not second.problem
    assert found.pictures == {}


def test_a_picture_of_128_megapixels_is_not_decoded():
    found = read_with(a_drawing((16_000, 8_000), "#fff"))
    assert "万像素" in found.rows[0].problem


def test_a_picture_of_too_many_bytes_is_refused(monkeypatch):
    monkeypatch.setattr(file_pictures, "MOST_PICTURE_BYTES", 50)
    assert "或者超过" in read_with(a_drawing()).rows[0].problem


def test_five_hundred_pictures_are_read_as_far_as_the_limit():
    rows = [("判断", f"第{n}幅图。", "", "", "", "", "对", "有。") for n in range(500)]
    pictures = [(f"A{n + 2}", a_drawing((2, 2), (n // 256, n % 256, 0))) for n in range(500)]
    found = read(*rows, pictures=pictures)
    assert sum(not row.problem for row in found.rows) == 60
    assert "一次最多读 60 张图片" in found.rows[60].problem
    assert len(found.pictures) == 60


def test_one_picture_of_many_rows_is_looked_at_once():
    rows = [("判断", f"第{n}幅图。", "", "", "", "", "对", "有。") for n in range(70)]
    found = read(*rows, pictures=[(f"A{n + 2}", a_drawing()) for n in range(70)])
    assert not any(row.problem for row in found.rows)
    assert len(found.pictures) == 1


def test_place_and_device_are_taken_out():
    exif = Drawing.Exif()
    exif[0x010F] = "Phone of somebody"
    data = a_drawing(kind="JPEG", exif=exif)
    found = read(ROW, pictures=[("A2", data)])
    assert b"somebody" in data
    assert b"somebody" not in found.pictures[digest_of(data)]


def test_a_picture_that_is_only_linked_is_told():
    data = with_drawings(ROW, pictures=[("A2", a_drawing())])
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Target="http://localhost/a.png" TargetMode="External" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
        b"</Relationships>"
    )
    name = "xl__drawings___rels__drawing1.xml.rels"
    assert "图片不在文件里" in read_questions(with_parts(data, **{name: rels})).rows[0].problem


def test_pictures_that_wps_puts_into_cells_are_read():
    book = load_workbook(BytesIO(a_file((*ROW, "x"), head=(*HEAD, "图片"))))
    book.active["I2"] = '=_xlfn.DISPIMG("ID_5BD3",1)'
    out = BytesIO()
    book.save(out)
    images = (
        b'<e:cellImages xmlns:e="http://www.wps.cn/officeDocument/2017/etCustomData" xmlns:x='
        b'"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a='
        b'"http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r='
        b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><e:cellImage>'
        b'<x:pic><x:nvPicPr><x:cNvPr id="2" name="ID_5BD3"/></x:nvPicPr><x:blipFill>'
        b'<a:blip r:embed="rId1"/></x:blipFill></x:pic></e:cellImage></e:cellImages>'
    )
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Target="media/image1.png" Type="x/image"/></Relationships>'
    )
    data = with_parts(
        out.getvalue(),
        **{
            "xl__cellimages.xml": images,
            "xl___rels__cellimages.xml.rels": rels,
            PART: a_drawing(),
        },
    )
    sheet = load_workbook(BytesIO(data))
    assert sheet
    with_value = _with_cached_formula(data)
    [row] = read_questions(with_value).rows
    assert row.problem == ""
    assert row.digest == digest_of(a_drawing())


def _with_cached_formula(data):
    """As WPS stores it: the formula and, as its value, the same words."""
    with ZipFile(BytesIO(data)) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml")
    called = b'=DISPIMG("ID_5BD3",1)'.replace(b'"', b"&quot;")
    assert b"<v></v>" in xml or b"<v />" in xml or b"<v/>" in xml
    for empty in (b"<v></v>", b"<v />", b"<v/>"):
        xml = xml.replace(empty, b"<v>" + called + b"</v>")
    xml = xml.replace(b'<c r="I2"', b'<c r="I2" t="str"')
    return with_parts(data, **{"xl__worksheets__sheet1.xml": xml})


def test_broken_words_about_pictures_are_refused_whole():
    data = with_drawings(ROW, pictures=[("A2", a_drawing())])
    with pytest.raises(Invalid, match="读不懂这个文件里的图片"):
        read_questions(with_parts(data, **{"xl__drawings__drawing1.xml": b"<a><b></a>"}))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_is_written_out_is_read_back_equal(kind):
    a_question(a_stored(a_drawing(kind=kind)))
    add_question(Wording("truefalse", "会开了三天。", truth="true"), None)
    assert acts(export_questions(Question.objects.all())) == [Act.SAME, Act.SAME]


@settings(max_examples=15, deadline=None)
@given(
    shown=st.lists(st.booleans(), min_size=1, max_size=4),
    alt=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=30),
)
def test_any_bank_is_read_back_equal(shown, alt):
    Question.objects.all().delete()
    for number, has_picture in enumerate(shown):
        picture = None
        if has_picture:
            image = a_stored(a_drawing(colour=(number, 90, 90)))
            picture = QuestionPicture(image.pk, " ".join(alt.split()), "馆藏")
        add_question(Wording("blank", f"第{number}题", accepted=("一",), picture=picture), None)
    assert set(acts(export_questions(Question.objects.all()))) == {Act.SAME}


def test_a_file_that_tells_of_no_pictures_leaves_them():
    question = a_question(a_stored(a_drawing()))
    head = ("题库编号", *HEAD)
    row = (question.pk, "单选", "图中是哪座城？", "遵义", "延安", "", "", "A", "有。")
    assert acts(a_file(row, head=head)) == [Act.SAME]
    assert acts(a_file((*row, ""), head=(*head, "图片"))) == [Act.CHANGED]


def test_a_picture_taken_away_in_the_file_is_told_before():
    question = a_question(a_stored(a_drawing()))
    row = (question.pk, "单选", "图中是哪座城？", "遵义", "延安", "", "", "A", "有。", "")
    [verdict] = judge(read_questions(a_file(row, head=("题库编号", *HEAD, "图片"))).rows)
    assert "原来的图片会去掉" in verdict.why


def test_another_picture_in_the_file_is_a_new_version():
    question = a_question(a_stored(a_drawing()))
    head = ("题库编号", *HEAD)
    row = (question.pk, "单选", "图中是哪座城？", "遵义", "延安", "", "", "A", "有。")
    found = read(row, pictures=[("A2", a_drawing(colour="#123456"))], head=head)
    [verdict] = take_in(found.rows, None, found.pictures)
    assert verdict.act is Act.CHANGED
    question.refresh_from_db()
    assert question.version.words.picture.image_id != a_stored(a_drawing()).pk
    assert [one.act for one in take_in(found.rows, None, found.pictures)] == [Act.SAME]


def test_a_picture_whose_file_is_gone_is_told_in_the_file():
    image = a_stored(a_drawing())
    a_question(image)
    image.file.storage.delete(image.file.name)
    book = load_workbook(BytesIO(export_questions(Question.objects.all())))
    assert UNREADABLE in [cell.value for cell in book.active[2]]
    assert (
        "这一行却没有图片"
        in read_questions(export_questions(Question.objects.all())).rows[0].problem
    )


def test_nothing_is_stored_of_a_question_that_is_refused():
    found = read(ROW, pictures=[("A2", a_drawing())])
    add_question(Wording("truefalse", "图中是遵义。", truth="false"), None)
    assert [one.act for one in take_in(found.rows, None, found.pictures)] == [Act.REFUSED]
    assert not get_image_model().objects.exists()


def test_a_picture_that_waited_too_long_is_told():
    found = read(ROW, pictures=[("A2", a_drawing())])
    [verdict] = take_in(found.rows, None, {})
    assert (verdict.act, "放得太久" in verdict.why) == (Act.REFUSED, True)
    assert not Question.objects.exists()


def upload(client, data, name="题.xlsx"):
    return client.post(reverse("questions:import"), {"file": SimpleUploadedFile(name, data)})


def test_the_desk_shows_each_picture_before_it_stores_any(admin_client):
    answer = upload(admin_client, with_drawings(ROW, SECOND, pictures=[("A2", a_drawing())]))
    said = answer.content.decode()
    assert said.count("data:image/webp;base64,") == 1
    assert not get_image_model().objects.exists()
    assert QuestionUpload.objects.count() == 1
    admin_client.post(reverse("questions:import"), {"rows": answer.context["rows"]})
    assert not QuestionUpload.objects.exists()
    image = get_image_model().objects.get()
    shown = [q.version.words.picture for q in Question.objects.order_by("pk")]
    assert shown == [QuestionPicture(image.pk), None]
    assert image.collection.name == "待补来源"


def test_of_a_refused_row_no_picture_waits(admin_client):
    wrong = (*ROW[:6], "也许", "")
    answer = upload(admin_client, with_drawings(wrong, pictures=[("A2", a_drawing())]))
    assert answer.status_code == 200
    assert not QuestionUpload.objects.exists()


PICTURE = drawing("p1")


def manuscript(*lines):
    return read_questions(docx("".join(map(para, lines)), pictures={"p1": a_png()}))


def test_a_manuscript_brings_the_picture_that_follows_a_stem():
    found = manuscript(
        "1. 图中是哪座城？", PICTURE, "A. 遵义", "B. 延安", "答案：A", "2. 会开了三天。（对）"
    )
    assert [bool(one.digest) for one in found.rows] == [True, False]
    take_in(found.rows, None, found.pictures)
    assert [bool(q.version.words.picture) for q in Question.objects.order_by("pk")] == [True, False]


def test_two_pictures_behind_a_stem_are_refused():
    [row] = manuscript("1. 图中是遵义。", PICTURE, PICTURE, "答案：对").rows
    assert "题目后面有 2 张图片" in row.problem


def test_a_picture_behind_the_options_belongs_to_nobody():
    found = manuscript("1. 哪座城？", "A. 遵义", "B. 延安", PICTURE, "答案：A")
    assert not found.rows[0].digest
    assert "有 1 张图片没有导入" in " ".join(found.notes)


def test_the_form_takes_pictures_of_ones_own_collections_only(client):
    put_roles()
    make.a_tree()
    user = make.a_user("q-editor", is_staff=True)
    user.groups.add(Group.objects.get(name=access.EDITOR))
    client.force_login(user)
    image = a_stored(a_drawing())
    form = {"kind": "truefalse", "stem": "图中是遵义。", "truth": "true", "state": "in_use"}
    address = reverse("questions:add")
    assert client.post(address, {**form, "image": image.pk, "image_alt": "门"}).status_code == 302
    question = Question.objects.get()
    assert question.version.words.picture == QuestionPicture(image.pk, "门")
    assert "门" in client.get(reverse("questions:edit", args=[question.pk])).content.decode()
    user.groups.clear()
    codes = ["add_question", "change_question", "access_admin"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    other = get_image_model()(title="别人的", file=ContentFile(a_drawing((9, 9)), name="o.png"))
    other.collection = Collection.get_first_root_node().add_child(name="别人的")
    other._set_image_file_metadata()
    other.save()
    refused = client.post(address, {**form, "stem": "另一题", "image": other.pk})
    assert refused.status_code == 422
    assert "没有权限用它" in refused.content.decode()
