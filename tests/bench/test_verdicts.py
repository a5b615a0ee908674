"""The simulation of trials to a verdict: its table on a few studies, and that strong effects need few trials."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import verdicts


def test_the_table_has_a_row_for_each_case() -> None:
    lines = verdicts.table(4).splitlines()
    assert lines[0] == "| effect | noise | accelkit | pyperf | hyperfine |"
    assert len(lines) == 2 + len(verdicts.EFFECTS) * len(verdicts.NOISES) + 1


def test_what_is_strong_needs_few_trials_and_what_is_weak_more() -> None:
    for name, practice in verdicts.PRACTICES.items():
        strong = verdicts.trials(practice, 0.2, 0.01, 20)
        weak = verdicts.trials(practice, 0.05, 0.03, 20)
        assert strong is not None, name
        assert strong <= 12
        assert weak is None or weak > strong


def test_only_blocks_in_turn_stand_a_drift() -> None:
    assert verdicts.false_winners(verdicts.accelkit, 40) <= 0.1
    assert verdicts.false_winners(verdicts.pyperf, 40) > 0.9
