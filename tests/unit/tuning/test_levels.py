"""Levels of points from blocks that have different points."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from accelkit.tuning.levels import levels

log = st.floats(-5, 5)


@given(
    st.dictionaries(st.integers(0, 6), log, min_size=2), st.lists(log, min_size=1, max_size=6), st.randoms()
)
def test_the_speed_of_a_block_is_told_from_that_of_a_point(
    points: dict[int, float], blocks: list[float], random: object
) -> None:
    """Each block has the first point and some others, as that of a search has its incumbent."""
    first = next(iter(points))
    rows = [
        (point, block, level + slow)
        for block, slow in enumerate(blocks)
        for point, level in points.items()
        if point == first or block == 0 or random.random() < 0.5  # type: ignore[attr-defined]
    ]
    found = levels(rows)
    for point, level in points.items():
        assert abs(found[point].value - found[first].value - (level - points[first])) < 1e-5
        assert found[point].blocks == sum(row[0] == point for row in rows)


def test_nothing_has_no_levels() -> None:
    assert levels([]) == {}
