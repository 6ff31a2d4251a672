"""Pictures of twins: where they are, for whom, and what a changed block costs."""

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from wagtail.models import PageViewRestriction

from content.models import TwinPicture
from content.twins import drawing
from content.twins.pictures import draw_twins
from content.twins.saving import withdraw_twin
from studyhub.packs.builder import build_pack
from studyhub.packs.models import PackHead
from tests.content.twins import way

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not drawing.draws(), reason="Pillow has no Raqm here"),
]


@pytest.fixture
def drawn(desk, lesson):
    """A lesson with two blocks in Mongolian, drawn."""
    for unit in way.units(lesson)[1:3]:
        way.signed(lesson, desk, unit.id, text=f"{way.WORD}{unit.title}")
    draw_twins(lesson.translation_key)
    return lesson


def urls(lesson):
    """By block, of what readers are shown."""
    return {block: [one.url for one in twin.pictures] for block, twin in way.shown(lesson).items()}


def page_of(lesson):
    return Client().get(lesson.get_url()).content.decode()


def test_a_page_names_the_pictures_and_loads_none(drawn):
    text = page_of(drawn)
    named = [url for found in urls(drawn).values() for url in found]
    assert len(named) == 2
    assert all(f'data-drawn="{url} "' in text for url in named)
    assert "<img" not in text.split('class="mn"')[1].split("</div>")[0]


def test_they_are_everybodys_and_kept_for_ever(drawn):
    [url, _] = [one for found in urls(drawn).values() for one in found]
    answer = Client().get(url)
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert Client().get("/media/drawn/0-0.png").status_code == 404


def test_what_is_shown_to_nobody_is_no_picture_for_anybody(drawn):
    [url, _] = [one for found in urls(drawn).values() for one in found]
    rule = {"restriction_type": PageViewRestriction.PASSWORD, "password": "x"}
    PageViewRestriction.objects.create(page=drawn, **rule)
    assert Client().get(url).status_code == 404
    PageViewRestriction.objects.all().delete()
    assert Client().get(url).status_code == 200
    way.again(drawn).unpublish()
    assert Client().get(url).status_code == 404


def test_one_changed_block_is_one_new_picture(
    drawn, desk, monkeypatch, django_capture_on_commit_callbacks
):
    before, calls, draw = urls(drawn), [], drawing.draw
    monkeypatch.setattr(drawing, "draw", lambda *said: calls.append(said) or draw(*said))
    way.signed(drawn, desk, text=f"{way.WORD} {way.WORD}")
    assert urls(drawn)[way.block(drawn)] == []  # not drawn yet: the words are shown
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            draw_twins(drawn.translation_key)
    after = urls(drawn)
    assert len(calls) == 1
    assert {b for b in before if before[b] != after[b]} == {way.block(drawn)}
    assert not default_storage.exists(before[way.block(drawn)][0].removeprefix("/media/"))


def test_what_was_taken_off_leaves_no_picture(drawn):
    withdraw_twin(drawn, way.block(drawn))
    draw_twins(drawn.translation_key)
    assert TwinPicture.objects.count() == 1


def test_a_file_that_is_gone_is_drawn_again(drawn):
    names = [one["name"] for row in TwinPicture.objects.all() for one in row.files]
    default_storage.delete(names[0])
    draw_twins(drawn.translation_key)
    assert all(default_storage.exists(name) for name in names)


def test_the_pack_holds_them_and_its_page_names_them(drawn):
    TwinPicture.objects.all().delete()
    build_pack(drawn.translation_key)
    parts = {part["url"]: part for part in PackHead.objects.get().parts}
    [url, _] = [one for found in urls(drawn).values() for one in found]
    with default_storage.open(url.removeprefix("/media/")) as file:
        assert parts[url]["sha256"] == hashlib.sha256(file.read()).hexdigest()
    assert (parts[url]["role"], parts[url]["optional"]) == ("image", False)
    [text] = [part["url"] for part in parts.values() if part["role"] == "text"]
    with default_storage.open(text[1:]) as file:
        assert url in file.read().decode()


def test_without_raqm_the_words_stay_as_they_are(desk, lesson, monkeypatch):
    monkeypatch.setattr(drawing, "draws", lambda: False)
    way.signed(lesson, desk)
    build_pack(lesson.translation_key)
    assert urls(lesson) == {way.block(lesson): []}
    assert way.WORD in page_of(lesson)
    assert "data-drawn" not in page_of(lesson)
