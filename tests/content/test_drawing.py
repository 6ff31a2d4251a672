"""Route drawings: true directions, readable labels."""

from hypothesis import given
from hypothesis import strategies as st

from content.drawing import LABEL_GAP, MARGIN_Y, WIDTH, place_stops
from content.elements import Stop

ZUNYI = Stop("遵义", 106.92, 27.69)
YUDU = Stop("于都", 115.41, 25.95)
WUQI = Stop("吴起镇", 108.18, 36.92)

stops = st.builds(
    Stop,
    name=st.sampled_from(["甲", "乙", "丙"]),
    lon=st.floats(75, 135),
    lat=st.floats(18, 53),
)


def test_north_is_up_and_east_is_right():
    (zunyi, yudu, wuqi), _ = place_stops([ZUNYI, YUDU, WUQI])
    assert zunyi.x < yudu.x
    assert wuqi.y < zunyi.y < yudu.y


def test_one_place_alone_stands_in_the_middle():
    (only,), height = place_stops([ZUNYI])
    assert (only.x, only.y) == (WIDTH / 2, height / 2)


@given(st.lists(stops, min_size=1, max_size=14))
def test_every_dot_lies_inside_the_frame(route):
    placed, height = place_stops(route)
    assert all(0 <= p.x <= WIDTH for p in placed)
    assert all(MARGIN_Y - 1 <= p.y <= height for p in placed)


@given(st.lists(stops, min_size=2, max_size=10))
def test_labels_on_the_same_side_never_cover_each_other(route):
    placed, _ = place_stops(route)
    for index, one in enumerate(placed):
        for other in placed[:index]:
            if one.anchor == other.anchor and abs(one.label_x - other.label_x) < 170:
                assert abs(one.label_y - other.label_y) >= LABEL_GAP - 0.001
