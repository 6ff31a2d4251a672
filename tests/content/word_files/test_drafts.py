"""All of a draft or nothing; and a file imported again keeps what did not change."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.images import get_image_model
from wagtail.models import Collection

from content.models import CoursePage, ImportReport, LessonPage
from content.word_files import drafts
from content.word_files.drafts import make_draft
from content.word_files.pictures import COLLECTION
from studyhub.core.errors import Conflict
from tests.content.word_files.docx_files import a_png, docx, drawing, para, style
from tests.content.word_files.imports import read
from tests.factories import a_course, cited, publish_page, self_check

pytestmark = pytest.mark.django_db
STYLES = style("1", "heading 1")


@pytest.fixture
def course() -> CoursePage:
    return a_course()


def a_file(*texts: str, heading: str = "背景", **more: Any) -> bytes:
    body = para(heading, "1") + "".join(map(para, texts)) + para("经过", "1") + para("三天。")
    return docx(body, styles=STYLES, **more)


def with_picture(heading: str) -> bytes:
    picture = para("甲。") + para(drawing("p"))
    body = para(heading, "1") + picture + para("经过", "1") + para("乙。")
    return docx(body, styles=STYLES, pictures={"p": a_png()})


def import_into(course: CoursePage, data: bytes, lesson: LessonPage | None = None) -> LessonPage:
    text = read(data)
    report = make_draft(text, course, accepted=text.usual_choice, lesson=lesson)
    return LessonPage.objects.get(pk=report.page_id).get_latest_revision_as_object()


def ids(page: LessonPage) -> dict[str, str]:
    return {str(b.value.get("heading") or b.block_type): str(b.id) for b in page.body}


def test_pictures_wait_for_their_source_and_known_ones_are_not_stored_twice(course):
    data = a_file("<w:r/>", pictures={"p": a_png()})
    data = docx(para(drawing("p")) + para("甲。"), pictures={"p": a_png()})
    first, second = (import_into(course, data) for _ in range(2))
    images = get_image_model().objects.all()
    assert images.count() == 1
    assert images.get().collection == Collection.objects.get(name=COLLECTION)
    assert first.slug != second.slug


def test_where_it_fails_nothing_is_left(course, monkeypatch, settings):
    data = docx(para(drawing("p")) + para("甲。"), pictures={"p": a_png("blue")})
    kept: list[str] = []

    def fail(*args: Any, **kwargs: Any) -> None:
        kept.extend(image.file.name for image in get_image_model().objects.all())
        raise RuntimeError("no room")

    monkeypatch.setattr(drafts.ImportReport.objects, "create", fail)
    with pytest.raises(RuntimeError):
        import_into(course, data)
    assert kept
    assert not LessonPage.objects.exists()
    assert not get_image_model().objects.exists()
    storage = get_image_model()._meta.get_field("file").storage
    assert not any(storage.exists(name) for name in kept)


def test_the_same_file_again_changes_no_id(course):
    data = a_file("甲。")
    first = import_into(course, data)
    again = import_into(course, data, first)
    assert (again.pk, ids(again)) == (first.pk, ids(first))
    assert LessonPage.objects.count() == 1


def test_a_new_heading_over_the_same_text_keeps_the_sections_id(course):
    text = "红军到了遵义，开了一次会，换了带路的人，从此走上了另一条路。"
    first = import_into(course, a_file(text))
    again = import_into(course, a_file(text, heading="会议的背景"), first)
    assert ids(again)["会议的背景"] == ids(first)["背景"]


def test_what_editors_added_stays(course):
    first = import_into(course, with_picture("背景"))
    raw = list(first.body.get_prep_value())
    raw[1]["value"] |= {"alt": "一座楼", "source": "纪念馆", "licence": "授权使用"}
    first.body = first.body.stream_block.to_python(cited([*raw, self_check(cites="背景")]))
    first.summary = "三天的会"
    publish_page(first)
    first = LessonPage.objects.get(pk=first.pk)
    cited_id = ids(first)["背景"]
    again = import_into(course, with_picture("会议背景"), first)
    blocks = {block.block_type: block.value for block in again.body}
    assert (blocks["picture"]["alt"], blocks["picture"]["source"]) == ("一座楼", "纪念馆")
    assert blocks["self_check"]["questions"][0]["section"] == ids(again)["会议背景"] == cited_id
    live = LessonPage.objects.get(pk=first.pk)
    assert live.body[0].value["heading"] == "背景"


def test_a_locked_lesson_is_left_alone(course):
    lesson = import_into(course, a_file("甲。"))
    LessonPage.objects.filter(pk=lesson.pk).update(locked=True)
    with pytest.raises(Conflict, match="lesson_locked"):
        import_into(course, a_file("乙。"), LessonPage.objects.get(pk=lesson.pk))


def test_the_command_makes_a_draft_and_prints_its_report(course, tmp_path, capsys):
    file = tmp_path / "遵义.docx"
    file.write_bytes(a_file("甲。"))
    call_command("import_lesson", str(file), "--course", course.slug)
    said = capsys.readouterr().out
    assert "进入课文 9 字 + 没有要 0 字" in said
    assert not LessonPage.objects.get().live


@pytest.mark.parametrize(
    ("data", "arguments", "words"),
    [
        (b"%PDF-1.7", [], "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, [], "旧格式"),
        (None, [], "读不到这个文件"),
        (b"x", ["--course", "none"], "没有课程 none"),
        (b"x", ["--lesson", "none"], "没有 none 这一课"),
    ],
)
def test_what_the_command_refuses_is_one_sentence(course, tmp_path, data, arguments, words):
    file = tmp_path / "a.docx"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(CommandError, match=words):
        call_command("import_lesson", str(file), "--course", course.slug, *arguments)
    assert not LessonPage.objects.exists()
    assert not ImportReport.objects.exists()
