"""The cost of a study, below the controls."""

from __future__ import annotations

from support.panel import row_of

from accelkit import (
    doubling,
    each,
    tb_size,
    tcg,
    thread,
)
from accelkit.widgets import explore
from accelkit.widgets.look import Look
from accelkit.widgets.study_cost import StudyCost


def test_a_sweep_shows_its_points_and_the_time_of_a_study():
    panel = explore(tcg() | tb_size(64))
    row = row_of(panel, tb_size)
    row.sweep.value = True
    assert panel.value == tcg() | tb_size(each(64))
    row.editor.widgets[-1].set_state({"index": (5, 8)})
    assert panel.value == tcg() | tb_size(doubling(32, 256))
    panel.cost.seconds.value = 3
    assert (
        "4 points × 20 blocks × 3 s: about 4 min 0 s; enough to decide 3 comparisons (at least 7 blocks)"
        in panel.cost.time.value
    )
    row_of(panel, thread).sweep.value = True
    for box in row_of(panel, thread).editor.widgets:
        box.value = True
    assert panel.value.size == 8
    row_of(panel, thread).sweep.value = False
    row.sweep.value = False
    assert panel.value == tcg() | tb_size(32) | thread("single")


def test_only_a_space_has_a_cost():
    cost = StudyCost(Look())
    assert cost.children == ()
    cost.show(tcg() | tb_size(each(8, 64)))
    assert cost.children == (cost.blocks, cost.seconds, cost.time)
    assert "2 points × 20 blocks × 1 s" in cost.time.value
    cost.blocks.value = 5
    assert (
        "2 points × 5 blocks × 1 s: about 10 s; 5 blocks cannot decide 1 comparison, at least 6 are"
        in cost.time.value
    )
    cost.show(tcg())
    assert cost.children == ()
