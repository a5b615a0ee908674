"""Which trials are one, and which make a block: the same whatever the order of the stores."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from accelkit.study.across.blocks import Seen, arranged
from accelkit.study.model import Cell
from accelkit.study.store.sources import SourceBlock


def seen(
    digest: str, store: int, block: int = 0, *, source: int = 0, started: float = 1.0, done: bool = True
) -> Seen:
    return Seen(
        digest, (store, block), SourceBlock(source, block), Cell("7.2", "cpu", digest[0]), 0, started, done
    )


def test_copies_of_a_block_are_one_and_a_block_grows() -> None:
    made = arranged([seen("a1", 0), seen("a1", 1), seen("b1", 1)])
    assert made.blocks == (SourceBlock(0, 0),)
    assert made.trials == {"a1": (0, 1), "b1": (0, 2)}


def test_a_block_that_two_copies_measured_anew_is_two_blocks() -> None:
    made = arranged(
        [
            seen("a1", 0, started=2),
            seen("b1", 0, started=3),
            seen("a2", 1, started=4),
            seen("b2", 1, started=5),
        ]
    )
    assert made.blocks == (SourceBlock(0, 0), SourceBlock(0, 0))
    assert [made.trials[digest][0] for digest in ("a1", "b1", "a2", "b2")] == [0, 0, 1, 1]


def test_of_two_results_of_a_cell_in_one_block_the_first_counts() -> None:
    """As where one copy was damaged, and the trial was measured again there."""
    made = arranged([seen("a1", 0), seen("b1", 0, started=2), seen("a1", 1), seen("b2", 1, started=9)])
    assert made.trials == {"a1": (0, 1), "b1": (0, 2)}


def test_a_trial_to_be_measured_again_comes_before_its_result() -> None:
    made = arranged([seen("a2", 0, started=2), seen("a1", 0, started=5, done=False)])
    assert made.trials == {"a1": (0, 1), "a2": (0, 2)}


def test_blocks_are_in_the_order_of_the_studies_and_of_their_blocks() -> None:
    made = arranged([seen("a1", 0, 3, source=1), seen("b1", 1, 7), seen("c1", 1, 2)])
    assert made.blocks == (SourceBlock(0, 2), SourceBlock(0, 7), SourceBlock(1, 3))


@given(
    st.lists(
        st.tuples(st.sampled_from(["a1", "a2", "b1", "b2", "c1"]), st.integers(0, 3), st.integers(0, 2)),
        max_size=25,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_does_not_matter_and_each_trial_has_one_block(
    places: list[tuple[str, int, int]], chance: random.Random
) -> None:
    trials = [seen(f"{digest}{block}", store, block) for digest, store, block in places]
    shuffled = chance.sample(trials, len(trials))
    made = arranged(trials)
    assert made == arranged(shuffled)
    assert sorted(number for _, number in made.trials.values()) == list(range(1, len(made.trials) + 1))
    assert {block for block, _ in made.trials.values()} == set(range(len(made.blocks)))
    cells = [(block, digest[0]) for digest, (block, _) in made.trials.items()]
    assert len(set(cells)) == len(cells)
