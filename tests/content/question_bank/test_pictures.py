"""A question with a picture: in the bank, in a lesson's copy, and wherever that is shown."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.blocks import StructBlockValidationError
from wagtail.images import get_image_model

from content import catalogue, printed_lesson, single_file
from content.document import document_of
from content.files_in_use import look_at_files
from content.models import DraftFile, LessonPage, MissingSource, PageProblem, Question
from content.proof_reading import ensure_rules, finds_of, in_words
from content.question_bank.keeping import add_question, change_question
from content.question_bank.lessons import copies_in, renew_copies, store_questions, take_into
from content.question_wording import Choice, QuestionPicture, Wording
from content.units import files_shown, hashes_of, units_of
from studyhub.core.errors import Conflict, Invalid
from tests import factories as make
from tests.web.factories import a_picture

pytestmark = pytest.mark.django_db
ALT, SOURCE = "城门上有两层楼", "县档案馆"


def shown_as(image, **words):
    return QuestionPicture(image.pk, **{"alt": ALT, "source": SOURCE, **words})


def worded(image, stem="图中是哪座城？", **words):
    choices = (Choice("遵义", True), Choice("延安"))
    picture = shown_as(image, **words)
    return Wording("single", stem, choices, explanation="正文里写着。", picture=picture)


def a_lesson_with(image, **words):
    fields = {"image": image.pk, "image_alt": ALT, "image_source": SOURCE, **words}
    first = {**make.QUESTIONS[0], **fields}
    body = [make.section("第一节"), make.self_check([first, make.QUESTIONS[1]])]
    return make.a_lesson(body=body)


def draft_of(page):
    return LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def question_units(page):
    """Hashes by the place of the question."""
    ids = [cited.question.id for cited in document_of(page.body).self_check.questions]
    hashes = hashes_of(units_of(page))
    return [hashes[one] for one in ids]


def test_a_version_keeps_its_picture_and_one_without_says_nothing_of_it():
    with_one = add_question(worded(a_picture()), None).version
    assert with_one.words.picture.alt == ALT
    plain = Wording("truefalse", "会开了三天。", truth="true")
    assert "picture" not in add_question(plain, None).version.wording


def test_another_picture_is_a_new_version():
    first, second = a_picture(), a_picture()
    question = add_question(worded(first), None)
    assert change_question(question.pk, worded(first), None).newest == 1
    assert change_question(question.pk, worded(second), None).newest == 2
    assert change_question(question.pk, worded(second, alt="城门"), None).newest == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [({"alt": "图" * 121}, "画面说明最多"), ({"source": "馆" * 81}, "图片来源最多")],
)
def test_words_that_are_too_long_are_refused(words, told):
    with pytest.raises(Invalid, match=told):
        add_question(worded(a_picture(), **words), None)


def test_a_picture_that_is_gone_is_refused():
    with pytest.raises(Invalid, match="已经删除"):
        add_question(replace(worded(a_picture()), picture=QuestionPicture(0, ALT)), None)


def test_a_copy_shows_the_picture_of_its_version_and_is_renewed_with_it():
    question = add_question(worded(a_picture()), None)
    page = make.a_lesson(quiz=False)
    take_into(page, [question], None)
    [copy] = copies_in(draft_of(page))
    assert copy.wording.picture == question.version.words.picture
    assert not copy.is_edited
    newer = change_question(question.pk, worded(a_picture()), None).version
    renew_copies(page, [copy.item], None)
    [copy] = copies_in(draft_of(page))
    assert copy.wording == newer.words


def test_a_copy_with_another_picture_is_told_from_its_origin():
    question = add_question(worded(a_picture()), None)
    page = make.a_lesson(quiz=False)
    take_into(page, [question], None)
    draft = draft_of(page)
    check = next(block for block in draft.body if block.block_type == "self_check")
    check.value["questions"][0]["image"] = a_picture()
    draft.save_revision()
    assert copies_in(draft_of(page))[0].is_edited


def test_a_question_of_a_lesson_brings_its_picture_into_the_bank():
    page = a_lesson_with(a_picture())
    [first, _] = copies_in(draft_of(page))
    assert store_questions(page, [first.item], None) == (1, [])
    assert Question.objects.get().version.words.picture == first.wording.picture


def test_exchanging_the_picture_opens_exactly_this_question():
    page = a_lesson_with(a_picture())
    before = {unit.id: unit.hash for unit in units_of(page)}
    other = a_picture()
    get_image_model().objects.filter(pk=other.pk).update(file_hash="f" * 40)
    check = page.body[1]
    check.value["questions"][0]["image"] = get_image_model().objects.get(pk=other.pk)
    after = {unit.id: unit.hash for unit in units_of(page)}
    asked = document_of(page.body).self_check.questions[0].question.id
    assert [one for one in after if after[one] != before[one]] == [asked]


@pytest.mark.parametrize("field", ["image_alt", "image_source"])
def test_what_is_said_of_the_picture_is_signed(field):
    image = a_picture()
    one, other = a_lesson_with(image), a_lesson_with(image, **{field: "别的话"})
    assert question_units(one)[0] != question_units(other)[0]
    assert question_units(one)[1] != question_units(one)[0]


def test_the_same_picture_uploaded_again_opens_nothing():
    first, again = a_picture(), a_picture()
    get_image_model().objects.update(file_hash="f" * 40)  # of the same bytes
    page = a_lesson_with(first)
    again.refresh_from_db()
    before = hashes_of(units_of(page))
    page.body[1].value["questions"][0]["image"] = again
    assert hashes_of(units_of(page)) == before


def test_the_reviewer_is_shown_the_picture():
    image = a_picture()
    page = a_lesson_with(image)
    unit = next(one for one in units_of(page) if one.images)
    assert unit.images == (image.pk,)
    assert f"图片：{ALT}" in unit.text
    assert f"图片来源：{SOURCE}" in unit.text


def test_the_page_shows_it_above_the_options_and_fetches_it_late():
    page = a_lesson_with(a_picture())
    shown = BeautifulSoup(catalogue.lesson_html(page.lesson_key), "html.parser")
    field = shown.select_one("fieldset")
    picture = field.select_one("img")
    assert (picture["alt"], picture["loading"]) == (ALT, "lazy")
    assert SOURCE in field.text
    assert field.find(["img", "label"]) is picture
    assert not shown.select("fieldset")[1].select("img")


def test_file_and_sheet_show_it():
    content = catalogue.content(a_lesson_with(a_picture()).lesson_key)
    file = single_file.build_single_file(content).decode()
    assert f'alt="{ALT}"' in file
    assert "data:image/webp" in file
    files = {}
    [first, second] = printed_lesson._sheet_data(content, files)["quiz"]["questions"]
    assert files[first["picture"]["file"]]
    assert second["picture"] is None
    assert printed_lesson.build_printed_lesson(content).startswith(b"%PDF-")


def test_the_api_tells_it(client):
    page = a_lesson_with(a_picture())
    [first, second] = client.get(f"/api/v1/lessons/{page.lesson_key}").json()["quiz"]["questions"]
    assert first["image"]["alt"] == ALT
    assert first["image"]["url"].endswith(".webp")
    assert second["image"] is None


def test_what_is_missing_says_so_where_it_is_shown(client):
    image = a_picture()
    page = a_lesson_with(image)
    image.renditions.all().delete()
    image.file.storage.delete(image.file.name)
    said = catalogue.lesson_html(page.lesson_key)
    assert f"这里有一张图片，现在看不了：{ALT}" in said
    content = catalogue.content(page.lesson_key)
    assert ALT in single_file.build_single_file(content).decode()
    answer = client.get(f"/api/v1/lessons/{page.lesson_key}").json()
    assert answer["quiz"]["questions"][0]["image"]["url"] is None
    look_at_files(page)
    assert "自测第 1 题的图片" in PageProblem.objects.get(page_id=page.pk).detail


def test_it_counts_among_the_files_of_draft_and_pack(indexed):
    image = a_picture()
    page = make.a_lesson()
    draft = draft_of(page)
    check = next(block for block in draft.body if block.block_type == "self_check")
    check.value["questions"][0]["image"] = image
    draft.save_revision()
    assert DraftFile.objects.get().image_id == image.pk
    assert files_shown(draft, document_of(draft.body))["image"] == {image.pk}


def test_the_desk_lists_where_a_picture_of_the_bank_is_used(indexed, admin_client):
    image = a_picture()
    question = add_question(worded(image), None)
    said = admin_client.get(f"/cms/images/usage/{image.pk}/").content.decode()
    assert f"第 {question.pk} 题第 1 版" in said
    assert f"/cms/questions/{question.pk}/" in said


def test_a_picture_of_the_bank_is_neither_deleted_nor_exchanged(indexed, settings):
    settings.REVIEW_LEVELS = 3
    image = a_picture()
    question = add_question(worded(image), None)
    with pytest.raises(Conflict, match=f"第 {question.pk} 题第 1 版"), transaction.atomic():
        image.delete()
    with a_picture().file.open() as other:
        image.file = ContentFile(other.read(), name="other.png")
    with pytest.raises(Conflict, match="不能原地换图"):
        image.save()


def test_the_picture_of_a_live_question_is_not_exchanged_in_place(indexed, settings):
    settings.REVIEW_LEVELS = 3
    image = a_picture()
    a_lesson_with(image)
    with a_picture().file.open() as other:
        image.file = ContentFile(other.read(), name="other.png")
    with pytest.raises(Conflict, match="不能原地换文件"):
        image.save()


@pytest.mark.parametrize(
    ("field", "told"), [("image_alt", "请写上画面说明"), ("image_source", "请写上图片来源")]
)
def test_a_picture_without_its_words_is_told_and_kept_from_review(field, told):
    ensure_rules()
    page = a_lesson_with(a_picture(), **{field: ""})
    assert any(f"第 1 题的图片：{told}" in in_words(find) for find in finds_of(page))
    block = page.body[1].block
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(page.body[1].value)
    assert told in str(refused.value.as_json_data())


def test_a_missing_source_is_on_the_list():
    page = a_lesson_with(a_picture(), image_source="")
    asked = document_of(page.body).self_check.questions[0].question.id
    assert MissingSource.objects.get(page_id=page.pk, block=asked).detail == ALT
