"""Which twins are behind: exactly those whose Chinese block is another than the one they were made
from, whatever was edited in whatever order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.models import BlockTwin
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
