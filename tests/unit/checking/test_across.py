"""Problems said once, with the releases that have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accelkit import Schema, bundled, verdict
from accelkit.checking.across import releases_of, runs_of, said_once
from accelkit.schemas import all_bundled, all_captured

QEMUS = all_captured()
ARM = bundled("10.0", "aarch64")


def test_a_problem_of_several_qemus_is_said_once_without_their_names() -> None:
    lines = ["kvm,notify-vmexit=run", "tcg,thread=both", "kvm"]
    shared = said_once([[verdict(line, qemu) for qemu in QEMUS] for line in lines], QEMUS)
    assert [(str(one.problem), one.places) for one in shared] == [
        ("kvm,notify-vmexit=run: kvm has no property 'notify-vmexit'; take QEMU 7.2 or newer, or leave it out", {0: (0,)}),
        ("tcg,thread=both: both is not a thread setting; write single or multi", {1: (0, 1, 2, 3, 4)}),
    ]  # fmt: skip


def test_a_problem_of_several_lines_is_said_once() -> None:
    shared = said_once([[verdict("tcg,x=1", QEMUS[0])]] * 2, QEMUS[:1])
    assert [one.places for one in shared] == [{0: (0,), 1: (0,)}]


@pytest.mark.parametrize(
    ("places", "schemas", "words"),
    [
        ((), QEMUS, ""),
        ((0, 1), QEMUS, "5.2 to 7.2"),
        ((0, 2, 3), QEMUS, "5.2, 8.2 to 10.0"),
        (range(5), QEMUS, "5.2 to 11.1"),
        ((0, 1), [QEMUS[3], ARM], "10.0 (x86_64), 10.0 (aarch64)"),
        ((0, 1), [QEMUS[3], QEMUS[0]], "10.0, 5.2"),
        ((0, 1), [QEMUS[0], QEMUS[0]], "5.2.0"),
        (range(len(all_bundled())), all_bundled(), "5.2 to 11.1"),
    ],
)
def test_neighbours_are_told_together(places: tuple[int, ...], schemas: list[Schema], words: str) -> None:
    assert releases_of(places, schemas) == words


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([*QEMUS, ARM])), max_size=12))
def test_runs_have_every_place_once_and_in_order(some: list[tuple[bool, Schema]]) -> None:
    keys, schemas = [key for key, _ in some], [schema for _, schema in some]
    runs = runs_of(keys, schemas)
    assert [place for run in runs for place in run] == list(range(len(some)))
    for run in runs:
        assert len({(keys[place], schemas[place].target) for place in run}) == 1
        assert [schemas[place].version for place in run] == sorted(schemas[place].version for place in run)
