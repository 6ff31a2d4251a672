"""Which twins are behind: exactly those whose Chinese block is another than the one they were made
from, whatever was edited in whatever order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.models import BlockTwin
from content.twins import lists
from content.twins.screen import rows_of
from tests import factories as make
from tests.content.twins import way

WORDINGS = ("甲", "乙", "丙")
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), st.integers(0, 2), st.sampled_from(WORDINGS)),
        st.tuples(st.just("translate"), st.integers(0, 2), st.just("")),
        st.tuples(st.just("same"), st.just(0), st.just("")),
    ),
    max_size=7,
)


def _edit(page, number, words):
    page.body[number].value["heading"] = f"{words}{number}"
    page.save_revision().publish()


@pytest.mark.django_db
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(EDITS)
def test_random_edits_mark_what_they_changed_and_nothing_else(desk, edits):
    page = make.a_lesson(quiz=False)
    ids = [str(child.id) for child in page.body]
    now = [page.body[n].value["heading"] for n in range(3)]
    made: dict[int, str] = {}
    for what, number, words in edits:
        page = way.again(page)
        if what == "edit":
            now[number] = f"{words}{number}"
            _edit(page, number, words)
        elif what == "translate" and made.get(number) != now[number]:
            made[number] = now[number]
            way.signed(page, desk, ids[number])
        elif what == "same":
            page.save_revision().publish()
    behind = {ids[n] for n, words in made.items() if words != now[n]}
    shown = way.shown(page)
    assert shown.keys() == {ids[n] for n in made}
    assert {block for block, one in shown.items() if one.is_stale} == behind
    noted = BlockTwin.objects.of(page.translation_key).stale()
    assert set(noted.values_list("block_id", flat=True)) == behind


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["edit", "edit draft"]), st.integers(0, 2)),
        st.tuples(st.sampled_from(["write", "sign", "drop", "put back"]), st.integers(0, 2)),
        st.tuples(st.sampled_from(["publish", "take down"]), st.just(0)),
    ),
    max_size=9,
)


def _step(page, desk, what, block_id, number):
    """One thing that somebody does, where it can be done."""
    there = block_id in {unit.id for unit in way.units(page)}
    if what == "take down":
        page.unpublish()
    elif what == "publish":
        (page.get_latest_revision() or page.save_revision()).publish()
    elif what == "write" and there:
        way.save(page, desk["saran"], block_id, f"{way.WORD} {number}")
    elif what == "sign" and there:
        _sign(page, desk, block_id)
    elif what in ("edit", "edit draft", "drop", "put back"):
        _change(page, what, block_id, number)


def _sign(page, desk, block_id):
    for name in ("bayar", "tuya"):
        row = next(one for one in rows_of(page, desk[name]) if one.unit.id == block_id)
        if row.may_be_signed:
            way.sign(page, desk[name], block_id)
            return


def _change(page, what, block_id, number):
    draft = page.get_latest_revision_as_object()
    body = [child for child in draft.body.get_prep_value() if child["id"] != block_id]
    if what != "drop":
        heading = "第一节" if what == "put back" else f"第{number}章"
        body.append({**make.section(heading), "id": block_id})
    draft.body = body
    revision = draft.save_revision()
    if what != "edit draft":
        revision.publish()


@pytest.mark.django_db
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.booleans(), STEPS)
def test_lists_count_what_the_screen_of_the_lesson_offers(desk, publish, steps):
    lesson = make.a_lesson(quiz=False, publish=publish)
    ids = [unit.id for unit in way.units(lesson)][1:]
    key = lesson.translation_key
    for step, (what, number) in enumerate(steps):
        _step(way.again(lesson), desk, what, ids[number], step)
        for name in ("saran", "bayar", "tuya"):
            rows = rows_of(way.again(lesson), desk[name])
            assert lists.stale_blocks()[key] == sum(row.is_stale for row in rows)
            waiting = lists.blocks_to_sign(desk[name])[key]
            assert waiting == sum(row.may_be_signed for row in rows)
            line = next(one for one in lists.all_lessons() if one.page.pk == lesson.pk)
            assert line.drafts == sum(row.is_draft for row in rows)
