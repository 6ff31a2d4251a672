"""No count that is shown, and no difference of such counts, tells about one or two people."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studyhub.core.small_numbers import safe_to_show

SMALLEST = 3


@st.composite
def trees(draw):
    """Parents by number, a parent before its children, and how many people each node has itself."""
    count = draw(st.integers(1, 9))
    parents = {0: None}
    for node in range(1, count):
        parents[node] = draw(st.integers(0, node - 1))
    own = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    return parents, dict(enumerate(own))


def inside(parents, node):
    """The node and all below it."""
    found = {node}
    for other in range(node + 1, len(parents)):
        if parents[other] in found:
            found.add(other)
    return found


def can_be_worked_out(rows, wanted):
    """Whether the wanted sum follows from the shown ones by adding and subtracting."""
    rows = [list(map(Fraction, row)) for row in rows]
    rest = list(map(Fraction, wanted))
    for column in range(len(wanted)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        for row in [*rows, rest]:
            factor = row[column] / pivot[column]
            row[:] = [a - factor * b for a, b in zip(row, pivot, strict=True)]
    return not any(rest)


@settings(max_examples=150, deadline=None)
@given(trees())
def test_nobody_is_found_by_adding_and_subtracting(tree):
    parents, own = tree
    shown = safe_to_show(parents, own, SMALLEST)
    rows = [[int(n in inside(parents, node)) for n in parents] for node in shown]
    peopled = [node for node in parents if own[node]]
    for size in (1, 2):
        for few in combinations(peopled, size):
            if sum(own[node] for node in few) < SMALLEST:
                assert not can_be_worked_out(rows, [int(n in few) for n in parents])


@given(trees())
def test_what_is_shown_is_large_itself(tree):
    parents, own = tree
    for node in safe_to_show(parents, own, SMALLEST):
        assert sum(own[n] for n in inside(parents, node)) >= SMALLEST


@given(trees())
def test_where_everybody_is_many_all_are_shown(tree):
    parents, own = tree
    many = {node: count + SMALLEST for node, count in own.items()}
    with_something_below = {0} if len(parents) > 1 else set()
    assert safe_to_show(parents, many, SMALLEST) == set(parents) - with_something_below


@pytest.mark.parametrize(
    ("parents", "own", "shown"),
    [
        ({"r": None}, {"r": 3}, {"r"}),
        ({"r": None}, {"r": 2}, set()),
        # The root's own count stands on no page: nothing to subtract from.
        ({"r": None, "a": "r", "b": "r"}, {"a": 1, "b": 3}, {"b"}),
        # One hidden child: the smallest beside it is hidden as well.
        (
            {"r": None, "m": "r", "a": "m", "b": "m", "c": "m"},
            {"a": 2, "b": 5, "c": 9},
            {"m", "c"},
        ),
        # Two hidden children together are many enough.
        (
            {"r": None, "m": "r", "a": "m", "b": "m", "c": "m"},
            {"a": 2, "b": 1, "c": 9},
            {"m", "c"},
        ),
        # People of the node itself are as good as a hidden child.
        ({"r": None, "m": "r", "a": "m"}, {"m": 1, "a": 5}, {"m"}),
        # What would be found through the children of the hidden one.
        (
            {"r": None, "m": "r", "a": "m", "b": "m", "c": "b"},
            {"a": 2, "c": 5},
            {"b", "c"},
        ),
    ],
)
def test_examples(parents, own, shown):
    assert safe_to_show(parents, own, SMALLEST) == shown
