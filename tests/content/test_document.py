"""A body becomes a document whatever state its editor has left it in."""

from uuid import uuid4

import pytest
from django.template.loader import render_to_string

from content.blocks import ExhibitBodyBlock, LessonBodyBlock
from content.document import document_of
from content.elements import Quotation, Route
from content.media import media_of
from tests.content.samples import Sampler
from tests.factories import a_lesson, section
from tests.web.factories import a_picture

BODY = LessonBodyBlock()
EMPTY_STOP = {"type": "item", "id": str(uuid4()), "value": {"name": "遵义"}}
EMPTY_QUESTION = {"type": "item", "id": str(uuid4()), "value": {}}


def document(body, *blocks):
    return document_of(body.to_python(list(blocks)))


def block(kind, **value):
    return {"type": kind, "id": str(uuid4()), "value": value}


def test_a_body_without_sections_is_shown_before_the_first():
    found = document(ExhibitBodyBlock(), block("artefact", name="马灯"))
    assert found.sections == ()
    assert [element.kind for element in found.early] == ["aside"]


def test_an_empty_body_says_nothing():
    found = document(BODY)
    assert (found.early, found.sections, found.whole_sections) == ((), (), ())


def test_a_place_without_coordinates_is_not_drawn():
    sampler = Sampler()
    route = sampler.block("route", BODY.child_blocks["route"])
    route["value"]["stops"].append(EMPTY_STOP)
    (found,) = document(BODY, route).of_type(Route)
    assert len(found.stops) == 2


def table(*rows, header=False):
    cells = {"data": rows, "first_row_is_table_header": header}
    (found,) = document(BODY, block("table", cells=cells)).elements
    return found


def test_a_cell_may_hold_a_nought_or_nothing():
    assert table(["人数", 0], ["户数", None]).rows == (("人数", "0"), ("户数", ""))


def test_short_rows_of_a_table_are_filled_up():
    assert table(["年", "事"], ["1935"], header=True).rows == (("1935", ""),)


def test_an_empty_first_row_makes_no_other_row_a_header():
    found = table(["", ""], ["1935", "遵义"], header=True)
    assert (found.header, found.rows) == ((), (("1935", "遵义"),))


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["picture", "audio", "video"])
def test_a_file_that_was_deleted_leaves_the_rest_of_the_lesson(kind):
    chosen = {"image": 999_999} if kind == "picture" else {"media": 999_999}
    found = document(BODY, block(kind, **chosen), block("quotation", text="路在脚下"))
    assert [type(element) for element in found.elements] == [Quotation]


@pytest.mark.django_db
def test_pictures_stand_in_reading_order_whenever_they_were_uploaded():
    earlier, later = a_picture(), a_picture()
    found = document(BODY, block("picture", image=later.pk), block("picture", image=earlier.pk))
    assert list(media_of(found).pictures) == [later.pk, earlier.pk]


@pytest.mark.django_db
def test_a_draft_of_blocks_that_nobody_has_filled_in_can_be_previewed():
    lesson = a_lesson(publish=False)
    blank = [block(kind) for kind in BODY.child_blocks]
    started = [
        block("route", stops=[EMPTY_STOP]),
        block("self_check", questions=[EMPTY_QUESTION]),
    ]
    lesson.body = lesson.body.stream_block.to_python([section("第一节"), *blank, *started])
    assert "第一节" in render_to_string("content/lesson_body.html", {"page": lesson})
